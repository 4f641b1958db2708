import { useAsks } from '@/stores/asks'
import { useBoard } from '@/stores/board'
import { useLive } from '@/stores/live'
import { useLoans } from '@/stores/loans'
import { useMessages } from '@/stores/messages'
import { useMine } from '@/stores/mine'
import { useNotices } from '@/stores/notices'
import { useOutbox } from '@/stores/outbox'
import { useRound } from '@/stores/round'
import { useSession } from '@/stores/session'
import { useStill } from '@/stores/still'
import { useToday } from '@/stores/today'
import { streamAddress } from './client'
import { newTicket } from './ticket'
import type { LiveEvent } from './types'

// The one place where news of the server reach the stores. Frames flow in;
// nothing flows out but the resume. An event is only a hint with figures: what
// it is about is read anew by REST, so a lost or repeated one does no harm.

type Frame =
  | { type: 'hello'; epoch: string; grids: Record<string, number> }
  | { type: 'event'; event: LiveEvent }
  | { type: 'cursor'; grid: string; seq: number }
  | { type: 'resync'; grid: string }

const firstWait = 800
const longestWait = 30_000
/** The server waits ten seconds for the resume; we fetch no longer than this before it. */
const fetchBeforeResume = 8_000
/** Later each time, up to half a minute, and never all at once. */
const waitFor = (attempt: number) => Math.min(longestWait, firstWait * 2 ** attempt) * (0.5 + Math.random() / 2)
/** A phone that slept longer than this has most likely lost its socket. */
const sleepLimit = 5_000
const knownEvents = 1_000
const sessionEnded = 4401
const policyViolation = 1008

export function openStream(): { close(): void; retry(): void } {
  const live = useLive()
  const stores = { mine: useMine(), board: useBoard(), asks: useAsks(), loans: useLoans(), messages: useMessages(), notices: useNotices(), today: useToday(), round: useRound(), session: useSession(), still: useStill(), outbox: useOutbox() }
  const apply = applier(stores, live.news)
  const numbers: Record<string, number> = {}
  let epoch = ''
  let socket: WebSocket | null = null
  let timer = 0
  let looking = 0
  let tries = 0
  let hiddenAt = 0
  let closed = false

  async function connect(): Promise<void> {
    clearTimeout(timer)
    if (closed || socket) return
    try {
      const ticket = await newTicket()
      if (closed || socket) return
      socket = new WebSocket(`${streamAddress()}?ticket=${encodeURIComponent(ticket)}`)
    } catch {
      return again()
    }
    const mine = socket
    mine.onmessage = (m) => void receive(mine, JSON.parse(String(m.data)) as Frame)
    mine.onclose = (c) => {
      if (socket !== mine) return
      socket = null
      if (c.code === sessionEnded) return stores.session.end()
      if (c.code === policyViolation) return void (live.state = 'lost')
      again()
    }
  }

  /** Comes back later, each time a little later, and never all at once. */
  function again(): void {
    if (closed) return
    live.state = 'lost'
    timer = window.setTimeout(() => {
      if (tries > 2) void apply.all().then(stores.outbox.flush, () => {}) // where sockets are blocked, polling still works
      void connect()
    }, waitFor(tries++))
  }

  async function receive(from: WebSocket, frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'hello':
        return hello(from, frame)
      case 'event':
        numbers[frame.event.grid] = Math.max(numbers[frame.event.grid] ?? 0, frame.event.seq)
        return apply.event(frame.event)
      case 'cursor':
        numbers[frame.grid] = frame.seq
        return live.news()
      case 'resync':
        return look()
    }
  }

  /** Reads all anew, and again later where that failed: what came before is in no event that follows. */
  async function look(attempt = 0): Promise<void> {
    clearTimeout(looking)
    await apply.all().catch(() => {
      if (!closed) looking = window.setTimeout(() => void look(attempt + 1), waitFor(attempt))
    })
  }

  async function hello(from: WebSocket, frame: Frame & { type: 'hello' }): Promise<void> {
    const fresh = frame.epoch !== epoch
    if (fresh) {
      epoch = frame.epoch
      for (const grid of Object.keys(numbers)) delete numbers[grid]
      // New here: look first, then follow from where the server stood before.
      await Promise.race([look(), new Promise((r) => setTimeout(r, fetchBeforeResume))])
    }
    for (const [grid, seq] of Object.entries(frame.grids)) numbers[grid] ??= seq
    if (from.readyState !== WebSocket.OPEN) return
    const followed = Object.fromEntries(Object.keys(frame.grids).map((grid) => [grid, numbers[grid]!]))
    from.send(JSON.stringify({ type: 'resume', epoch, grids: followed }))
    tries = 0
    live.state = 'live'
    live.offline = false
    live.news()
    void stores.outbox.flush()
  }

  function retry(): void {
    tries = 0
    const old = socket
    socket = null
    old?.close()
    void look()
    void connect()
  }

  const onOnline = () => {
    live.offline = false
    retry()
  }
  const onOffline = () => void (live.offline = true)
  const onVisible = () => {
    if (document.hidden) hiddenAt = Date.now()
    else if (hiddenAt > 0 && Date.now() - hiddenAt > sleepLimit) retry()
  }
  window.addEventListener('online', onOnline)
  window.addEventListener('offline', onOffline)
  document.addEventListener('visibilitychange', onVisible)
  live.state = 'connecting'
  void connect()

  return {
    retry,
    close() {
      closed = true
      clearTimeout(timer)
      clearTimeout(looking)
      const old = socket
      socket = null
      old?.close()
      window.removeEventListener('online', onOnline)
      window.removeEventListener('offline', onOffline)
      document.removeEventListener('visibilitychange', onVisible)
    },
  }
}

