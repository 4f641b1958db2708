import createClient from 'openapi-fetch'
import { Problem, type Document } from './problem'
import type { paths } from './schema'
import { readToken } from './token'

// Every HTTP call goes through here: who calls, in which language, what an
// error is, and that nobody answered. It knows no page and no store.

const root = new URL('.', document.baseURI).href.replace(/\/$/, '')
let onSignedOut = () => {}

/** Says what happens when the server no longer knows the token. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then
}

export const streamAddress = () => `${root.replace(/^http/, 'ws')}/api/v1/stream`

export const client = createClient<paths>({
  baseUrl: root,
  cache: 'no-store',
  fetch: (request) => globalThis.fetch(signed(request)),
})

function signed(request: Request): Request {
  const token = readToken()
  request.headers.set('Accept-Language', document.documentElement.lang)
  if (token) request.headers.set('Authorization', `Bearer ${token}`)
  return request
}

interface Answer {
  data?: unknown
  error?: unknown
  response: Response
}

/** The data of an answer, or the Problem that it is. */
export async function read<T>(call: Promise<Answer>): Promise<T> {
  let answer: Answer
  try {
    answer = await call
  } catch {
    throw new Problem({ status: 0 }) // nobody answered, or not in our language
  }
  if (answer.response.ok) return answer.data as T
  const problem = new Problem(
    { ...(answer.error as Partial<Document> | undefined), status: answer.response.status },
    answer.response.headers.get('X-Request-Id') ?? '')
  if (problem.status === 401 && readToken()) onSignedOut()
  throw problem
}

/** Header of an unsafe call: the same key with the same body is one effect. */
export const keyed = (key: string) => ({ 'Idempotency-Key': key })
