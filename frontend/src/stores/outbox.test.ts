import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Handover, NewRequest, Session } from '@/api/types'
import { forgetKept, readKept, writeKept } from './kept'
import { useLive } from './live'
import { useOutbox } from './outbox'
import { useSession } from './session'
import { useToday } from './today'

const body = { way: 'relay', lines: [{ item_id: 'M123', quantity: 2, urgency: 'today', patient: { age: 'adult' } }] } as NewRequest
const about = { item: { name: '抗原试剂盒', name_en: 'Test', unit: '支' }, quantity: 2 }
const made = { id: 'r1', posted_by_me: true, needs: [], timeline: [], kept_back: [] }

/** What the server heard, and what it answers: a number is a status. */
let heard: { key: string | null; body: string }[]
let answers: (number | 'nobody' | 'code_wrong' | 'key_in_flight' | 'twice' | 'unsafe')[]

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
  heard = []
  answers = []
  vi.stubGlobal('fetch', async (r: Request) => {
    heard.push({ key: r.headers.get('Idempotency-Key'), body: await r.text() })
    const answer = answers.shift() ?? 201
    if (answer === 'nobody') throw new TypeError('no net')
    if (answer === 'code_wrong' || answer === 'key_in_flight') return new Response(JSON.stringify({ status: 409, reason: answer, refused: [] }), { status: 409, headers: { 'Content-Type': 'application/json' } })
    if (answer === 'unsafe') return new Response(JSON.stringify({ stops: [{ id: 's1', kept_back: [{ gone: true }] }] }), { headers: { 'Content-Type': 'application/json' } })
    if (answer === 'twice') return new Response(JSON.stringify({ ...hand, twice_at: '2026-12-18T06:00:00Z', kept_back: [] }), { headers: { 'Content-Type': 'application/json' } })
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

const hand = { id: 'h1', receiver: { building: '5 栋' }, matches: [{ item: { ...about.item, kind: 'supply', id: 'M123' }, quantity: 2 }] } as unknown as Handover
const scanned = { token: 'h1.1.9.sig', how: 'offline', scanned_at: '2026-12-18T06:00:00Z', adult: true } as const
const sent = () => heard.map((h) => JSON.parse(h.body || '{}') as Record<string, unknown>).filter((b) => 'token' in b || 'why' in b || 'code' in b)

test('a scan made offline waits, survives a closed tab, and is sent once with its key', async () => {
  useLive().offline = true
  const outbox = useOutbox()
  expect(await outbox.sendGive(hand, scanned, 'g1')).toEqual({ queued: true })
  expect(outbox.waits('h1')).toBe(true)
  setActivePinia(createPinia())
  useLive().offline = false
  const again = useOutbox()
  expect(again.waits('h1')).toBe(true)
  expect(again.gives[0]).toMatchObject({ building: '5 栋', quantity: 2 })
  expect(again.posts).toEqual([]) // no card among my own things
  await Promise.all([again.flush(), again.flush()])
  expect(heard.filter((h) => h.key === 'g1').map((h) => JSON.parse(h.body))).toEqual([scanned])
  expect(again.waits('h1')).toBe(false)
  expect(again.gives).toEqual([])
})

test('what is sent goes in order, and stops where nobody answers', async () => {
  const live = useLive()
  live.offline = true
  const outbox = useOutbox()
  for (const id of ['a', 'b', 'c']) await outbox.sendGive({ ...hand, id }, { ...scanned, token: id }, id)
  live.offline = false
  answers = [201, 'nobody']
  await outbox.flush()
  expect(sent().map((b) => b.token)).toEqual(['a', 'b'])
  await outbox.flush()
  expect(sent().map((b) => b.token)).toEqual(['a', 'b', 'b', 'c'])
  expect(outbox.waiting).toBe(0)
})

test('a code that was used twice is told, and stays until it is read', async () => {
  useLive().offline = true
  const outbox = useOutbox()
  await outbox.sendGive(hand, scanned, 'g2')
  answers = ['twice']
  await outbox.flush()
  await outbox.flush()
  expect(outbox.gives[0]).toMatchObject({ result: { twice_at: '2026-12-18T06:00:00Z' } })
  expect(outbox.waiting).toBe(0)
  expect(sent()).toHaveLength(1)
  setActivePinia(createPinia())
  expect(useOutbox().gives).toHaveLength(1)
  useOutbox().remove('g2')
  expect(useOutbox().gives).toEqual([])
})

test('what is refused keeps its reason; the same call under way is asked again', async () => {
  useLive().offline = true
  const outbox = useOutbox()
  await outbox.sendGive(hand, scanned, 'g3')
  answers = ['key_in_flight']
  await outbox.flush()
  expect(outbox.waits('h1')).toBe(true)
  answers = ['code_wrong']
  await outbox.flush()
  expect(outbox.gives[0]!.refused).toEqual([{ code: 'code_wrong', args: {} }])
  expect(outbox.waits('h1')).toBe(false)
})

test('a scan whose answer was lost is sent as it was, and only once refused with the time of the scan', async () => {
  const outbox = useOutbox()
  answers = ['nobody', 'code_wrong', 201]
  expect(await outbox.sendGive(hand, { token: 't', adult: true }, 'g4')).toEqual({ queued: true })
  await outbox.flush()
  const [first, second, third] = sent()
  expect(second).toEqual(first)
  expect(third).toMatchObject({ token: 't', how: 'offline', adult: true })
  expect(heard.filter((h) => h.body.includes('token')).map((h) => h.key === 'g4')).toEqual([true, true, false])
  expect(outbox.gives).toEqual([])
})

test('typed digits and door codes do not wait: only the server knows whether they are right', async () => {
  const outbox = useOutbox()
  answers = ['nobody']
  await expect(outbox.sendGive(hand, { code: '123456' }, 'g5')).rejects.toMatchObject({ offline: true })
  answers = ['nobody']
  await expect(outbox.sendGive(hand, { how: 'household', door: 'x' }, 'g5')).rejects.toMatchObject({ offline: true })
  expect(outbox.entries).toEqual([])
})

test('what another tab has kept is not lost', async () => {
  useLive().offline = true
  const outbox = useOutbox()
  await outbox.sendGive(hand, scanned, 'mine')
  writeKept('outbox', [...readKept<unknown[]>('outbox')!, { ...outbox.gives[0], key: 'theirs', handover: 'h2' }])
  await outbox.sendGive({ ...hand, id: 'h3' }, scanned, 'mine too')
  expect(outbox.gives.map((g) => g.key)).toEqual(['mine', 'theirs', 'mine too'])
})

test('a hand-over that was sent is off the list at once, also where it cannot be read anew', async () => {
  const today = useToday()
  today.day = { to_hand_over: [hand, { ...hand, id: 'h9' }], dangers: [], urgent: [], messages: [] } as unknown as NonNullable<typeof today.day>
  await useOutbox().sendGive(hand, { token: 't' }, 'g6')
  expect(today.day!.to_hand_over.map((h) => h.id)).toEqual(['h9'])
})

test('a door of a round waits like a hand-over: a scan is kept, digits are not', async () => {
  const live = useLive()
  live.offline = true
  const outbox = useOutbox()
  const stop = { round: 'o1', stop: 's1' }
  expect(await outbox.sendStop({ ...stop, done: scanned }, 's1')).toEqual({ queued: true })
  expect(await outbox.sendStop({ round: 'o1', stop: 's2', failed: { reason: 'not_home', when: 'end' } }, 's2')).toEqual({ queued: true })
  answers = ['nobody']
  await expect(outbox.sendStop({ round: 'o1', stop: 's3', done: { code: '123456' } }, 's3')).rejects.toMatchObject({ offline: true })
  expect(outbox.stops.map((q) => q.stop)).toEqual(['s1', 's2'])
  expect(outbox.posts).toEqual([]) // no card among my own things
  live.offline = false
  await outbox.flush()
  expect(heard.map((h) => h.key)).toEqual(['s3', 's1', 's2'])
  expect(JSON.parse(heard[1]!.body)).toEqual(scanned)
  expect(outbox.waiting).toBe(0)
})

test('a word given without a net carries its time, also where only the answer was lost', async () => {
  const live = useLive()
  const outbox = useOutbox()
  live.offline = true
  await outbox.sendGive(hand, { how: 'face', why: '没有网', adult: true }, 'w1')
  live.offline = false
  answers = [201, 'nobody', 'code_wrong', 201]
  await outbox.flush()
  await outbox.sendStop({ round: 'o1', stop: 's1', done: { how: 'relative', why: '女儿' } }, 'w2')
  await outbox.flush()
  expect(sent().map((b) => !!b.scanned_at)).toEqual([true, false, false, true])
  expect(sent().map((b) => b.how)).toEqual(['face', 'relative', 'relative', 'relative'])
})

test('what was handed over and not sent waits for the same person, and for nobody else', async () => {
  useLive().offline = true
  const outbox = useOutbox()
  await outbox.sendRequest(body, about, 'p1')
  await outbox.sendGive(hand, scanned, 'g7')
  forgetKept('林月')
  setActivePinia(createPinia())
  const as = (id: string) => (useSession().me = { person: { id }, roles: [] } as unknown as Session)
  as('陈姐')
  expect(useOutbox().entries).toEqual([])
  setActivePinia(createPinia())
  as('林月')
  expect(useOutbox().entries.map((e) => e.key)).toEqual(['g7'])
  setActivePinia(createPinia())
  as('林月')
  expect(useOutbox().entries.map((e) => e.key)).toEqual(['g7'])
})

test('a door that must be asked back stays until it is read', async () => {
  const live = useLive()
  live.offline = true
  const outbox = useOutbox()
  await outbox.sendStop({ round: 'o1', stop: 's1', done: scanned }, 's5')
  live.offline = false
  answers = ['unsafe']
  await outbox.flush()
  await outbox.flush()
  expect(sent()).toHaveLength(1)
  expect(outbox.stops[0]!.result).toMatchObject({ kept_back: [{ gone: true }] })
  expect(outbox.waiting).toBe(0)
})

test('a door whose answer was lost is told with the time of the scan, and a refusal stays', async () => {
  const outbox = useOutbox()
  answers = ['nobody', 'code_wrong', 'code_wrong']
  expect(await outbox.sendStop({ round: 'o1', stop: 's1', done: { token: 't', adult: true } }, 's4')).toEqual({ queued: true })
  await outbox.flush()
  expect(sent().map((b) => b.how)).toEqual([undefined, undefined, 'offline'])
  expect(outbox.stops[0]!.refused).toEqual([{ code: 'code_wrong', args: {} }])
  expect(outbox.waiting).toBe(0)
})
