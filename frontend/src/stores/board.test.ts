import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import type { BoardRow, LiveEvent } from '@/api/types'
import { useBoard } from './board'

const row = (id: string, more: Partial<BoardRow> = {}): BoardRow => ({
  need_id: id, building: '5 栋', item: { id: 'M140', name: '退烧药', name_en: 'Fever medicine', kind: 'class', unit: '片', packs: [], share: 'yes', evidence: 'otc', lend: false },
  open: 4, matched: 0, urgency: 'today', state: 'open', mine: false, created_at: '2026-12-18T06:00:00Z', version: 1, ...more,
})
const event = (id: string, version: number, more: Partial<LiveEvent> = {}): LiveEvent => ({
  id: `e${id}${version}`, grid: 'g', seq: version, kind: 'need.matched', thing: 'need', thing_id: id, version, state: 'matched', quantities: { open: 0, matched: 4 }, at: '', ...more,
})
let served: BoardRow[]

beforeEach(() => {
  setActivePinia(createPinia())
  localStorage.clear()
  served = [row('a')]
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ items: served, next: '' }), { headers: { 'Content-Type': 'application/json' } }))
})

test('a new row waits until it is asked for, and the list does not jump', async () => {
  const board = useBoard()
  await board.load()
  served = [row('b'), row('a')]
  await board.refresh()
  expect(board.rows.map((r) => r.need_id)).toEqual(['a'])
  expect(board.fresh).toBe(1)
  board.showWaiting()
  expect(board.rows.map((r) => r.need_id)).toEqual(['b', 'a'])
  expect(board.fresh).toBe(0)
})

test('a row that is shown changes in place, and never back', async () => {
  const board = useBoard()
  await board.load()
  expect(board.apply(event('a', 3))).toBe(true)
  expect(board.apply(event('a', 2, { state: 'open', quantities: { open: 4, matched: 0 } }))).toBe(true)
  expect(board.rows[0]).toMatchObject({ state: 'matched', open: 0, matched: 4, version: 3 })
})

test('only what opens makes a new row due', async () => {
  const board = useBoard()
  await board.load()
  expect(board.apply(event('x', 1))).toBe(true)
  expect(board.apply(event('x', 1, { kind: 'need.opened' }))).toBe(false)
})

test('my own needs stand with my things, not among the neighbours', async () => {
  served = [row('a', { mine: true }), row('b')]
  const board = useBoard()
  await board.load()
  expect(board.rows.map((r) => r.need_id)).toEqual(['b'])
})
