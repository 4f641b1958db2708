import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import type { Item } from '@/api/types'
import { loadLanguage } from '@/locales'
import { useOffer } from './offer'

const mask: Item = { id: 'M128', name: 'N95', name_en: 'N95', kind: 'supply', unit: '个', packs: [], share: 'yes', evidence: 'none', lend: false }
const shot = (name: string) => ({ file: new Blob([name], { type: 'image/jpeg' }), url: '' })
let sent: string[]
let broken = false

beforeEach(async () => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  await loadLanguage('zh')
  sent = []
  broken = false
  const lots = [{ id: 'first', matches: [], version: 1, photos: [] }, { id: 'third', matches: [], version: 1, photos: [] }]
  vi.stubGlobal('fetch', async (r: Request) => {
    const path = new URL(r.url).pathname
    if (path.endsWith('-photos')) {
      sent.push(`${path.split('/')[4]} ${await r.text()}`)
      if (broken) throw new TypeError('no net')
    }
    const answer = path.endsWith('/screenings') ? { outcome: 'ok', reasons: [], go: '', warnings: [], items: [] } : { id: 'o1', lots, refused: [{ line: 1, reasons: [] }] }
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Three packs with photos, of which the server refuses the second. */
async function post() {
  const offer = effectScope().run(() => useOffer())!
  for (const name of ['a', 'b', 'c']) {
    offer.form.item = { ...mask }
    await nextTick()
    offer.form.seal = 'box'
    offer.form.shots = [shot(`${name}1`), name === 'c' ? null : shot(`${name}2`)]
    await vi.advanceTimersByTimeAsync(500)
    offer.another()
    await nextTick()
    expect(offer.form.shots).toEqual([])
  }
  const sending = offer.send()
  await vi.advanceTimersByTimeAsync(500)
  return (await sending)!
}

test('each photo goes to the lot of its own line', async () => {
  const done = await post()
  expect('sent' in done && done.sent.id).toBe('o1')
  expect(await done.photos).toBe(true)
  expect(sent).toEqual(['first a1', 'first a2', 'third c1'])
})

test('the offer stands also when a photo does not get through', async () => {
  broken = true
  const done = await post()
  expect('sent' in done && done.sent.id).toBe('o1')
  expect(await done.photos).toBe(false)
})
