// Starts the built program as a stranger would, on a free port with a database
// of its own, and takes both away afterwards.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = process.env.LINLI_BIN ?? join(dirname(fileURLToPath(import.meta.url)), '../../bin/linli')

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** A folder that an earlier one left goes on in it; ahead: its clock runs so far in front. */
export async function startServer({ folder = mkdtempSync(join(tmpdir(), 'linli-journey-')), ahead = '0' } = {}) {
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(program, ['serve', '--demo', '--database', join(folder, 'journey.db')], {
    env: { ...process.env, LINLI_ADDR: address, LINLI_DATABASE: '', LINLI_AHEAD: ahead }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = []
  for (const out of [child.stdout, child.stderr]) out.on('data', (d) => said.push(String(d)))
  const gone = new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`linli ended with ${code}:\n${said.join('')}`)))
  })
  gone.catch(() => {})
  const base = `http://${address}/`
  const ready = async () => {
    const until = Date.now() + 60_000
    while (Date.now() < until) {
      const answer = await fetch(`${base}readyz`).catch(() => null)
      if (answer?.ok) return
      await new Promise((r) => setTimeout(r, 100))
    }
    throw new Error(`not ready in a minute:\n${said.join('')}`)
  }
  await Promise.race([ready(), gone])
  return {
    base,
    /** Lines in which the server itself says that something went wrong. */
    errors: () => said.join('').split('\n').filter((line) => /level=ERROR|panic/.test(line)),
    folder,
    async stop({ keep = false } = {}) {
      const ended = new Promise((r) => child.once('exit', r))
      child.kill('SIGTERM')
      await ended
      if (!keep) rmSync(folder, { recursive: true, force: true })
    },
  }
}
