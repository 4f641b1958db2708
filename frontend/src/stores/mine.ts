import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/exchange'
import { asProblem, type Problem } from '@/api/problem'
import type { LiveEvent, Match, NewOffer, NewRequest, Offer, PickupCode, Request } from '@/api/types'
import { keptAt, readKept, writeKept } from './kept'

type ById<T> = Record<string, T>

/** My posts with their lines and matches, and the posts that I look at. */
export const useMine = defineStore('mine', () => {
  const requests = ref<ById<Request>>(readKept('requests') ?? {})
  const offers = ref<ById<Offer>>(readKept('offers') ?? {})
  const requestIds = ref<string[]>(readKept('requestIds') ?? [])
  const offerIds = ref<string[]>(readKept('offerIds') ?? [])
  const codes = ref<ById<PickupCode>>(readKept('codes') ?? {})
  const loadedAt = ref<Date | null>(keptAt('requests'))
  const loaded = ref(loadedAt.value !== null)
  const problem = ref<Problem | null>(null)

  const myRequests = computed(() => requestIds.value.flatMap((id) => requests.value[id] ?? []))
  const myOffers = computed(() => offerIds.value.flatMap((id) => offers.value[id] ?? []))

  function keep(): void {
    writeKept('requests', Object.fromEntries(myRequests.value.map((r) => [r.id, r])))
    writeKept('offers', Object.fromEntries(myOffers.value.map((o) => [o.id, o])))
    writeKept('requestIds', requestIds.value)
    writeKept('offerIds', offerIds.value)
    writeKept('codes', codes.value)
  }

  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    try {
      const [asked, given] = await Promise.all([api.listRequests('live'), api.listOffers('live')])
      show(() => {
        // A list that was asked for before an event may come after it.
        for (const r of asked.items) if (newer(r, requests.value[r.id])) requests.value[r.id] = r
        for (const o of given.items) if (newer(o, offers.value[o.id])) offers.value[o.id] = o
        requestIds.value = asked.items.map((r) => r.id)
        offerIds.value = given.items.map((o) => o.id)
        loadedAt.value = new Date()
        loaded.value = true
        problem.value = null
        keep()
      })
    } catch (e) {
      problem.value = asProblem(e)
      throw e
    }
  }

  function putRequest(r: Request): void {
    if (!newer(r, requests.value[r.id])) return
    requests.value[r.id] = r
    if (r.posted_by_me && !requestIds.value.includes(r.id)) requestIds.value = [r.id, ...requestIds.value]
    keep()
  }

  function putOffer(o: Offer, mine = true): void {
    if (!newer(o, offers.value[o.id])) return
    offers.value[o.id] = o
    if (mine && !offerIds.value.includes(o.id)) offerIds.value = [o.id, ...offerIds.value]
    keep()
  }

  async function loadRequest(id: string): Promise<Request> {
    const r = await api.getRequest(id)
    putRequest(r)
    return r
  }
  async function loadOffer(id: string, mine = true): Promise<Offer> {
    const o = await api.getOffer(id)
    putOffer(o, mine)
    return o
  }

  async function openRequest(body: NewRequest, key: string): Promise<Request> {
    const r = await api.openRequest(body, key)
    putRequest(r)
    return r
  }
  async function postOffer(body: NewOffer, key: string): Promise<Offer> {
    const o = await api.postOffer(body, key)
    putOffer(o)
    return o
  }

  async function loadCode(handover: string): Promise<void> {
    const code = await api.getPickupCode(handover)
    // As a picture of its own the drawing needs its name space.
    codes.value[handover] = { ...code, qr: code.qr.replace(/^<svg (?!xmlns)/, '<svg xmlns="http://www.w3.org/2000/svg" ') }
    keep()
  }

  // Each command asks the server and then reads the post anew: one truth.
  const onRequest = <A extends unknown[]>(command: (...args: A) => Promise<unknown>) => async (post: string, ...args: A) => {
    await command(...args)
    await loadRequest(post)
  }
  const onOffer = <A extends unknown[]>(command: (...args: A) => Promise<unknown>) => async (post: string, ...args: A) => {
    await command(...args)
    await loadOffer(post)
  }
  const commands = {
    cancelNeed: onRequest(api.cancelNeed),
    raiseUrgency: onRequest(api.raiseUrgency),
    reportCondition: onRequest(api.reportCondition),
    widenNeed: onRequest(api.widenNeed),
    confirmUrgency: onRequest(api.confirmUrgency),
    askReview: onRequest(api.askReview),
    accept: onRequest(api.acceptMatch),
    decline: onRequest(api.declineMatch),
    received: onRequest(api.receivedMatch),
    contactAsReceiver: onRequest(api.consentContact),
    handIn: onOffer(api.handInLot),
    withdraw: onOffer(api.withdrawLot),
    acceptAsGiver: onOffer(api.acceptMatch),
    declineAsGiver: onOffer(api.declineMatch),
    contactAsGiver: onOffer(api.consentContact),
  }

  /** A review was decided somewhere: the posts that have one open are read anew. */
  async function reloadReviewed(): Promise<void> {
    const waiting = Object.values(requests.value).filter((r) => r.needs.some((n) => n.reviews.some((v) => v.state === 'open')))
    await Promise.all(waiting.map((r) => loadRequest(r.id)))
  }

  /** Something became of what I have lent: it is told of the loan, which I may not read. */
  async function reloadLent(): Promise<void> {
    await Promise.all(myOffers.value.filter((o) => o.lots.some((l) => l.lent > 0)).map((o) => loadOffer(o.id)))
  }

  /** The post that an event is about, when what is known is older than it. */
  function postOf(e: LiveEvent): { request?: string; offer?: string } {
    const request = Object.values(requests.value).find((r) =>
      r.needs.some((n) => (n.id === e.thing_id && n.version < e.version) || n.matches.some((m) => olderMatch(m, e))))
    const offer = Object.values(offers.value).find((o) =>
      o.lots.some((l) => (l.id === e.thing_id && l.version < e.version) || l.matches.some((m) => olderMatch(m, e))))
    return { request: request?.id, offer: offer?.id }
  }

  /** What the event itself says is shown at once; the rest follows by REST. */
  function patch(e: LiveEvent): void {
    const q = e.quantities ?? {}
    for (const r of Object.values(requests.value)) {
      const need = r.needs.find((n) => n.id === e.thing_id && n.version < e.version)
      if (need) Object.assign(need, figures(q, ['open', 'matched', 'fulfilled', 'cancelled']))
    }
    for (const o of Object.values(offers.value)) {
      const lot = o.lots.find((l) => l.id === e.thing_id && l.version < e.version)
      if (lot) Object.assign(lot, figures(q, ['remaining', 'reserved', 'lent', 'given', 'withdrawn', 'expired']))
    }
  }

  return {
    requests, offers, codes, loaded, loadedAt, problem, myRequests, myOffers,
    load, loadRequest, loadOffer, openRequest, postOffer, putRequest, putOffer, reloadReviewed, reloadLent, loadCode, postOf, patch, ...commands,
  }
})

function olderMatch(m: Match, e: LiveEvent): boolean {
  return (m.id === e.thing_id && m.version < e.version) || (m.handover?.id === e.thing_id && m.handover.version < e.version)
}

function figures(q: Record<string, number>, names: string[]): Record<string, number> {
  return Object.fromEntries(names.filter((n) => n in q).map((n) => [n, q[n]!]))
}

function newer(post: Request | Offer, known?: Request | Offer): boolean {
  return !known || versionOf(post) >= versionOf(known)
}

/** Versions only grow, so the sum tells which of two answers is the newer. */
function versionOf(post: Request | Offer): number {
  const lines: { version: number; matches: Match[] }[] = 'needs' in post ? post.needs : post.lots
  return lines.reduce(
    (sum, l) => sum + l.version + l.matches.reduce((s, m) => s + m.version + (m.handover?.version ?? 0), 0), 0)
}
