import type { Reading } from '@/api/types'
import { i18n } from './index'

type Place = NonNullable<Reading['place']>
const english = () => i18n.global.locale.value === 'en'

/** 3 栋 2 单元 501 · Bldg 3, Unit 2, 501: as far as a message says it. */
export function placeName(p: Pick<Place, 'building' | 'unit' | 'room'>): string {
  return english()
    ? [p.building && `Bldg ${p.building}`, p.unit && `Unit ${p.unit}`, p.room].filter(Boolean).join(', ')
    : [p.building && `${p.building} 栋`, p.unit && `${p.unit} 单元`, p.room].filter(Boolean).join(' ')
}

/** 2单元 501 of the register · Unit 2, 501 */
export function doorName(door: string): string {
  return english() ? door.replace(/^(\S+?)\s*单元[\s-]*/, 'Unit $1, ').replace(/, $/, '') : door
}
