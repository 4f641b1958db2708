import type { Relay } from '@/api/types'
import { i18n, say } from './index'
import { dateOf, dayNumber, shortDate, two } from './time'

// When a relay point is open, as models/hours.go has it. Apart from the other times:
// home does not say it.
const day = 24 * 3600 * 1000
const t = (key: string, args: Record<string, unknown> = {}) => i18n.global.t(key, args)

type Point = Pick<Relay, 'hours' | 'exceptions' | 'state' | 'pause_reason'>

export const clockText = (minutes: number) => `${Math.floor(minutes / 60)}:${two(minutes % 60)}`

/** Days off and other hours that are about a day. Those who kept a point before there were any have none. */
const exceptedOn = (r: Point, now: Date) => (r.exceptions ?? []).filter((e) => e.from <= dateOf(now) && dateOf(now) <= e.until)

/** Openings of a day, 8:30–12:00 and 14:00–20:00, as models/hours.go has them; none when it stays closed. */
export function openToday(r: Point, now: Date): string[] {
  if (r.state === 'paused') return []
  const weekday = Math.abs(dayNumber(now) + 4) % 7
  const other = exceptedOn(r, now)
  const usual = r.hours.length ? r.hours.filter((h) => h.weekday % 7 === weekday) : [{ open: 480, close: 1260 }]
  return (other.length ? other.filter((e) => e.open || e.close) : usual).sort((a, b) => a.open - b.open)
    .map((h) => `${clockText(h.open)}–${clockText(h.close)}`)
}

/** 今天开到 20:00, or with all of its hours; 今天 8:30–12:00、14:00–20:00; 今天不开 · 春节; 暂停：负责人暂时不在 */
export function openWords(r: Point, now: Date, whole = false): string {
  if (r.state === 'paused') {
    const off = exceptedOn(r, now).find((e) => e.close === 0)
    const said = t('relay.paused', { why: say({ code: `pause.${r.pause_reason || 'other'}` }) })
    return off ? `${said} · ${t('relay.again', { date: shortDate(new Date(Date.parse(off.until) + day)) })}` : said
  }
  const [open, why] = [openToday(r, now), exceptedOn(r, now)[0]?.reason ?? '']
  const said = open.length === 0 ? t('relay.closed')
    : open.length === 1 && !whole ? t('relay.until', { time: open[0]!.split('–')[1] }) : t('relay.hours', { hours: open.join(t('app.comma')) })
  return why ? `${said} · ${why}` : said
}
