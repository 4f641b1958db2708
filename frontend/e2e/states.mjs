// Offline, a queued post, a lost server: what is shown is said to be old, a
// post is kept once, and nothing is lost.
import { enterAs, picture } from './browser.mjs'
import { ask } from './story.mjs'

export async function playStates(browser, base, check) {
  const page = await browser.device('王师傅 offline', { broken: true })
  await enterAs(page, base, '王师傅')
  await page.getByText('实时更新').waitFor()
  await ask(page, base, { item: { search: '体温计', pick: /体温计/ }, who: '大人' })
  await page.getByRole('button', { name: '发出去' }).and(page.locator(':enabled')).waitFor()
  await page.context().setOffline(true)
  await page.getByText('没有网').first().waitFor()
  await page.getByRole('button', { name: '发出去' }).click()
  await page.getByText('等网好了发').waitFor()
  await picture(page, 'states-offline')
  await page.reload().catch(() => {})
  await page.context().setOffline(false)
  await page.goto(`${base}#/`)
  await page.getByRole('link', { name: /体温计 1 .*正在找/ }).waitFor()
  check.that('nothing waits any more', (await page.getByText('等网好了发').count()) === 0)
  const posted = await page.evaluate(async () => {
    const token = sessionStorage.getItem('linli.token')
    const answer = await fetch('/api/v1/requests?state=live', { headers: { Authorization: `Bearer ${token}` } })
    return (await answer.json()).items.length
  })
  check.that(`a post made offline is posted once, not ${posted} times`, posted === 1)

  const other = await browser.device('王师傅 error', { broken: true })
  await enterAs(other, base, '王师傅')
  await other.getByText('实时更新').waitFor()
  await other.route('**/api/v1/requests/*', (r) => r.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ status: 500, code: 'internal', reason: 'internal', detail: '', title: '', type: '', request_id: '01a20b09-ffcf-73ca-89cd-8099ed4c7f3a' }) }))
  await other.goto(`${base}#/requests/01a20b09-ffcf-73ca-89cd-8099ed4c9f42`)
  await other.getByText('没读出来，不是你的问题').waitFor()
  await other.getByText('4C7F-3A').waitFor()
  check.that('the error page names the worker’s phone', await other.getByRole('link', { name: '打给网格员' }).isVisible())
  await picture(other, 'states-error')
}
