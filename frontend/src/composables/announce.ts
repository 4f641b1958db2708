import { watch } from 'vue'
import { faceOf, lotFace } from '@/components/need/face'
import { i18n } from '@/locales'
import { amount } from '@/locales/words'
import { useLive } from '@/stores/live'
import { useMine } from '@/stores/mine'

/** Says once, politely, what has become of my things: for who does not see it. */
export function useAnnouncements(): void {
  const mine = useMine()
  const live = useLive()
  const words = () => new Map([
    ...mine.myRequests.flatMap((r) => r.needs).map((n) =>
      [n.id, [amount(n.item, n.requested), i18n.global.t(`state.${faceOf(n).key}`)]] as const),
    ...mine.myOffers.flatMap((o) => o.lots).map((l) =>
      [l.id, [amount(l.item, l.offered), i18n.global.t(`lot.mark.${lotFace(l).mark}`)]] as const),
  ])
  watch(words, (now, before) => {
    const changed = [...now].filter(([id, [, state]]) => before.has(id) && before.get(id)![1] !== state)
    if (changed.length > 0) live.announce(changed.map(([, [what, state]]) => `${what} ${state}`).join('。'))
  })
}
