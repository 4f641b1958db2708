import { computed, ref } from 'vue'
import * as api from '@/api/point'
import type { HoursException, PauseReason, Point, PointEdit } from '@/api/types'
import { dateOf } from '@/locales/time'
import { useCommand } from './load'
import { showPage } from './page'

/** Of a paused point, what waits there and what is to come: nobody can take or bring it. */
export const stuckAt = (p: Point): number => (p.relay.state === 'paused' ? p.coming + p.waiting : 0)

/** The day after, or so many after: 2026-12-31 → 2027-01-01. */
export const dayAfter = (date: string, days = 1): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Closed from today until the day on which it opens again, in place of what these days had. */
export function closedUntil(days: HoursException[], today: string, opens: string): HoursException[] {
  const last = dayAfter(opens, -1)
  const cut = days.flatMap((d) => {
    const before = d.from < today ? [{ ...d, until: d.until < today ? d.until : dayAfter(today, -1) }] : []
    const after = d.until > last ? [{ ...d, from: d.from > last ? d.from : opens }] : []
    return [...before, ...after]
  })
  return [...cut, { from: today, until: last, open: 0, close: 0, reason: '' }]
}

/** Open today after all: of days off that have begun nothing is left. */
export const openFrom = (days: HoursException[], today: string): HoursException[] =>
  days.filter((d) => !(d.from <= today && today <= d.until && d.open === 0 && d.close === 0))

/** One relay point, and what those who run it do with it. */
export function usePoint(id: () => string) {
  const point = ref<Point | null>(null)
  const { busy, problem, run } = useCommand()
  const relay = computed(() => point.value?.relay ?? null)

  async function load(): Promise<void> {
    point.value = await api.getPoint(id())
  }
  /** What the server answers is shown; after a refusal it is read anew, for somebody else may have changed it. */
  async function then(name: string, command: () => Promise<Point>): Promise<boolean> {
    const fresh = await run(name, command)
    if (fresh) point.value = fresh
    else await load().catch(() => {})
    return fresh !== undefined
  }
  function edited(change: Partial<PointEdit>): Promise<Point> {
    const p = point.value!
    return api.editPoint(id(), { exceptions: p.relay.exceptions, capacity: p.capacity, deputy_id: p.deputy?.id ?? '', version: p.version, ...change })
  }
  const edit = (name: string, change: Partial<PointEdit>) => then(name, () => edited(change))

  /** With a day, the days until then are kept as days off, so that everybody reads it. */
  const pause = (reason: PauseReason, opens: string, now: Date) => then('pause', async () => {
    const days = point.value!.relay.exceptions
    if (opens) point.value = await edited({ exceptions: closedUntil(days, dateOf(now), opens) })
    return api.pausePoint(id(), reason)
  })
  const resume = (now: Date) => then('resume', async () => {
    const open = openFrom(point.value!.relay.exceptions, dateOf(now))
    if (open.length < point.value!.relay.exceptions.length) point.value = await edited({ exceptions: open })
    return api.resumePoint(id())
  })
  const move = (to: string) => run('move', async () => {
    const moved = await api.moveBox(id(), to)
    await load().catch(() => {}) // done is done
    return moved
  })
  const print = () => run('print', async () => showPage(await api.getPointSheet(id())))

  return { point, relay, busy, problem, load, edit, pause, resume, move, print }
}
