// A worker's round: planned, walked door by door, also without a net; and what
// becomes of a bag that nobody collects.
import { audit, enterAs, openBrowser, picture, snapshot } from './browser.mjs'
import { look, press } from './box.mjs'
import { startServer } from './server.mjs'
import { call } from './worker.mjs'

const antigen = 'M123'
const kit = (quantity, age = 'elder') => ({ item_id: antigen, quantity, patient: { age }, urgency: 'today' })
const yes = { sealed: true, readable: true, in_date: true, otc: true, expires_on: '2027-12', batch: 'B1' }

/** The community's own kits lie in the box: whoever asks has them ready at once. */
async function stock(worker, quantity) {
  const grid = (await call(worker, 'GET', '/session')).roles.find((r) => r.kind === 'worker').grid.id
  const due = await call(worker, 'GET', `/grids/${grid}/round-due`)
  await call(worker, 'POST', `/relays/${due.relays[0].id}/book-in`, { from: 'community', lines: [{ item_id: antigen, quantity, seal: 'box', ...yes }] })
}

async function phones(browser, base, ...names) {
  return Promise.all(names.map(async (name) => {
    const page = await browser.device(`${name} round`)
    await enterAs(page, base, name)
    return page
  }))
}

const handoverOf = async (page, request) => (await call(page, 'GET', `/requests/${request}`)).needs[0].matches[0].handover_id

export async function playRound(browser, base, check) {
  const [asker, neighbour] = await phones(browser, base, '张婆婆', '王师傅')
  const worker = await browser.device('林月 round', { broken: true }) // she loses the net
  await enterAs(worker, base, '林月')
  await stock(worker, 10)
  const door = await call(asker, 'POST', '/requests', { lines: [kit(2)], way: 'door' })
  const leave = await call(neighbour, 'POST', '/requests', { lines: [kit(1, 'adult')], way: 'leave' })
  await asker.goto(`${base}#/requests/${door.id}`)

  await worker.goto(`${base}#/today`)
  await worker.getByRole('link', { name: /路线/ }).first().click()
  await worker.getByRole('link', { name: '安排一趟' }).click()
  await worker.getByText('这一趟办什么').waitFor()
  await look(worker, 'w4-plan', check)
  await press(worker, '排好路线')
  await worker.getByRole('button', { name: '出发' }).waitFor()
  check.that('no door is shown before she sets out', !(await worker.getByText('张婆婆').count()))
  await press(worker, '出发')
  await worker.getByText('这一站').waitFor()
  await worker.getByText(/张婆婆/).first().waitFor()
  await look(worker, 'w4-round', check)
  await asker.getByText(/大约.*送到/).first().waitFor()
  check.that('she reads when it comes', true)
  check.that('no number is on the round', !/1\d{10}/.test(await worker.innerText('main')))

  const current = () => worker.locator('.st .cur').innerText()
  if (/放门口/.test(await current())) await toTheEnd(worker)
  await knock(worker, asker, door, base, check)
  await leaveAtDoor(worker, check)
  await worker.getByText('走完了').first().waitFor()
  await picture(worker, 'w4-over')
  await press(worker, '走完了')
  await worker.getByText('现在没有路线').waitFor()
  await look(worker, 'w4-none', check)
  await neighbour.goto(`${base}#/requests/${leave.id}`)
  await neighbour.getByRole('heading', { name: '办好了' }).waitFor()
  check.that('what was left at the door is closed by its photo', true)
  await lastLooks(browser, base, check)
}

async function toTheEnd(worker) {
  await press(worker, '没办成')
  await worker.getByLabel('没人在家').check()
  await press(worker, '放到最后')
  await worker.locator('.st .cur', { hasText: '敲门' }).waitFor()
}

