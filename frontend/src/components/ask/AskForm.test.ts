import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick, type App } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Item, NewRequest, Patient, Session, Verdict } from '@/api/types'
import { useAsk } from '@/composables/ask'
import { i18n, loadLanguage } from '@/locales'
import { useSession } from '@/stores/session'
import AskForm from './AskForm.vue'

const fever: Item = { id: 'M140', name: '退烧药', name_en: 'Fever medicine', kind: 'class', unit: '片', packs: [], share: 'yes', evidence: 'otc', lend: false }
const amoxicillin: Item = { ...fever, id: 'M105', name: '阿莫西林', kind: 'drug', share: 'doctor' }
const verdict = (more: Partial<Verdict>): Verdict => ({ outcome: 'ok', reasons: [], go: '', questions: [], warnings: [], items: [], ceiling: 12, ...more })

let app: App
let ask: ReturnType<typeof useAsk>
let sent: { path: string; body: unknown; key: string | null }[]

/** The server's side of the form: it asks about the liver, and knows amoxicillin. */
function screen({ item_id, patient }: { item_id: string; patient: Patient }): Verdict {
  if (item_id === amoxicillin.id) return verdict({ outcome: 'doctor', reasons: [{ code: 'rx', args: {} }], go: 'doctor' })
  if (patient.answers.liver === 'yes') return verdict({ outcome: 'doctor', reasons: [{ code: 'avoid.liver', args: {} }], go: 'doctor' })
  if (patient.answers.liver === undefined) return verdict({ outcome: 'ask', reasons: [{ code: 'needs_answer', args: {} }], questions: [{ key: 'liver', blocks: true }] })
  return verdict({})
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(500)
  await nextTick()
}
const text = () => document.body.textContent ?? ''
const footer = () => document.querySelector<HTMLButtonElement>('.foot button')!
async function tick(label: string): Promise<void> {
  const found = [...document.querySelectorAll('label')].find((l) => l.textContent?.trim() === label)
  found!.querySelector('input')!.click()
  await settle()
}

beforeEach(async () => {
  vi.useFakeTimers()
  await loadLanguage('zh')
  sent = []
  vi.stubGlobal('fetch', async (r: globalThis.Request) => {
    const path = new URL(r.url).pathname
    const body: unknown = r.method === 'POST' ? await r.json() : null
    if (r.method === 'POST') sent.push({ path, body, key: r.headers.get('Idempotency-Key') })
    const answer = path.endsWith('/screenings')
      ? screen((body as { line: { item_id: string; patient: Patient } }).line)
      : path.endsWith('/requests') ? { id: 'r1', needs: [], timeline: [], refused: [], posted_by_me: true } : { items: [], next: '' }
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().me = { person: { id: 'p1' }, consents: { terms: true, health: true, board: true }, household: { building: '1 栋', door: '' }, catalogue: { reviewed: false }, relay: null, roles: [] } as unknown as Session
  document.body.innerHTML = '<div id="t"></div>'
  const page = defineComponent(() => {
    ask = useAsk({ who: '' })
    return () => h(AskForm, { ask, onSend: () => void ask.send() })
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: page }] })
  app = createApp(page).use(pinia).use(i18n).use(router)
  app.mount('#t')
  await settle()
})
afterEach(() => {
  app.unmount()
  vi.useRealTimers()
})

test('nothing can be sent before item, person and every question are known', async () => {
  expect(footer().disabled).toBe(true)
  ask.form.item = fever
  await settle()
  expect(footer().textContent).toContain('选一下给谁用')
  await tick('老人')
  expect(text()).toContain('有肝病吗？')
  expect(footer().disabled).toBe(true)
  await tick('都没有')
  expect(footer().disabled).toBe(false)
})

test('what is sent says no to what was asked, once, under one key', async () => {
  ask.form.item = fever
  await tick('老人')
  await tick('都没有')
  footer().click()
  footer().click()
  await settle()
  const posts = sent.filter((s) => s.path.endsWith('/requests'))
  expect(posts).toHaveLength(1)
  expect(posts[0]!.key).toMatch(/^[0-9a-f]{32}$/)
  const line = (posts[0]!.body as NewRequest).lines[0]!
  expect(line).toMatchObject({ item_id: 'M140', quantity: 4, urgency: 'today', patient: { age: 'elder', answers: { liver: 'no' } } })
})

test('a yes leads to the doctor and nothing is sent', async () => {
  ask.form.item = fever
  await tick('老人')
  await tick('有肝病吗？')
  expect(text()).toContain('有肝病，不要自己用这个药，请问医生')
  expect(footer().disabled).toBe(true)
})

test('one tick is no answer to the other questions', async () => {
  ask.form.item = fever
  await tick('老人')
  await tick('已经发烧超过三天')
  expect(text()).toContain('其余都没有')
  expect(ask.unanswered.value).toBe(true)
})

test('a prescription drug is refused with its reason', async () => {
  ask.form.item = amoxicillin
  await tick('大人')
  expect(text()).toContain('处方药要医生看过才能吃，不能互相给')
  expect(footer().disabled).toBe(true)
})

test('another person is asked anew: an old no does not count for her', async () => {
  ask.form.item = fever
  await tick('老人')
  await tick('都没有')
  await tick('孕妇')
  expect(ask.unanswered.value).toBe(true)
  expect(ask.patient.value.answers).toEqual({ pregnant: 'yes' })
  expect(ask.form.private).toBe(true)
})
