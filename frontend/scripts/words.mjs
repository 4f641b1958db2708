// Makes src/locales/words.<lang>.gen.json from models/words/*.tsv, the one
// source of every sentence that the server sends as a code. Reads nothing else
// and is run before dev, build and test.
//
// registry.tsv is left out but for the personas, edge.tsv and box.tsv altogether:
// what they say comes to the app as the text of a problem, and imports are not made
// here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
    if (['registry.tsv', 'edge.tsv', 'box.tsv'].includes(name) && !code.startsWith('persona.')) return
    zh[code] = chinese
    en[code] = english
  })
}
writeFileSync(join(target, 'words.zh.gen.json'), JSON.stringify(zh))
writeFileSync(join(target, 'words.en.gen.json'), JSON.stringify(en))
