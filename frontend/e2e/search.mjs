// Nothing lies near: a neighbour is asked and can help, the worker confirms and
// widens, and a decision that looks wrong is looked at again.
import { audit, enterAs, picture } from './browser.mjs'
import { ask } from './story.mjs'

const thermometer = { search: '电子体温计', pick: /电子体温计/ }

async function press(page, name) {
  await page.getByRole('button', { name }).and(page.locator(':enabled')).first().click()
}

export async function playSearch({ asker, neighbour, worker }, base, check) {
  await neighbour.goto(`${base}#/privacy`) // so that the hour of the day makes no difference
  await press(neighbour, /同意.*夜里急用/)
  await neighbour.getByRole('button', { name: /收回.*夜里急用/ }).waitFor()
  await picture(neighbour, 'r7-privacy-asks')
  await neighbour.goto(`${base}#/`)

  await ask(asker, base, { item: thermometer, who: '大人' })
  await asker.getByLabel('现在就要').check()
  await press(asker, '发出去')
  await asker.getByRole('heading', { name: '还没配上' }).waitFor()
  const request = new URL(asker.url()).hash
  await neighbour.getByText(/有邻居需要电子体温计/).waitFor()
  await picture(neighbour, 'r1-home-asked')
  check.clean('axe r1-home-asked', await audit(neighbour))
  await asker.getByText(/正在问 \d+ 位邻居/).waitFor()

  await press(asker, '觉得不对？请网格员看看')
  await asker.getByLabel(/哪里不对/).fill('孩子 39 度了 🤒')
  await picture(asker, 'r4-review-ask')
  await press(asker, '请她看看')
  await asker.getByText('网格员正在看').waitFor()
  await worker.goto(`${base}#/today`)
  await worker.getByText('孩子 39 度了').waitFor()
  await picture(worker, 'w1-today-review')
  check.clean('axe w1-today-review', await audit(worker))
  await worker.getByLabel(/回他一句/).fill('我去别处问问')
  await press(worker, '已经处理')
  await asker.getByText('我去别处问问').waitFor()
  await picture(asker, 'r4-review-told')
  await worker.goto(`${base}${request}`)
  await press(worker, '确认很急')
  await worker.getByText('已确认很急').waitFor()
  await picture(worker, 'w2-request-worker')
  check.clean('axe w2-request-worker', await audit(worker))
  await press(worker, '到更大范围找')
  await asker.getByText('到更大的范围找').first().waitFor()

  await neighbour.locator('.asked').filter({ hasText: '电子体温计' }).getByRole('link', { name: '我有', exact: true }).click()
  await neighbour.getByText('帮这位邻居').waitFor()
  await neighbour.getByRole('radio', { name: /^送/ }).check()
  await neighbour.getByLabel('整盒没拆').check()
  await picture(neighbour, 'r3-offer-asked')
  await press(neighbour, /^分享/)
  await asker.getByText(/有邻居愿意给你/).waitFor()
  await picture(asker, 'r4-request-proposed')
  await press(asker, '要，谢谢')
  await asker.getByRole('heading', { name: '配上了' }).waitFor()
  check.that('who was asked and who needs it have found each other', true)
}
