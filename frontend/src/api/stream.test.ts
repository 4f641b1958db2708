import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useLive } from '@/stores/live'
import { useNotices } from '@/stores/notices'
import { useMine } from '@/stores/mine'
import { useSession } from '@/stores/session'
import { openStream } from './stream'
import type { Notice } from './types'

/** The server's end of a socket. */
class Line {
  static all: Line[] = []
  static readonly OPEN = 1
  readyState = 1
  sent: { type: string; epoch: string; grids: Record<string, number> }[] = []
  onmessage: (m: { data: string }) => void = () => {}
  onclose: (c: { code: number }) => void = () => {}
  constructor(readonly url: string) {
    Line.all.push(this)
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.readyState = 3
  }
  says(frame: unknown): void {
    this.onmessage({ data: JSON.stringify(frame) })
  }
  drops(code: number): void {
    this.readyState = 3
    this.onclose({ code })
  }
}

let asked: string[]
let down: boolean
let stream: { close(): void } | undefined
const hello = (epoch: string, seq: number) => ({ type: 'hello', epoch, grids: { g: seq } })
const need = (seq: number, version: number, id = `e${seq}`) => ({
  type: 'event',
  event: { id, grid: 'g', seq, kind: 'need.matched', thing: 'need', thing_id: 'n1', version, state: 'matched', quantities: {}, at: '' },
})

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  setActivePinia(createPinia())
  Line.all = []
  asked = []
  down = false
  vi.stubGlobal('WebSocket', Line)
  vi.stubGlobal('fetch', async (r: Request) => {
    const path = new URL(r.url).pathname
    asked.push(path)
    if (down && !path.endsWith('/tickets')) throw new TypeError('no net')
    const answer = path.endsWith('/tickets') ? { ticket: 't' } : { items: [], next: '' }
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
})

afterEach(() => {
  stream?.close()
  vi.useRealTimers()
})

async function opened(): Promise<Line> {
  stream = openStream()
  await vi.advanceTimersByTimeAsync(50)
  return Line.all[0]!
}

test('it looks first, then resumes from where the server stood before', async () => {
  const line = await opened()
  asked = []
  line.says(hello('one', 7))
  expect(line.sent).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(50)
  expect(asked).toContain('/api/v1/requests')
  expect(line.sent).toEqual([{ type: 'resume', epoch: 'one', grids: { g: 7 } }])
  expect(useLive().state).toBe('live')
})

test('after a cut it comes back and resumes from the last number it heard', async () => {
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  line.says(need(8, 2))
  line.says({ type: 'cursor', grid: 'g', seq: 12 })
  line.drops(1012)
  expect(useLive().state).toBe('lost')
  await vi.advanceTimersByTimeAsync(1_000)
  const next = Line.all[1]!
  asked = []
  next.says(hello('one', 20))
  await vi.advanceTimersByTimeAsync(50)
  expect(next.sent[0]!.grids).toEqual({ g: 12 })
  expect(asked).not.toContain('/api/v1/requests')
})

test('another epoch makes every number void', async () => {
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  line.drops(1012)
  await vi.advanceTimersByTimeAsync(1_000)
  Line.all[1]!.says(hello('two', 3))
  await vi.advanceTimersByTimeAsync(50)
  expect(Line.all[1]!.sent[0]).toEqual({ type: 'resume', epoch: 'two', grids: { g: 3 } })
})

test('a repeated event and an older version change nothing', async () => {
  const patch = vi.spyOn(useMine(), 'patch')
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  line.says(need(8, 3))
  line.says(need(8, 3))
  line.says(need(9, 2))
  expect(patch).toHaveBeenCalledTimes(1)
  line.says(need(10, 4))
  expect(patch).toHaveBeenCalledTimes(2)
})

test('resync reads everything anew', async () => {
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  asked = []
  line.says({ type: 'resync', grid: 'g' })
  await vi.advanceTimersByTimeAsync(50)
  expect(asked).toContain('/api/v1/requests')
})

test('an ended session is not knocked at again', async () => {
  const end = vi.spyOn(useSession(), 'end').mockImplementation(() => {})
  const line = await opened()
  line.drops(4401)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(end).toHaveBeenCalledOnce()
  expect(Line.all).toHaveLength(1)
})

test('it comes back later each time, and not all at once', async () => {
  const line = await opened()
  const waits: number[] = []
  let last = line
  for (let i = 0; i < 4; i++) {
    const known = Line.all.length
    last.drops(1006)
    let waited = 0
    while (Line.all.length === known && waited < 40_000) {
      await vi.advanceTimersByTimeAsync(100)
      waited += 100
    }
    waits.push(waited)
    last = Line.all[Line.all.length - 1]!
  }
  expect(waits[3]!).toBeGreaterThan(waits[0]!)
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_100)
})

test('what could not be read after a resync is read until it can be', async () => {
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  down = true
  line.says({ type: 'resync', grid: 'g' })
  line.says({ type: 'cursor', grid: 'g', seq: 30 })
  await vi.advanceTimersByTimeAsync(3_000)
  down = false
  asked = []
  await vi.advanceTimersByTimeAsync(5_000)
  expect(asked.filter((path) => path === '/api/v1/requests')).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.filter((path) => path === '/api/v1/requests')).toHaveLength(1)
})

test('without a net it says so, and comes back at once with it', async () => {
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  line.says(need(8, 2))
  line.drops(1006)
  window.dispatchEvent(new Event('offline'))
  expect(useLive().offline).toBe(true)
  const known = Line.all.length
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(50)
  expect(useLive().offline).toBe(false)
  expect(Line.all).toHaveLength(known + 1)
  Line.all[known]!.says(hello('one', 9))
  await vi.advanceTimersByTimeAsync(50)
  expect(Line.all[known]!.sent[0]!.grids).toEqual({ g: 8 })
})

test('a notice moves its bar at once and is read anew', async () => {
  const notices = useNotices()
  const load = vi.spyOn(notices, 'load')
  const line = await opened()
  line.says(hello('one', 7))
  await vi.advanceTimersByTimeAsync(50)
  notices.notices = [{ id: 'n1', version: 1, call: { wanted: 10, got: 2 } } as Notice]
  load.mockClear()
  const filled = { ...need(8, 2).event, kind: 'notice.filled', thing: 'notice', state: 'open', quantities: { wanted: 10, got: 6 } }
  line.says({ type: 'event', event: filled })
  expect(notices.notices[0]!.call!.got).toBe(6)
  await vi.advanceTimersByTimeAsync(50)
  expect(asked).not.toContain('/api/v1/today')
  expect(load).toHaveBeenCalledOnce()
})
