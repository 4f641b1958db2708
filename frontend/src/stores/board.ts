import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/exchange'
import type { BoardRow, LiveEvent } from '@/api/types'
import { readKept, writeKept } from './kept'

/** What neighbours look for. The list never jumps: new rows wait to be asked for. */
export const useBoard = defineStore('board', () => {
  const rows = ref<BoardRow[]>(readKept('board') ?? [])
  const waiting = ref<BoardRow[]>([])
  const loaded = ref(readKept('board') !== null)
  const fresh = computed(() => waiting.value.length)

  function set(items: BoardRow[]): void {
    rows.value = items
    waiting.value = []
    loaded.value = true
    writeKept('board', rows.value)
  }

  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    const page = await api.listBoard()
    show(() => set(page.items.filter((r) => !r.mine)))
  }

  /** Rows that are shown change in place; rows that are not wait. */
  async function refresh(): Promise<void> {
    const items = (await api.listBoard()).items.filter((r) => !r.mine)
    const shown = new Set(rows.value.map((r) => r.need_id))
    const now = new Map(items.map((r) => [r.need_id, r]))
    rows.value = rows.value.map((r) => now.get(r.need_id) ?? r)
    waiting.value = items.filter((r) => !shown.has(r.need_id))
    if (rows.value.length === 0) showWaiting()
    writeKept('board', rows.value)
  }

  function showWaiting(): void {
    set([...waiting.value, ...rows.value.filter((r) => !isOver(r))])
  }

  /** Applies an event to the row it is about; false when a new row is due. */
  function apply(e: LiveEvent): boolean {
    const row = [...rows.value, ...waiting.value].find((r) => r.need_id === e.thing_id)
    if (!row) return !['need.opened', 'need.reopened', 'need.cleared'].includes(e.kind)
    if (row.version >= e.version) return true
    row.version = e.version
    row.state = e.state as BoardRow['state']
    row.open = e.quantities?.open ?? row.open
    row.matched = e.quantities?.matched ?? row.matched
    return true
  }

  return { rows, waiting, fresh, loaded, load, refresh, showWaiting, apply }
})

export function isOver(r: BoardRow): boolean {
  return r.state !== 'open' && r.state !== 'matched'
}
