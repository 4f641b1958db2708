import { call, text } from './client'
import { newKey } from './key'
import type { Claim, GridCounts, GridRef, Overview, Page } from './types'

export const listClaims = () => call<Page<Claim>>('GET', '/claims', { query: { limit: 100 } }).then((p) => p.items)
export const approveClaim = (person: string) => call<void>('POST', `/claims/${person}/approve`, { body: {}, key: newKey() })
export const refuseClaim = (person: string, reason: string) =>
  call<void>('POST', `/claims/${person}/refuse`, { body: { reason }, key: newKey() })

export const invite = (role: string, gridId: string) =>
  call<{ id: string; expires_at: string }>('POST', '/invitations', { body: { role, grid_id: gridId }, key: newKey() })
export const getInvitationLink = (id: string) => call<{ link: string }>('GET', `/invitations/${id}/link`)

export const getDoorSheet = (grid: string) => text(`/grids/${grid}/door-sheet`)
export const getOverview = () => call<Overview>('GET', '/overview')
export const getGrid = (id: string) => call<GridCounts>('GET', `/grids/${id}`)
export const listGrids = (parent: string) =>
  call<Page<GridRef>>('GET', '/grids', { query: { parent, limit: 100 } }).then((p) => p.items)
