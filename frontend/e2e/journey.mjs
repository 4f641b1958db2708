// The journey in a real browser: the built program, three people, the whole
// story and what is refused, then every page in each of its looks. Pictures go
// to LINLI_SHOTS when it is set.
import { playBox } from './box.mjs'
import { openBrowser } from './browser.mjs'
import { playKeeping } from './keep.mjs'
import { playNotice } from './notice.mjs'
import { playLoan } from './loan.mjs'
import { playMore } from './more.mjs'
import { lookAtPages } from './pages.mjs'
import { playPaste } from './paste.mjs'
import { playRefusals } from './refusals.mjs'
import { playRound, playUncollected } from './round.mjs'
import { playSearch } from './search.mjs'
import { playSamples } from './samples.mjs'
import { startServer } from './server.mjs'
import { playStates } from './states.mjs'
import { playStory } from './story.mjs'
import { playWorker } from './worker.mjs'

const failed = []
const check = {
  that(what, holds) {
    if (!holds) failed.push(what)
    console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
  },
  clean(what, found) {
    this.that(`${what}${found.map((f) => `\n    ${f}`).join('')}`, found.length === 0)
  },
  time(what, ms, limit) {
    this.that(`${what}: ${ms} ms of ${limit}`, ms <= limit)
  },
}

/** Plays on a server and a browser of its own, and looks at what went wrong in both. */
async function on(play) {
  const server = await startServer()
  const browser = await openBrowser(server.base)
  try {
    await play(browser, server)
    check.clean('no fault in any browser', browser.faults)
    check.clean('no error in the server', server.errors())
  } catch (e) {
    await browser.pictures('stopped')
    throw e
  } finally {
    await browser.close()
    await server.stop()
  }
}

/** So many at a time, in the order in which they stand: they wait more than they work. */
async function sideBySide(lanes, plays) {
  const waiting = [...plays]
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (waiting.length > 0) await waiting.shift()()
  }))
}

// The match is timed, and alone; from then on worlds with servers of their own go
// on beside the story, and its pages are looked at.
await on(async (browser, server) => {
  const people = await playStory(browser, server.base, check)
  const request = new URL(people.asker.url()).hash.slice(1)
  const offer = new URL(people.neighbour.url()).hash.slice(1)
  const story = async () => {
    await playRefusals(people, server.base, check)
    await playSearch(people, server.base, check) // early: nobody is asked more than three times a day
    await playLoan(people, browser, server.base, check)
    await playMore(people, browser, server.base, check)
    await playSamples(browser, server.base, check)
    await playWorker(people, server.base, check)
    await playNotice(browser, server.base, check)
    await playStates(browser, server.base, check)
    await sideBySide(2, lookAtPages(browser, server.base, check, { 张婆婆: [request], 王师傅: [offer] }))
  }
  await sideBySide(2, [
    story,
    () => on((own, { base }) => playBox(own, base, check)), // a box of its own, empty at first
    () => on((own, { base }) => playRound(own, base, check)),
    () => on((own, { base }) => playPaste(own, base, check)),
    () => on((own, { base }) => playKeeping(own, base, check)),
    () => playUncollected(check),
  ])
})
if (failed.length > 0) {
  console.error(`\n${failed.length} failed`)
  process.exit(1)
}
console.log('\nthe journey is done')
