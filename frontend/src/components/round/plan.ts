import type { NewRound } from '@/api/types'

/** Where a round begins or ends, as it is picked: a word, or the id of a point. */
export type Pick = 'home' | 'here' | 'anywhere' | (string & {})
export interface Place { lat: number; lon: number }

export function endOf(pick: Pick, here: Place | null): NewRound['end'] {
  if (pick === 'here') return { kind: 'here', ...here }
  if (pick === 'home') return { kind: 'home' }
  return pick === 'anywhere' ? { kind: 'anywhere' } : { kind: 'relay', relay_id: pick }
}

/** Without a point she sets out from where she stands, and ends wherever the last stop is. */
export const firstPicks = (relays: { id: string }[]): { start: Pick; end: Pick } =>
  ({ start: relays[0]?.id ?? 'here', end: relays[0]?.id ?? 'anywhere' })
