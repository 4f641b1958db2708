import type { DueStop, Stop } from '@/api/types'
import { i18n } from '@/locales'
import { amount, building } from '@/locales/words'

const t = (key: string, args: Record<string, unknown> = {}) => i18n.global.t(key, args)

type Named = Pick<Stop, 'kind' | 'building' | 'what'> & { relay?: Stop['relay'] }

/** 送 3 栋 体温计 1 支 · what is done there, and for which building. */
export function stopTitle(s: Named | DueStop): string {
  const where = s.kind === 'take' || s.kind === 'drop' ? ('relay' in s && s.relay?.name) || t('round.relay') : s.building ? building(s.building) : t('round.home')
  return t(`round.${s.kind}`, { where, what: s.what.map((c) => amount(c.item, c.quantity)).join(t('app.comma')) })
}

/** How, but never why. */
export function stopHow(s: Pick<Stop, 'kind' | 'way' | 'reason'>): string {
  if (s.kind === 'visit') return t(`round.reason.${s.reason}`)
  return t(`round.how.${s.kind === 'bring' ? (s.way === 'leave' ? 'leave' : 'door') : s.kind}`)
}

/** 1.2 公里 · 350 米 */
export function walk(metres: number): string {
  const english = i18n.global.locale.value === 'en'
  if (metres < 1000) return english ? `${metres} m` : `${metres} 米`
  return `${(metres / 1000).toFixed(1)} ${english ? 'km' : '公里'}`
}
