import { client, keyed, read } from './client'
import { newKey } from './key'
import type {
  Bag, BagCard, BookIn, Chain, Collection, NewRecall, NewRecovery, NewStockTake, Offer, Page, PickupCode, Recall, Recovery, Shelf, ShelfState, StockTake,
} from './types'

const about = (id: string, key = newKey()) => ({ path: { id }, header: keyed(key) })

// Bags
export const postBag = (key: string) => read<Offer>(client.POST('/api/v1/bags', { body: {}, params: { header: keyed(key) } }))
export const getBagCode = (id: string) => read<PickupCode>(client.GET('/api/v1/bags/{id}/code', { params: { path: { id } } }))
export const cancelBag = (id: string) => read<Bag>(client.POST('/api/v1/bags/{id}/cancel', { params: about(id) }))
export const closeBag = (id: string) => read<Bag>(client.POST('/api/v1/bags/{id}/close', { params: about(id) }))
export const listBags = (relay: string) =>
  read<Page<BagCard>>(client.GET('/api/v1/relays/{id}/bags', { params: { path: { id: relay } } })).then((p) => p.items)
export const openBag = (relay: string, proof: { code?: string; token?: string }) =>
  read<Bag>(client.POST('/api/v1/relays/{id}/bags/open', { params: about(relay), body: proof }))

// The box
export const getShelf = (relay: string, query: { item?: string; batch?: string; state?: ShelfState | ''; cursor?: string }) =>
  read<Shelf>(client.GET('/api/v1/relays/{id}/shelf', { params: { path: { id: relay }, query: { limit: 100, ...query } } }))
export const bookIn = (relay: string, body: BookIn, key: string) =>
  read<Offer>(client.POST('/api/v1/relays/{id}/book-in', { params: about(relay, key), body }))
export const takeStock = (relay: string, body: NewStockTake, key: string) =>
  read<StockTake>(client.POST('/api/v1/relays/{id}/stock-takes', { params: about(relay, key), body }))
export const listStockTakes = (relay: string) =>
  read<Page<StockTake>>(client.GET('/api/v1/relays/{id}/stock-takes', { params: { path: { id: relay }, query: { limit: 10 } } })).then((p) => p.items)
export const handToRecovery = (relay: string, body: NewRecovery, key: string) =>
  read<Recovery>(client.POST('/api/v1/relays/{id}/recoveries', { params: about(relay, key), body }))
export const listRecoveries = (relay: string) =>
  read<Page<Recovery>>(client.GET('/api/v1/relays/{id}/recoveries', { params: { path: { id: relay }, query: { limit: 10 } } })).then((p) => p.items)
export const getRecovery = (id: string) => read<Recovery>(client.GET('/api/v1/recoveries/{id}', { params: { path: { id } } }))
export const getChain = (lot: string) => read<Chain>(client.GET('/api/v1/lots/{id}/chain', { params: { path: { id: lot } } }))

// Recalls
export const recallBatch = (body: NewRecall, key: string) => read<Recall>(client.POST('/api/v1/recalls', { body, params: { header: keyed(key) } }))
export const listRecalls = (grid: string) =>
  read<Page<Recall>>(client.GET('/api/v1/recalls', { params: { query: { grid } } })).then((p) => p.items)
export const getRecall = (id: string) => read<Recall>(client.GET('/api/v1/recalls/{id}', { params: { path: { id } } }))
export const collectBack = (id: string, quantity: number) =>
  read<Collection>(client.POST('/api/v1/collections/{id}/collect', { params: about(id), body: { quantity } }))
