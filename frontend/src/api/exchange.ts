import { client, keyed, read } from './client'
import { newKey } from './key'
import type {
  Ask, BoardRow, CheckIn, Contact, Found, Giving, Handover, Loan, Lot, LotKind, Match, Message, Need, NewLot, NewOffer, NewRequest, Offer, Page, Patient,
  LotCode, PickupCode, RefuseReason, Request, Sample, Seal, Today, Urgency, Verdict, Way,
} from './types'

const about = (id: string) => ({ path: { id }, header: keyed(newKey()) })

// Catalogue
export const findItems = (query: string, limit = 8) =>
  read<Page<Found>>(client.GET('/api/v1/catalogue/items', { params: { query: { query, limit } } })).then((p) => p.items)
export const getSigns = () =>
  read<{ items: { code: string }[] }>(client.GET('/api/v1/catalogue/signs')).then((p) => p.items.map((s) => s.code))

export const screenNeed = (line: { item_id: string; quantity: number; patient: Patient }) =>
  read<Verdict>(client.POST('/api/v1/screenings', { body: { line } }))
export const screenLot = (lot: { item_id: string; quantity: number; seal: Seal; expires_on: string; kind?: LotKind }) =>
  read<Verdict>(client.POST('/api/v1/screenings', { body: { lot } }))

// Posts: the key is the caller's, so that a repeated post is the same post.
export const openRequest = (body: NewRequest, key: string) =>
  read<Request>(client.POST('/api/v1/requests', { body, params: { header: keyed(key) } }))
export const postOffer = (body: NewOffer, key: string) =>
  read<Offer>(client.POST('/api/v1/offers', { body, params: { header: keyed(key) } }))
export const listRequests = (state: 'live' | 'all', cursor = '') =>
  read<Page<Request>>(client.GET('/api/v1/requests', { params: { query: { state, cursor, limit: 50 } } }))
export const listOffers = (state: 'live' | 'all', cursor = '') =>
  read<Page<Offer>>(client.GET('/api/v1/offers', { params: { query: { state, cursor, limit: 50 } } }))
export const getRequest = (id: string) => read<Request>(client.GET('/api/v1/requests/{id}', { params: { path: { id } } }))
export const getOffer = (id: string) => read<Offer>(client.GET('/api/v1/offers/{id}', { params: { path: { id } } }))

// Lines
export const cancelNeed = (id: string) => read<Need>(client.POST('/api/v1/needs/{id}/cancel', { params: about(id) }))
export const raiseUrgency = (id: string, urgency: Urgency, why: string) =>
  read<Need>(client.POST('/api/v1/needs/{id}/urgency', { params: about(id), body: { urgency, why } }))
export const reportCondition = (id: string, answers: Record<string, 'yes' | 'no'>) =>
  read<Need>(client.POST('/api/v1/needs/{id}/condition', { params: about(id), body: { answers } }))
export const clearDanger = (id: string) => read<Need>(client.POST('/api/v1/needs/{id}/clear', { params: about(id) }))
export const widenNeed = (id: string, grid = '') =>
  read<Need>(client.POST('/api/v1/needs/{id}/widen', { params: about(id), body: grid ? { grid_id: grid } : {} }))
export const confirmUrgency = (id: string) => read<Need>(client.POST('/api/v1/needs/{id}/confirm', { params: about(id) }))
export const askReview = (id: string, note: string) =>
  read(client.POST('/api/v1/needs/{id}/review', { params: about(id), body: { note } }))
export const decideReview = (id: string, decision: 'stands' | 'helped', reply: string) =>
  read(client.POST('/api/v1/reviews/{id}/decide', { params: about(id), body: { decision, reply } }))

// Asks
export const listAsks = () => read<Page<Ask>>(client.GET('/api/v1/asks')).then((p) => p.items)
export const answerAsk = (id: string, body: { answer: 'yes' | 'no'; lots?: NewLot[] }, key = newKey()) =>
  read<Ask>(client.POST('/api/v1/asks/{id}/answer', { params: { path: { id }, header: keyed(key) }, body: { way: 'relay', ...body } }))

// Lots
export const withdrawLot = (id: string) => read<Lot>(client.POST('/api/v1/lots/{id}/withdraw', { params: about(id) }))
export const getLotCode = (id: string) => read<LotCode>(client.GET('/api/v1/lots/{id}/code', { params: { path: { id } } }))
export const handInLot = (id: string) => read<Lot>(client.POST('/api/v1/lots/{id}/hand-in', { params: about(id) }))
export const checkInLot = (id: string, body: CheckIn) =>
  read<Lot>(client.POST('/api/v1/lots/{id}/check-in', { params: about(id), body }))
