// Phones and desks for the journey: contexts of one headless browser that keep
// what goes wrong in them, take pictures, and are looked at by axe.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = process.env.LINLI_SHOTS ?? ''
if (shots) mkdirSync(shots, { recursive: true })

export async function openBrowser(base, more = []) {
  const browser = await chromium.launch({
    executablePath: process.env.LINLI_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--disable-default-apps', '--no-first-run', '--no-pings', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', ...more],
  })
  const faults = []
  const heard = new Map() // by page: what last passed between it and the server

  async function device(name, { width = 390, height = 844, lang = 'zh', theme = 'normal', broken = false } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, locale: lang === 'en' ? 'en-GB' : 'zh-CN', timezoneId: 'Asia/Shanghai' })
    await context.addInitScript(([l, t]) => {
      if (!localStorage.getItem('linli.prefs')) localStorage.setItem('linli.prefs', JSON.stringify({ lang: l, theme: t }))
    }, [lang, theme])
    const page = await context.newPage()
    page.setDefaultTimeout(30_000) // a bound, not a measure: other worlds play beside this one
    listen(page, name, heard)
    if (broken) return page // faults are the point of this one
    page.on('pageerror', (e) => faults.push(`${name}: ${e.message}`))
    page.on('console', (m) => {
      // A refused post is a 4xx by design; everything else is a fault.
      if (m.type() === 'error' && !/the server responded with a status of 4\d\d|ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(m.text())) faults.push(`${name}: ${m.text()}`)
    })
    page.on('request', (r) => {
      if (!r.url().startsWith(base) && !r.url().startsWith(base.replace('http', 'ws')) && !/^(data|blob):/.test(r.url())) faults.push(`${name}: foreign host ${r.url()}`)
    })
    return page
  }
  /** What every phone shows and heard last: for the journey that stops half-way. */
  async function pictures(name) {
    const pages = browser.contexts().flatMap((c) => c.pages())
    for (const [i, page] of pages.entries()) {
      await picture(page, `${name}-${i}`).catch(() => {})
      console.error(`\n${(heard.get(page) ?? []).join('\n')}\n${page.url()}\n${await page.innerText('body').catch(() => '')}`)
    }
  }
  return { device, faults, pictures, close: () => browser.close() }
}

function listen(page, name, heard) {
  const lines = [name]
  heard.set(page, lines)
  const note = (text) => {
    lines.push(`${new Date().toISOString().slice(17, 23)} ${text.slice(0, 300)}`)
    if (lines.length > 40) lines.splice(1, 1)
  }
  page.on('request', (r) => r.url().includes('/api/') && note(`→ ${r.method()} ${new URL(r.url()).pathname}`))
  page.on('response', (r) => r.url().includes('/api/') && note(`← ${r.status()} ${new URL(r.url()).pathname}`))
  page.on('requestfailed', (r) => note(`✗ ${r.url()} ${r.failure()?.errorText}`))
  page.on('websocket', (ws) => {
    note('socket opened')
    ws.on('framereceived', (f) => note(`⇐ ${f.payload}`))
    ws.on('framesent', (f) => note(`⇒ ${f.payload}`))
    ws.on('close', () => note('socket closed'))
  })
}

/** Signs in as a persona of the demo. */
export async function enterAs(page, base, name) {
  await page.goto(`${base}#/enter`)
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await page.waitForURL((u) => !u.hash.startsWith('#/enter'))
}

/** What a camera would give: a page of a large photo with words on it. */
export async function snapshot(page, words, [width, height] = [2400, 1800]) {
  const address = await page.evaluate(([text, w, h]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
    const paper = canvas.getContext('2d')
    paper.fillStyle = '#fdfaf2'
    paper.fillRect(0, 0, w, h)
    paper.fillStyle = '#1b2421'
    paper.font = `${w / 20}px sans-serif`
    for (let i = 0; i < 12; i++) paper.fillText(`${i + 1}. ${text}`, w / 20, (h / 13) * (i + 1))
    return canvas.toDataURL('image/jpeg', 0.9)
  }, [words, width, height])
  return { name: 'camera.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(address.split(',')[1], 'base64') }
}

/** Does something with a window as tall as the page: nothing hides under its foot. */
async function unrolled(page, what) {
  const size = page.viewportSize()
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) })
  await page.waitForTimeout(60)
  try {
    return await what()
  } finally {
    await page.setViewportSize(size)
  }
}

/** A picture of the whole page, as tall as it is. */
export async function picture(page, name) {
  if (!shots) return
  await unrolled(page, () => page.screenshot({ path: join(shots, `${name}.png`), animations: 'disabled' }))
}

/** Names what axe finds wrong on the page, or in a part of it, by rule and place. */
export async function audit(page, part = 'html') {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const { violations } = await unrolled(page, () => page.evaluate((where) => window.axe.run(where, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), part))
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary.split('\n')[1] ?? ''}`))
}

/** What makes the page scroll sideways at that width, and with type that much larger. */
export async function overflow(page, width, scale = 1) {
  const size = page.viewportSize()
  await page.setViewportSize({ width, height: size.height })
  await page.evaluate((px) => (document.documentElement.style.fontSize = px), scale === 1 ? '' : `${16 * scale}px`)
  await page.waitForTimeout(60)
  const wider = await page.evaluate(() => {
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return ''
    const far = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.table'))
    return `${root.scrollWidth} > ${root.clientWidth}: ${far.slice(-3).map((e) => e.outerHTML.slice(0, 90)).join(' | ')}`
  })
  await page.evaluate(() => (document.documentElement.style.fontSize = ''))
  await page.setViewportSize(size)
  return wider
}
