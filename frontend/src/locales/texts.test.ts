import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import boxEn from './box/en'
import box from './box/zh'
import noticeEn from './notice/en'
import notice from './notice/zh'
import en from './en'
import robotsEn from './robots/en'
import robots from './robots/zh'
import pointEn from './point/en'
import point from './point/zh'
import groupEn from './group/en'
import group from './group/zh'
import zh from './zh'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([k, v]): [string, string][] => (typeof v === 'string' ? [[path + k, v]] : flat(v, `${path}${k}.`)))
}
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort()
const chinese = new Map(flat({ ...zh, ...box, ...notice, ...robots, ...group, ...point }))
const english = new Map(flat({ ...en, ...boxEn, ...noticeEn, ...robotsEn, ...groupEn, ...pointEn }))

test('both languages say the same things with the same figures', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  const grammar = ['gap'] // stands between a Chinese day and its hour only
  for (const [key, text] of chinese) {
    if (key.endsWith('consents.of')) continue
    expect(placeholders(english.get(key)!), key).toEqual(placeholders(text).filter((p) => !grammar.includes(p)))
  }
})

test('residents never read the words of the machine', () => {
  for (const [key, text] of chinese) expect(text, key).not.toMatch(/失败|非法|系统|用户|匹配|工单|！/)
})

test('every text that a page names is there', () => {
  const files = import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })
  expect(Object.keys(files).length).toBeGreaterThan(50)
  for (const [file, source] of Object.entries(files)) {
    for (const [, key] of source.matchAll(/\bt\('([a-z][\w.]+)'/g)) expect(chinese.has(key!), `${file}: ${key}`).toBe(true)
  }
})

test('the sentences of the server have both languages', () => {
  const words = (lang: string) => JSON.parse(readFileSync(`src/locales/words.${lang}.gen.json`, 'utf8')) as Record<string, string>
  expect(Object.keys(words('en'))).toEqual(Object.keys(words('zh')))
})

test('the app and home need no text that comes later', () => {
  const files = import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })
  const first = new Set(flat(JSON.parse(readFileSync('src/locales/texts.zh.first.gen.json', 'utf8')) as Tree).map(([key]) => key))
  const seen = new Set<string>()
  const visit = (file: string) => {
    const source = files[file]
    if (seen.has(file) || source === undefined) return
    seen.add(file)
    for (const [, path] of source.matchAll(/from '@\/([\w/.]+)'/g)) for (const end of ['', '.ts']) visit(`../${path}${end}`)
    for (const [, path] of source.matchAll(/from '\.\/([\w.]+)'/g)) for (const end of ['', '.ts']) visit(file.replace(/[^/]+$/, `${path}${end}`))
    if (/^\.\.\/(views|components|App)/.test(file)) {
      for (const [, key] of source.matchAll(/\bt\('([a-z][\w.]+)'/g)) expect(first.has(key!), `${file}: ${key}`).toBe(true)
    }
  }
  visit('../App.vue')
  visit('../views/HomeView.vue')
  expect(seen.size).toBeGreaterThan(30)
})
