import { i18n } from '@/locales'
import type { Source } from './task'

const { t } = i18n.global

/** 核实: who says that she lives here. */
export const claims: Source = ({ day }) => day.numbers.claims === 0 ? []
  : [{ key: 'claims', at: '', title: t('today.claims', { n: day.numbers.claims }), text: t('today.claimsHint'), to: '/claims', icon: 'user', action: t('today.claimsGo'), here: true }]
