import { client, keyed, read } from './client'
import { newKey } from './key'
import type { Delivery, EditRobot, GridRef, NewRobot, Page, PairingCode, Robot } from './types'

const about = (id: string, key = newKey()) => ({ path: { id }, header: keyed(key) })

export const listRobots = () => read<Page<Robot>>(client.GET('/api/v1/robots')).then((p) => p.items)
export const addRobot = (body: NewRobot, key: string) => read<Robot>(client.POST('/api/v1/robots', { body, params: { header: keyed(key) } }))
/** What is left out, and a setting that is not given, stays. */
export const editRobot = (id: string, body: EditRobot, key: string) => read<Robot>(client.POST('/api/v1/robots/{id}/edit', { body, params: about(id, key) }))
export const testRobot = (id: string) => read<Robot>(client.POST('/api/v1/robots/{id}/test', { params: about(id) }))
export const pauseRobot = (id: string) => read<Robot>(client.POST('/api/v1/robots/{id}/pause', { params: about(id) }))
export const resumeRobot = (id: string) => read<Robot>(client.POST('/api/v1/robots/{id}/resume', { params: about(id) }))
export const removeRobot = (id: string) => read<void>(client.DELETE('/api/v1/robots/{id}', { params: { path: { id } } }))
export const robotToken = (id: string) => read<{ token: string }>(client.POST('/api/v1/robots/{id}/token', { params: { path: { id } } }))
export const listDead = (id: string) =>
  read<Page<Delivery>>(client.GET('/api/v1/robots/{id}/deliveries', { params: { path: { id }, query: { state: 'dead', limit: 20 } } })).then((p) => p.items)
export const retryDelivery = (id: string) => read<Delivery>(client.POST('/api/v1/deliveries/{id}/retry', { params: about(id) }))
export const gridsBelow = (parent: string, cursor: string) =>
  read<Page<GridRef>>(client.GET('/api/v1/grids', { params: { query: { parent, cursor: cursor || undefined, limit: 100 } } }))
export const getPairing = () => read<PairingCode>(client.POST('/api/v1/chat/pairings'))
