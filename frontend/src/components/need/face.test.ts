import { expect, test } from 'vitest'
import type { Match, Relay } from '@/api/types'
import { placeOf } from './face'

const near = { id: 'p1', name: '东门中转站' } as Relay
const far = { id: 'p2', name: '西门中转站' } as Relay
const match = (relay?: Relay | null) => ({ id: 'm', handover: { id: 'h', relay } }) as unknown as Match

test('a match goes by the point of its handover, whichever is nearest', () => {
  expect(placeOf(match(far), near)).toBe(far)
  expect(placeOf(match(null), near)).toBeNull() // the worker takes it in by hand
  expect(placeOf(match(undefined), near)).toBe(near) // kept by an older app
  expect(placeOf(null, near)).toBe(near)
})
