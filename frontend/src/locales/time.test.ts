import { beforeAll, expect, test } from 'vitest'
import { loadLanguage, setPolite } from './index'
import type { Relay } from '@/api/types'
import { ago, daysLeft, dayWord, expiry, monthWord, openToday, openWords, weekday, when } from './time'
import { i18n } from './index'

const now = new Date('2026-12-18T06:12:00Z') // 14:12 in Shanghai

beforeAll(() => loadLanguage('zh'))

test('clock times are those of the community', () => {
  expect(when('2026-12-18T06:20:00Z', now)).toBe('今天 14:20')
  expect(when('2026-12-19T10:00:00Z', now)).toBe('明天 18:00')
  expect(when('2026-12-18T16:30:00Z', now)).toBe('明天 00:30')
  expect(when('2026-12-24T10:00:00Z', now)).toBe('12 月 24 日 18:00')
})

test('a day is named by its distance in the community', () => {
  expect(['2026-12-17T16:30:00Z', '2026-12-18T16:30:00Z', '2026-12-17T12:00:00Z', '2026-12-21T10:00:00Z'].map((at) => dayWord(at, now)))
    .toEqual(['今天', '明天', '昨天', '12 月 21 日'])
  expect(weekday('2026-12-19T10:00:00Z')).toBe('周六')
  expect(monthWord('2026-12-31T16:30:00Z')).toBe('1 月')
})

test('an elder reads the time as it is spoken', () => {
  expect(when('2026-12-19T10:00:00Z', now, true)).toBe('明天下午 6 点')
  expect(when('2026-12-18T06:20:00Z', now, true)).toBe('今天下午 2 点 20')
})

test('a month runs to its last day', () => {
  expect(daysLeft('2027-03', now)).toBe(103)
  expect(daysLeft('2027-03-31', now)).toBe(103)
  expect(daysLeft('2026-11', now)).toBe(-18)
  expect(expiry('2027-08-31')).toBe('2027 年 8 月')
  expect(expiry('2027-08-15')).toBe('2027 年 8 月 15 日')
})

test('how long ago goes by the largest unit that fits', () => {
  expect(ago('2026-12-18T06:11:40Z', now)).toBe('刚刚')
  expect(ago('2026-12-18T06:00:00Z', now)).toBe('12 分钟前')
  expect(ago('2026-12-16T06:00:00Z', now)).toBe('2 天前')
})

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

test('长辈版 says 您', () => {
  expect(i18n.global.t('elder.what')).toBe('你要什么药？')
  setPolite(true)
  expect(i18n.global.t('elder.what')).toBe('您要什么药？')
  setPolite(false)
})
