import { client, keyed, read } from './client'
import { newKey } from './key'
import type { Claim, GridCounts, GridRef, Heard, Home, Overview, Page, Resident, Shares } from './types'

const about = (id: string) => ({ path: { id }, header: keyed(newKey()) })

export const listClaims = () =>
  read<Page<Claim>>(client.GET('/api/v1/claims', { params: { query: { limit: 100 } } })).then((p) => p.items)
export const approveClaim = (person: string) => read<void>(client.POST('/api/v1/claims/{id}/approve', { params: about(person) }))
export const refuseClaim = (person: string, reason: string) =>
  read<void>(client.POST('/api/v1/claims/{id}/refuse', { params: about(person), body: { reason } }))

export const inviteVolunteer = (grid: string) =>
  read<{ id: string; expires_at: string }>(
    client.POST('/api/v1/invitations', { body: { role: 'volunteer', grid_id: grid }, params: { header: keyed(newKey()) } }))
export const getInvitationLink = (id: string) =>
  read<{ link: string }>(client.GET('/api/v1/invitations/{id}/link', { params: { path: { id } } })).then((l) => l.link)

// Homes of her grid, to post for who has no phone
export const findHomes = (grid: string, query: string) =>
  read<Page<Home>>(client.GET('/api/v1/households', { params: { query: { grid, query } } })).then((p) => p.items)
export const listResidents = (home: string) =>
  read<Page<Resident>>(client.GET('/api/v1/households/{id}/residents', { params: { path: { id: home } } })).then((p) => p.items)
export const addResident = (home: string, name: string, heard: Heard, key: string) =>
  read<Resident>(client.POST('/api/v1/households/{id}/residents', { params: { path: { id: home }, header: keyed(key) }, body: { name, heard } }))
export const hearConsent = (person: string, heard: Heard, key: string) =>
  read<Resident>(client.POST('/api/v1/people/{id}/consents', { params: { path: { id: person }, header: keyed(key) }, body: { heard } }))

/** A printable page, the one answer that is not JSON and not in the document. */
export const getDoorSheet = (id: string) =>
  read<string>(client.GET(`/api/v1/grids/${id}/door-sheet` as '/api/v1/session', { parseAs: 'text' }))

export const getShares = (grid: string, days: number) =>
  read<Shares>(client.GET('/api/v1/grids/{id}/shares', { params: { path: { id: grid }, query: { days } } }))
export const getOverview = () => read<Overview>(client.GET('/api/v1/overview'))
export const getGrid = (id: string) => read<GridCounts>(client.GET('/api/v1/grids/{id}', { params: { path: { id } } }))
export const listGrids = (parent: string) =>
  read<Page<GridRef>>(client.GET('/api/v1/grids', { params: { query: { parent, limit: 100 } } })).then((p) => p.items)
