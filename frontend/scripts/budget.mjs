// Compresses what was built (the server sends the copies as they are) and
// fails when the first load is heavier than ui/README.md allows. First load is
// what the page loads at once: the app with the home of a resident and Chinese.
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const limits = { js: 110_000, css: 20_000 }
const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

const sizes = new Map()
function pack(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) pack(path)
    else if (/\.(js|css|svg|html|json)$/.test(name)) {
      const packed = gzipSync(readFileSync(path), { level: 9 })
      writeFileSync(`${path}.gz`, packed)
      sizes.set(path.slice(dist.length + 1), packed.length)
    }
  }
}

function needs(entry, found = new Set()) {
  if (found.has(entry)) return found
  found.add(entry)
  for (const other of manifest[entry].imports ?? []) needs(other, found)
  return found
}

rmSync(join(dist, '.vite'), { recursive: true })
pack(dist)

const first = new Set()
needs('index.html', first)
const files = { js: new Set(), css: new Set() }
for (const entry of first) {
  files.js.add(manifest[entry].file)
  for (const css of manifest[entry].css ?? []) files.css.add(css)
}
let over = false
for (const kind of ['js', 'css']) {
  const total = [...files[kind]].reduce((sum, file) => sum + sizes.get(file), 0)
  over ||= total > limits[kind]
  console.log(`first load ${kind}: ${total} bytes gzipped of ${limits[kind]}`)
}
if (over) {
  for (const [file, size] of [...sizes].sort((a, b) => b[1] - a[1])) console.log(`${String(size).padStart(8)}  ${file}`)
  console.error('over budget')
  process.exit(1)
}
