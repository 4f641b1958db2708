import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useSession } from '@/stores/session'
import { arriveByTicket, askLogin, bindKept } from './wechat'

const calls: { path: string; body: unknown }[] = []
let arrival: unknown = {}
const navigateTo = vi.fn()
vi.mock('weixin-js-sdk', () => ({ default: { miniProgram: { navigateTo: (to: unknown) => navigateTo(to) } } }))

beforeEach(() => {
  setActivePinia(createPinia())
  sessionStorage.clear()
  localStorage.clear()
  calls.length = 0
  navigateTo.mockClear()
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    calls.push({ path, body: request.method === 'POST' ? await request.json() : null })
    if (path.endsWith('/exchange')) return Response.json(arrival, { status: 201 })
    return path.endsWith('/binding') ? new Response(null, { status: 204 }) : new Response('{}', { status: 404 })
  })
})
afterEach(() => vi.unstubAllGlobals())

/** The state that the native page was opened with. */
async function ask(): Promise<string> {
  await askLogin('/ask')
  const { url } = navigateTo.mock.calls[0]![0] as { url: string }
  expect(url).toMatch(/^\/pages\/login\/login\?back=%2Fask&state=[0-9a-f]{32}$/)
  return url.slice(-32)
}
const called = (path: string) => calls.filter((c) => c.path.endsWith(path)).length

test('whose account it is comes in, once for what was asked', async () => {
  arrival = { token: 'a-token' }
  const state = await ask()
  expect(await arriveByTicket('T', state)).toBe('in')
  expect(useSession().signedIn).toBe(true)
  expect(await arriveByTicket('T', state)).toBe('unasked')
})

test('a ticket that came in a link neither signs in nor binds', async () => {
  arrival = { token: 'a-token' }
  for (const state of ['', 'x']) expect(await arriveByTicket('of somebody else', state)).toBe('unasked')
  await ask()
  expect(await arriveByTicket('of somebody else', 'guessed')).toBe('unasked')
  expect(calls).toEqual([])
})

test('who is not known joins as usual, and her account is bound then', async () => {
  arrival = { bind: { ticket: 'B', expires_at: '2026-12-20T00:00:00Z' } }
  expect(await arriveByTicket('T', await ask())).toBe('join')
  await bindKept()
  expect(calls[calls.length - 1]).toEqual({ path: '/api/v1/wechat/binding', body: { ticket: 'B' } })
  await bindKept()
  expect(called('/binding')).toBe(1)
})

test('who is signed in binds the account that she asked for', async () => {
  useSession().token = 'a-token'
  expect(await arriveByTicket('T', await ask())).toBe('bound')
  expect(called('/binding')).toBe(1)
  expect(called('/exchange')).toBe(0)
})
