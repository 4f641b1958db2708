// The shell in frontend/miniprogram: what WeChat's tools would complain about, and
// the addresses that it makes. The tools themselves are not for this machine.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nativeUrl } from './composables/mini'

const root = join(__dirname, '../miniprogram')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const json = (name: string) => JSON.parse(read(name)) as Record<string, unknown>
const address = load('lib/address.js') as Address
interface Address {
  scaleOf(info?: { fontSizeScaleFactor?: number; fontSizeSetting?: number }): number
  srcOf(config: Config, scale: number, route: string): string
  withQuery(route: string, params: Record<string, string>): string
  routeOfLink(config: Config, link: string): string
  momentsOf(text: string): { moment: string; template: string }[]
  acceptedOf(moments: { moment: string; template: string }[], answer: Record<string, string>): string[]
}
interface Words {
  zh: Record<string, Record<string, string>>
  en: Record<string, Record<string, string>>
  wordsOf(info?: { language?: string }): Words['zh']
  acceptOf(info?: { language?: string }): string
}
interface Config { base: string; version: string }
const config: Config = { base: 'https://linli.example/', version: '1' }

/** Runs a file of the shell as WeChat does, as CommonJS. */
function load(name: string): unknown {
  const module = { exports: {} }
  new Function('module', 'exports', read(name))(module, module.exports)
  return module.exports
}

function files(folder = ''): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name)
    return statSync(join(root, path)).isDirectory() ? files(path) : [path]
  })
}

test('the shell has every file that the tools ask for, and each page its four', () => {
  const app = json('app.json')
  const pages = app.pages as string[]
  expect(pages[0]).toBe('pages/index/index')
  for (const page of pages) for (const ending of ['js', 'json', 'wxml']) expect(existsSync(join(root, `${page}.${ending}`)), `${page}.${ending}`).toBe(true)
  for (const name of ['app.js', 'app.wxss', String(app.sitemapLocation), 'project.config.json']) expect(existsSync(join(root, name)), name).toBe(true)
  const known = new Set(pages)
  for (const name of files()) {
    if (name.endsWith('.json')) json(name)
    if (name.endsWith('.wxml')) expect(known.has(name.slice(0, -5)), `${name} is no page of app.json`).toBe(true)
  }
})

test('what a page binds is there, and what it asks for too', () => {
  for (const page of json('app.json').pages as string[]) {
    const code = read(`${page}.js`)
    for (const [, handler] of read(`${page}.wxml`).matchAll(/\bbind\w+="(\w+)"/g)) expect(code, `${page}: ${handler}`).toMatch(new RegExp(`\\b${handler}\\(`))
    for (const [, name] of code.matchAll(/require\('([^']+)'\)/g)) expect(existsSync(join(root, page, '..', `${name}.js`)), `${page}: ${name}`).toBe(true)
  }
})

test('every native page that the app opens is one of the shell', () => {
  const pages = json('app.json').pages as string[]
  for (const page of ['login', 'scan', 'subscribe'] as const) {
    const url = nativeUrl(page, { back: '/requests/1?a=好' })
    expect(pages).toContain(url.slice(1, url.indexOf('?')))
    expect(url).toMatch(/^[\x21-\x7e]+$/)
  }
})

test('the native pages say everything in both languages, and nothing beside the words', () => {
  const words = load('lib/words.js') as Words
  const keys = (all: Words['zh']) => Object.entries(all).map(([page, said]) => [page, Object.keys(said)])
  expect(keys(words.en)).toEqual(keys(words.zh))
  expect(JSON.stringify(words.en)).not.toMatch(/[\u4e00-\u9fff]/)
  for (const page of json('app.json').pages as string[]) {
    const said = words.zh[page.split('/')[1]!]!
    const [markup, code] = [read(`${page}.wxml`), read(`${page}.js`)]
    for (const [, key] of `${markup} ${code}`.matchAll(/\bt\.(\w+)/g)) expect(said[key!], `${page}: ${key}`).toBeTruthy()
    expect(markup + code, page).not.toMatch(/[\u4e00-\u9fff]/)
  }
})

test('a phone in Chinese reads Chinese, one that does not say so too, any other English', () => {
  const words = load('lib/words.js') as Words
  for (const language of ['zh_CN', 'zh_TW', 'zh', undefined]) expect([words.wordsOf({ language }), words.acceptOf({ language })]).toEqual([words.zh, 'zh-CN'])
  for (const language of ['en', 'en_US', 'ja', 'de']) expect([words.wordsOf({ language }), words.acceptOf({ language })]).toEqual([words.en, 'en'])
  expect(words.wordsOf(undefined)).toBe(words.zh)
})

test('nothing of WeChat that is a secret stands in the shell', () => {
  for (const name of files().filter((n) => n.endsWith('.js'))) expect(read(name)).not.toMatch(/openid\s*[:=]|session_key\s*[:=]|setStorage/)
})

test('the scale of WeChat goes into the address, within what the app takes', () => {
  expect(address.scaleOf({ fontSizeScaleFactor: 1.4 })).toBe(1.4)
  expect(address.scaleOf({ fontSizeSetting: 23.8 })).toBe(1.49)
  expect(address.scaleOf({ fontSizeScaleFactor: 9 })).toBe(2)
  expect(address.scaleOf({ fontSizeScaleFactor: 0.1 })).toBe(0.8)
  for (const nothing of [undefined, {}, { fontSizeScaleFactor: Number.NaN }]) expect(address.scaleOf(nothing)).toBe(1)
})

test('an address is ASCII, keeps what is encoded, and leads to no other host', () => {
  expect(address.srcOf(config, 1.4, '/requests/1')).toBe('https://linli.example/?scale=1.4&v=1#/requests/1')
  for (const route of ['/ask?item=退烧药', '/door/%E9%97%A8?x=100%25', '//evil.example', 'https://evil.example', '']) {
    const src = address.srcOf(config, 1, route)
    expect(src).toMatch(/^https:\/\/linli\.example\/\?scale=1&v=1#\/(?!\/)[\x21-\x7e]*$/)
  }
  const scanned = 'https://linli.example/#/door/ABC?x=1&y=好#z 100%'
  const src = new URL(address.srcOf(config, 1, address.withQuery('/hand-over?id=1', { scanned })))
  expect(new URLSearchParams(src.hash.slice(src.hash.indexOf('?'))).get('scanned')).toBe(scanned)
})

test('only our own links are opened', () => {
  expect(address.routeOfLink(config, 'https://linli.example/#/door/ABCD-1')).toBe('/door/ABCD-1')
  for (const link of ['https://linli.example.evil/#/door/A', 'https://evil.example/#/door/A', 'http://linli.example/#/door/A', 'https://linli.example/', 'https://linli.example/#x', 'https://linli.example/#/wechat?ticket=T', ''])
    expect(address.routeOfLink(config, link), link).toBe('')
})

test('one tap takes three templates, and tells which were allowed', () => {
  const moments = address.momentsOf('match:T1,ready:T-2,lapse:T_3,closed:T4')
  expect(moments.map((m) => m.moment)).toEqual(['match', 'ready', 'lapse'])
  expect(address.momentsOf('match,<b>:T,ready:')).toEqual([])
  expect(address.acceptedOf(moments, { T1: 'accept', 'T-2': 'reject', T_3: 'ban', errMsg: 'ok' })).toEqual(['match'])
})
