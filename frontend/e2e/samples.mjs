// Handed over face to face without a code: a leader is invited, sees it, and says
// that all is well.
import { randomUUID } from 'node:crypto'
import { audit, enterAs, picture } from './browser.mjs'

async function call(base, token, method, path, body) {
  const answer = await fetch(`${base}api/v1${path}`, {
    method, body: body && JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), ...(token && { Authorization: `Bearer ${token}` }) },
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

export async function playSamples(browser, base, check) {
  const token = async (key) => (await call(base, '', 'POST', `/demo/${key}/session`, {})).token
  const [elder, giver, worker, operator] = await Promise.all(['resident_needs', 'neighbour_has', 'worker', 'operator'].map(token))
  const offer = await call(base, giver, 'POST', '/offers', { way: 'relay', lots: [{ item_id: 'M137', quantity: 2, seal: 'box' }] })
  await call(base, worker, 'POST', `/lots/${offer.lots[0].id}/check-in`, { sealed: true, readable: true, in_date: true, otc: true, labelled: true, counted: 2 })
  await call(base, elder, 'POST', '/requests', { way: 'leave', lines: [{ item_id: 'M137', quantity: 2, patient: { age: 'elder' }, urgency: 'today' }] })

  const phone = await browser.device('林月 samples')
  await enterAs(phone, base, '林月')
  await phone.goto(`${base}#/hand-over`)
  await phone.getByRole('button', { name: /一次性手套/ }).click()
  await phone.getByRole('button', { name: '没有取药码？换个办法' }).click()
  await phone.getByLabel('放在门口').check()
  await phone.getByText('先给袋子拍张照').waitFor()
  check.that('a bag is not left without its photo', await phone.getByRole('button', { name: '确认交给她' }).isDisabled())
  await phone.getByLabel('当面给，没有码').check()
  await phone.getByLabel('为什么没有码').fill('她手机没电了')
  await phone.getByRole('button', { name: '确认交给她' }).click()
  await phone.getByText(/一次性手套 2 双，交给 1 栋 了/).first().waitFor()

  const { roles } = await call(base, worker, 'GET', '/session')
  const invited = await call(base, operator, 'POST', '/invitations', { role: 'leader', grid_id: roles.find((r) => r.kind === 'worker').grid.id })
  const { link } = await call(base, operator, 'GET', `/invitations/${invited.id}/link`)
  const leader = await browser.device('网格长')
  await leader.goto(`${base}${link.slice(link.indexOf('#'))}`)
  await leader.getByLabel(/怎么称呼/).fill('杨站长')
  await leader.getByLabel(/手机号/).fill('14000000055')
  await leader.getByRole('button', { name: '接受邀请' }).click()
  await leader.getByRole('link', { name: /抽查：1 份/ }).click()
  await leader.getByText('她手机没电了').waitFor()
  await picture(leader, 'samples')
  check.clean('axe samples', await audit(leader))
  await leader.getByLabel(/问到什么/).fill('问过，收到了')
  await leader.getByRole('button', { name: '没有问题' }).click()
  await leader.getByText('没有要看的').waitFor()
  check.that('the leader has looked at what was given on a word alone', true)
  await leader.context().close()
  await phone.context().close()
}
