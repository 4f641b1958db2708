import { readToken } from '@/api/token'

// What is kept on this device so that the last home is painted at once and a
// pickup code can be read without a net. It belongs to one token and goes with
// it; a persona of the demo keeps it in her tab.
const prefix = 'linli.kept.'
const place = () => (sessionStorage.getItem('linli.token') === null ? localStorage : sessionStorage)

interface Kept<T> {
  owner: string
  at: string
  value: T
}

const owner = () => readToken().slice(-12)

function read<T>(name: string): Kept<T> | null {
  try {
    const kept = JSON.parse(place().getItem(prefix + name) ?? 'null') as Kept<T> | null
    return kept?.owner === owner() ? kept : null
  } catch {
    return null
  }
}

export function readKept<T>(name: string): T | null {
  return read<T>(name)?.value ?? null
}

export function keptAt(name: string): Date | null {
  const at = read(name)?.at
  return at ? new Date(at) : null
}

/** Tells whether it is kept: a full or closed store only costs the quick first paint. */
export function writeKept(name: string, value: unknown): boolean {
  try {
    place().setItem(prefix + name, JSON.stringify({ owner: owner(), at: new Date().toISOString(), value }))
    return true
  } catch {
    return false
  }
}

/** Calls back when another tab has written it. */
export function whenKept(name: string, then: () => void): void {
  window.addEventListener('storage', (e) => {
    if (e.key === prefix + name) then()
  })
}

const unsent = (person: string) => `linli.unsent.${person}`

/** What a person did here that could not be sent before she left. It is hers: taken once. */
export function takeUnsent<T>(person: string): T[] {
  try {
    const left = JSON.parse(place().getItem(unsent(person)) ?? '[]') as T[]
    place().removeItem(unsent(person))
    return left
  } catch {
    return []
  }
}

/** Leaves nothing but what was handed over by that person and nobody has heard of: it waits for her to come again. */
export function forgetKept(person?: string): void {
  const left = person ? (readKept<{ kind: string }[]>('outbox') ?? []).filter((e) => e.kind === 'give' || e.kind === 'stop') : []
  for (const store of [localStorage, sessionStorage]) {
    if (store === localStorage && place() === sessionStorage) continue
    for (const name of Object.keys(store)) if (name.startsWith(prefix)) store.removeItem(name)
  }
  if (left.length) place().setItem(unsent(person!), JSON.stringify([...takeUnsent(person!), ...left]))
}
