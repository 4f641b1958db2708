import { Problem, type Document } from './problem'
import { readToken } from './token'

// Every HTTP call goes through here: who calls, in which language, what an
// error is, and that nobody answered. It knows no page and no store.

export interface Options {
  query?: Record<string, string | number | undefined>
  body?: unknown
  /** Idempotency key: the same key with the same body is one effect. */
  key?: string
}

const root = new URL('./api/v1', document.baseURI).href
let onSignedOut = () => {}

/** Says what happens when the server no longer knows the token. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then
}

export const streamAddress = () => `${root.replace(/^http/, 'ws')}/stream`

export async function call<T>(method: string, path: string, { query, body, key }: Options = {}): Promise<T> {
  const answer = await reach(method, path, { query, body, key })
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T)
}

/** For the few answers that are not JSON: the printable door sheet. */
export async function text(path: string): Promise<string> {
  return (await reach('GET', path, {})).text()
}

async function reach(method: string, path: string, { query, body, key }: Options): Promise<Response> {
  const url = new URL(root + path)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  }
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': document.documentElement.lang }
  const token = readToken()
  if (token) headers.Authorization = `Bearer ${token}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (key) headers['Idempotency-Key'] = key
  let answer: Response
  try {
    answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store' })
  } catch {
    throw new Problem({ status: 0 })
  }
  if (answer.ok) return answer
  const problem = new Problem(await documentOf(answer), answer.headers.get('X-Request-Id') ?? '')
  if (problem.status === 401 && token) onSignedOut()
  throw problem
}

async function documentOf(answer: Response): Promise<Partial<Document>> {
  try {
    return { ...((await answer.json()) as Document), status: answer.status }
  } catch {
    return { status: answer.status }
  }
}
