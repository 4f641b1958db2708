import { i18n } from '@/locales'
import { ago } from '@/locales/time'
import { amount, building } from '@/locales/words'
import type { Message } from '@/api/types'
import type { Source } from './task'

const { t } = i18n.global

/** Where the thing is dealt with that a message is about. */
const place = (m: Message, requests: Map<string, string>): string =>
  m.about === 'need' ? (requests.has(m.about_id) ? `/requests/${requests.get(m.about_id)}` : '/today') : m.about === 'handover' ? `/hand-over?id=${m.about_id}` : '/today'

/** 带话: what neighbours have answered to her, and what nobody answered. */
export const answers: Source = ({ day, now }) => {
  const requests = new Map([...day.urgent, ...day.dangers].map((c) => [c.need.id, c.need.request_id]))
  return day.messages.filter((m) => m.state !== 'open').map((m) => ({
    key: m.id, at: '', title: `${building(m.building)} · ${m.answer ? t(`message.answer.${m.answer}`) : t('message.state.over')}`,
    text: `${t(`message.${m.code}`)} · ${amount(m.item, m.quantity)} · ${ago(m.closed_at ?? m.created_at, now)}`,
    to: place(m, requests), icon: 'bell', action: t('message.look'), here: true,
  }))
}
