// Running things: a relay point has a day off, stops and opens again; a group chat is
// connected, fails, is changed and taken away.
import { audit, enterAs, picture } from './browser.mjs'
import { look, press } from './box.mjs'
import { call } from './worker.mjs'

export async function playKeeping(browser, base, check) {
  const [worker, resident] = await Promise.all(['林月', '王师傅'].map(async (name) => {
    const page = await browser.device(`${name} keep`)
    await enterAs(page, base, name)
    return page
  }))
  await playPoint(worker, resident, base, check)
  await playRobot(worker, base, check)
  for (const page of [worker, resident]) await page.context().close()
}

async function playPoint(worker, resident, base, check) {
  const grid = (await call(worker, 'GET', '/session')).roles.find((r) => r.kind === 'worker').grid.id
  const point = (await call(worker, 'GET', `/grids/${grid}/round-due`)).relays[0].id
  await worker.goto(`${base}#/relays/${point}`)
  await worker.getByRole('heading', { name: '开着' }).waitFor()
  await press(worker, '加一天')
  await worker.getByLabel('明天').check()
  await worker.getByLabel(/^为什么/).fill('去接种点帮忙')
  await picture(worker, 'w7-day-off')
  await worker.locator('.sheet').getByRole('button', { name: '加上' }).click()
  await worker.getByText('不开 · 去接种点帮忙').waitFor()
  await worker.getByRole('button', { name: '暂停', exact: true }).click()
  await worker.getByRole('heading', { name: '先停一停？' }).waitFor()
  check.that('no point stops without a reason', await worker.getByRole('button', { name: '暂停，告诉大家' }).isDisabled())
  await worker.getByLabel('负责人暂时不在').check()
  await picture(worker, 'w7-pause')
  await worker.getByRole('button', { name: '暂停，告诉大家' }).click()
  await worker.getByRole('heading', { name: '暂停了' }).waitFor()
  await look(worker, 'w7-paused', check)
  await resident.goto(`${base}#/`)
  await resident.getByText(/中转站暂停了/).waitFor()
  await look(resident, 'r1-paused', check)
  await press(worker, '再开')
  await worker.getByRole('heading', { name: '开着' }).waitFor()
  await resident.getByText(/中转站暂停了/).waitFor({ state: 'detached' })
  check.that('a resident sees at once that the point has stopped, and that it is open again', true)
}

async function playRobot(worker, base, check) {
  await worker.goto(`${base}#/robots`)
  await worker.getByText('还没有连上的群').waitFor()
  await press(worker, '连一个群')
  await worker.getByLabel('其他', { exact: true }).check()
  await worker.getByLabel(/^叫什么/).fill('社区值班群')
  await worker.getByLabel(/^地址/).fill('https://127.0.0.1:9/hook')
  await worker.getByLabel(/^密钥/).fill('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  await picture(worker, 'w8-robot')
  check.clean('axe a group to connect', await audit(worker, '.sheet'))
  await press(worker, '连上')
  await worker.getByText('还没有发过').waitFor()
  await press(worker, '发一条测试')
  await worker.getByRole('button', { name: '在路上了' }).waitFor()
  await worker.waitForFunction(async () => {
    const token = sessionStorage.getItem('linli.token') ?? localStorage.getItem('linli.token')
    const { items } = await fetch('/api/v1/robots', { headers: { Authorization: `Bearer ${token}` } }).then((r) => r.json())
    return items[0].failures > 0
  }, null, { polling: 200 })
  await worker.reload()
  await worker.getByText(/在不让访问的内部网络里/).waitFor()
  check.that('an address in a private network is not asked, and the page says why', true)
  await look(worker, 'w8-robot-fails', check)
  await press(worker, '改设置')
  await worker.getByLabel(/^叫什么/).fill('社区值班群 2')
  await press(worker, '存下')
  await worker.getByRole('heading', { name: '社区值班群 2', exact: true }).waitFor()
  await press(worker, '断开')
  await worker.locator('.sheet').getByRole('button', { name: '断开' }).click()
  await worker.getByText('还没有连上的群').waitFor()
  check.that('a group that was taken away is gone', true)
}
