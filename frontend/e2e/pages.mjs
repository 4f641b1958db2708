// Every page in both themes, both languages and both sizes: it is painted, axe
// finds nothing, and it does not scroll sideways at 320 px.
import { audit, enterAs, overflow, picture } from './browser.mjs'

const pages = {
  张婆婆: ['/', '/ask', '/offer', '/past', '/privacy', '/settings', '/pair', '/about', '/consents'],
  林月: ['/today', '/paste', '/hand-over', '/claims', '/samples', '/robots', '/on-behalf'],
  王师傅: [], // what he offers
  陈静: ['/overview'],
}
const looks = [
  { name: 'normal', lang: 'zh', theme: 'normal' },
  { name: 'elder', lang: 'zh', theme: 'elder' },
  { name: 'en', lang: 'en', theme: 'normal' },
  { name: 'desk', lang: 'zh', theme: 'normal', width: 1280, height: 800 },
]

/** One walk for each look of each person. */
export function lookAtPages(browser, base, check, posts) {
  return looks.flatMap((look) => Object.keys(pages).map((person) => () => lookAs(person, look, browser, base, check, posts[person] ?? [])))
}

async function lookAs(person, look, browser, base, check, posts) {
  const page = await browser.device(`${person} ${look.name}`, look)
  await page.goto(`${base}#/enter`)
  await page.locator('.persona').first().waitFor()
  if (person === '张婆婆') {
    await one(page, look, 'enter', check)
    for (const path of ['/door/abc', '/invitation/abc']) {
      await page.goto(`${base}#${path}`)
      await page.getByRole('textbox').first().waitFor()
      await one(page, look, path.slice(1).replace('/abc', ''), check)
    }
  }
  await enterAs(page, base, person)
  const shares = person in linked ? [await addressOf(page, base, linked[person], '/shares/')] : []
  for (const path of [...pages[person], ...shares, ...posts]) {
    await page.goto(`${base}#${path}`)
    await page.locator('main').waitFor()
    await page.locator('.card, .it, .opt, .bigt, .view .btn').first().waitFor()
    await page.waitForFunction(() => !document.querySelector('.sk') && !document.querySelector('[aria-busy=true]'))
    const name = path === '/' ? 'home' : path.slice(1).replace(/\/[0-9a-f-]{20,}/, '')
    await one(page, look, shares.includes(path) ? `${name}${linked[person]}` : name, check)
  }
  await page.context().close()
}

// Where a page links to a page with an id in its address.
const linked = { 林月: '/today', 陈静: '/overview' }
async function addressOf(page, base, from, part) {
  await page.goto(`${base}#${from}`)
  const link = page.locator(`a[href*="${part}"]`).first()
  await link.waitFor()
  return (await link.getAttribute('href')).replace(/^.*#/, '')
}

async function one(page, look, name, check) {
  await picture(page, `${look.name}-${name.replaceAll('/', '-')}`)
  if (look.name === 'desk') return // the same page as normal, wider
  check.clean(`axe ${look.name} ${name}`, await audit(page))
  for (const [width, scale] of [[320, 1], [390, 1.4]]) {
    const wide = await overflow(page, width, scale)
    check.that(`${width} px, type × ${scale}: ${look.name} ${name} ${wide}`, wide === '')
  }
}
