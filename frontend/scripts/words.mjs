// Makes src/locales/words.<lang>.gen.json from models/words/*.tsv, the one
// source of every sentence that the server sends as a code, and is run before
// dev, build and test.
//
// Chinese, which most people read, comes in two parts: *.zh.first.gen.json is
// what home says and is loaded with it, *.zh.later.gen.json the rest, from the
// same locales/zh.ts. So the first load does not grow with every page.
//
// registry.tsv is left out but for the personas, edge.tsv, box.tsv, chat.tsv, wechat.tsv,
// group.tsv, outreach.tsv and platform.tsv altogether: what they say comes to the app as the text of a problem, and imports are not made
// here.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, '../../models/words')
const target = join(here, '../src/locales')

const zh = {}
const en = {}
for (const name of readdirSync(source).filter((n) => n.endsWith('.tsv')).sort()) {
  readFileSync(join(source, name), 'utf8').split('\n').forEach((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return
    const [code, chinese, english] = line.split('\t')
    if (!code || !chinese || !english) throw new Error(`${name}:${i + 1}: want code, Chinese, English parted by tabs`)
    if (['registry.tsv', 'edge.tsv', 'box.tsv', 'chat.tsv', 'wechat.tsv', 'group.tsv', 'outreach.tsv', 'platform.tsv'].includes(name) && !code.startsWith('persona.')) return
    zh[code] = chinese
    en[code] = english
  })
}
write('words.zh', zh)
write('words.en', en)

// Why a need waits is said on home; refusals are not heard before one has done something.
const reasons = new Set(readFileSync(join(source, 'matching.tsv'), 'utf8').split('\n').map((line) => line.split('\t')[0]))
const part = (object, first) => Object.fromEntries(Object.entries(object).filter(([key]) => first(key)))
write('words.zh.first', part(zh, (code) => reasons.has(code)))
write('words.zh.later', part(zh, (code) => !reasons.has(code)))

// What the app, home and 长辈版 say: whole sections, or single texts of one.
const home = ['app', 'time', 'live', 'offline', 'outbox', 'error', 'call', 'age', 'urgency', 'state', 'line', 'home', 'board', 'elder',
  'asked', 'lot.bringBy', 'lot.closedLine', 'lot.figures', 'lot.mark', 'lot.title', 'remind', 'message', 'round.card', 'round.asked', 'round.steps', 'round.open', 'round.comes', 'round.arrives', 'round.relay', 'round.home', 'code.got', 'bag.queued', 'bag.hero', 'bag.due', 'bag.sum', 'loan.out', 'loan.over', 'loan.back', 'loan.lost', 'loan.broken', 'loan.by', 'loan.byTo', 'bind.pending', 'bind.pendingWhy', 'past.title', 'privacy.title', 'settings.title', 'about.title']
const { default: texts } = await import(`data:text/javascript,${encodeURIComponent(readFileSync(join(target, 'zh.ts'), 'utf8'))}`)
const first = {}
const later = structuredClone(texts)
for (const [section, text] of home.map((name) => name.split('.'))) {
  if (!text) {
    first[section] = texts[section]
    delete later[section]
    continue
  }
  ;(first[section] ??= {})[text] = texts[section][text]
  delete later[section][text]
}
write('texts.zh.first', first)
write('texts.zh.later', later)

/** Leaves alone what is as it was: make builds again what is newer than the app. */
function write(name, value) {
  const [file, text] = [join(target, `${name}.gen.json`), JSON.stringify(value)]
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}
