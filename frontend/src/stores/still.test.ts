import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { useStill } from './still'

beforeEach(() => setActivePinia(createPinia()))

test('nothing is shown while a sheet is open, and the last of each kind afterwards', () => {
  const still = useStill()
  const shown: string[] = []
  still.whenStill('post', () => shown.push('at once'))
  const release = still.hold()
  still.whenStill('post', () => shown.push('first'))
  still.whenStill('post', () => shown.push('second'))
  still.whenStill('board', () => shown.push('board'))
  expect(shown).toEqual(['at once'])
  release()
  release()
  expect(shown).toEqual(['at once', 'second', 'board'])
})

test('a field in a sheet: both have to be left', () => {
  const still = useStill()
  const shown: string[] = []
  const sheet = still.hold()
  const field = still.hold()
  still.whenStill('post', () => shown.push('post'))
  sheet()
  expect(shown).toEqual([])
  field()
  expect(shown).toEqual(['post'])
})
