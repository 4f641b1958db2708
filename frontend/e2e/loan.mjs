// A thermometer gun is lent, kept longer, and comes back wiped; its lender sees
// when, and never where.
import { audit, enterAs, overflow, picture } from './browser.mjs'
import { ask, offer } from './story.mjs'

const gun = { search: '额温枪', pick: /^额温枪/ }

async function press(page, name) {
  await page.getByRole('button', { name }).and(page.locator(':enabled')).first().click()
}

export async function playLoan({ asker, neighbour, worker }, browser, base, check) {
  await offer(neighbour, base, { item: gun })
  await neighbour.getByRole('radio', { name: /借/ }).and(neighbour.locator(':checked')).waitFor({ state: 'attached' })
  await neighbour.getByRole('button', { name: /^借出 1 把额温枪，3 天/ }).and(neighbour.locator(':enabled')).waitFor()
  await picture(neighbour, 'r3-offer-lend')
  check.clean('axe r3-offer-lend', await audit(neighbour))
  await press(neighbour, /^借出/)
  await neighbour.getByRole('heading', { name: '分享好了' }).waitFor()
  const lotPage = new URL(neighbour.url()).hash

  await ask(asker, base, { item: gun, who: '大人' })
  await press(asker, '发出去')
  await asker.getByText('有邻居借给你 额温枪 1 把').waitFor()
  await asker.getByText(/借 3 天，用完还到中转站/).waitFor()
  await picture(asker, 'r4-request-loan')
  check.clean('axe r4-request-loan', await audit(asker))
  await press(asker, '要，谢谢')
  await neighbour.goto(`${base}${lotPage}`)
  await press(neighbour, '我送到了')

  await worker.goto(`${base}#/today`)
  await worker.locator('.row').filter({ hasText: '核对 额温枪' }).getByRole('link', { name: /^核对/ }).click()
  await worker.getByText('擦干净了').waitFor()
  for (const yes of await worker.getByRole('radio', { name: '是', exact: true }).all()) await yes.check()
  await picture(worker, 'w2-check-in-loan')
  check.clean('axe w2-check-in-loan', await audit(worker))
  await press(worker, '收下，放进药箱')
  await asker.getByRole('heading', { name: '可以去取了' }).waitFor()
  await press(asker, '拿到了')

  await asker.getByRole('link', { name: /借出 · / }).click()
  await asker.getByRole('heading', { name: /借出 · / }).waitFor()
  await asker.getByText('擦过了').waitFor()
  const loanPage = new URL(asker.url()).hash
  await picture(asker, 'r9-loan')
  check.clean('axe r9-loan', await audit(asker))
  await press(asker, '再借几天')
  await asker.getByRole('dialog').getByText('再借 1 天').waitFor()
  await picture(asker, 'r9-loan-longer')
  await press(asker, '再借 1 天')
  await asker.getByRole('dialog').waitFor({ state: 'hidden' })
  await press(asker, '坏了或找不到了')
  await asker.getByText('没关系，不用赔').waitFor()
  await picture(asker, 'r9-loan-gone')
  check.clean('axe r9-loan-gone', await audit(asker, '.sheet'))
  await asker.keyboard.press('Escape')
  await asker.goto(`${base}#/`)
  await asker.getByText(/额温枪 1 把/).first().waitFor()
  await picture(asker, 'r1-home-loan')

  for (const look of [{ name: 'elder', theme: 'elder' }, { name: 'en', lang: 'en' }]) {
    const page = await browser.device(`张婆婆 loan ${look.name}`, look)
    await enterAs(page, base, '张婆婆')
    await page.locator('main').waitFor()
    await picture(page, `${look.name}-home-loan`)
    await page.goto(`${base}${loanPage}`)
    await page.locator('.hero').waitFor()
    await picture(page, `${look.name}-loan`)
    check.clean(`axe ${look.name} loan`, await audit(page))
    for (const [width, scale] of [[320, 1], [390, 1.4]]) {
      const wide = await overflow(page, width, scale)
      check.that(`${width} px, type × ${scale}: ${look.name} loan ${wide}`, wide === '')
    }
    await page.context().close()
  }

  await neighbour.getByRole('heading', { name: /借出 · / }).waitFor()
  check.that('the lender does not learn where it is', !(await neighbour.getByText(/栋/).count()))
  await picture(neighbour, 'r8-offer-lent')
  check.clean('axe r8-offer-lent', await audit(neighbour))

  await worker.goto(`${base}${loanPage}`)
  await worker.getByText('擦干净了').waitFor()
  check.that('what is not wiped is not taken back', await worker.getByRole('button', { name: '逐项核对后收下' }).isDisabled())
  for (const yes of await worker.getByRole('radio', { name: '是', exact: true }).all()) await yes.check()
  await picture(worker, 'w5-loan-return')
  check.clean('axe w5-loan-return', await audit(worker))
  await press(worker, '收回，放进药箱')
  await worker.getByRole('heading', { name: '还好了' }).waitFor()
  await picture(worker, 'w5-loan-back')
  await neighbour.getByText('还回来了，擦过、查过').waitFor()
  await press(neighbour, '我要拿回来')
  await press(neighbour, '收回')
  await worker.goto(`${base}#/today`)
  await worker.getByText('额温枪还给主人').waitFor()
  await picture(worker, 'w1-today-loan')
  check.clean('axe w1-today-loan', await audit(worker))
  await press(worker, '还给了')
  await neighbour.getByText('还给你了').waitFor()
  check.that('what was lent is back with its owner', true)
}
