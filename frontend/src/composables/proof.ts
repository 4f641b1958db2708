// What a phone can say of a scanned code by itself. Today's list holds the hash
// of each valid token: a token can be held against it, and none made from it.

const parts = { id: 0, until: 2 }

/** The token in what was scanned: the code itself, or a link that holds it. */
export function tokenIn(text: string): string {
  return /[?&#/]token=([^&]+)/.exec(text)?.[1] ?? text.trim()
}

/** The lot whose giver shows its code: the worker checks it. */
export const lotIn = (text: string): string | null => /#\/lots\/([\w-]+)\/check-in$/.exec(text.trim())?.[1] ?? null

/** base64url of the SHA-256, as the server writes it; null where the page may not hash. */
export async function proofOf(token: string): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null // pages without https
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)))
  return btoa(String.fromCharCode(...hash)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The hand-over that a token names, whether it is on the list or not. */
export const idOf = (token: string): string => token.split('.')[parts.id] ?? ''

/** A hand-over that may be on a list. */
interface Listed { id: string; proof?: string }

export type Judged<H> = { handover: H } | { wrong: 'unknown' | 'old' | 'blind' }

/** Judges a token by the list alone: it is on it and in time, or why not. */
export async function judge<H extends Listed>(token: string, list: H[], now: Date): Promise<Judged<H>> {
  const proof = await proofOf(token)
  if (!proof) return { wrong: 'blind' }
  const handover = list.find((h) => h.proof !== undefined && h.proof === proof)
  if (!handover) return { wrong: list.some((h) => h.id === idOf(token)) ? 'old' : 'unknown' }
  const until = Number(token.split('.')[parts.until])
  return until > 0 && until * 1000 < now.getTime() ? { wrong: 'old' } : { handover }
}
