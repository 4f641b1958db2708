import type { GridRef, Robot } from '@/api/types'

export type Platform = Robot['platform']
/** A grid as a robot names it; with its community where that is known. */
export type PickedGrid = Pick<GridRef, 'id' | 'name' | 'community'>

/** How many grids one robot speaks for, as the server takes them. */
export const mostGrids = 20
export const noDigest = 24
export const styles = ['markdown', 'text', 'template_card'] as const
export type Style = (typeof styles)[number]

/** How long others are gathered, in minutes; what a robot has already stays a choice. */
export const gatherings = (now: number): number[] => [...new Set([5, 15, 30, 60, 120, 240, now])].sort((a, b) => a - b)

/** Settings that were written; what was left empty is as it was. */
export function written(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''))
}

export const sameGrids = (a: { id: string }[], b: { id: string }[]): boolean =>
  a.length === b.length && a.every((g) => b.some((o) => o.id === g.id))
