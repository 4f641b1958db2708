import { expect, test } from 'vitest'
import type { HoursException, Point } from '@/api/types'
import { closedUntil, dayAfter, openFrom, stuckAt } from './point'

const off = (from: string, until: string, open = 0, close = 0): HoursException => ({ from, until, open, close, reason: '' })

test('a day has one after it, over months and years', () => {
  expect([dayAfter('2026-12-31'), dayAfter('2027-02-28'), dayAfter('2026-12-18', 3)]).toEqual(['2027-01-01', '2027-03-01', '2026-12-21'])
})

test('a pause until a day shuts the days before it, whatever they had', () => {
  expect(closedUntil([], '2026-12-18', '2026-12-21')).toEqual([off('2026-12-18', '2026-12-20')])
  // Other hours of these days give way; what lies before and after stays.
  expect(closedUntil([off('2026-12-19', '2026-12-19', 540, 660), off('2026-12-15', '2026-12-25', 600, 900), off('2027-02-15', '2027-02-20')], '2026-12-18', '2026-12-21'))
    .toEqual([off('2026-12-15', '2026-12-17', 600, 900), off('2026-12-21', '2026-12-25', 600, 900), off('2027-02-15', '2027-02-20'), off('2026-12-18', '2026-12-20')])
})

test('who opens earlier than she said is open', () => {
  const spring = off('2027-02-15', '2027-02-20')
  expect(openFrom([off('2026-12-18', '2026-12-20'), spring], '2026-12-19')).toEqual([spring])
  expect(openFrom([off('2026-12-19', '2026-12-19', 540, 660)], '2026-12-19')).toHaveLength(1) // other hours stay
})

test('what is stuck is all that waits at a paused point', () => {
  const at = (state: 'open' | 'paused') => ({ relay: { state }, coming: 2, waiting: 3 }) as unknown as Point
  expect([stuckAt(at('open')), stuckAt(at('paused'))]).toEqual([0, 5])
})
