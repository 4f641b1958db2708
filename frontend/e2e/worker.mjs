// The worker's phone where it is hard: no net, a camera that shows a code, a
// neighbour without a phone, one who is only reached by a word.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit, enterAs, openBrowser, picture } from './browser.mjs'

const antigen = 'M123'

/** Calls the server as whoever is signed in on that phone. */
export const call = (page, method, path, body) => page.evaluate(async ([m, p, b]) => {
  const answer = await fetch(`/api/v1${p}`, {
    method: m, body: b && JSON.stringify(b),
    headers: { Authorization: `Bearer ${sessionStorage.getItem('linli.token')}`, 'Content-Type': 'application/json', 'Idempotency-Key': Math.random().toString(36) },
  })
  if (!answer.ok) throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}, [method, path, body])

/** Two antigen kits wait for 张婆婆: her code, and the hand-over. */
async function readyOne({ asker, neighbour, worker }) {
  const asked = await call(asker, 'POST', '/requests', { lines: [{ item_id: antigen, quantity: 2, patient: { age: 'elder' }, urgency: 'today' }], way: 'relay' })
  const given = await call(neighbour, 'POST', '/offers', { lots: [{ item_id: antigen, quantity: 2, seal: 'box', expires_on: '2027-12' }], way: 'relay' })
  const lot = given.lots[0].id
  await call(neighbour, 'POST', `/lots/${lot}/hand-in`)
  await call(worker, 'POST', `/lots/${lot}/check-in`, { sealed: true, readable: true, in_date: true, otc: true, expires_on: '2027-12', batch: 'B1', counted: 2, labelled: true })
  const { needs } = await call(asker, 'GET', `/requests/${asked.id}`)
  const handover = needs[0].matches[0].handover_id
  return { request: asked.id, handover, ...(await call(asker, 'GET', `/handovers/${handover}/code`)) }
}

/** A film of one picture, as Chromium's camera plays it. */
function filmOf(svg) {
  const [width, height, size] = [640, 480, 9]
  const light = Buffer.alloc(width * height, 200)
  const modules = Number(/viewBox="0 0 (\d+)/.exec(svg)[1])
  const [left, top] = [Math.floor((width - modules * size) / 2), Math.floor((height - modules * size) / 2)]
  for (let y = 0; y < modules * size; y++) light.fill(255, (top + y) * width + left, (top + y) * width + left + modules * size)
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let row = y * size; row < (Number(y) + 1) * size; row++) light.fill(0, (top + row) * width + left + x * size, (top + row) * width + left + (Number(x) + Number(run)) * size)
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc((width * height) / 2, 128)])
  const file = join(mkdtempSync(join(tmpdir(), 'linli-film-')), 'code.y4m')
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]))
  return file
}

const confirm = (page) => page.getByRole('button', { name: '确认交给她' }).click()

export async function playWorker(people, base, check) {
  await aWord(people, base, check)
  await onBehalf(people.worker, base, check)
  await offline(people, base, check)
}

async function aWord({ asker, worker }, base, check) {
  const asked = await call(asker, 'POST', '/requests', { lines: [{ item_id: 'M128', quantity: 1, patient: { age: 'elder' }, urgency: 'now' }], way: 'relay' })
  await worker.goto(`${base}#/today`)
  const card = worker.locator('.urg', { hasText: /现在就要/ }).first()
  await card.getByRole('button', { name: '现在就扩圈' }).click()
  await worker.getByRole('dialog').getByRole('button', { name: /崇州/ }).waitFor()
  await picture(worker, 'w1-widen')
  check.clean('axe the ladder', await audit(worker, '.sheet'))
  await worker.keyboard.press('Escape')
  await card.getByRole('button', { name: '请回话' }).click()
  await worker.getByRole('button', { name: '请给中转站回个话' }).click()
  await asker.goto(`${base}#/`)
  await asker.getByText('网格员请你给中转站回个话').waitFor()
  await picture(asker, 'r1-message')
  check.clean('axe a message', await audit(asker))
  await asker.getByRole('button', { name: '晚点' }).click()
  await worker.getByText('回了：晚点').first().waitFor()
  check.that('no number is on either page', !/1\d{10}/.test(await worker.innerText('main') + await asker.innerText('main')))
  await picture(worker, 'w1-today')
  await call(asker, 'POST', `/needs/${asked.needs[0].id}/cancel`)
}

