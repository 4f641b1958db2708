// The box: a whole bag is booked in item by item, the shelf shows it, a batch is
// called back and fetched, what may not be given leaves against a receipt, and the
// box is counted.
import { audit, enterAs, overflow, picture, snapshot } from './browser.mjs'
import { ask } from './story.mjs'
import { call } from './worker.mjs'

const mask = { search: 'N95', pick: /95/ }
const kit = { search: '抗原', pick: /抗原/ }

export const press = (page, name) => page.getByRole('button', { name }).and(page.locator(':enabled')).first().click()

/** Looks at the page that is open: axe, and no sideways scroll. */
export async function look(page, name, check) {
  await page.waitForFunction(() => !document.querySelector('.sk') && !document.querySelector('[aria-busy=true]') && [...document.querySelectorAll('.van-overlay')].every((o) => o.style.display === 'none'))
  await picture(page, name)
  check.clean(`axe ${name}`, await audit(page))
  for (const [width, scale] of [[320, 1], [390, 1.4]]) {
    const wide = await overflow(page, width, scale)
    check.that(`${width} px, type × ${scale}: ${name} ${wide}`, wide === '')
  }
}

async function fillLine(page, { item, units, batch }) {
  await page.getByRole('searchbox').fill(item.search)
  await page.getByRole('radio', { name: item.pick }).first().click()
  await page.getByRole('spinbutton').fill(String(units))
  await page.getByLabel('整盒没拆').check()
  for (const yes of await page.getByRole('radio', { name: '是', exact: true }).all()) await yes.check()
  if (!batch) return
  await page.getByRole('button', { name: /有效期到/ }).click()
  await page.getByLabel('2027 年').check()
  await page.getByRole('button', { name: '8 月', exact: true }).click()
  await page.getByLabel('批号').fill(batch)
}

export async function playBox(browser, base, check) {
  const [giver, asker, worker] = await Promise.all(['王师傅', '张婆婆', '林月'].map(async (name) => {
    const page = await browser.device(`${name} box`)
    await enterAs(page, base, name)
    return page
  }))
  const code = await postBag(giver, base, check)
  const box = await bookIn(worker, base, code, check)
  await giver.getByText('收下 1 样，没收 1 样').waitFor()
  await look(giver, 'r8-bag-done', check)
  await recall(asker, worker, base, box, check)
  await leave(worker, base, box, check)
  await count(worker, base, box, check)
  await cut(asker, worker, base, box, check)
  for (const page of [giver, asker, worker]) await page.context().close()
  await otherLooks(browser, base, box, check)
}

async function postBag(giver, base, check) {
  await giver.goto(`${base}#/offer`)
  await press(giver, /给一整袋/)
  await giver.getByRole('heading', { name: '给一整袋' }).waitFor()
  await picture(giver, 'r3-bag')
  await press(giver, '好，给我码')
  await giver.getByRole('heading', { name: '等你送来' }).waitFor()
  const shown = giver.getByText(/^\d\d \d\d \d\d$/)
  await shown.waitFor()
  await look(giver, 'r8-bag-code', check)
  return (await shown.innerText()).replaceAll(' ', '')
}

async function bookIn(worker, base, code, check) {
  await worker.goto(`${base}#/today`)
  await worker.getByText('一袋').first().waitFor()
  await picture(worker, 'w1-today-bag')
  await worker.getByRole('link', { name: /药箱/ }).click()
  await worker.getByRole('heading', { name: '共享小药箱' }).waitFor()
  await worker.getByRole('link', { name: /整袋/ }).click()
  await worker.getByText('输入对方报的 6 个数字').waitFor()
  const box = /box\/([0-9a-f-]{36})/.exec(worker.url())[1]
  await look(worker, 'w5-bags', check)
  await worker.keyboard.type(code)
  await worker.getByText('一样一样来').waitFor()
  await fillLine(worker, { item: kit, units: 3, batch: '24-A7' })
  await look(worker, 'w5-book-in', check)
  await press(worker, '收下，放进药箱')
  await worker.getByText('这次').waitFor()
  await worker.getByRole('searchbox').fill('美林')
  await worker.getByRole('radio', { name: /布洛芬/ }).first().click()
  await press(worker, /^不收$/)
  await worker.getByRole('heading', { name: '为什么不收？' }).waitFor()
  await worker.getByLabel(/东西留在这里/).check()
  await picture(worker, 'w5-refuse')
  await press(worker, '不收，告诉他')
  await worker.getByText('没收', { exact: true }).waitFor()
  await press(worker, '这一袋装完了')
  await worker.getByText(/放了|能放/).first().waitFor()
  await worker.goto(`${base}#/box/${box}/book-in`)
  await worker.getByLabel('村社买的').check()
  await fillLine(worker, { item: mask, units: 20 })
  await press(worker, '收下，放进药箱')
  await worker.getByText('这次').waitFor()
  await worker.goto(`${base}#/box/${box}`)
  await worker.getByText('停发 · 拆过封').waitFor()
  await look(worker, 'w5-box', check)
  return box
}

