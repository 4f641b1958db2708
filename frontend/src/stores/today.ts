import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/exchange'
import { asProblem, type Problem } from '@/api/problem'
import * as registry from '@/api/registry'
import type { CheckIn, Claim, Giving, Handover, Lot, RefuseReason, Today } from '@/api/types'
import { keptAt, readKept, writeKept } from './kept'
import { useSession } from './session'

/** A worker's day: what is urgent, what waits for her eyes and her hands. */
export const useToday = defineStore('today', () => {
  const session = useSession()
  const day = ref<Today | null>(readKept('today'))
  const loadedAt = ref<Date | null>(keptAt('today'))
  const claims = ref<Claim[]>([])
  const problem = ref<Problem | null>(null)

  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    const grid = session.workerGrid
    if (!grid) return
    try {
      const fresh = await api.getToday(grid.id)
      show(() => {
        day.value = fresh
        loadedAt.value = new Date()
        problem.value = null
        writeKept('today', fresh)
      })
    } catch (e) {
      problem.value = asProblem(e)
      throw e
    }
  }

  async function loadClaims(): Promise<void> {
    claims.value = await registry.listClaims()
  }

  async function decideClaim(person: string, approved: boolean, reason = ''): Promise<void> {
    await (approved ? registry.approveClaim(person) : registry.refuseClaim(person, reason))
    claims.value = claims.value.filter((c) => c.person.id !== person)
    await load()
  }

  const findLot = (id: string): Lot | null => day.value?.to_check.find((c) => c.lot.id === id)?.lot ?? null

  async function checkIn(id: string, seen: CheckIn): Promise<Lot> {
    const lot = await api.checkInLot(id, seen)
    await load()
    return lot
  }
  async function refuse(id: string, reason: RefuseReason): Promise<void> {
    await api.refuseLot(id, reason)
    await load()
  }
  async function give(id: string, giving: Giving): Promise<Handover> {
    const done = await api.giveHandover(id, giving)
    await load()
    return done
  }
  async function reissue(id: string): Promise<void> {
    await api.reissueCode(id)
    await load()
  }
  async function giveBack(lot: string): Promise<void> {
    await api.giveBackLot(lot)
    await load()
  }
  async function clearDanger(need: string): Promise<void> {
    await api.clearDanger(need)
    await load()
  }
  async function decideReview(id: string, decision: 'stands' | 'helped', reply: string): Promise<void> {
    await api.decideReview(id, decision, reply)
    await load()
  }

  return { day, loadedAt, claims, problem, load, loadClaims, decideClaim, findLot, checkIn, refuse, give, reissue, giveBack, clearDanger, decideReview }
})
