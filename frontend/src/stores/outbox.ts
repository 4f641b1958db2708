import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import * as api from '@/api/exchange'
import { newKey } from '@/api/key'
import { asProblem, Problem } from '@/api/problem'
import { stopDone, stopFailed } from '@/api/rounds'
import type { Giving, Handover, Item, NewOffer, NewRequest, Offer, Reason, Request, Round, Stop, StopDone, StopFail } from '@/api/types'
import { readKept, takeUnsent, whenKept, writeKept } from './kept'
import { useLive } from './live'
import { useMine } from './mine'
import { useSession } from './session'
import { useToday } from './today'

type Named = Pick<Item, 'name' | 'name_en' | 'unit'>

interface Entry {
  key: string
  at: string
  /** Why the server would not take it, once it could be asked. */
  refused?: Reason[]
}
interface Thing extends Entry {
  item: Named
  quantity: number
}
export interface QueuedRequest extends Thing { kind: 'request'; body: NewRequest }
export interface QueuedOffer extends Thing { kind: 'offer'; body: NewOffer }
export interface QueuedGive extends Thing {
  kind: 'give'
  body: Giving
  handover: string
  building: string
  /** The server has it, and something to say of it: the code was used before, or part is to be kept back. */
  result?: Handover
}
/** A stop of a round: done, or why not. */
export interface QueuedStop extends Entry {
  kind: 'stop'
  round: string
  stop: string
  done?: StopDone
  failed?: StopFail
  /** As of a hand-over: the server has it, and something to say of it. */
  result?: Stop
}
export type Queued = QueuedRequest | QueuedOffer | QueuedGive | QueuedStop
export type QueuedPost = QueuedRequest | QueuedOffer

type About = Pick<QueuedPost, 'item' | 'quantity'>
export type Sent<T> = { sent: T } | { queued: true }

/** Refusals of the moment: the same call is taken a little later. */
const passing = ['key_in_flight', 'stale']

