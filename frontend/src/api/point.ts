import { client, keyed, read } from './client'
import { newKey } from './key'
import type { BoxMove, PauseReason, Point, PointEdit } from './types'

const about = (id: string) => ({ path: { id }, header: keyed(newKey()) })

export const getPoint = (id: string) => read<Point>(client.GET('/api/v1/relays/{id}', { params: { path: { id } } }))
export const editPoint = (id: string, body: PointEdit) => read<Point>(client.POST('/api/v1/relays/{id}/edit', { params: about(id), body }))
export const pausePoint = (id: string, reason: PauseReason) => read<Point>(client.POST('/api/v1/relays/{id}/pause', { params: about(id), body: { reason } }))
export const resumePoint = (id: string) => read<Point>(client.POST('/api/v1/relays/{id}/resume', { params: about(id) }))
export const moveBox = (id: string, to: string) => read<BoxMove>(client.POST('/api/v1/relays/{id}/move-box', { params: about(id), body: { to } }))

/** A page to print, not JSON. */
export const getPointSheet = (id: string) => 
  read<string>(client.GET(`/api/v1/relays/${id}/sheet` as '/api/v1/session', { parseAs: 'text' }))