async function onBehalf(worker, base, check) {
  await worker.goto(`${base}#/on-behalf`)
  await worker.getByRole('searchbox', { name: '几栋几单元几号' }).fill('2栋1单元2')
  await worker.getByRole('button', { name: /^2 栋 1单元 2/ }).first().click()
  await worker.getByLabel('怎么称呼').fill('刘爷爷')
  await worker.getByRole('searchbox').last().fill('阿莫西林')
  await worker.getByRole('radio', { name: /^阿莫西林/ }).first().click()
  await worker.getByLabel('老人', { exact: true }).check()
  check.that('nothing is sent before she has asked', await worker.getByRole('button', { name: '先问一句，再发' }).isDisabled().catch(() => false) || await worker.getByRole('button', { name: '先不发，打给医生' }).isVisible())
  await worker.getByLabel('当面说可以').check()
  await worker.getByRole('button', { name: '先不发，打给医生' }).waitFor()
  await picture(worker, 'w6-on-behalf')
  check.clean('axe on behalf', await audit(worker))
  await worker.getByRole('searchbox').last().fill('一次性手套')
  await worker.getByRole('radio', { name: /^一次性手套/ }).first().click()
  await worker.getByLabel('我送到门口').check()
  await worker.getByRole('button', { name: '发给网格员' }).and(worker.locator(':enabled')).click()
  await worker.getByRole('heading', { name: '还没配上' }).waitFor()
  await worker.goto(`${base}#/today`)
  await worker.getByText(/2 栋 · 一次性手套/).first().waitFor()
  check.that('who has no phone is posted for', true)
}

async function offline(people, base, check) {
  const { asker, worker } = people
  const first = await readyOne(people)
  const phones = await openBrowser(base, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${filmOf(first.qr)}`])
  const phone = await phones.device('林月 offline', { broken: true })
  try {
    await enterAs(phone, base, '林月')
    await phone.getByText('实时更新').waitFor()
    await phone.getByText(/来取/).first().waitFor()
    await phone.waitForLoadState('networkidle')
    await phone.context().setOffline(true)
    await phone.getByText('没有网').first().waitFor()
    await picture(phone, 'w1-offline')
    await phone.getByRole('link', { name: '扫码交接' }).click()
    await phone.getByText('扫到了取药码').waitFor()
    await picture(phone, 'w3-scanned-offline')
    await confirm(phone)
    await phone.getByText('等着发送').first().waitFor()
    await picture(phone, 'w3-waits')
    check.clean('axe what waits', await audit(phone))
    await phone.getByRole('button', { name: '扫对方的取药码' }).click()
    await phone.getByText('已经交接过了，等着发送').first().waitFor()
    check.that('the same code is not taken twice on one phone', true)
    await phone.getByRole('link', { name: '今日' }).click()
    await phone.getByText('等着发送').first().waitFor()
    await asker.goto(`${base}#/requests/${first.request}`)
    await asker.getByRole('heading', { name: '可以去取了' }).waitFor()
    await phone.context().setOffline(false)
    await asker.getByRole('heading', { name: '办好了' }).waitFor()
    await phone.getByText('等着发送').first().waitFor({ state: 'detached' })
    check.that('what was confirmed offline is sent by itself', true)

    const second = await readyOne(people)
    await asker.goto(`${base}#/requests/${second.request}`)
    const photo = await asker.getByRole('img', { name: /取药二维码/ }).screenshot({ scale: 'css' })
    await phone.goto(`${base}#/hand-over`)
    await phone.getByText(/等人来取 ?\d/).first().waitFor()
    await phone.context().setOffline(true)
    await phone.getByText('没有网').first().waitFor()
    for (const digit of second.code) await phone.getByRole('button', { name: digit, exact: true }).click()
    await phone.getByText(/这样交要有网/).waitFor()
    await phone.getByRole('button', { name: '清空' }).click()
    await phone.evaluate(() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') } })
    await phone.getByRole('button', { name: '扫对方的取药码' }).click()
    await phone.getByText('相机没有允许。').waitFor()
    await picture(phone, 'w3-no-camera')
    check.clean('axe without a camera', await audit(phone, '.sheet'))
    await phone.locator('input[type=file]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: photo })
    await phone.getByText('扫到了取药码').waitFor()
    check.that('a photo of the code is as good as the camera', true)
    await confirm(phone)
    await phone.getByText('等着发送').first().waitFor()
    await call(worker, 'POST', `/handovers/${second.handover}/give`, { code: second.code, adult: true })
    await phone.context().setOffline(false)
    await phone.getByText('这个码用了两次，算一份损失').first().waitFor()
    await picture(phone, 'w3-twice')
    await phone.getByRole('button', { name: '知道了，收起来' }).click()
    await worker.goto(`${base}#/today`)
    await worker.getByText('算损失 1 份').waitFor()
    check.that('a code used twice is told to both and counted once', true)
  } catch (e) {
    await phones.pictures('stopped-offline')
    throw e
  } finally {
    await phones.close()
  }
}