export const refuseLot = (id: string, reason: RefuseReason) =>
  read<Lot>(client.POST('/api/v1/lots/{id}/refuse', { params: about(id), body: { reason } }))

export const giveBackLot = (id: string) => read<Lot>(client.POST('/api/v1/lots/{id}/give-back', { params: about(id) }))

// Loans
export const listLoans = () => read<Page<Loan>>(client.GET('/api/v1/loans')).then((p) => p.items)
export const getLoan = (id: string) => read<Loan>(client.GET('/api/v1/loans/{id}', { params: { path: { id } } }))
export const extendLoan = (id: string, days: number) =>
  read<Loan>(client.POST('/api/v1/loans/{id}/extend', { params: about(id), body: { days } }))
export const closeLoan = (id: string, how: 'lost' | 'broken', note: string) =>
  read<Loan>(client.POST('/api/v1/loans/{id}/close', { params: about(id), body: { how, note } }))
export const returnLoan = (id: string, body: { wiped: boolean; works: boolean; note: string }) =>
  read<Loan>(client.POST('/api/v1/loans/{id}/return', { params: about(id), body }))

// Matches
export const acceptMatch = (id: string, applies?: 'yes' | 'no') =>
  read<Match>(client.POST('/api/v1/matches/{id}/accept', { params: about(id), body: { applies } }))
export const declineMatch = (id: string) => read<Match>(client.POST('/api/v1/matches/{id}/decline', { params: about(id) }))
export const receivedMatch = (id: string) => read<Match>(client.POST('/api/v1/matches/{id}/received', { params: about(id) }))
export const consentContact = (id: string, granted: boolean) =>
  read<Match>(client.POST('/api/v1/matches/{id}/contact', { params: about(id), body: { granted } }))
/** A worker says whose; a party is shown the other one. */
export const getContact = (id: string, of?: 'giver' | 'receiver') =>
  read<Contact>(client.GET('/api/v1/matches/{id}/contact', { params: { path: { id }, query: { of } } }))

// Hand-over
export const getPickupCode = (id: string) =>
  read<PickupCode>(client.GET('/api/v1/handovers/{id}/code', { params: { path: { id } } }))
/** Where the net is bad a call may hang: the key makes a second one the same. */
const patienceMs = 10_000
export const giveHandover = (id: string, body: Giving, key = newKey()) =>
  read<Handover>(client.POST('/api/v1/handovers/{id}/give', { params: { path: { id }, header: keyed(key) }, body, signal: AbortSignal.timeout(patienceMs) }))
export const getHandover = (id: string) => read<Handover>(client.GET('/api/v1/handovers/{id}', { params: { path: { id } } }))
export const changeWay = (id: string, way: Way) =>
  read<Handover>(client.POST('/api/v1/handovers/{id}/way', { params: about(id), body: { way } }))
export const nameCollector = (id: string, name: string) =>
  read<Handover>(client.POST('/api/v1/handovers/{id}/collector', { params: about(id), body: { name } }))
export const listSamples = () => read<Page<Sample>>(client.GET('/api/v1/samples')).then((p) => p.items)
export const decideSample = (id: string, decision: 'right' | 'wrong', note: string) =>
  read<Handover>(client.POST('/api/v1/handovers/{id}/sample', { params: about(id), body: { decision, note } }))
export const labelHandover = (id: string) => read<Handover>(client.POST('/api/v1/handovers/{id}/label', { params: about(id) }))
export const reissueCode = (id: string) => read<Handover>(client.POST('/api/v1/handovers/{id}/reissue', { params: about(id) }))

// Messages
export type NewMessage = { about: 'need' | 'match' | 'handover'; about_id: string; to: 'receiver' | 'giver'; code: Message['code'] }
export const sendMessage = (body: NewMessage) =>
  read<Message>(client.POST('/api/v1/messages', { params: { header: keyed(newKey()) }, body }))
export const listMessages = () => read<Page<Message>>(client.GET('/api/v1/messages')).then((p) => p.items)
export const answerMessage = (id: string, answer: 'ok' | 'later' | 'cannot') =>
  read<Message>(client.POST('/api/v1/messages/{id}/answer', { params: about(id), body: { answer } }))

// Boards
export const listBoard = () => read<Page<BoardRow>>(client.GET('/api/v1/board', { params: { query: { limit: 50 } } }))
export const getToday = (grid: string) => read<Today>(client.GET('/api/v1/today', { params: { query: { grid } } }))
