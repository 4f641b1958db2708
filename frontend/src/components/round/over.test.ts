import { expect, test } from 'vitest'
import type { KeptBack, Stop } from '@/api/types'
import { loadLanguage } from '@/locales'
import { stopOver } from './over'

const item = { id: 'M004', name: '对乙酰氨基酚', name_en: 'Paracetamol', unit: '片' }
const stop = { id: 's1', state: 'done', why: '', kept_back: [], twice_at: null } as unknown as Stop
const kept = [{ match_id: 'm1', item, quantity: 6, reason: { code: 'recalled', args: {} } }] as unknown as KeptBack[]

test('what came of a stop is said, and nothing is done that must not be given', async () => {
  await loadLanguage('zh')
  expect(stopOver(stop)).toBe('办好了')
  expect(stopOver(undefined)).toContain('存好')
  expect(stopOver({ ...stop, state: 'failed', why: 'gone' })).toBe('不用去了')
  expect(stopOver({ ...stop, state: 'later', why: 'not_home' })).toBe('改天再去')
  for (const state of ['done', 'failed'] as const) {
    const said = stopOver({ ...stop, state, kept_back: kept })
    expect(said).toContain('先别给')
    expect(said).toContain('对乙酰氨基酚')
    expect(said).not.toContain('办好了')
  }
  expect(stopOver({ ...stop, twice_at: '2026-12-18T06:00:00Z' })).toContain('用了两次')
})
