import { client, keyed, read } from './client'
import { newKey } from './key'
import type { NewRound, Page, Round, RoundDue, StopDone, StopFail } from './types'

const about = (id: string, key = newKey()) => ({ path: { id }, header: keyed(key) })

export const listRounds = (grid = '') => read<Page<Round>>(client.GET('/api/v1/rounds', { params: { query: grid ? { grid } : {} } })).then((p) => p.items)
export const getRound = (id: string) => read<Round>(client.GET('/api/v1/rounds/{id}', { params: { path: { id } } }))
export const getRoundDue = (grid: string) => read<RoundDue>(client.GET('/api/v1/grids/{id}/round-due', { params: { path: { id: grid } } }))
export const planRound = (body: NewRound) => read<Round>(client.POST('/api/v1/rounds', { body, params: { header: keyed(newKey()) } }))
export const acceptRound = (id: string) => read<Round>(client.POST('/api/v1/rounds/{id}/accept', { params: about(id) }))
export const startRound = (id: string) => read<Round>(client.POST('/api/v1/rounds/{id}/start', { params: about(id) }))
export const endRound = (id: string) => read<Round>(client.POST('/api/v1/rounds/{id}/end', { params: about(id) }))
export const cancelRound = (id: string) => read<Round>(client.POST('/api/v1/rounds/{id}/cancel', { params: about(id) }))
export const addStop = (id: string, handover: string, only: boolean) =>
  read<Round>(client.POST('/api/v1/rounds/{id}/stops', { params: about(id), body: { handover_id: handover, try: only } }))

// Ticks: the key is the caller's, so that one that waited for a net counts once.
const at = (id: string, stop: string, key: string) => ({ path: { id, stop }, header: keyed(key) })
export const stopDone = (id: string, stop: string, body: StopDone, key: string) =>
  read<Round>(client.POST('/api/v1/rounds/{id}/stops/{stop}/done', { params: at(id, stop, key), body }))
export const stopFailed = (id: string, stop: string, body: StopFail, key: string) =>
  read<Round>(client.POST('/api/v1/rounds/{id}/stops/{stop}/fail', { params: at(id, stop, key), body }))
