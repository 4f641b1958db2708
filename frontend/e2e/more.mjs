// The other ways it goes: an elder in three taps, a part from one neighbour, a
// decline, a substitute after its question, two who show each other the phone,
// and somebody new behind a door.
import { audit, enterAs, picture } from './browser.mjs'
import { ask, offer } from './story.mjs'

const mask = { search: 'N95', pick: /95/ }
const paracetamol = { search: '对乙酰氨基酚', pick: /^对乙酰氨基酚( |$|药品)/ }

async function press(page, name) {
  await page.getByRole('button', { name }).and(page.locator(':enabled')).click()
}

export async function playMore({ asker, neighbour, worker }, browser, base, check) {
  await elderInThreeTaps(browser, base, check)
  await partThenDecline(asker, neighbour, base)
  await contacts(asker, neighbour, base, check)
  await substitute(asker, neighbour, base)
  await newcomer(browser, worker, base, check)
}

async function elderInThreeTaps(browser, base, check) {
  const page = await browser.device('张婆婆 elder', { theme: 'elder' })
  await enterAs(page, base, '张婆婆')
  await page.getByRole('link', { name: /我需要药/ }).click()
  await page.getByRole('button', { name: /^退烧药/ }).click()
  const send = page.getByRole('button', { name: '上面都没有，发出去' })
  await send.and(page.locator(':enabled')).waitFor()
  await picture(page, 'r2-ask-elder-2')
  check.clean('axe r2-ask-elder-2', await audit(page))
  await send.click()
  // Four tablets lie in the box since the story: ready at once.
  await page.getByRole('heading', { name: '可以去取了' }).waitFor()
  await page.goto(`${base}#/`)
  await page.getByText('药到了，可以取').waitFor()
  await page.getByText(/^\d\d \d\d \d\d$/).waitFor()
  await picture(page, 'r5-home-elder')
  await page.getByRole('link', { name: '看怎么取' }).click()
  await page.getByRole('button', { name: '拿到了' }).click()
  await page.getByRole('heading', { name: '办好了' }).waitFor()
  check.that('the receiver herself may close it', true)
  await page.context().close()
}

async function partThenDecline(asker, neighbour, base) {
  await ask(asker, base, { item: mask, who: '大人', amount: '10 个' })
  await press(asker, '发出去')
  await asker.getByRole('heading', { name: '还没配上' }).waitFor()
  await offer(neighbour, base, { item: mask, seal: '整盒没拆' })
  await neighbour.getByRole('spinbutton').fill('6')
  await press(neighbour, /^分享 6/)
  await asker.getByText('先给你 6 个，还差 4 个').first().waitFor()
  await picture(asker, 'r4-request-part')
  await press(neighbour, '不方便了')
  await asker.getByRole('heading', { name: '还没配上' }).waitFor()
  await asker.getByText('没成，接着找').or(asker.getByText('那一份不成了，接着找')).first().waitFor()
  await picture(asker, 'r4-request-declined')
}

async function contacts(asker, neighbour, base, check) {
  await offer(neighbour, base, { item: mask, seal: '整盒没拆' })
  await neighbour.getByRole('spinbutton').fill('10')
  await press(neighbour, /^分享 10/)
  await asker.getByRole('heading', { name: '配上了' }).waitFor()
  await neighbour.getByRole('button', { name: '想直接联系对方？' }).click()
  await neighbour.getByRole('heading', { name: '让对方看到你的门牌和电话？' }).waitFor()
  await picture(neighbour, 'r6-consent')
  check.clean('axe r6-consent', await audit(neighbour, '[role=dialog]'))
  await press(neighbour, '同意给这一家')
  await neighbour.getByText('你同意了，等对方也同意。').waitFor()
  await neighbour.getByRole('button', { name: '关闭' }).click()
  const opener = neighbour.getByRole('button', { name: '已同意互看电话，等对方' })
  await opener.waitFor()
  check.that('the focus returns from the sheet', await opener.evaluate((e) => e === document.activeElement))
  await asker.getByRole('button', { name: '对方想和你互看电话' }).click()
  await press(asker, '同意给这一家')
  await press(asker, '显示')
  await asker.getByRole('dialog').getByRole('link', { name: /\d{4}/ }).waitFor()
  await picture(asker, 'r6-contact')
  await asker.getByRole('button', { name: '关闭' }).click()
  await press(asker, '不要了')
  await asker.getByRole('dialog').getByRole('button', { name: '不要了' }).click()
  await asker.getByRole('heading', { name: '已经不找了' }).waitFor()
}

async function substitute(asker, neighbour, base) {
  await ask(asker, base, { item: { search: '芬必得', pick: /布洛芬/ }, who: '大人' })
  await asker.getByLabel('都没有').check()
  await press(asker, '发出去')
  await asker.getByRole('heading', { name: '还没配上' }).waitFor()
  await offer(neighbour, base, { item: paracetamol, strength: '0.5 克', seal: '整板没破', year: 2027, month: 8 })
  await press(neighbour, /^分享 10/)
  await asker.getByRole('button', { name: '看一看' }).click()
  await asker.getByRole('button', { name: '答完再换' }).waitFor()
  await picture(asker, 'r6-substitute')
  for (const tick of await asker.getByRole('dialog').getByRole('checkbox').all()) await tick.check()
  await press(asker, '换这一份')
  await asker.getByRole('heading', { name: '配上了' }).waitFor()
}

async function newcomer(browser, worker, base, check) {
  await worker.goto(`${base}#/today`)
  const [sheet] = await Promise.all([worker.context().waitForEvent('page'), worker.getByRole('button', { name: '打印门码' }).click()])
  await sheet.waitForLoadState()
  const code = await sheet.locator('.code').last().innerText()
  await picture(sheet, 'w1-door-sheet')
  await sheet.close()
  const page = await browser.device('newcomer')
  await page.goto(`${base}#/door/${code.replace(/\s/g, '')}`)
  await page.getByLabel('怎么称呼').fill('李四')
  await page.getByLabel('手机号').fill('13800138000')
  await picture(page, 'r7-bind')
  await press(page, '这是我家，申请绑定')
  await page.getByText('门牌等网格员核实后才显示').waitFor()
  await picture(page, 'r7-bind-pending')
  await page.getByRole('link', { name: '先看看怎么保护隐私' }).click()
  await page.getByLabel(/我看过并同意/).check()
  await page.getByLabel(/单独同意/).check()
  await picture(page, 'r7-privacy')
  await press(page, '同意，继续')
  await page.getByRole('link', { name: /我需要药/ }).waitFor()
  await page.getByText('网格员核实前只能看，不能发').waitFor()
  await picture(page, 'r1-home-pending')
  await worker.getByRole('link', { name: /核实/ }).first().click()
  await worker.getByText('李四').waitFor()
  await picture(worker, 'w1-claims')
  await press(worker, '住这里，通过')
  await page.getByText('现在没有要办的事').waitFor()
  check.that('approval reaches the newcomer without a reload', true)
  await worker.goto(`${base}#/today`)
  await worker.getByRole('button', { name: '邀请志愿者' }).click()
  await worker.getByText(/#\/invitation\//).waitFor()
  await picture(worker, 'w1-invite')
  await worker.keyboard.press('Escape')
  await page.goto(`${base}#/privacy`)
  await press(page, '不再用邻里药箱')
  await page.getByText('会清空').waitFor()
  await picture(page, 'r7-leave')
  check.clean('axe r7-leave', await audit(page, '.sheet'))
  await press(page, '清空并退出')
  await page.waitForURL((u) => u.hash.startsWith('#/enter'))
  check.that('who leaves is signed out', true)
}
