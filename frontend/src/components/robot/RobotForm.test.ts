import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, h, nextTick, type App } from 'vue'
import type { GridRef, Robot, Session } from '@/api/types'
import { i18n, loadLanguage, loadPart } from '@/locales'
import { useSession } from '@/stores/session'
import RobotForm from './RobotForm.vue'

const grid = (id: string, level: GridRef['level'], name: string): GridRef => ({ id, code: id, name, level, community: level === 'micro' ? '定江桥社区' : '', homes: 40 })
const city = grid('city', 'city', '崇州')
const robot: Robot = {
  id: 'r1', name: '07 群', platform: 'wecom', state: 'on', grids: [{ id: 'g7', name: '微网格 07' }], given: ['address', 'token'], style: '', gather_minutes: 45, digest_hour: 24,
  callback: '', queued: 0, dead: 0, failures: 0, failure: '', failure_code: '', failed_at: null, sent_at: null, next_at: '', created_at: '', version: 1,
}
const below: Record<string, { items: GridRef[]; next: string }> = {
  'city ': { items: [grid('g1', 'general', '定江桥社区'), grid('g2', 'general', '书院社区')], next: 'g2' },
  'city g2': { items: [grid('g3', 'general', '正东社区')], next: '' },
  'g3 ': { items: [grid('m1', 'micro', '微网格 01'), grid('m2', 'micro', '微网格 02')], next: '' },
}
let app: App
let sent: { path: string; body: Record<string, unknown> }[]
let done: number

async function open(props: { robot?: Robot }): Promise<void> {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().me = { person: { id: 'p1' }, roles: [{ kind: 'operator', grid: city }] } as unknown as Session
  document.body.innerHTML = '<div id="t"></div>'
  app = createApp({ render: () => h(RobotForm, { ...props, onDone: () => done++ }) })
  app.use(pinia).use(i18n).mount('#t')
  await settle()
}
const settle = async () => { for (let i = 0; i < 5; i++) await new Promise((r) => setTimeout(r)); await nextTick() }
async function write(selector: string, value: string): Promise<void> {
  const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(selector)!
  field.value = value
  field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input'))
  await settle()
}
async function press(words: string, within = 'button, label'): Promise<void> {
  const found = [...document.querySelectorAll<HTMLElement>(within)].filter((b) => b.textContent?.includes(words)).pop()
  if (!found) throw new Error(`no ${words}`)
  ;(found.querySelector('input') ?? found).click()
  await settle()
}

beforeEach(async () => {
  await loadPart('robots')
  await loadLanguage('zh')
  sent = []
  done = 0
  vi.stubGlobal('fetch', async (r: globalThis.Request) => {
    const url = new URL(r.url)
    if (r.method === 'POST') sent.push({ path: url.pathname, body: await r.json() as Record<string, unknown> })
    const answer = url.pathname.endsWith('/grids') ? below[`${url.searchParams.get('parent')} ${url.searchParams.get('cursor') ?? ''}`]
      : url.pathname.includes('/grids/') ? grid('g7', 'micro', '微网格 07') : robot
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
})
afterEach(() => app.unmount())

test('an operator above everything finds two micro-grids, and says when and how the group hears', async () => {
  await open({})
  await write('#robot-name', '01 群')
  await write('#robot-address', 'KEY')
  expect(document.querySelector<HTMLButtonElement>('.btn.p')!.disabled).toBe(true) // the whole city is no choice of ours
  await press('看下面')
  await write('input[type=search]', '正东') // on the second page
  await press('看下面')
  await press('微网格 01', 'label')
  await press('微网格 02', 'label')
  await press('1 小时', 'label')
  await press('纯文字', 'label')
  await write('#robot-digest', '0')
  await press('连上')
  expect(sent).toEqual([{ path: '/api/v1/robots', body: { name: '01 群', platform: 'wecom', grid_ids: ['m1', 'm2'], settings: { address: 'KEY', style: 'text' }, gather_minutes: 60, digest_hour: 0 } }])
  expect(done).toBe(1)
}, 30_000)

test('what is left empty stays as it was, and a secret is not shown', async () => {
  await open({ robot })
  expect(document.body.textContent).toContain('定江桥社区 · 微网格 07')
  expect(document.body.textContent).toContain('45 分钟')
  expect(document.querySelector<HTMLInputElement>('#robot-address')!.value).toBe('')
  await write('#robot-digest', '20')
  await write('#robot-token', 'NEW')
  await press('存下')
  expect(sent).toEqual([{ path: '/api/v1/robots/r1/edit', body: { name: '07 群', settings: { token: 'NEW' }, gather_minutes: 45, digest_hour: 20 } }])
})
