import { client, read } from './client'
import type { Desk, Page, Relay, Today } from './types'

export const listKeptPoints = () => read<Page<Relay>>(client.GET('/api/v1/relays')).then((p) => p.items)

/** The day of who keeps a point and is no worker: what waits there for her hands, and nothing else. */
export async function getDeskDay(point: string): Promise<Today> {
  const desk = await read<Desk>(client.GET('/api/v1/relays/{id}/desk', { params: { path: { id: point } } }))
  const none = { dangers: [], urgent: [], twice: [], reviews: [], to_collect: [], bags: [], loans: [], to_give_back: [], relays: [], messages: [], claims: 0 }
  const numbers = { short: 0, to_check: desk.to_check.length, to_hand_over: desk.to_hand_over.length, claims: 0, losses: 0, samples: 0 }
  return { ...none, ...desk, numbers, grid: { id: '', code: '', level: '', kind: '', name: '', community: '', homes: 0 } as unknown as Today['grid'] }
}
