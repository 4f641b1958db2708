import type { LoanRef, Lot, Match, Need, Relay } from '@/api/types'

// How a state looks: word, icon and colour together, the same everywhere.
export interface Face {
  key: 'recalled' | 'held' | 'looking' | 'asked' | 'agreed' | 'moving' | 'ready' | 'toDoor' | 'out' | 'done' | 'unmet' | 'cancelled'
  tone: 'ok' | 'warn' | 'bad' | 'info' | 'pri' | 'give' | 'n'
  icon: string
}

const faces: Record<Face['key'], Face> = {
  recalled: { key: 'recalled', tone: 'bad', icon: 'warn' },
  held: { key: 'held', tone: 'bad', icon: 'warn' },
  looking: { key: 'looking', tone: 'warn', icon: 'clock' },
  asked: { key: 'asked', tone: 'info', icon: 'swap' },
  agreed: { key: 'agreed', tone: 'pri', icon: 'hand' },
  moving: { key: 'moving', tone: 'pri', icon: 'shield' },
  ready: { key: 'ready', tone: 'ok', icon: 'check' },
  toDoor: { key: 'toDoor', tone: 'ok', icon: 'door' },
  out: { key: 'out', tone: 'pri', icon: 'door' },
  done: { key: 'done', tone: 'ok', icon: 'check' },
  unmet: { key: 'unmet', tone: 'n', icon: 'x' },
  cancelled: { key: 'cancelled', tone: 'n', icon: 'x' },
}

const live = ['ready', 'moving', 'agreed', 'proposed'] as const

export const liveMatches = (n: { matches: Match[] }): Match[] =>
  live.flatMap((state) => n.matches.filter((m) => m.state === state))

/** The match that matters most now. */
export const leadMatch = (n: { matches: Match[] }): Match | null => liveMatches(n)[0] ?? null

/** The point by which a match goes; what a post names is only the nearest to the home. Null: taken in by hand. */
export const placeOf = (m: Match | null | undefined, near: Relay | null): Relay | null => (m?.handover?.relay === undefined ? near : m.handover.relay)

export function faceOf(n: Need): Face {
  if (n.matches.some((m) => m.recalled === 'asked')) return faces.recalled
  if (n.held && n.open > 0) return faces.held
  const lead = leadMatch(n)
  if (lead?.handover?.state === 'out') return faces.out
  if (lead?.state === 'ready' && lead.handover && lead.handover.way !== 'relay') return faces.toDoor
  if (lead) return faces[lead.state === 'proposed' ? 'asked' : (lead.state as 'agreed' | 'moving' | 'ready')]
  switch (n.state) {
    case 'fulfilled': return faces.done
    case 'unmet': return faces.unmet
    case 'cancelled': return faces.cancelled
    default: return n.open === 0 && n.fulfilled > 0 ? faces.done : faces.looking
  }
}

/** Partly matched: some units are on their way, others still looked for. */
export const isPart = (n: Need): boolean => n.open > 0 && n.matched + n.fulfilled > 0

/** The loan of a lent thing that should be back first. */
export const lentOut = (l: Lot): LoanRef | null =>
  l.matches.flatMap((m) => (m.loan?.state === 'out' ? [m.loan] : [])).sort((a, b) => a.due_on.localeCompare(b.due_on))[0] ?? null

/** What its giver has to do about a lot, if anything. */
export function lotFace(l: Lot): Face & { mark: string } {
  const lead = leadMatch(l)
  if (lead?.state === 'proposed' && lead.side === 'giver') return { ...faces.asked, mark: 'asked' }
  if (lead?.state === 'agreed' && l.place === 'home') return { ...faces.agreed, mark: 'bring' }
  if (lead?.state === 'moving') return { ...faces.moving, mark: 'moving' }
  if (l.given > 0 && l.state !== 'closed') return { key: 'done', tone: 'give', icon: 'hand', mark: 'useful' }
  if (l.lent > 0) return { key: 'done', tone: 'info', icon: 'clock', mark: 'lent' }
  if (lead?.state === 'ready') return { ...faces.ready, mark: 'boxed' }
  if (l.state === 'closed') return { ...(l.given > 0 ? faces.done : faces.cancelled), mark: l.given > 0 ? 'useful' : 'closed' }
  return { key: 'agreed', tone: 'give', icon: 'hand', mark: 'shared' }
}
