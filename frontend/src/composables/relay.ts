import { computed } from 'vue'
import { useMine } from '@/stores/mine'
import { useSession } from '@/stores/session'

/** The relay point of this home, and whom to call there. */
export function useRelay() {
  const session = useSession()
  const mine = useMine()
  const relay = computed(() =>
    session.me?.relay ?? mine.myRequests.find((r) => r.relay)?.relay ?? mine.myOffers.find((o) => o.relay)?.relay ?? null)
  const tel = computed(() => (relay.value?.phone ? `tel:${relay.value.phone.replace(/\s/g, '')}` : ''))
  return { relay, tel }
}
