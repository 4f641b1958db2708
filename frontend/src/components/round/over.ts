import type { Stop } from '@/api/types'
import { i18n } from '@/locales'
import { amount } from '@/locales/words'

const t = (key: string) => i18n.global.t(key)

/** What came of a stop, as it is spoken: never 办好了 of what must not be given. */
export function stopOver(s: Stop | undefined): string {
  if (!s) return t('round.queued')
  if (s.kept_back.length) return `${t(s.kept_back.some((k) => k.gone) ? 'hand.gone' : 'hand.kept')} ${s.kept_back.map((k) => amount(k.item, k.quantity)).join(t('app.comma'))}`
  if (s.twice_at) return t('hand.twice')
  if (s.state === 'open') return t('round.moved')
  return t(s.why === 'gone' ? 'round.gone' : `round.${s.state}`)
}
