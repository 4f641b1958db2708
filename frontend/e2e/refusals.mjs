// What is refused says why and where to go instead; danger comes first.
import { picture } from './browser.mjs'
import { ask, offer } from './story.mjs'

export async function playRefusals({ asker, neighbour, worker }, base, check) {
  const refused = async (page, name, words) => {
    await page.getByText(words).first().waitFor()
    await picture(page, name)
    check.that(`${name}: nothing can be sent`, await page.locator('.foot button').isDisabled())
  }

  await ask(asker, base, { item: { search: '阿莫西林', pick: /阿莫西林/ }, who: '大人' })
  await refused(asker, 'r2-refused-rx', '处方药要医生看过才能吃，不能互相给')
  await ask(asker, base, { item: { search: '复方甘草片', pick: /复方甘草片/ }, who: '大人' })
  await refused(asker, 'r2-refused-controlled', '管制')
  await ask(asker, base, { item: { search: '芬必得', pick: /布洛芬/ }, who: '孕妇' })
  await refused(asker, 'r2-ask-pregnant', '怀孕')
  await ask(asker, base, { item: { search: '美林', pick: /^布洛芬混悬液/ }, who: '孩子' })
  await asker.getByLabel('不到3个月').check()
  await refused(asker, 'r2-refused-baby', '不到 3 个月的宝宝发烧，今天就去看医生')

  await offer(neighbour, base, { item: { search: '美林', pick: /^布洛芬混悬液/ }, seal: '拆过了', year: 2027, month: 8 })
  await refused(neighbour, 'r3-refused-opened', '开过瓶就容易坏，请不要送给别人')
  await offer(neighbour, base, { item: { search: '对乙酰氨基酚', pick: /^对乙酰氨基酚( |$|药品)/ }, seal: '整盒没拆', year: 2025, month: 12 })
  await refused(neighbour, 'r3-refused-expired', '过期了，不能给人')
  await neighbour.getByRole('button', { name: '再加一样' }).click()
  await neighbour.getByText('这 1 样不能收').waitFor()

  await ask(asker, base, { item: { search: 'N95', pick: /95/ }, who: '大人' })
  await asker.getByRole('button', { name: '有这些情况' }).click()
  await asker.getByLabel('喘不上气').check()
  await picture(asker, 'r2-danger-signs')
  await asker.getByRole('button', { name: '有，先打 120' }).click()
  check.that('120 is a call', (await asker.getByRole('link', { name: '马上打 120' }).getAttribute('href')) === 'tel:120')
  await picture(asker, 'r2-danger')
  await asker.getByRole('button', { name: '告诉网格员' }).click()
  await asker.getByRole('heading', { name: '先打 120' }).waitFor()
  await picture(asker, 'r4-request-held')
  await worker.goto(`${base}#/today`)
  await worker.getByRole('heading', { name: '先顾人' }).waitFor()
  await picture(worker, 'w1-danger')
  await worker.getByRole('button', { name: '已联系，可以继续' }).click()
  await asker.getByRole('heading', { name: '还没配上' }).waitFor()
  await asker.getByRole('button', { name: '不要了' }).click()
  await asker.getByRole('dialog').getByRole('button', { name: '不要了' }).click()
  await asker.getByRole('heading', { name: '已经不找了' }).waitFor()
  await picture(asker, 'r4-request-cancelled')
}
