import { call } from './client'
import { newKey } from './key'
import type {
  BoardRow, CheckIn, Contact, Found, Handover, Item, Lot, Match, Need, NewOffer, NewRequest, Offer, Page, Patient,
  PickupCode, Request, Seal, Today, Urgency, Verdict,
} from './types'

// Catalogue
export const findItems = (query: string, limit = 8) =>
  call<Page<Found>>('GET', '/catalogue/items', { query: { query, limit } }).then((p) => p.items)
export const getItem = (id: string) => call<Item>('GET', `/catalogue/items/${id}`)
export const getSigns = () => call<{ items: { code: string }[] }>('GET', '/catalogue/signs').then((p) => p.items.map((s) => s.code))

export interface LotLine {
  item_id: string
  quantity: number
  seal: Seal
  expires_on: string
}
export const screenNeed = (line: { item_id: string; quantity: number; patient: Patient }) =>
  call<Verdict>('POST', '/screenings', { body: { line } })
export const screenLot = (lot: LotLine) => call<Verdict>('POST', '/screenings', { body: { lot } })

// Posts: the key is the caller's, so that a repeated post is the same post.
export const openRequest = (body: NewRequest, key: string) => call<Request>('POST', '/requests', { body, key })
export const postOffer = (body: NewOffer, key: string) => call<Offer>('POST', '/offers', { body, key })
export const listRequests = (state: 'live' | 'all', cursor = '') =>
  call<Page<Request>>('GET', '/requests', { query: { state, cursor, limit: 50 } })
export const listOffers = (state: 'live' | 'all', cursor = '') =>
  call<Page<Offer>>('GET', '/offers', { query: { state, cursor, limit: 50 } })
export const getRequest = (id: string) => call<Request>('GET', `/requests/${id}`)
export const getOffer = (id: string) => call<Offer>('GET', `/offers/${id}`)

const act = <T>(path: string, body: unknown = {}) => call<T>('POST', path, { body, key: newKey() })

// Lines
export const cancelNeed = (id: string) => act<Need>(`/needs/${id}/cancel`)
export const raiseUrgency = (id: string, urgency: Urgency, why: string) => act<Need>(`/needs/${id}/urgency`, { urgency, why })
export const clearDanger = (id: string) => act<Need>(`/needs/${id}/clear`)
export const withdrawLot = (id: string) => act<Lot>(`/lots/${id}/withdraw`)
export const handInLot = (id: string) => act<Lot>(`/lots/${id}/hand-in`)
export const checkInLot = (id: string, seen: CheckIn) => act<Lot>(`/lots/${id}/check-in`, seen)
export const refuseLot = (id: string, reason: string, note: string) => act<Lot>(`/lots/${id}/refuse`, { reason, note })

// Matches
export const acceptMatch = (id: string, applies?: 'yes' | 'no') => act<Match>(`/matches/${id}/accept`, applies ? { applies } : {})
export const declineMatch = (id: string) => act<Match>(`/matches/${id}/decline`)
export const receivedMatch = (id: string) => act<Match>(`/matches/${id}/received`)
export const consentContact = (id: string, granted: boolean) => act<Match>(`/matches/${id}/contact`, { granted })
export const getContact = (id: string) => call<Contact>('GET', `/matches/${id}/contact`)

// Hand-over
export const getHandover = (id: string) => call<Handover>('GET', `/handovers/${id}`)
export const getPickupCode = (id: string) => call<PickupCode>('GET', `/handovers/${id}/code`)
export const giveHandover = (id: string, proof: { code?: string; token?: string }) => act<Handover>(`/handovers/${id}/give`, proof)
export const reissueCode = (id: string) => act<Handover>(`/handovers/${id}/reissue`)

// Boards
export const listBoard = (cursor = '') => call<Page<BoardRow>>('GET', '/board', { query: { cursor, limit: 50 } })
export const getToday = (grid: string) => call<Today>('GET', '/today', { query: { grid } })
