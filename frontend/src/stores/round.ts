import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/rounds'
import type { NewRound, Round, Stop, StopDone, StopFail } from '@/api/types'
import { asProblem } from '@/api/problem'
import { keptAt, readKept, writeKept } from './kept'
import { useOutbox } from './outbox'
import { useToday } from './today'

const day = 86_400_000
/** Shanghai is eight hours ahead all the year round. */
const sinceMidnight = (at: Date): number => (at.getTime() + 8 * 3_600_000) % day
const dayOf = (at: Date): number => at.getTime() - sinceMidnight(at)
export const untilMidnight = (now: Date): number => day - sinceMidnight(now)

/** The round that I walk, as it was last read: a stairwell has no net. */
export const useRound = defineStore('round', () => {
  const today = useToday()
  const outbox = useOutbox()
  const at = keptAt('round')
  const fresh = at && dayOf(at) === dayOf(new Date())
  if (at && !fresh) writeKept('round', null) // its doors end with the day
  const mine = ref<Round | null>(fresh ? readKept('round') : null)
  const others = ref<Round[]>([])
  const loadedAt = ref<Date | null>(at)
  const loaded = ref(mine.value !== null)

  /** Stops in their order, with what was ticked without a net taken as done. */
  const stops = computed(() => (mine.value?.stops ?? []).map((s) => {
    const ticked = outbox.stops.find((q) => q.stop === s.id && !q.refused && !q.result)
    return ticked ? { ...s, state: ticked.failed ? ('later' as const) : ('done' as const), door: '', name: '', waits: true } : { ...s, waits: false }
  }))
  const open = computed(() => stops.value.filter((s) => s.state === 'open'))

  const live = (r: Round) => r.state === 'out' || r.state === 'planned'
  let night: ReturnType<typeof setTimeout> | undefined
  /** Doors are on this device while the round is walked, and not after; at midnight they go, whatever is known of it. */
  function keep(round: Round | null): void {
    mine.value = round && live(round) ? round : null
    writeKept('round', mine.value)
    clearTimeout(night)
    if (mine.value) night = setTimeout(() => keep(null), untilMidnight(new Date()))
  }
  if (mine.value) keep(mine.value)

  async function load(): Promise<void> {
    const [own, grid] = await Promise.all([api.listRounds(), today.grid ? api.listRounds(today.grid.id) : []])
    const next = own.find((r) => r.state === 'out') ?? own.find((r) => r.state === 'planned') ?? null
    keep(next ? await api.getRound(next.id).catch((e) => {
      if (asProblem(e).status === 404) return null // it is not hers to walk any more
      throw e
    }) : null)
    others.value = grid.filter((r) => !r.mine && (r.state === 'planned' || r.state === 'out'))
    loaded.value = true
    loadedAt.value = new Date()
  }

  async function command(use: (id: string) => Promise<Round>): Promise<void> {
    const r = mine.value && (await use(mine.value.id))
    if (r && !live(r)) keep(null)
    await load()
  }
  async function plan(body: NewRound): Promise<Round> {
    const round = await api.planRound(body)
    await load()
    return round
  }
  /** Tells what came of the stop; nothing, where it waits for a net. */
  async function tick(stop: string, what: { done?: StopDone; failed?: StopFail }): Promise<Stop | undefined> {
    if (!mine.value) return
    const answer = await outbox.sendStop({ round: mine.value.id, stop, ...what })
    if (!('sent' in answer)) return void keep({ ...mine.value })
    load().catch(() => {}) // what came of it is said, whether or not the rest can be read anew
    return answer.sent.stops.find((s) => s.id === stop)
  }
  const accept = () => command(api.acceptRound)
  const start = () => command(api.startRound)
  const end = () => command(api.endRound)
  const cancel = () => command(api.cancelRound)
  /** How many minutes later the others become, if this one is put in. */
  const tryStop = async (handover: string) =>
    Math.max(0, ...(await api.addStop(mine.value!.id, handover, true)).stops.map((s) => s.later))
  const addStop = (handover: string) => command((id) => api.addStop(id, handover, false))

  return { mine, others, loadedAt, loaded, stops, open, load, plan, tick, accept, start, end, cancel, tryStop, addStop }
})
