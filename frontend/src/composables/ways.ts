import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Way } from '@/api/types'
import { openWords } from '@/locales/hours'
import { useClock } from './clock'
import { useRelay } from './relay'

/** How something reaches a home, as cards to choose from. */
export function useWays() {
  const { t } = useI18n()
  const { relay } = useRelay()
  const now = useClock()
  return computed<{ value: Way; icon: string; label: string; lines: string[] }[]>(() => [
    { value: 'relay', icon: 'home', label: t('way.relay'), lines: [
      relay.value ? `${relay.value.name}${relay.value.metres >= 0 ? ` ${t('way.metres', { n: relay.value.metres })}` : ''}` : '',
      relay.value ? openWords(relay.value, now.value) : '',
    ].filter(Boolean) },
    { value: 'door', icon: 'door', label: t('way.door'), lines: [t('way.doorHint')] },
    { value: 'leave', icon: 'shield', label: t('way.leave'), lines: [t('way.leaveHint')] },
  ])
}
