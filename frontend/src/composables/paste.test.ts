import { expect, test } from 'vitest'
import type { Item, Reading, ReadingLine, Verdict } from '@/api/types'
import { cardOf, judged, merged, missingOf, patientOf, postingOf } from './paste'

const item = (more: Partial<Item> = {}): Item => ({ id: 'M123', name: '抗原试剂盒', name_en: 'Antigen test', kind: 'device', unit: '支', packs: [], share: 'yes', evidence: 'none', lend: false, ...more })
const verdict = (more: Partial<Verdict> = {}): Verdict => ({ outcome: 'ok', reasons: [], go: '', questions: [], warnings: [], items: [], ceiling: 0, ...more })
const line = (more: Partial<ReadingLine> = {}): ReadingLine => ({ item: item(), said: '抗原', quantity: 2, unsure: false, seal: '', verdict: verdict(), ...more })
const home = { id: 'h', building: '3 栋', door: '2单元 501', residents: 1, door_generation: 0, made: false }
const reading = (more: Partial<Reading> = {}): Reading => ({
  mark: 'm', again: false, sender: '王师傅', text: '求抗原2支', intent: 'request', post: 'request', lines: [line()], audience: '', urgency: 'today', expiry: '', place: null,
  patient: { age: 'elder', answers: {}, signs: [], fever: false, fever_days: 0 }, homes: [home], residents: [{ id: 'p', name: '王师傅', phone: true, agreed: true }],
  policy: 'ok', danger: [], barter: false, question: null, reply: null, ...more,
})

test('what misses nothing is ticked and posted for who lives there', () => {
  const c = cardOf(reading())
  expect(c.on).toBe(true)
  expect(postingOf(c)).toEqual({ household_id: 'h', person_id: 'p', mark: 'm', way: 'relay',
    needs: [{ item_id: 'M123', quantity: 2, urgency: 'today', patient: { age: 'elder', answers: {}, signs: [], fever: false, fever_days: 0 } }] })
})

test.each<[string, Partial<Reading>]>([
  ['no', { post: '', intent: 'sell', policy: 'sale' }],
  ['item', { lines: [] }],
  ['item', { lines: [line({ unsure: true })] }],
  ['quantity', { lines: [line({ quantity: 0 })] }],
  ['age', { patient: { age: '', answers: {}, signs: [], fever: false, fever_days: 0 }, lines: [line({ verdict: verdict({ outcome: 'ask', questions: [{ key: 'age', blocks: true }] }) })] }],
  ['answers', { lines: [line({ verdict: verdict({ outcome: 'ask', questions: [{ key: 'liver', blocks: true }] }) })] }],
  ['no', { lines: [line({ verdict: verdict({ outcome: 'doctor' }) })] }],
  ['seal', { post: 'offer' }],
  ['expiry', { post: 'offer', lines: [line({ seal: 'box', item: item({ kind: 'drug' }) })] }],
  ['home', { homes: [], residents: [] }],
  ['home', { homes: [home, { ...home, id: 'other' }], residents: [] }],
  ['name', { residents: [] }],
  ['heard', { residents: [{ id: 'p', name: '', phone: false, agreed: false }] }],
])('half understood, it asks for one thing and is not ticked: %s', (missing, more) => {
  const c = cardOf(reading(more))
  expect(missingOf(c)).toBe(missing)
  expect(c.on).toBe(false)
})

test('a danger sign waits for no questions', () => {
  const c = cardOf(reading({ danger: ['breathless'], lines: [line({ verdict: verdict({ outcome: 'danger', questions: [{ key: 'liver', blocks: true }] }) })] }))
  expect(missingOf(c)).toBe('')
})

test('what was posted before is not ticked, and is another one only when she says so', () => {
  const c = cardOf(reading({ again: true }))
  expect(c.on).toBe(false)
  expect(postingOf(c).mark).toBe('m')
  c.another = true
  expect(postingOf(c).mark).toBe('')
})

test('her answers go along, and new questions join the old', () => {
  const c = cardOf(reading({ lines: [line({ verdict: verdict({ outcome: 'ask', questions: [{ key: 'liver', blocks: true }] }) })] }))
  judged(c, verdict({ questions: [{ key: 'alcohol', blocks: true }] }))
  c.yes = ['alcohol']
  expect(missingOf(c)).toBe('answers')
  c.rest = true
  expect(patientOf(c).answers).toEqual({ liver: 'no', alcohol: 'yes' })
  expect(missingOf(c)).toBe('')
})

test('somebody new is named and heard', () => {
  const c = cardOf(reading({ residents: [] }))
  Object.assign(c, { name: ' 刘爷爷 ', heard: 'phone' })
  expect(postingOf(c)).toMatchObject({ name: '刘爷爷', heard: 'phone' })
})

test('the strictest line speaks for all', () => {
  expect(merged([verdict(), null, verdict({ outcome: 'refused' }), verdict({ outcome: 'ask' })])?.outcome).toBe('refused')
  expect(merged([null])).toBeNull()
})
