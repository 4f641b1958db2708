import type { GridRef, Item, Reason } from '@/api/types'
import { i18n, say } from './index'

const english = () => i18n.global.locale.value === 'en'

export function itemName(item: Pick<Item, 'name' | 'name_en'>): string {
  return english() && item.name_en ? item.name_en : item.name
}

/** 布洛芬 4 粒 · Ibuprofen × 4 */
export function amount(item: Pick<Item, 'name' | 'name_en' | 'unit'>, n: number): string {
  return english() ? `${itemName(item)} × ${n}` : `${item.name} ${units(n, item.unit)}`
}

/** 4 粒布洛芬 · 4 × Ibuprofen */
export function portion(item: Pick<Item, 'name' | 'name_en' | 'unit'>, n: number): string {
  return english() ? `${n} × ${itemName(item)}` : `${units(n, item.unit)}${item.name}`
}

/** 4 粒 · 4 */
export function units(n: number, unit: string): string {
  return english() ? String(n) : `${n} ${unit}`
}

/** Figures of a reason about an item are told in its unit: 现在是 0 片. */
const counted = ['units', 'max', 'got', 'open']

export function sayOf(reason: Reason, item: Pick<Item, 'unit'>): string {
  const args = Object.entries(reason.args ?? {}).map(([name, value]) =>
    [name, counted.includes(name) && /^\d+$/.test(value) ? units(Number(value), item.unit) : value])
  return say({ code: reason.code, args: Object.fromEntries(args) as Record<string, string> })
}

/** 5 栋 · Bldg 5 */
export function building(name: string): string {
  if (name === '') return i18n.global.t('board.hidden')
  return english() ? name.replace(/^(\S+?)\s*栋$/, 'Bldg $1') : name.replace(/^(\d+)栋/, '$1 栋')
}

/** 定江桥社区 · 微网格 07 */
export function gridName(grid: Pick<GridRef, 'name' | 'community'>): string {
  const own = english() ? grid.name.replace(/^微网格\s*/, 'Grid ') : grid.name
  return grid.community && grid.community !== grid.name ? `${grid.community} · ${own}` : own
}

/** What a thing is drawn as. */
export function itemIcon(item: Pick<Item, 'name' | 'kind'>): string {
  if (/口罩|手套/.test(item.name)) return 'mask'
  if (/体温|温度|额温/.test(item.name)) return 'temp'
  if (/抗原|试剂/.test(item.name)) return 'test'
  return item.kind === 'supply' || item.kind === 'device' ? 'box' : 'pill'
}
