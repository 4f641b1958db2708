import { client, keyed, read } from './client'
import type { NewPosting, Page, Posted, Readings } from './types'

// The residents' WeChat group, by the worker's hand: pasted in, and a card out.
export const readPaste = (grid: string, text: string) =>
  read<Readings>(client.POST('/api/v1/chat/readings', { body: { grid_id: grid, text } }))
export const postPasted = (grid: string, postings: NewPosting[], key: string) =>
  read<Page<Posted>>(client.POST('/api/v1/chat/postings', { body: { grid_id: grid, postings }, params: { header: keyed(key) } })).then((p) => p.items)
export const getNeedCard = (need: string) =>
  read<{ text: string }>(client.GET('/api/v1/needs/{id}/group-card', { params: { path: { id: need } } })).then((c) => c.text)
export const getDayCard = (grid: string) =>
  read<{ text: string }>(client.GET('/api/v1/grids/{id}/group-card', { params: { path: { id: grid } } })).then((c) => c.text)
