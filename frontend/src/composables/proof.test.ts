import { createHash } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import type { Handover } from '@/api/types'
import { judge, lotIn, proofOf, tokenIn } from './proof'

const id = '01a20b09-ffcf-73ca-89cd-8099ed4c9f42'
const token = `${id}.1.1797588000.kP3vYw0yZ1c9vQ4mB7sXtA`
const proof = createHash('sha256').update(token).digest('base64url')
const now = new Date('2026-12-17T06:00:00Z')
const list = [{ id: 'other', proof: 'x' }, { id, proof }] as Handover[]
afterEach(() => vi.unstubAllGlobals())

test('the proof is what the server writes', async () => {
  expect(await proofOf(token)).toBe(proof)
  expect(proof).not.toMatch(/[+/=]/)
})

test('a token on the list is good, once more in a link', async () => {
  expect(await judge(token, list, now)).toEqual({ handover: list[1] })
  expect(tokenIn(`https://linli.example/#/x?token=${token}&a=1`)).toBe(token)
  expect(tokenIn(` ${token}\n`)).toBe(token)
})

test('the code of what a giver brings names its lot, and no other code does', () => {
  expect(lotIn(`http://localhost:8080/#/lots/${id}/check-in\n`)).toBe(id)
  expect(lotIn(token)).toBeNull()
  expect(lotIn('http://localhost:8080/#/lots/../../check-in')).toBeNull()
})

test('what is not on the list is unknown; an older code of the same hand-over is old', async () => {
  expect(await judge(`${'0'.repeat(36)}.1.1797588000.abc`, list, now)).toEqual({ wrong: 'unknown' })
  expect(await judge('https://example.org', list, now)).toEqual({ wrong: 'unknown' })
  expect(await judge(token.replace('.1.', '.2.'), list, now)).toEqual({ wrong: 'old' })
  expect(await judge(token.slice(0, -1) + 'B', list, now)).toEqual({ wrong: 'old' })
  expect(await judge(token, [{ id } as Handover], now)).toEqual({ wrong: 'old' }) // no proof was loaded
})

test('a code whose time is over is old', async () => {
  expect(await judge(token, list, new Date('2026-12-19T06:00:00Z'))).toEqual({ wrong: 'old' })
})

test('a page that may not hash says so', async () => {
  vi.stubGlobal('crypto', {})
  expect(await judge(token, list, now)).toEqual({ wrong: 'blind' })
})
