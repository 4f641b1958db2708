import { i18n } from '@/locales'
import { amount, building } from '@/locales/words'
import type { Source } from './task'

const { t } = i18n.global

/** 核对: what was handed in, and what is still to come. */
export const checks: Source = ({ day }) => day.to_check.map(({ lot, giver_building, handovers }) => {
  const handedIn = lot.matches.some((m) => m.state === 'moving')
  return {
    key: lot.id, at: lot.matches.map((m) => m.handover?.due_at || m.due_at || '').filter(Boolean).sort()[0] ?? '',
    title: t('today.check', { what: amount(lot.item, lot.offered) }),
    text: [giver_building ? t('today.from', { where: building(giver_building) }) : '', handedIn ? t('today.handedIn') : t('today.awaited'), handovers ? t('today.for', { n: handovers }) : ''].filter(Boolean).join(' · '),
    to: `/lots/${lot.id}/check-in`, icon: 'scan', action: t('today.checkGo'), here: handedIn,
  }
})
