import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/notice'
import type { LiveEvent, NewNotice, Notice, NoticeChange } from '@/api/types'
import { readKept, writeKept } from './kept'
import { useSession } from './session'
import { useToday } from './today'

/** What is told to one's grid, there and above. What was read is known to this device alone. */
export const useNotices = defineStore('notices', () => {
  const session = useSession()
  const today = useToday()
  const notices = ref<Notice[]>(readKept('notices') ?? [])
  /** By notice, how often it had been put right when it was read. */
  const seen = ref<Record<string, number>>(readKept('noticesSeen') ?? {})

  function set(list: Notice[]): void {
    notices.value = list
    writeKept('notices', list)
  }
  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    const grid = session.worker ? today.grid?.id : session.me?.grid.id
    if (!grid || !session.approved) return
    const fresh = await api.listNotices(grid)
    show(() => set(fresh))
  }
  /** The figures of a bar move at once; what else has changed is read. False: there is more to read. */
  function apply(e: LiveEvent): boolean {
    const n = notices.value.find((x) => x.id === e.thing_id)
    if (!n || n.version >= e.version) return n !== undefined
    if (n.call) n.call.got = e.quantities?.got ?? n.call.got
    return false
  }

  const unread = (n: Notice) => seen.value[n.id] !== n.corrections
  function read(n: Notice): void {
    const here = new Set(notices.value.map((x) => x.id))
    seen.value = { ...Object.fromEntries(Object.entries(seen.value).filter(([id]) => here.has(id))), [n.id]: n.corrections }
    writeKept('noticesSeen', seen.value)
  }

  function put(n: Notice): Notice {
    const gone = n.state === 'withdrawn' || n.state === 'over'
    const others = notices.value.filter((x) => x.id !== n.id)
    set(gone ? others : [n, ...others].sort((a, b) => b.created_at.localeCompare(a.created_at)))
    return n
  }
  async function post(grid: string, body: NewNotice, key: string): Promise<Notice> {
    const n = put(await api.postNotice(grid, body, key))
    read(n)
    return n
  }
  const correct = async (id: string, body: NoticeChange) => put(await api.correctNotice(id, body))
  const close = async (id: string) => put(await api.closeCall(id))
  const withdraw = async (id: string) => put(await api.withdrawNotice(id))
  const heard = async (id: string) => put(await api.getNotice(id))

  return { notices, load, apply, unread, read, post, correct, close, withdraw, heard }
})
