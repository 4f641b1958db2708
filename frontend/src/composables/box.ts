import { computed, ref } from 'vue'
import { getShelf } from '@/api/box'
import type { Shelf, ShelfLot, ShelfState } from '@/api/types'
import { i18n } from '@/locales'
import { building } from '@/locales/words'
import { useSession } from '@/stores/session'
import { useToday } from '@/stores/today'

type Part = ShelfLot['parts'][number]

/** The point whose box is meant: the one in the address, or the own one. */
export function useRelayId(given: () => string | undefined) {
  const session = useSession()
  const today = useToday()
  return computed(() => given() || (session.worker ? '' : today.keeps) || session.me?.relay?.id || today.day?.relays?.[0]?.relay.id || '')
}

/** What lies in a box, page by page. */
export function useShelf(relay: () => string) {
  const shelf = ref<Shelf | null>(null)
  const lots = ref<ShelfLot[]>([])
  let asked = 0

  async function load(query: { batch?: string; state?: ShelfState | '' } = {}): Promise<void> {
    const turn = ++asked
    const fresh = await getShelf(relay(), query)
    if (turn !== asked) return // a later question was answered first
    shelf.value = fresh
    lots.value = fresh.items
  }
  async function more(query: { batch?: string; state?: ShelfState | '' } = {}): Promise<void> {
    if (!shelf.value?.next) return
    const page = await getShelf(relay(), { ...query, cursor: shelf.value.next })
    shelf.value = { ...shelf.value, next: page.next }
    lots.value = [...lots.value, ...page.items]
  }
  /** All of it: who counts needs every lot. */
  async function all(): Promise<void> {
    await load()
    while (shelf.value?.next) await more()
  }
  return { shelf, lots, load, more, all }
}

const t = (key: string, args: Record<string, unknown> = {}) => i18n.global.t(key, args)

export function whyStopped(code: string): string {
  return t(i18n.global.te(`box.why.${code}`) ? `box.why.${code}` : 'box.why.other')
}

/** A state is word, icon and colour together. */
export function partFace(p: Part, lot: ShelfLot): { text: string; tone: string; icon: string } {
  switch (p.state) {
    case 'kept': return { text: p.building ? t('box.part.kept', { where: building(p.building) }) : t('box.part.keptOne'), tone: 'n', icon: 'lock' }
    case 'soon': return { text: t('box.part.soon', { n: lot.days_left }), tone: 'warn', icon: 'clock' }
    case 'stopped': return { text: t('box.part.stopped', { why: whyStopped(p.why) }), tone: 'bad', icon: 'x' }
    case 'unchecked': return { text: t('box.part.unchecked'), tone: 'info', icon: 'shield' }
  }
  return { text: lot.expires_on ? t('box.part.free', { n: lot.days_left }) : t('box.part.always'), tone: 'ok', icon: 'check' }
}

export const stoppedUnits = (l: ShelfLot) => l.parts.filter((p) => p.state === 'stopped').reduce((n, p) => n + p.units, 0)
export const usableUnits = (l: ShelfLot) => l.units - stoppedUnits(l)

/** 2027.03.31, as it stands on the pack. */
export const dotted = (date: string) => date.replaceAll('-', '.')
