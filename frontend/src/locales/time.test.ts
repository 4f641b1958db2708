import { beforeAll, expect, test } from 'vitest'
import { loadLanguage, setPolite } from './index'
import { ago, daysLeft, dayWord, expiry, monthWord, weekday, when } from './time'
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

test('长辈版 says 您', () => {
  expect(i18n.global.t('elder.what')).toBe('你要什么药？')
  setPolite(true)
  expect(i18n.global.t('elder.what')).toBe('您要什么药？')
  setPolite(false)
})