/** What was done without a net: kept once by its key, sent in order when it is back. */
export const useOutbox = defineStore('outbox', () => {
  const mine = useMine()
  const live = useLive()
  const today = useToday()
  const entries = ref<Queued[]>(readKept('outbox') ?? [])
  const open = (e: Queued) => !e.refused && !('result' in e && e.result)
  const waiting = computed(() => entries.value.filter(open).length)
  const posts = computed(() => entries.value.filter((e): e is QueuedPost => e.kind === 'request' || e.kind === 'offer'))
  const gives = computed(() => entries.value.filter((e): e is QueuedGive => e.kind === 'give'))
  const stops = computed(() => entries.value.filter((e): e is QueuedStop => e.kind === 'stop'))
  let kept = true
  let flushing = false
  whenKept('outbox', () => (entries.value = readKept('outbox') ?? []))

  /** Changes what is kept, not what this tab last saw of it: another one may have added to it. */
  function change(to: (known: Queued[]) => Queued[]): void {
    entries.value = to((kept ? readKept<Queued[]>('outbox') : null) ?? entries.value)
    kept = writeKept('outbox', entries.value)
  }
  function add(entry: Queued): { queued: true } {
    change((known) => (known.some((e) => e.key === entry.key) ? known : [...known, entry]))
    return { queued: true }
  }
  /** What she did before she was signed out, here: nobody has heard of it yet. */
  watch(() => useSession().me?.person.id, (id) => {
    const left = id ? takeUnsent<Queued>(id) : []
    if (left.length) change((known) => [...left.filter((e) => !known.some((k) => k.key === e.key)), ...known])
  }, { immediate: true })
  const remove = (key: string) => change((known) => known.filter((e) => e.key !== key))
  const mark = (key: string, more: Partial<Queued>) =>
    change((known) => known.map((e) => (e.key === key ? ({ ...e, ...more } as Queued) : e)))

  /** Sends now, or keeps it for later when nobody answers. */
  async function send<T>(entry: Queued, call: () => Promise<T>): Promise<Sent<T>> {
    if (live.offline) return add(timed(entry))
    try {
      return { sent: await call() }
    } catch (e) {
      if (e instanceof Problem && e.offline) return add(entry)
      throw e
    }
  }
  /** Somebody's word without a net counts for when it was given, as a scan does. */
  function timed(e: Queued): Queued {
    const by = byOf(e)
    return by?.how && !by.scanned_at ? closedBy(e, { ...by, scanned_at: e.at }) : e
  }
  const stamp = <T>(about: T, key: string) => ({ key, at: new Date().toISOString(), ...about })

  const sendRequest = (body: NewRequest, about: About, key = newKey()): Promise<Sent<Request>> =>
    send({ kind: 'request', body, ...stamp(about, key) }, () => mine.openRequest(body, key))
  const sendOffer = (body: NewOffer, about: About, key = newKey()): Promise<Sent<Offer>> =>
    send({ kind: 'offer', body, ...stamp(about, key) }, () => mine.postOffer(body, key))

  /** A hand-over that was closed. Whether digits or a door code are right is known to the server alone: they do not wait. */
  async function sendGive(h: Handover, body: Giving, key = newKey()): Promise<Sent<Handover>> {
    if (!canWait(body)) return { sent: await give(h.id, body, key) }
    const first = h.matches[0]!
    const entry: QueuedGive = {
      kind: 'give', body, handover: h.id, building: h.receiver.building, ...stamp({ item: named(first.item), quantity: first.quantity }, key),
    }
    return send(entry, () => give(h.id, body, key))
  }
  async function give(id: string, body: Giving, key: string): Promise<Handover> {
    const done = await api.giveHandover(id, body, key)
    today.closed(id)
    return done
  }
  /** Whether a hand-over was closed on this phone and the server has not heard of it. */
  const waits = (handover: string) => gives.value.some((g) => g.handover === handover && open(g))

  const tick = (s: QueuedStop) => (s.failed ? stopFailed(s.round, s.stop, s.failed, s.key) : stopDone(s.round, s.stop, s.done ?? {}, s.key))
  /** A stop that was done, or not. At a door the same holds as at the point: typed digits do not wait. */
  async function sendStop(what: Pick<QueuedStop, 'round' | 'stop' | 'done' | 'failed'>, key = newKey()): Promise<Sent<Round>> {
    const entry: QueuedStop = { kind: 'stop', ...stamp(what, key) }
    if (what.done && !canWait(what.done)) return { sent: await tick(entry) }
    return send(entry, () => tick(entry))
  }

  async function deliver(e: Queued): Promise<void> {
    if (e.kind === 'request') await mine.openRequest(e.body, e.key)
    else if (e.kind === 'offer') await mine.postOffer(e.body, e.key)
    else if (e.kind === 'stop') {
      const result = (await tick(e)).stops?.find((s) => s.id === e.stop)
      if (result?.twice_at || result?.kept_back?.length) return mark(e.key, { result })
    } else {
      const result = await give(e.handover, e.body, e.key)
      if (result.twice_at || result.kept_back.length > 0) return mark(e.key, { result })
    }
    remove(e.key)
  }

  /**
   * What was sent with the net and not answered counted for that moment only. Now
   * that the server has refused it, it is told when it was done.
   */
  function late(e: Queued): boolean {
    const by = byOf(e)
    if (!by || by.scanned_at || !(by.token || by.how)) return false
    const how = by.token ? ('offline' as const) : by.how
    mark(e.key, { ...closedBy(e, { ...by, how, scanned_at: e.at }), key: newKey() })
    return true
  }

  /** Sends what waits, in order; the key makes a repeated one harmless. */
  async function flush(): Promise<void> {
    if (flushing) return
    flushing = true
    try {
      for (let e = entries.value.find(open); e; e = entries.value.find(open)) {
        try {
          await deliver(e)
        } catch (error) {
          const problem = asProblem(error)
          if (problem.passing || passing.includes(problem.reason)) return
          if (late(e)) continue
          const reasons = problem.refused.flatMap((r) => r.reasons)
          mark(e.key, { refused: reasons.length > 0 ? reasons : [problem.sentence] })
        }
      }
    } finally {
      flushing = false
    }
  }

  return { entries, posts, gives, stops, waiting, waits, sendRequest, sendOffer, sendGive, sendStop, flush, remove }
})

/** By what a hand-over was closed, and the same closed by something else. */
const byOf = (e: Queued): Giving | undefined => (e.kind === 'give' ? e.body : e.kind === 'stop' ? e.done : undefined)
const closedBy = (e: Queued, by: Giving): Queued => (e.kind === 'give' ? { ...e, body: by } : e.kind === 'stop' ? { ...e, done: by } : e)

/** What the phone can answer for by itself: a scanned code, or somebody's word with a reason. */
export const canWait = (body: Giving): boolean => !body.code && !body.door

/** No more of an item is kept than its name. */
const named = ({ name, name_en, unit }: Named): Named => ({ name, name_en, unit })