async function recall(asker, worker, base, box, check) {
  await ask(asker, base, { item: kit, who: '大人' })
  await press(asker, '发出去')
  await asker.getByRole('heading', { name: '可以去取了' }).waitFor()
  const request = asker.url()
  await press(asker, '拿到了')
  await asker.getByRole('heading', { name: '办好了' }).waitFor()
  await worker.goto(`${base}#/recalls`)
  await worker.getByText('召回一批药').waitFor()
  await worker.getByRole('searchbox').fill(kit.search)
  await worker.getByRole('radio', { name: kit.pick }).first().click()
  await worker.getByLabel('批号').fill('24a7')
  await worker.getByLabel(/为什么/).fill('厂家通知')
  await look(worker, 'w5-recalls', check)
  await press(worker, '召回这一批')
  await press(worker, /^召回$/)
  await worker.getByText('都停发了').first().waitFor()
  await look(worker, 'w5-recall', check)
  await asker.goto(request)
  await asker.getByText('这份药被召回，请先别吃，我们来取').waitFor()
  await look(asker, 'r4-recalled', check)
  await asker.goto(`${base}#/`)
  await asker.getByText('先别吃，我们来取').first().waitFor()
  check.that('what is recalled stands on the home page', true)
  await worker.goto(`${base}#/today`)
  await worker.getByRole('link', { name: /取回/ }).click()
  await press(worker, /^取回了/)
  await worker.getByRole('heading', { name: /抗原/ }).last().waitFor()
  await picture(worker, 'w5-collect')
  await worker.locator('.sheet').getByRole('button', { name: '取回了' }).click()
  await worker.getByText(/取回 1/).first().waitFor()
}

/** Six of ten that lie there in one pack: cut, labelled and photographed before they are given. */
async function cut(asker, worker, base, box, check) {
  const ten = { item_id: 'M004', quantity: 10, strength: '0.5 g', form: '片', pack_size: 10, batch: 'B7', expires_on: '2027-08', seal: 'box', sealed: true, readable: true, in_date: true, otc: true }
  await call(worker, 'POST', `/relays/${box}/book-in`, { from: 'community', lines: [ten] })
  const patient = { age: 'elder', answers: { liver: 'no', alcohol: 'no', 'taking:APAP': 'no' }, signs: [], fever: true, fever_days: 1 }
  const asked = await call(asker, 'POST', '/requests', { lines: [{ item_id: 'M004', quantity: 6, patient, urgency: 'today' }], way: 'relay' })
  const handover = asked.needs[0].matches[0].handover_id
  const { code } = await call(asker, 'GET', `/handovers/${handover}/code`)
  await worker.goto(`${base}#/hand-over?id=${handover}`)
  await worker.getByText('先剪开，贴标签').waitFor()
  check.that('no code is typed for what has no label', !(await worker.getByRole('group', { name: '数字键盘' }).count()))
  await look(worker, 'w3-label', check)
  await worker.getByLabel('拍说明书').setInputFiles(await snapshot(worker, '成人一次 1 片，间隔 4 至 6 小时'))
  await press(worker, '标签贴好了')
  await worker.getByRole('group', { name: '数字键盘' }).waitFor()
  await worker.keyboard.type(code)
  await worker.getByLabel('领的人满 18 岁').check()
  await press(worker, '确认交给她')
  await worker.getByText('办好了').first().waitFor()
}

async function leave(worker, base, box, check) {
  await worker.goto(`${base}#/box/${box}/recovery`)
  await worker.getByLabel(/交给谁/).fill('怀远大药房')
  await worker.getByLabel('对方回执的编号').fill('2026-0117')
  await look(worker, 'w5-recovery', check)
  await press(worker, '交了，存下回执')
  await worker.getByText('回收方签字').waitFor()
  await look(worker, 'w5-receipt', check)
}

async function count(worker, base, box, check) {
  await worker.goto(`${base}#/box/${box}/count`)
  await worker.getByText('一份一份数').waitFor()
  await press(worker, /数目不对/)
  await worker.getByRole('spinbutton').first().fill('18')
  await worker.getByLabel('没找到').check()
  await look(worker, 'w5-count', check)
  await worker.reload()
  await worker.getByText('一份一份数').waitFor()
  check.that('what was counted is kept on the phone', await worker.locator('.chip.warn').first().isVisible())
  for (const card of await worker.locator('.card:not(.done)').filter({ has: worker.getByRole('button', { name: /数对了/ }) }).all()) await card.getByRole('button', { name: /数对了/ }).click()
  await press(worker, '盘点完了')
  await worker.getByText(/放了|能放/).first().waitFor()
  await worker.getByRole('link', { name: /18 个/ }).click()
  await worker.getByText(/盘点没找到/).waitFor()
  await look(worker, 'w5-chain', check)
}

/** The pages of the box in the large version and in English. */
async function otherLooks(browser, base, box, check) {
  for (const device of [{ name: 'elder', theme: 'elder' }, { name: 'en', lang: 'en' }]) {
    const page = await browser.device(`box ${device.name}`, device)
    await enterAs(page, base, '林月')
    for (const path of [`/box/${box}`, `/box/${box}/bags`, `/box/${box}/book-in`, `/box/${box}/count`, `/box/${box}/recovery`, '/recalls']) {
      await page.goto(`${base}#${path}`)
      await page.locator('.card, .opt, .fld').first().waitFor()
      await look(page, `${device.name}-${path.slice(1).replace(`/${box}`, '').replaceAll('/', '-')}`, check)
    }
    await page.context().close()
  }
}
