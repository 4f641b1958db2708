import { expect, test } from 'vitest'
import { endOf, firstPicks } from './plan'

test('a round begins and ends at a point, at home, here, or anywhere', () => {
  const here = { lat: 30.7, lon: 103.5 }
  expect(endOf('r1', here)).toEqual({ kind: 'relay', relay_id: 'r1' })
  expect(endOf('home', here)).toEqual({ kind: 'home' })
  expect(endOf('here', here)).toEqual({ kind: 'here', ...here })
  expect(endOf('anywhere', null)).toEqual({ kind: 'anywhere' })
})

test('where there is no point, none is named', () => {
  expect(firstPicks([{ id: 'r1' }])).toEqual({ start: 'r1', end: 'r1' })
  expect(firstPicks([])).toEqual({ start: 'here', end: 'anywhere' })
})
