// 粘贴群消息: three messages of the residents' group are pasted in, checked and noted
// down, and stand on the neighbours' boards; the day is copied out.
import { audit, enterAs, overflow, picture } from './browser.mjs'

const group = `张婆婆 2026/11/30 09:58:01
求口罩10个，给老人用，1-2-201

李姐 2026/11/30 09:58:40
我妈喘不上气了，求布洛芬

1-2-201 张婆婆 2026/11/30 09:59:10
还想要一次性手套5双，给老人的

小赵 2026/11/30 10:01:44
晚上吃啥子哦

王师傅 2026/11/30 10:02:00
急求体温计1支，我自己用，3-2-501

周哥 2026/11/30 10:03:00
有没有退烧药`

export async function playPaste(browser, base, check, looks = [{}]) {
  for (const look of looks) await one(browser, base, check, look)
}

async function one(browser, base, check, { name = 'normal', post = true, ...look }) {
  const worker = await browser.device(`林月 paste ${name}`, look)
  await worker.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(base).origin })
  await enterAs(worker, base, '林月')
  await worker.locator('a[href="#/paste"]').waitFor()
  await worker.evaluate((text) => navigator.clipboard.writeText(text), group)
  await worker.locator('a[href="#/paste"]').click() // the first tap
  await worker.locator('article').nth(4).waitFor()
  check.that('danger comes first', await worker.locator('article').first().getByRole('link', { name: /120/ }).isVisible())
  await picture(worker, `paste-${name}`)
  check.clean(`axe a paste ${name}`, await audit(worker))
  for (const [width, scale] of [[320, 1], [390, 1.4]]) {
    const wide = await overflow(worker, width, scale)
    check.that(`${width} px, type × ${scale}: paste ${name} ${wide}`, wide === '')
  }
  if (!post) return worker
  const button = worker.getByRole('button', { name: '对，记下 3 条' })
  await button.click() // the second
  await worker.getByText('记下了', { exact: true }).nth(2).waitFor()
  await picture(worker, 'paste-done')
  check.that('what is half understood asks, and is not posted', await worker.locator('article', { hasText: '周哥' }).getByRole('button', { name: '复制回话' }).isVisible())
  await Promise.all([
    onBoard(browser, base, check, '王师傅', ['医用外科口罩 10', '一次性手套 5']),
    onBoard(browser, base, check, '张婆婆', ['电子体温计 1']),
  ])
  await worker.goto(`${base}#/today`)
  await worker.getByRole('button', { name: '今日汇总' }).click()
  await worker.getByText('已复制，去群里粘贴').first().waitFor()
  const card = await worker.evaluate(() => navigator.clipboard.readText())
  check.that('the day is copied, without a door or a name', /【邻里药箱】/.test(card) && /医用外科口罩/.test(card) && !/201|501|婆|师傅/.test(card))
  await picture(worker, 'w1-group')
  await worker.evaluate((text) => navigator.clipboard.writeText(text), group)
  await worker.locator('a[href="#/paste"]').click()
  await worker.getByText('记过了').nth(2).waitFor()
  check.that('pasted again, nothing is ticked', await worker.getByRole('button', { name: '先勾上要记的' }).isDisabled())
  return worker
}

async function onBoard(browser, base, check, who, needs) {
  const page = await browser.device(`${who} board`)
  await enterAs(page, base, who)
  for (const need of needs) await page.locator('.list .row', { hasText: need }).first().waitFor()
  check.that(`on the board of ${who}: ${needs.join('、')}`, true)
  await page.context().close()
}
