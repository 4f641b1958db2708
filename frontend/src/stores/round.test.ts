import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readKept, writeKept } from './kept'
import { untilMidnight, useRound } from './round'

const walked = { id: 'o1', state: 'out', stops: [{ id: 's1', state: 'open', door: '2-501', name: '张婆婆', kept_back: [] }] }

beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers()
  vi.setSystemTime('2026-12-18T12:00:00+08:00')
  writeKept('round', walked)
  setActivePinia(createPinia())
})
afterEach(() => vi.useRealTimers())

test('doors are there without a net on their day', () => {
  vi.setSystemTime('2026-12-18T23:59:00+08:00')
  expect(useRound().stops[0]!.door).toBe('2-501')
})

test('a day later they are not on the phone any more', () => {
  vi.setSystemTime('2026-12-19T00:01:00+08:00')
  expect(useRound().mine).toBeNull()
  expect(readKept('round')).toBeNull()
})

test('they go at midnight from a page that stays open', () => {
  const round = useRound()
  expect(untilMidnight(new Date())).toBe(12 * 3_600_000)
  vi.advanceTimersByTime(12 * 3_600_000)
  expect(round.mine).toBeNull()
  expect(readKept('round')).toBeNull()
})

test('a round that is over leaves none, though nothing else can be read', async () => {
  let calls = 0
  vi.stubGlobal('fetch', async () => {
    if (calls++) throw new TypeError('no net')
    return new Response(JSON.stringify({ ...walked, state: 'done' }), { headers: { 'Content-Type': 'application/json' } })
  })
  await useRound().end().catch(() => {})
  expect(readKept('round')).toBeNull()
})
