import { beforeAll, expect, test } from 'vitest'
import { lentOut, lotFace } from '@/components/need/face'
import { lotLine } from '@/components/need/line'
import { loanTimeline } from '@/composables/loan'
import type { Loan, Lot } from '@/api/types'
import { loadLanguage } from '@/locales'
import { loanFace, loanTitle } from './face'

const now = new Date('2026-12-18T06:12:00Z') // 14:12 in Shanghai
const loan = (state: Loan['state'], due_at: string) => ({ state, due_at, created_at: '2026-12-16T06:00:00Z', checked_at: null, closed_at: state === 'out' ? null : '2026-12-18T06:00:00Z', want_back: false }) as Loan

beforeAll(() => loadLanguage('zh'))

test('a loan says when it is back, and when it should have been', () => {
  expect(loanTitle(loan('out', '2026-12-19T10:00:00Z'), now)).toBe('借出 · 明天还')
  expect(loanTitle(loan('out', '2026-12-18T10:00:00Z'), now)).toBe('借出 · 今天还')
  expect(loanTitle(loan('out', '2026-12-17T10:00:00Z'), now)).toBe('该还了')
  expect(loanFace(loan('out', '2026-12-17T10:00:00Z'), now).tone).toBe('warn')
  expect(loanTitle(loan('back', '2026-12-17T10:00:00Z'), now)).toBe('还好了')
  expect(loanFace(loan('lost', '2026-12-17T10:00:00Z'), now).tone).toBe('n') // no red: nobody is blamed
})

test('what was lost is not promised to the next', () => {
  const titles = (l: Loan) => loanTimeline(l, now).map((e) => e.title)
  expect(titles(loan('out', '2026-12-19T10:00:00Z'))).toContain('该还了')
  expect(titles(loan('back', '2026-12-19T10:00:00Z'))).toContain('可以借给下一家')
  expect(titles(loan('lost', '2026-12-19T10:00:00Z'))).not.toContain('可以借给下一家')
})

test('its lender sees which loan is back first', () => {
  const out = (due_on: string, state = 'out') => ({ state: 'given', loan: { id: '', state, due_on, due_at: `${due_on}T10:00:00Z` } })
  const lot = { lent: 2, given: 0, state: 'taken', matches: [out('2026-12-23'), out('2026-12-19'), out('2026-12-18', 'back')] } as unknown as Lot
  expect(lentOut(lot)?.due_on).toBe('2026-12-19')
  expect(lotFace(lot).mark).toBe('lent')
  expect(lotLine(lot, now)).toBe('借出 · 明天还')
})
