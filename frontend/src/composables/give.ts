import { computed, ref } from 'vue'
import { newKey } from '@/api/key'
import type { Giving, Handover } from '@/api/types'
import { useLive } from '@/stores/live'
import { useOutbox, type Sent } from '@/stores/outbox'
import { useToday } from '@/stores/today'
import { useCommand } from './load'
import { idOf, judge, tokenIn } from './proof'

/** Why a scan is not taken up, before anybody is asked. */
export type Wrong = 'unknown' | 'old' | 'blind' | 'twice' | 'net'

/** What a scan is of, once it is known; the time counts where there is no net. */
interface Scan { token: string; at: string }

/**
 * Closing a hand-over, with a net or without. A scanned code is held against
 * today's list and kept until it can be sent; a typed one needs the net.
 */
export function useGive() {
  const live = useLive()
  const today = useToday()
  const outbox = useOutbox()
  const { busy, problem, run } = useCommand()
  const wrong = ref<Wrong | ''>('')
  const scan = ref<Scan | null>(null)
  const list = computed(() => today.day?.to_hand_over ?? [])
  let key = newKey()

  function clear(): void {
    wrong.value = ''
    scan.value = null
    problem.value = null
    key = newKey()
  }

  /** Finds the hand-over of a scanned code. With a net the server judges the code itself. */
  async function scanned(text: string): Promise<Handover | null> {
    clear()
    const token = tokenIn(text)
    if (!live.offline && !list.value.some((h) => h.id === idOf(token))) await today.load().catch(() => {})
    const named = list.value.find((h) => h.id === idOf(token))
    const judged = live.offline || !named ? await judge(token, list.value, new Date()) : { handover: named }
    if ('wrong' in judged) wrong.value = judged.wrong
    else if (outbox.waits(judged.handover.id)) wrong.value = 'twice'
    else {
      scan.value = { token, at: new Date().toISOString() }
      return judged.handover
    }
    return null
  }

  /** Closes it by what was scanned, typed, or said; null when it was refused. */
  async function close(h: Handover, giving: Giving): Promise<Sent<Handover> | null> {
    if (outbox.waits(h.id)) {
      wrong.value = 'twice'
      return null
    }
    const offline = giving.token && live.offline && scan.value
    const body: Giving = offline ? { ...giving, how: 'offline', scanned_at: scan.value!.at } : giving
    const sent = await run('give', () => outbox.sendGive(h, body, key))
    if (sent || !problem.value?.passing) key = newKey()
    return sent ?? null
  }

  return { busy, problem, wrong, scan, scanned, close, clear, run }
}
