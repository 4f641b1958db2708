import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type { NewRequest } from '@/api/types'
import { useLive } from './live'
import { useOutbox } from './outbox'

const body = { way: 'relay', lines: [{ item_id: 'M123', quantity: 2, urgency: 'today', patient: { age: 'adult' } }] } as NewRequest
const about = { item: { name: '抗原试剂盒', name_en: 'Test', unit: '支' }, quantity: 2 }
const made = { id: 'r1', posted_by_me: true, needs: [], timeline: [] }

/** What the server heard, and what it answers: a number is a status. */
let heard: { key: string | null; body: string }[]
let answers: (number | 'nobody')[]

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
  heard = []
  answers = []
  vi.stubGlobal('fetch', async (r: Request) => {
    heard.push({ key: r.headers.get('Idempotency-Key'), body: await r.text() })
    const answer = answers.shift() ?? 201
    if (answer === 'nobody') throw new TypeError('no net')
    return new Response(JSON.stringify(answer === 201 ? made : { status: answer, reason: 'x', refused: [] }), {
      status: answer, headers: { 'Content-Type': 'application/json' },
    })
  })
})

test('a post made offline is kept and sent once, with the key it was made with', async () => {
  const live = useLive()
  const outbox = useOutbox()
  live.offline = true
  expect(await outbox.sendRequest(body, about, 'k1')).toEqual({ queued: true })
  expect(await outbox.sendRequest(body, about, 'k1')).toEqual({ queued: true })
  expect(heard).toHaveLength(0)
  expect(outbox.waiting).toBe(1)

  live.offline = false
  await Promise.all([outbox.flush(), outbox.flush()])
  expect(heard.map((h) => h.key)).toEqual(['k1'])
  expect(outbox.waiting).toBe(0)
})

test('a post that nobody answered waits and survives a reload', async () => {
  answers = ['nobody']
  expect(await useOutbox().sendRequest(body, about, 'k2')).toEqual({ queued: true })
  setActivePinia(createPinia())
  expect(useOutbox().waiting).toBe(1)
  await useOutbox().flush()
  expect(heard.map((h) => h.key)).toEqual(['k2', 'k2'])
})

test('what the server refuses later is kept with its reason and not sent again', async () => {
  const live = useLive()
  live.offline = true
  const outbox = useOutbox()
  await outbox.sendRequest(body, about, 'k3')
  answers = [422]
  await outbox.flush()
  await outbox.flush()
  expect(heard).toHaveLength(1)
  expect(outbox.posts[0]!.refused).toHaveLength(1)
})

test('a server that cannot now leaves the post waiting', async () => {
  useLive().offline = true
  const outbox = useOutbox()
  await outbox.sendRequest(body, about, 'k4')
  answers = [503]
  await outbox.flush()
  expect(outbox.waiting).toBe(1)
})
