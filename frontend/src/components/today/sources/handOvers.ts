import { i18n } from '@/locales'
import { amount, building } from '@/locales/words'
import type { Source } from './task'

const { t } = i18n.global

/** 交接: who comes for what, and to whom it is brought. */
export const handOvers: Source = ({ day, waits }) => day.to_hand_over.map((h) => {
  const bring = h.state === 'ready' && h.way !== 'relay'
  return {
    key: h.id, at: h.due_at ?? '',
    title: t(h.unanswered ? 'today.unanswered' : h.state === 'out' ? 'today.bringing' : bring ? 'today.bring' : 'today.fetch', { where: building(h.receiver.building) }),
    text: h.matches.map((m) => amount(m.item, m.quantity)).join(t('app.comma')) + (h.locked ? ` · ${t('hand.locked')}` : ''),
    ...(bring ? { to: '/round/plan', icon: 'route', action: t('round.plan') } : { to: `/hand-over?id=${h.id}`, icon: 'qr', action: t('today.giveGo') }), here: true,
    chip: waits(h.id) ? t('queued.waits') : undefined,
  }
})
