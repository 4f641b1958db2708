import { createPinia, setActivePinia } from 'pinia'
import { expect, test, vi } from 'vitest'
import { createApp, h, nextTick } from 'vue'
import type { Robot } from '@/api/types'
import { i18n, loadLanguage, loadPart } from '@/locales'
import RobotCard from './RobotCard.vue'

const robot: Robot = {
  id: 'r1', name: '07 群', platform: 'webhook', state: 'on', grids: [{ id: 'g7', name: '微网格 07' }], given: ['address', 'secret'], style: '', gather_minutes: 30, digest_hour: 20,
  callback: 'https://linli.example/callback', queued: 0, dead: 0, failures: 2, failure: '410 Gone', failure_code: 'fail_gone', failed_at: null, sent_at: null, next_at: '', created_at: '', version: 1,
}

test('one robot of a webhook hears and is heard, and says in Chinese why it is not reached', async () => {
  await loadPart('robots')
  await loadLanguage('zh')
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ token: 'T-1' }), { headers: { 'Content-Type': 'application/json' } }))
  const pinia = createPinia()
  setActivePinia(pinia)
  document.body.innerHTML = '<div id="app"><div id="t"></div></div>'
  const app = createApp({ render: () => h(RobotCard, { robot }) })
  app.use(pinia).use(i18n).mount('#t')
  await nextTick()
  const said = () => document.body.textContent ?? ''
  expect(said()).toContain('连不上 2 次：群里的机器人不在了，或者密钥不对')
  expect(document.querySelector('.raw')!.textContent).toBe('410 Gone')
  expect(said()).toContain('20:00 小结')
  expect(said()).not.toContain(robot.callback)
  ;[...document.querySelectorAll('button')].find((b) => b.textContent?.includes('新令牌'))!.click()
  for (let i = 0; i < 5; i++) await new Promise((r) => setTimeout(r))
  expect(said()).toContain('T-1')
  app.unmount()
}, 30_000)
