import type { Lot, Need } from '@/api/types'
import { i18n } from '@/locales'
import { dayWord, when } from '@/locales/time'
import { sayOf, units } from '@/locales/words'
import { faceOf, isPart, leadMatch, lentOut } from './face'

const t = (key: string, args: Record<string, unknown> = {}) => i18n.global.t(key, args)

/** One line about a need: what holds now, and what comes next, when. */
export function needLine(n: Need, now: Date, spoken = false): string {
  const lead = leadMatch(n)
  const due = lead?.handover?.due_at || lead?.due_at
  const at = due ? when(due, now, spoken) : ''
  if (isPart(n) && lead) return t('line.part', { got: units(n.matched + n.fulfilled, n.item.unit), open: units(n.open, n.item.unit) })
  switch (faceOf(n).key) {
    case 'ready': return t('line.ready', { time: at })
    case 'toDoor': return t(lead?.handover?.way === 'leave' ? 'line.toLeave' : 'line.toDoor')
    case 'out': return t('line.out')
    case 'moving': return t('line.moving')
    case 'agreed': return at ? t('line.agreed', { time: at }) : t('line.agreedSoon')
    case 'asked': return t(lead?.kind === 'loan' ? 'line.askedLoan' : 'line.asked')
    case 'held': return t('line.held')
    case 'done': return t('line.done')
    case 'unmet': return t('line.unmet')
    case 'cancelled': return t('line.cancelled')
    default: return lookingLine(n, now, spoken)
  }
}

/** At next_at it is the worker's turn. */
/** What comes next is the worker's call, and no step before it. */
export const callsWorker = (n: Need): boolean =>
  n.why.some((r) => r.code === 'worker_next' && (!r.args?.at || !n.next_at || Date.parse(r.args.at) <= Date.parse(n.next_at)))

function lookingLine(n: Need, now: Date, spoken: boolean): string {
  const why = n.why[0] ? sayOf(n.why[0], n.item) : t('line.looking')
  if (n.next_at && Date.parse(n.next_at) <= now.getTime()) return why // it is being searched for this moment
  if (n.next_at) return t(callsWorker(n) ? 'line.worker' : 'line.next', { why, time: when(n.next_at, now, spoken) })
  return n.due_at ? t('line.until', { why, time: when(n.due_at, now, spoken) }) : why
}

/** 送出 6 · 给邻居留着 2 · 还剩 2 */
export function lotLine(l: Lot, now: Date): string {
  const out = lentOut(l)
  if (out) return t('loan.out', { day: dayWord(out.due_at, now) })
  if (l.state === 'closed' && l.given === 0) return t('lot.closedLine')
  const figures = [['given', l.given], ['kept', l.reserved], ['left', l.remaining]] as const
  return figures.filter(([name, n]) => n > 0 || name === 'left').map(([name, n]) => t(`lot.figures.${name}`, { n })).join(' · ')
}
