import type { Lot, Need, Step } from '@/api/types'
import { faceOf, leadMatch, liveMatches } from '@/components/need/face'
import { callsWorker } from '@/components/need/line'
import { i18n } from '@/locales'
import { stamp, when } from '@/locales/time'
import { sayOf, units } from '@/locales/words'

/** One row of a timeline: what was, what is, and what comes next, when. */
export interface Entry {
  phase: 'done' | 'now' | 'todo'
  title: string
  text?: string
  time?: string
  icon?: string
  kind?: string
}

const t = (key: string, args: Record<string, unknown> = {}) => i18n.global.t(key, args)
const seen = () => t('step.seen')

/** Kinds that a person wants to read; the others are the machine's own. */
const needKinds = ['need.opened', 'need.matched', 'need.reopened', 'need.unmet', 'need.cancelled', 'need.cleared', 'need.urgency', 'need.widened', 'need.confirmed',
  'lot.handed_in', 'lot.checked_in', 'handover.ready', 'handover.done', 'match.declined', 'match.refused', 'match.lapsed', 'handover.reissued']
const lotKinds = ['lot.offered', 'lot.handed_in', 'lot.checked_in', 'lot.refused', 'lot.withdrawn', 'lot.expired', 'lot.reserved', 'lot.lent', 'lot.back', 'lot.lost', 'lot.broken', 'lot.wanted_back', 'lot.given_back',
  'match.declined', 'match.cancelled', 'match.lapsed', 'handover.done']

function past(steps: Step[], kinds: string[], now: Date, side: 'need' | 'lot', args: Record<string, string>,
  describe: (s: Step) => string | undefined): Entry[] {
  const told = new Set<string>()
  // Which match ended says more than that the line is open again.
  const said = (s: Step) => s.kind === 'need.reopened' && steps.some((o) => o.at === s.at && /^match\.(declined|lapsed|refused)$/.test(o.kind))
  return steps.filter((s) => kinds.includes(s.kind) && !said(s)).flatMap((s) => {
    const mark = `${s.kind} ${s.thing_id} ${s.at.slice(0, 16)}`
    if (told.has(mark)) return []
    told.add(mark)
    return [{ phase: 'done' as const, kind: s.kind, title: t(`step.${side}.${s.kind.replace('.', '_')}`, args), text: describe(s), time: stamp(s.at, now) }]
  })
}

/** The way of a need, past and to come. */
export function needTimeline(need: Need, steps: Step[], now: Date): Entry[] {
  const unit = need.item.unit
  const entries = past(steps, needKinds, now, 'need', {}, (s) => {
    if (s.kind === 'need.matched' && s.quantities.matched) return t('step.matchedUnits', { n: units(s.quantities.matched, unit) })
    return s.kind === 'lot.checked_in' ? seen() : undefined
  })
  const lead = leadMatch(need)
  const due = lead?.handover?.due_at || lead?.due_at
  const time = due ? when(due, now) : undefined
  switch (faceOf(need).key) {
    case 'looking':
      entries.push({ phase: 'now', icon: 'search', title: t('step.looking'), text: need.why[0] ? sayOf(need.why[0], need.item) : undefined })
      if (need.next_at) entries.push({ phase: 'todo', title: t(callsWorker(need) ? 'step.workerNext' : 'step.next'), time: when(need.next_at, now) })
      if (need.due_at) entries.push({ phase: 'todo', title: t('step.lookUntil'), time: when(need.due_at, now) })
      break
    case 'held':
      entries.push({ phase: 'now', icon: 'phone', title: t('step.held') }, { phase: 'todo', title: t('step.afterHeld') })
      break
    case 'asked':
      entries.push({ phase: 'now', icon: 'swap', title: t(lead?.kind === 'loan' ? 'step.askedLoan' : 'step.asked'), time })
      break
    case 'agreed':
      entries.push({ phase: 'now', icon: 'clock', title: t('step.bring'), text: t('step.bringWhy'), time },
        { phase: 'todo', title: t('step.check') }, { phase: 'todo', title: t('step.collect') })
      break
    case 'moving':
      entries.push({ phase: 'now', icon: 'shield', title: t('step.checking') }, { phase: 'todo', title: t('step.collect') })
      break
    case 'toDoor':
    case 'out':
      if (entries[entries.length - 1]?.kind === 'handover.ready') entries.pop()
      entries.push({ phase: 'now', icon: 'door', title: t(faceOf(need).key === 'out' ? 'step.out' : 'step.toDoor') }, { phase: 'todo', title: t('step.closes') })
      break
    case 'ready':
      // 可以去取了 is the present: it is told as such, not once more as past.
      if (entries[entries.length - 1]?.kind === 'handover.ready') entries.pop()
      entries.push({ phase: 'now', icon: 'box', title: t('step.inBox'), text: time && t('step.inBoxUntil', { time }) }, { phase: 'todo', title: t('step.closes') })
      break
  }
  return entries
}

/** Where each unit of a lot went, and goes. */
export function lotTimeline(lot: Lot, steps: Step[], now: Date, checker: string): Entry[] {
  const unit = lot.item.unit
  const entries = past(steps, lotKinds, now, 'lot', { who: checker, n: units(lot.offered, unit) }, (s) => {
    if (s.kind === 'lot.offered') return undefined
    if (s.kind === 'lot.reserved') return t('step.kept', { n: units(s.quantities.reserved ?? 0, unit) })
    return s.kind === 'lot.checked_in' ? t(lot.kind === 'loan' ? 'step.seenLoan' : 'step.seen') : undefined
  })
  for (const m of liveMatches(lot)) {
    const due = m.handover?.due_at || m.due_at
    entries.push({
      phase: 'now', icon: 'clock',
      title: t(`step.give.${m.state}`, { n: units(m.quantity, unit) }),
      text: due ? t(m.state === 'ready' ? 'step.keptUntil' : 'step.until', { time: when(due, now) }) : undefined,
    })
  }
  if (lot.remaining > 0) entries.push({ phase: 'todo', title: t(lot.place === 'box' ? 'step.restBox' : 'step.restHome', { n: units(lot.remaining, unit) }) })
  return entries
}
