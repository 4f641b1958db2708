import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { newKey } from '@/api/key'
import { asProblem, Problem } from '@/api/problem'
import { stopDone, stopFailed } from '@/api/rounds'
import type { Item, NewOffer, NewRequest, Offer, Reason, Request, Round, StopDone, StopFail } from '@/api/types'
import { readKept, writeKept } from './kept'
import { useLive } from './live'
import { useMine } from './mine'

interface Post {
  key: string
  item: Pick<Item, 'name' | 'name_en' | 'unit'>
  quantity: number
  at: string
  /** Why the server would not take it, once it could be asked. */
  refused?: Reason[]
}
export interface QueuedRequest extends Post { kind: 'request'; body: NewRequest }
export interface QueuedOffer extends Post { kind: 'offer'; body: NewOffer }
export type Queued = QueuedRequest | QueuedOffer

/** A stop of a round that was ticked without a net. */
export interface QueuedStop {
  key: string
  round: string
  stop: string
  done?: StopDone
  failed?: StopFail
  refused?: Reason
}

type About = Pick<Post, 'item' | 'quantity'>
type Sent<T> = { sent: T } | { queued: true }

/** Posts made without a net: kept once by their key, sent when it is back. */
export const useOutbox = defineStore('outbox', () => {
  const mine = useMine()
  const live = useLive()
  const posts = ref<Queued[]>(readKept('outbox') ?? [])
  const stops = ref<QueuedStop[]>(readKept('outbox.stops') ?? [])
  const waiting = computed(() => posts.value.filter((p) => !p.refused).length + stops.value.filter((s) => !s.refused).length)
  let flushing = false

  function keep(): void {
    writeKept('outbox', posts.value)
  }

  function add(post: Queued): { queued: true } {
    if (!posts.value.some((p) => p.key === post.key)) posts.value = [...posts.value, post]
    keep()
    return { queued: true }
  }

  function remove(key: string): void {
    posts.value = posts.value.filter((p) => p.key !== key)
    keep()
  }

  async function sendRequest(body: NewRequest, about: About, key = newKey()): Promise<Sent<Request>> {
    const post: QueuedRequest = { kind: 'request', body, key, at: new Date().toISOString(), ...about }
    if (live.offline) return add(post)
    try {
      return { sent: await mine.openRequest(body, key) }
    } catch (e) {
      if (e instanceof Problem && e.offline) return add(post)
      throw e
    }
  }

  async function sendOffer(body: NewOffer, about: About, key = newKey()): Promise<Sent<Offer>> {
    const post: QueuedOffer = { kind: 'offer', body, key, at: new Date().toISOString(), ...about }
    if (live.offline) return add(post)
    try {
      return { sent: await mine.postOffer(body, key) }
    } catch (e) {
      if (e instanceof Problem && e.offline) return add(post)
      throw e
    }
  }

  const tick = (s: QueuedStop) => (s.failed ? stopFailed(s.round, s.stop, s.failed, s.key) : stopDone(s.round, s.stop, s.done ?? {}, s.key))

  function keepStops(all: QueuedStop[]): void {
    stops.value = all
    writeKept('outbox.stops', all)
  }
  const removeStop = (key: string) => keepStops(stops.value.filter((s) => s.key !== key))

  /** Ticks a stop, or keeps the tick until there is a net. */
  async function sendStop(stop: Omit<QueuedStop, 'key'>, key = newKey()): Promise<Sent<Round>> {
    const queued = { ...stop, key }
    const later = (): { queued: true } => {
      keepStops([...stops.value.filter((s) => s.stop !== stop.stop), queued])
      return { queued: true }
    }
    if (live.offline) return later()
    try {
      return { sent: await tick(queued) }
    } catch (e) {
      if (e instanceof Problem && e.offline) return later()
      throw e
    }
  }

  /** Sends the ticks in the order in which they were made. */
  async function flushStops(): Promise<void> {
    for (const stop of stops.value.filter((s) => !s.refused)) {
      try {
        await tick(stop)
        removeStop(stop.key)
      } catch (e) {
        const problem = asProblem(e)
        if (problem.passing) return
        keepStops(stops.value.map((s) => (s.key === stop.key ? { ...s, refused: problem.sentence } : s)))
      }
    }
  }

  /** Sends what waits, in order; the key makes a repeated one harmless. */
  async function flush(): Promise<void> {
    if (flushing) return
    flushing = true
    try {
      await flushStops()
      for (const post of posts.value.filter((p) => !p.refused)) {
        try {
          if (post.kind === 'request') await mine.openRequest(post.body, post.key)
          else await mine.postOffer(post.body, post.key)
          remove(post.key)
        } catch (e) {
          const problem = asProblem(e)
          if (problem.passing || problem.status === 409) return
          const reasons = problem.refused.flatMap((r) => r.reasons)
          post.refused = reasons.length > 0 ? reasons : [problem.sentence]
          keep()
        }
      }
    } finally {
      flushing = false
    }
  }

  return { posts, stops, waiting, sendRequest, sendOffer, sendStop, removeStop, flush, remove }
})
