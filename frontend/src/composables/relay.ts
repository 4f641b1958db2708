import { computed } from 'vue'
import { i18n } from '@/locales'
import { openToday, openWords } from '@/locales/time'
import { useMine } from '@/stores/mine'
import { useSession } from '@/stores/session'
import { useClock } from './clock'

/** The relay point of this home, and whom to call there. */
export function useRelay() {
  const session = useSession()
  const mine = useMine()
  const now = useClock()
  const relay = computed(() =>
    session.me?.relay ?? mine.myRequests.find((r) => r.relay)?.relay ?? mine.myOffers.find((o) => o.relay)?.relay ?? null)
  /** When it is open today, 8:30–12:00、14:00–20:00; empty where it stays closed. */
  const hours = computed(() => (relay.value ? openToday(relay.value, now.value).join(i18n.global.t('app.comma')) : ''))
  const words = computed(() => (relay.value ? openWords(relay.value, now.value) : ''))
  const tel = computed(() => (relay.value?.phone ? `tel:${relay.value.phone.replace(/\s/g, '')}` : ''))
  return { relay, hours, words, tel }
}
