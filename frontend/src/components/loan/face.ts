import type { Loan, LoanRef } from '@/api/types'
import { i18n } from '@/locales'
import { dayWord } from '@/locales/time'

const t = (key: string, args: Record<string, unknown> = {}) => i18n.global.t(key, args)

export const overdue = (l: Pick<Loan | LoanRef, 'state' | 'due_at'>, now: Date): boolean => l.state === 'out' && new Date(l.due_at) < now

/** How a loan looks: 借出 · 明天还 */
export function loanFace(l: Pick<Loan | LoanRef, 'state' | 'due_at'>, now: Date): { tone: 'info' | 'warn' | 'ok' | 'n'; icon: string } {
  if (overdue(l, now)) return { tone: 'warn', icon: 'clock' }
  if (l.state === 'out') return { tone: 'info', icon: 'clock' }
  return l.state === 'back' ? { tone: 'ok', icon: 'check' } : { tone: 'n', icon: 'info' }
}

export function loanTitle(l: Pick<Loan | LoanRef, 'state' | 'due_at'>, now: Date): string {
  if (overdue(l, now)) return t('loan.over')
  return l.state === 'out' ? t('loan.out', { day: dayWord(l.due_at, now) }) : t(`loan.${l.state}`)
}
