import { client, keyed, read } from './client'
import { newKey } from './key'
import type { NewNotice, Notice, NoticeChange, Page } from './types'

const about = (id: string) => ({ path: { id }, header: keyed(newKey()) })

export const listNotices = (grid: string) =>
  read<Page<Notice>>(client.GET('/api/v1/grids/{id}/notices', { params: { path: { id: grid }, query: { limit: 20 } } })).then((p) => p.items)
export const getNotice = (id: string) => read<Notice>(client.GET('/api/v1/notices/{id}', { params: { path: { id } } }))
export const postNotice = (grid: string, body: NewNotice, key: string) =>
  read<Notice>(client.POST('/api/v1/grids/{id}/notices', { params: { path: { id: grid }, header: keyed(key) }, body }))
export const correctNotice = (id: string, body: NoticeChange) =>
  read<Notice>(client.POST('/api/v1/notices/{id}/correct', { params: about(id), body }))
export const closeCall = (id: string) => read<Notice>(client.POST('/api/v1/notices/{id}/close', { params: about(id) }))
export const withdrawNotice = (id: string) => read<Notice>(client.POST('/api/v1/notices/{id}/withdraw', { params: about(id) }))
