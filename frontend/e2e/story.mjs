// The story of the first exchange, played on three phones as people would.
import { audit, enterAs, picture, snapshot } from './browser.mjs'

const withinMs = 1000

export async function ask(page, base, { item, who, amount, note }) {
  await page.goto(`${base}#/ask`)
  await page.getByRole('searchbox').fill(item.search)
  await page.getByRole('radio', { name: item.pick }).first().click()
  await page.getByLabel(who, { exact: true }).check()
  if (note) await page.getByLabel('补充一句').fill(note)
  if (amount) await page.getByLabel(amount, { exact: true }).check()
}

export async function offer(page, base, { item, strength, seal, year, month }) {
  await page.goto(`${base}#/offer`)
  await page.getByRole('searchbox').fill(item.search)
  await page.getByRole('radio', { name: item.pick }).first().click()
  if (strength) await page.getByLabel('规格').fill(strength)
  if (year) {
    await page.getByRole('button', { name: /有效期到/ }).click()
    await page.getByLabel(`${year} 年`).check()
    await page.getByRole('button', { name: `${month} 月`, exact: true }).click()
  }
  if (seal) await page.getByLabel(seal).check()
}

const paracetamol = { search: '对乙酰氨基酚', pick: /^对乙酰氨基酚( |$|药品)/ }
const fever = { search: '退烧药', pick: /^退烧药/ }

