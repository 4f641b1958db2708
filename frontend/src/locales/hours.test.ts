import { beforeAll, expect, test } from 'vitest'
import type { Relay } from '@/api/types'
import { openToday, openWords } from './hours'
import { loadLanguage } from './index'

const now = new Date('2026-12-18T06:12:00Z') // 14:12 in Shanghai

beforeAll(() => loadLanguage('zh'))

test('opening hours come in minutes, by weekday', () => {
  const friday = { weekday: 5, open: 510, close: 1200 }
  const at = (more: Partial<Relay>) => ({ state: 'open', pause_reason: '', hours: [friday], exceptions: [], ...more }) as Relay
  expect(openToday(at({}), now)).toEqual(['8:30–20:00'])
  expect(openToday(at({ hours: [{ ...friday, weekday: 6 }] }), now)).toEqual([])
  expect(openToday(at({ hours: [] }), now)).toEqual(['8:00–21:00']) // that of a worker, as the server has it
  expect(openWords(at({}), now)).toBe('今天开到 20:00')
  expect(openWords(at({}), now, true)).toBe('今天 8:30–20:00')
  expect(openWords(at({ hours: [{ ...friday, open: 840 }, { ...friday, close: 720 }] }), now)).toBe('今天 8:30–12:00、14:00–20:00')
})

test('a day off, other hours and a pause come before the week', () => {
  const friday = { weekday: 5, open: 510, close: 1200 }
  const day = (from: string, until: string, open: number, close: number, reason = '') => ({ from, until, open, close, reason })
  const at = (exceptions: Relay['exceptions'], more: Partial<Relay> = {}) => ({ state: 'open', pause_reason: '', hours: [friday], exceptions, ...more }) as Relay
  expect(openWords(at([day('2026-12-18', '2026-12-20', 0, 0, '盘点')]), now)).toBe('今天不开 · 盘点')
  expect(openWords(at([day('2026-12-19', '2026-12-20', 0, 0, '盘点')]), now)).toBe('今天开到 20:00')
  expect(openToday(at([day('2026-12-18', '2026-12-18', 840, 960), day('2026-12-18', '2026-12-18', 540, 660)]), now)).toEqual(['9:00–11:00', '14:00–16:00'])
  expect(openToday(at([day('2026-12-18', '2026-12-18', 540, 660)]), new Date('2026-12-18T16:30:00Z'))).toEqual([]) // there it is Saturday
  expect(openWords(at([], { state: 'paused', pause_reason: 'host_away' }), now)).toBe('暂停：负责人暂时不在')
  expect(openToday(at([], { state: 'paused' }), now)).toEqual([])
  expect(openWords(at([day('2026-12-18', '2026-12-20', 0, 0)], { state: 'paused' }), now)).toBe('暂停：暂停收发 · 12 月 21 日再开')
})
