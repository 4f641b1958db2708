import { i18n } from './index'

// Clock times are those of the community, whatever the phone's zone is.
const zone = 'Asia/Shanghai'
const day = 24 * 3600 * 1000

type Say = (key: string, args?: Record<string, unknown>) => string
const t: Say = (key, args) => i18n.global.t(key, args ?? {})
const english = () => i18n.global.locale.value === 'en'

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

interface Clock { year: number; month: number; day: number; hour: number; minute: number }

export function clockOf(at: string | Date): Clock {
  const p = Object.fromEntries(parts.formatToParts(new Date(at)).map((x) => [x.type, Number(x.value)]))
  return { year: p.year!, month: p.month!, day: p.day!, hour: p.hour!, minute: p.minute! }
}

export const two = (n: number) => String(n).padStart(2, '0')

/** 14:20 */
export function hour(at: string | Date): string {
  const c = clockOf(at)
  return `${two(c.hour)}:${two(c.minute)}`
}

/** 下午 2 点 20, as it is spoken: for 长辈版. */
export function spokenHour(at: string | Date): string {
  if (english()) return hour(at)
  const c = clockOf(at)
  const part = c.hour < 6 ? '凌晨' : c.hour < 11 ? '早上' : c.hour < 13 ? '中午' : c.hour < 19 ? '下午' : '晚上'
  const twelve = c.hour > 12 ? c.hour - 12 : c.hour
  return `${part} ${twelve} 点${c.minute === 0 ? '' : c.minute === 30 ? '半' : ` ${two(c.minute)}`}`
}

export const dayNumber = (at: string | Date) => {
  const c = clockOf(at)
  return Math.round(Date.UTC(c.year, c.month - 1, c.day) / day)
}

/** 明天 18:00; further away the date. */
export function when(at: string | Date, now: Date, spoken = false): string {
  const time = spoken ? spokenHour(at) : hour(at)
  const distance = dayNumber(at) - dayNumber(now)
  const gap = /^\d/.test(time) ? ' ' : '' // 明天 18:00, but 明天下午 6 点
  if (distance === 0) return t('time.today', { time, gap })
  if (distance === 1) return t('time.tomorrow', { time, gap })
  if (distance === -1) return t('time.yesterday', { time, gap })
  return t('time.other', { date: shortDate(at), time })
}

/** 今天, 明天, 12 月 18 日: where the hour does not matter. */
export function dayWord(at: string | Date, now: Date): string {
  const word = { '0': 'today', '1': 'tomorrow', '-1': 'yesterday' }[String(dayNumber(at) - dayNumber(now))]
  return word ? t(`time.day.${word}`) : shortDate(at)
}

/** 12 月 */
export const monthWord = (at: string | Date): string =>
  english() ? new Date(at).toLocaleDateString('en-GB', { timeZone: zone, month: 'short' }) : `${clockOf(at).month} 月`

/** 周六 */
export const weekday = (at: string | Date): string =>
  new Date(at).toLocaleDateString(english() ? 'en-GB' : 'zh-CN', { timeZone: zone, weekday: english() ? 'long' : 'short' })

/** 14:20 today, 12 月 18 日 otherwise: for timelines. */
export function stamp(at: string, now: Date): string {
  return dayNumber(at) === dayNumber(now) ? hour(at) : shortDate(at)
}

export function shortDate(at: string | Date): string {
  const c = clockOf(at)
  return english()
    ? new Date(at).toLocaleDateString('en-GB', { timeZone: zone, day: 'numeric', month: 'short' })
    : `${c.month} 月 ${c.day} 日`
}

/** 12 月 18 日 周五 */
export function longDate(at: Date): string {
  const weekday = at.toLocaleDateString(english() ? 'en-GB' : 'zh-CN', { timeZone: zone, weekday: 'short' })
  return english() ? `${weekday} ${shortDate(at)}` : `${shortDate(at)} ${weekday}`
}

export const minutesBetween = (from: string | Date, to: string | Date) =>
  Math.floor((new Date(to).getTime() - new Date(from).getTime()) / 60000)

/** 刚刚 · 12 分钟前 · 3 小时前 */
export function ago(at: string, now: Date): string {
  return span(minutesBetween(at, now), 'time.ago')
}

/** 18 分钟 · 3 小时 · 2 天 */
export function lasting(minutes: number): string {
  return span(minutes, 'time.for')
}

function span(minutes: number, key: string): string {
  if (minutes < 1) return t(`${key}.now`)
  if (minutes < 60) return t(`${key}.minutes`, { n: minutes })
  if (minutes < 24 * 60) return t(`${key}.hours`, { n: Math.floor(minutes / 60) })
  return t(`${key}.days`, { n: Math.floor(minutes / (24 * 60)) })
}

/** 2027 年 8 月, or with its day where the pack names one. */
export function expiry(date: string): string {
  const [year, month, dayOfMonth] = date.split('-').map(Number)
  if (!year || !month) return date
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const whole = dayOfMonth === undefined || dayOfMonth === last
  if (english()) {
    const name = new Date(Date.UTC(year, month - 1, 1)).toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' })
    return whole ? `${name} ${year}` : `${dayOfMonth} ${name} ${year}`
  }
  return whole ? `${year} 年 ${month} 月` : `${year} 年 ${month} 月 ${dayOfMonth} 日`
}

/** Days from today to the last day of use. A month runs to its last day. */
export function daysLeft(date: string, now: Date): number {
  const [year, month, dayOfMonth] = date.split('-').map(Number)
  if (!year || !month) return 0
  const end = dayOfMonth ? Date.UTC(year, month - 1, dayOfMonth) : Date.UTC(year, month, 0)
  return Math.round(end / day) - dayNumber(now)
}

/** 2026-12-18 */
export function dateOf(at: string | Date): string {
  const c = clockOf(at)
  return `${c.year}-${two(c.month)}-${two(c.day)}`
}
