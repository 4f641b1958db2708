import { computed } from 'vue'
import type { Lot, Need } from '@/api/types'
import { faceOf, lotFace } from '@/components/need/face'
import { useMine } from '@/stores/mine'

const needOrder = ['held', 'out', 'ready', 'toDoor', 'asked', 'moving', 'agreed', 'looking', 'done', 'unmet', 'cancelled']
const lotOrder = ['asked', 'bring', 'moving', 'boxed', 'lent', 'shared', 'useful', 'closed']
const over = ['done', 'unmet', 'cancelled']

/** My lines, what wants me first, and how many are not over. */
export function useThings() {
  const mine = useMine()
  const rank = (n: Need) => needOrder.indexOf(faceOf(n).key)
  const needs = computed(() => mine.myRequests.flatMap((r) => r.needs).sort((a, b) => rank(a) - rank(b)))
  const lots = computed<Lot[]>(() =>
    mine.myOffers.flatMap((o) => o.lots).sort((a, b) => lotOrder.indexOf(lotFace(a).mark) - lotOrder.indexOf(lotFace(b).mark)))
  const open = computed(() =>
    needs.value.filter((n) => !over.includes(faceOf(n).key)).length + lots.value.filter((l) => l.state !== 'closed').length)
  return { needs, lots, open }
}