export async function playStory(browser, base, check) {
  const [asker, neighbour, worker] = await Promise.all(['张婆婆', '王师傅', '林月'].map(async (name) => {
    const page = await browser.device(name)
    await enterAs(page, base, name)
    return page
  }))
  await asker.getByRole('link', { name: /我需要药/ }).waitFor()
  await picture(asker, 'r1-home-empty')

  await ask(asker, base, { item: fever, who: '老人' })
  await asker.getByLabel('都没有').check()
  await asker.getByLabel('6 片', { exact: true }).check()
  const send = asker.getByRole('button', { name: '发出去' })
  await send.and(asker.locator(':enabled')).waitFor()
  await picture(asker, 'r2-ask')
  await send.click()
  await asker.getByRole('heading', { name: '还没配上' }).waitFor()
  await picture(asker, 'r4-request-waiting')
  await picture(worker, 'w1-today')
  await neighbour.getByText('退烧药 6 片').first().waitFor()
  await picture(neighbour, 'r1-home-board')

  await offer(neighbour, base, { item: paracetamol, strength: '0.5 克', seal: '整板没破', year: 2027, month: 8 })
  const share = neighbour.getByRole('button', { name: '分享 10 片对乙酰氨基酚' })
  await share.and(neighbour.locator(':enabled')).waitFor()
  await neighbour.getByLabel('药名那面').setInputFiles(await snapshot(neighbour, '对乙酰氨基酚片 0.5 克'))
  await neighbour.locator('.take.on', { hasText: '药名那面' }).waitFor()
  await picture(neighbour, 'r3-offer')
  const began = Date.now()
  await Promise.all([
    share.click(),
    neighbour.getByText('有邻居需要 6 片').waitFor().then(() => check.time('match on the giver’s phone', Date.now() - began, withinMs)),
    asker.getByRole('heading', { name: '配上了' }).waitFor().then(() => check.time('match on the asker’s phone', Date.now() - began, withinMs)),
  ])
  await asker.getByText('独居老人').waitFor()
  check.that('the giver does not read the asker’s reasons', !(await neighbour.getByText('独居老人').count()))
  await picture(asker, 'r4-request-matched')
  await picture(neighbour, 'r8-offer-matched')

  await neighbour.getByRole('img', { name: '药盒的照片' }).waitFor()
  check.that('the photo of the pack is on the giver’s page', true)

  await neighbour.getByRole('button', { name: '我送到了' }).click()
  await asker.getByRole('heading', { name: '正在核对' }).waitFor()
  await picture(asker, 'r4-request-checking')

  await worker.getByRole('link', { name: /^核对/ }).click()
  check.that('the drug is not taken in before it is checked', await worker.getByRole('button', { name: '逐项核对后收下' }).isDisabled())
  for (const yes of await worker.getByRole('radio', { name: '是', exact: true }).all()) await yes.check()
  await worker.getByLabel('批号').fill('2404117')
  await worker.getByLabel('每一份都贴好标签了').check()
  await worker.getByRole('img', { name: '药盒的照片' }).waitFor()
  check.that('nothing is cut without its leaflet', await worker.getByRole('button', { name: '逐项核对后收下' }).isDisabled())
  await worker.getByLabel('拍说明书').setInputFiles({ name: 'leaflet.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('text renamed to .jpg') })
  await worker.getByText('这张照片没读出来').waitFor()
  await worker.getByLabel('拍说明书').setInputFiles(await snapshot(worker, '成人一次 1 片，间隔 4 至 6 小时，一天不超过 4 次'))
  await worker.getByRole('img', { name: '说明书的照片' }).waitFor()
  await picture(worker, 'w2-check-in')
  check.clean('axe w2-check-in', await audit(worker))
  await worker.getByRole('button', { name: '不收', exact: true }).click()
  await worker.getByRole('heading', { name: '为什么不收？' }).waitFor()
  await picture(worker, 'w2-refuse')
  await worker.keyboard.press('Escape')
  await worker.getByRole('button', { name: '收下，放进药箱' }).click()

  await asker.getByRole('heading', { name: '可以去取了' }).waitFor()
  const code = (await asker.getByText(/^\d\d \d\d \d\d$/).innerText()).replaceAll(' ', '')
  await asker.getByRole('img', { name: /取药二维码/ }).waitFor()
  const leaflet = asker.getByRole('img', { name: '说明书的照片' })
  await leaflet.scrollIntoViewIfNeeded()
  await leaflet.waitFor()
  await picture(asker, 'r4-request-ready')
  await leaflet.click()
  await asker.getByRole('dialog').getByRole('img', { name: '说明书的照片' }).waitFor()
  const [wide, high] = await asker.getByRole('dialog').getByRole('img').evaluate((e) => [e.naturalWidth, e.naturalHeight])
  check.that(`the leaflet is read large, ${wide} by ${high}`, wide === 1280 && high === 960)
  check.clean('axe r4-leaflet', await audit(asker, '[role=dialog]'))
  await picture(asker, 'r4-leaflet')
  await asker.keyboard.press('Escape')
  await asker.getByRole('button', { name: '改成送来' }).click()
  await asker.getByLabel('让谁代拿').waitFor()
  await picture(asker, 'r4-way')
  check.clean('axe how it reaches her', await audit(asker, '.sheet'))
  await asker.keyboard.press('Escape')
  await asker.getByRole('button', { name: '身体情况变了？说一声' }).click()
  await asker.getByText('有肝病吗？').waitFor()
  await picture(asker, 'r4-condition')
  await asker.keyboard.press('Escape')
  await picture(neighbour, 'r8-offer-ready')

  await worker.getByRole('link', { name: /^交接/ }).first().click()
  await worker.getByRole('group', { name: '数字键盘' }).waitFor()
  await picture(worker, 'w3-handover')
  const wrong = code === '000000' ? '111111' : '000000'
  await worker.keyboard.type(wrong)
  check.that('medicine is not given before she says that an adult takes it', await worker.getByRole('button', { name: '确认交给她' }).isDisabled())
  await confirm(worker)
  await worker.getByText('还能试 4 次').waitFor()
  await worker.getByRole('button', { name: '没有取药码？换个办法' }).click()
  await worker.getByLabel('当面给，没有码').check()
  await worker.getByRole('button', { name: '手机没电或不在' }).click()
  await picture(worker, 'w3-other-ways')
  check.clean('axe other ways to give', await audit(worker, '.sheet'))
  await worker.keyboard.press('Escape')
  for (const digit of code) await worker.getByRole('button', { name: digit, exact: true }).click()
  await picture(worker, 'w3-confirm')
  await confirm(worker)
  await worker.getByText('对乙酰氨基酚 6 片，交给 1 栋 了。').first().waitFor()
  await asker.getByRole('heading', { name: '办好了' }).waitFor()
  await neighbour.getByRole('heading', { name: '你的药派上用场了' }).waitFor()
  await neighbour.getByText('药箱里还剩 4').waitFor()
  await picture(worker, 'w3-handover-done')
  await picture(asker, 'r4-request-done')
  await picture(neighbour, 'r8-offer-timeline')
  check.that('the four tablets can be taken back, so they are still offered', await neighbour.getByRole('button', { name: '收回剩下 4 片' }).isVisible())
  return { asker, neighbour, worker }
}

/** The one big button, after the tick that medicine asks for. */
async function confirm(worker) {
  await worker.getByLabel('领的人满 18 岁').check()
  await worker.getByRole('button', { name: '确认交给她' }).click()
}
