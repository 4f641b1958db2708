import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/exchange'
import { asProblem, type Problem } from '@/api/problem'
import * as registry from '@/api/registry'
import type { CheckIn, Claim, GridRef, Lot, RefuseReason, Today, UrgentCard } from '@/api/types'
import { keptAt, readKept, writeKept } from './kept'
import { useSession } from './session'

/** Lists that a day did not have which was kept by an older app. */
const later = { messages: [], twice: [] }

/** A worker's day: what is urgent, what waits for her eyes and her hands. */
export const useToday = defineStore('today', () => {
  const session = useSession()
  const kept = readKept<Today>('today')
  const day = ref<Today | null>(kept && { ...later, ...kept })
  const loadedAt = ref<Date | null>(keptAt('today'))
  const claims = ref<Claim[]>([])
  const problem = ref<Problem | null>(null)
  const chosen = ref<GridRef | null>(readKept('grid'))
  /** The grids of her roles; one above the micro-grids is opened further. */
  const grids = computed(() => session.me?.roles.filter((r) => r.kind === 'worker' || r.kind === 'leader').map((r) => r.grid) ?? [])
  const grid = computed(() => chosen.value ?? session.workerGrid)
  /** The point that somebody keeps who is no worker: its desk is her day. */
  const keeps = ref(readKept<string>('point') ?? '')
  const start = computed(() => (session.worker || !keeps.value ? session.home : `/relays/${keeps.value}`))

  function keep(point: string): void {
    if (keeps.value !== point) day.value = null
    keeps.value = point
    writeKept('point', point)
  }

  async function choose(other: GridRef): Promise<void> {
    chosen.value = other
    writeKept('grid', other)
    day.value = null
    loadedAt.value = null
    await load()
  }

  function show(fresh: Today): void {
    day.value = fresh
    loadedAt.value = new Date()
    problem.value = null
    writeKept('today', forOffline(fresh))
  }

  async function load(apply: (show: () => void) => void = (show) => show()): Promise<void> {
    const of = grid.value?.id ?? keeps.value
    if (!of) return
    try {
      const fresh = grid.value ? await api.getToday(of) : await import('@/api/desk').then((desk) => desk.getDeskDay(of))
      if (of === (grid.value?.id ?? keeps.value)) apply(() => show(fresh)) // she may have chosen another meanwhile
    } catch (e) {
      problem.value = asProblem(e)
      throw e
    }
  }

  /** It is over on this phone, whether the list can be read anew or not. */
  function closed(handover: string): void {
    if (!day.value) return
    day.value = { ...day.value, to_hand_over: day.value.to_hand_over.filter((h) => h.id !== handover) }
    writeKept('today', forOffline(day.value))
    void load().catch(() => {})
  }

  async function loadClaims(): Promise<void> {
    claims.value = await registry.listClaims()
  }
  const findLot = (id: string): Lot | null => day.value?.to_check.find((c) => c.lot.id === id)?.lot ?? null

  // Each command asks the server and then reads the day anew: one truth.
  const then = <A extends unknown[], T>(command: (...args: A) => Promise<T>) => async (...args: A): Promise<T> => {
    const done = await command(...args)
    await load().catch(() => {}) // done is done, whether the day can be read or not
    return done
  }
  const decideClaim = then(async (person: string, approved: boolean, reason: string = '') => {
    await (approved ? registry.approveClaim(person) : registry.refuseClaim(person, reason))
    claims.value = claims.value.filter((c) => c.person.id !== person)
  })

  return {
    day, loadedAt, claims, problem, grid, grids, keeps, start, keep, choose, load, closed, loadClaims, decideClaim, findLot,
    checkIn: then((id: string, seen: CheckIn): Promise<Lot> => api.checkInLot(id, seen)),
    refuse: then((id: string, reason: RefuseReason) => api.refuseLot(id, reason)),
    label: then(api.labelHandover),
    reissue: then(api.reissueCode),
    clearDanger: then(api.clearDanger),
    decideReview: then(api.decideReview),
    giveBack: then(api.giveBackLot),
    widen: then(api.widenNeed),
    sendMessage: then(api.sendMessage),
  }
})

/** What the page shows without a net, and no more: no notes, no reasons that people wrote. */
function forOffline(day: Today): Today {
  const bare = (card: UrgentCard): UrgentCard => ({ ...card, need: { ...card.need, urgency_why: '', matches: [], reviews: [] } })
  return { ...day, dangers: day.dangers.map(bare), urgent: day.urgent.map(bare), reviews: [] }
}