/** In the stairwell there is no net: digits must wait, her picture is scanned and kept. */
async function knock(worker, asker, request, base, check) {
  const { code } = await call(asker, 'GET', `/handovers/${await handoverOf(asker, request.id)}/code`)
  await asker.goto(`${base}#/requests/${request.id}`)
  const qr = asker.getByRole('img', { name: /取药二维码/ })
  await qr.waitFor()
  const photo = await qr.screenshot({ scale: 'css' })
  await worker.context().setOffline(true)
  await worker.getByText('没有网').first().waitFor()
  await press(worker, /^第 \d 站办好了/)
  await worker.getByText('请对方报 6 个数字').waitFor()
  await picture(worker, 'w4-door')
  check.clean('axe w4-door', await audit(worker, '.sheet'))
  for (const digit of code) await worker.getByRole('button', { name: digit, exact: true }).click()
  await worker.getByText(/这样交要有网/).waitFor()
  await worker.evaluate(() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') } })
  await press(worker, '扫对方的码')
  await worker.locator('input[type=file]').last().setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: photo })
  await worker.getByText('扫到了取药码').waitFor()
  await press(worker, '确认交给她')
  await worker.getByText('已存好，有网自动发').first().waitFor()
  await picture(worker, 'w4-waits')
  await worker.context().setOffline(false)
  await asker.getByRole('heading', { name: '办好了' }).waitFor()
  await worker.locator('.st').getByText('已存好，有网自动发').first().waitFor({ state: 'detached' }) // what was spoken stays
  check.that('a door that was done without a net is sent by itself', true)
}

async function leaveAtDoor(worker, check) {
  await worker.locator('.st .cur', { hasText: '放门口' }).waitFor()
  await press(worker, /^第 \d 站办好了/)
  await press(worker, /没有取药码/)
  await worker.getByLabel('放在门口').check()
  const give = worker.getByRole('button', { name: '确认交给她' })
  check.that('nothing counts as left without its photo', await give.isDisabled())
  await worker.getByLabel('拍一下袋子').setInputFiles(await snapshot(worker, '门口的袋子'))
  await worker.getByText('再拍一张').waitFor()
  await picture(worker, 'w4-left')
  check.clean('axe w4-left', await audit(worker, '.sheet'))
  await give.and(worker.locator(':enabled')).click()
}

/** The pages of the round in the large version, in English and on a desk. */
async function lastLooks(browser, base, check) {
  for (const device of [{ name: 'elder', theme: 'elder' }, { name: 'en', lang: 'en' }, { name: 'desk', width: 1280, height: 800 }]) {
    const page = await browser.device(`round ${device.name}`, device)
    await enterAs(page, base, '林月')
    for (const path of ['/round', '/round/plan']) {
      await page.goto(`${base}#${path}`)
      await page.locator('.card').first().waitFor()
      await look(page, `${device.name}${path.replaceAll('/', '-')}`, check)
    }
    await page.context().close()
  }
}

/** Two days later, by the clock of the example: it went back, and the next has it. */
export async function playUncollected(check) {
  const first = await startServer()
  let browser = await openBrowser(first.base)
  const [asker, neighbour, worker] = await phones(browser, first.base, '张婆婆', '王师傅', '林月')
  await stock(worker, 2)
  const late = await call(asker, 'POST', '/requests', { lines: [kit(2)], way: 'relay' })
  const next = await call(neighbour, 'POST', '/requests', { lines: [kit(2, 'adult')], way: 'relay' })
  await asker.goto(`${first.base}#/requests/${late.id}`)
  await asker.getByRole('heading', { name: '可以去取了' }).waitFor()
  await neighbour.goto(`${first.base}#/requests/${next.id}`)
  await neighbour.getByRole('heading', { name: '还没配上' }).waitFor()
  await browser.close()
  await first.stop({ keep: true })

  const later = await startServer({ folder: first.folder, ahead: '48h' })
  browser = await openBrowser(later.base)
  try {
    const [her, him] = await phones(browser, later.base, '张婆婆', '王师傅')
    await him.goto(`${later.base}#/requests/${next.id}`)
    await him.getByRole('heading', { name: '可以去取了' }).waitFor()
    check.that('what nobody collected goes back, and the next need has it', true)
    await her.goto(`${later.base}#/requests/${late.id}`)
    await her.locator('.card').first().waitFor()
    await look(her, 'r4-uncollected', check)
    check.clean('no error in the server two days later', later.errors())
  } catch (e) {
    await browser.pictures('stopped-uncollected')
    throw e
  } finally {
    await browser.close()
    await later.stop()
  }
}
