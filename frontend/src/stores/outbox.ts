import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { newKey } from '@/api/key'
import { asProblem, Problem } from '@/api/problem'
import type { Item, NewOffer, NewRequest, Offer, Reason, Request } from '@/api/types'
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

type About = Pick<Post, 'item' | 'quantity'>
type Sent<T> = { sent: T } | { queued: true }

/** Posts made without a net: kept once by their key, sent when it is back. */
export const useOutbox = defineStore('outbox', () => {
  const mine = useMine()
  const live = useLive()
  const posts = ref<Queued[]>(readKept('outbox') ?? [])
  const waiting = computed(() => posts.value.filter((p) => !p.refused).length)
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

  /** Sends what waits, in order; the key makes a repeated one harmless. */
  async function flush(): Promise<void> {
    if (flushing) return
    flushing = true
    try {
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

  return { posts, waiting, sendRequest, sendOffer, flush, remove }
})