interface Stores {
  mine: ReturnType<typeof useMine>
  board: ReturnType<typeof useBoard>
  asks: ReturnType<typeof useAsks>
  loans: ReturnType<typeof useLoans>
  messages: ReturnType<typeof useMessages>
  notices: ReturnType<typeof useNotices>
  today: ReturnType<typeof useToday>
  round: ReturnType<typeof useRound>
  session: ReturnType<typeof useSession>
  still: ReturnType<typeof useStill>
  outbox: ReturnType<typeof useOutbox>
}

/** Turns events into reads: each post, the board and the day once per burst. */
function applier({ mine, board, asks, loans, messages, notices, today, round, session, still }: Stores, news: () => void) {
  const seen = new Set<string>()
  const versions = new Map<string, number>()
  const due = new Map<string, () => Promise<unknown>>()
  let burst = 0

  function soon(what: string, read: () => Promise<unknown>): void {
    due.set(what, read)
    burst ||= window.setTimeout(run, 20)
  }

  function run(): void {
    burst = 0
    const reads = [...due]
    due.clear()
    for (const [what, read] of reads) still.whenStill(what, () => void read().catch(() => {}))
  }

  /** An event that is known already, or older than what is known. */
  function stale(e: LiveEvent): boolean {
    if (seen.has(e.id + e.thing_id)) return true
    seen.add(e.id + e.thing_id)
    if (seen.size > knownEvents) seen.delete(seen.values().next().value!)
    if ((versions.get(e.thing_id) ?? 0) > e.version) return true
    versions.set(e.thing_id, e.version)
    return false
  }

  function event(e: LiveEvent): void {
    news()
    if (stale(e)) return
    const { request, offer } = mine.postOf(e)
    if (request) soon(request, () => mine.loadRequest(request))
    if (offer) soon(offer, () => mine.loadOffer(offer, !session.worker || session.resident))
    still.whenStill(`patch ${e.thing_id}`, () => mine.patch(e))
    if (e.thing === 'need' && session.resident && !board.apply(e)) soon('board', board.refresh)
    if (e.thing === 'ask' && session.resident) soon('asks', asks.load)
    if (e.thing === 'collection' && session.resident) soon('given', mine.reloadGiven)
    if (e.thing === 'round' && session.walks) soon('round', round.load)
    if (e.thing === 'loan') {
      soon(`loan ${e.thing_id}`, () => loans.heard(e.thing_id, session.resident))
      soon('lent', mine.reloadLent)
    }
    if (e.thing === 'message') soon('messages', messages.load)
    if (e.thing === 'notice') return notices.apply(e) ? undefined : soon('notices', notices.load)
    if (e.thing === 'relay') soon('relay', () => Promise.all([session.load(), session.resident ? mine.load() : null]))
    if (e.thing === 'review') soon('reviews', mine.reloadReviewed)
    if (e.thing === 'person') {
      if (e.thing_id === session.me?.person.id) soon('session', all) // let in: now there is more to read
      if (session.worker) soon('claims', today.loadClaims)
    }
    if (session.worker) soon('today', today.load)
  }

  async function all(): Promise<void> {
    const show = (what: string) => (apply: () => void) => still.whenStill(what, apply)
    const first = session.me === null
    if (first) await session.load() // her roles say what else there is to read
    const reads: Promise<unknown>[] = first ? [] : [session.load()]
    if (session.signedIn) reads.push(messages.load(show('messages')))
    if (session.resident) reads.push(mine.load(show('mine')), board.load(show('board')), asks.load(show('asks')), loans.load(show('loans')))
    if (session.approved) reads.push(notices.load(show('notices')))
    if (session.worker) reads.push(today.load(show('today')))
    if (session.walks) reads.push(round.load())
    await Promise.all(reads)
    news()
  }

  return { event, all }
}
