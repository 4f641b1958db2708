import { computed, ref, watch } from 'vue'
import { takeStock } from '@/api/box'
import { newKey } from '@/api/key'
import type { NewStockTake, ShelfLot, StockTake } from '@/api/types'
import { readKept, writeKept } from '@/stores/kept'
import { stoppedUnits, usableUnits } from './box'

export interface Counted {
  usable: number
  spoiled: number
  stopped: number
  why: '' | 'unrecorded' | 'not_found'
  /** What should have lain there when it was counted: another number since, and it is counted anew. */
  should: number
}
interface Kept {
  relay: string
  key: string
  counts: Record<string, Counted>
}

/** A count in progress: it stays on this phone until it is sent. */
export function useCount(relay: () => string, lots: () => ShelfLot[]) {
  const kept = readKept<Kept>('count')
  const mine = kept?.relay === relay()
  const counts = ref<Record<string, Counted>>(mine ? kept.counts : {})
  let key = mine ? kept.key : newKey()
  const keep = () => writeKept('count', { relay: relay(), key, counts: counts.value } satisfies Kept)
  watch(counts, () => {
    key = newKey() // another number is another call
    keep()
  }, { deep: true })

  const of = (l: ShelfLot): Counted | null => {
    const c = counts.value[l.lot_id]
    return c && c.should === l.units ? c : null
  }
  const asItShould = (l: ShelfLot): Counted => ({ usable: usableUnits(l), spoiled: 0, stopped: stoppedUnits(l), why: '', should: l.units })
  const missing = (l: ShelfLot, c: Counted) => l.units - c.usable - c.stopped
  const differs = (l: ShelfLot, c: Counted) => missing(l, c) !== 0 || c.spoiled > 0
  const explained = (l: ShelfLot, c: Counted) => missing(l, c) === 0 || c.why !== ''
  const todo = computed(() => lots().filter((l) => {
    const c = of(l)
    return !c || !explained(l, c)
  }))
  const different = computed(() => lots().filter((l) => of(l) && differs(l, of(l)!)).length)

  const set = (l: ShelfLot, c: Counted) => (counts.value = { ...counts.value, [l.lot_id]: c })
  function restart(): void {
    counts.value = {}
  }
  async function send(): Promise<StockTake> {
    const body: NewStockTake = {
      counts: lots().map((l) => {
        const c = of(l)!
        return { lot_id: l.lot_id, usable: c.usable, spoiled: c.spoiled, stopped: c.stopped, ...(missing(l, c) > 0 && c.why ? { why: c.why } : {}) }
      }),
    }
    const done = await takeStock(relay(), body, key)
    restart()
    return done
  }
  return { of, set, asItShould, differs, missing, todo, different, restart, send }
}
