import { findItems } from '@/api/exchange'
import type { Found } from '@/api/types'

// What most people ask for, so that they need not type; 长辈版 shows only these.
export const suggestedNames = ['退烧药', '抗原', 'N95', '体温计'] as const

let loaded: Promise<Found[]> | null = null

/** The suggested items as the catalogue in force knows them. */
export function suggestedItems(): Promise<Found[]> {
  loaded ??= Promise.all(suggestedNames.map((name) => findItems(name, 1)))
    .then((lists) => lists.flatMap((l) => (l[0] && !l[0].near ? [{ ...l[0], matched: '' }] : [])))
    .catch((e: unknown) => {
      loaded = null
      throw e
    })
  return loaded
}
