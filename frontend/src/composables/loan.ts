import type { Loan } from '@/api/types'
import { i18n } from '@/locales'
import { stamp, when } from '@/locales/time'
import type { Entry } from './timeline'

const t = (key: string) => i18n.global.t(key)

/** The way of a lent thing: checked, lent, due, back, and to the next. */
export function loanTimeline(l: Loan, now: Date): Entry[] {
  const entries: Entry[] = []
  if (l.checked_at) entries.push({ phase: 'done', title: t('loan.step.checked'), text: t('loan.step.checkedHow'), time: stamp(l.checked_at, now) })
  entries.push({ phase: 'done', title: t('loan.step.out'), time: stamp(l.created_at, now) })
  if (l.state === 'out') {
    entries.push({ phase: 'now', icon: 'clock', title: t('loan.step.due'), text: t('loan.step.dueHow'), time: when(l.due_at, now) },
      { phase: 'todo', title: t('loan.step.back') }, { phase: 'todo', title: t('loan.step.next') })
  } else if (l.closed_at) {
    entries.push({ phase: 'done', title: t(`loan.step.${l.state}`), time: stamp(l.closed_at, now) })
    if (l.state === 'back' && !l.want_back) entries.push({ phase: 'done', title: t('loan.step.next') })
  }
  return entries
}
