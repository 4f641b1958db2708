import type { Handover, Item, Stop } from '@/api/types'

/** 48 27 15: six digits as they are read out. */
export const grouped = (code: string): string => code.replace(/(\d\d)(?=\d)/g, '$1 ')

/** What is about to be handed to whom, at the point or at a door. */
export interface Giveable {
  /** Of the handover. */
  id: string
  way: string
  building: string
  things: { item: Item; quantity: number; strength?: string }[]
}
export const giveable = (h: Handover): Giveable =>
  ({ id: h.id, way: h.way, building: h.receiver.building, things: h.matches.filter((m) => m.state === 'ready') })
export const giveableAt = (s: Stop): Giveable =>
  ({ id: s.handover_id ?? '', way: s.way, building: s.building, things: s.what })

/** Medicine is handed to adults only. */
export const holdsDrugs = (g: Giveable): boolean => g.things.some((x) => x.item.kind === 'drug')

/** The code of a scanned door: its address ends in it. */
export const doorOf = (text: string): string => /\/door\/([^/?#]+)/.exec(text)?.[1] ?? text.trim()
