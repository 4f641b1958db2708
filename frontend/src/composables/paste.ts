import type { Age, Heard, Home, Item, NewPosting, Outcome, Patient, Posted, Question, Reading, Resident, Seal, Urgency, Verdict } from '@/api/types'

// A message of a group while a worker checks it. Nothing here is guessed: what is
// missing has a name, and only what misses nothing can be confirmed.

export interface PasteLine { item: Item; unsure: boolean; quantity: number; seal: Seal | ''; expires: string }
export interface PasteCard {
  reading: Reading
  on: boolean
  lines: PasteLine[]
  urgency: Urgency
  age: Age
  asked: Question[]
  yes: string[]
  rest: boolean
  longFever: boolean
  home: Home | null
  residents: Resident[]
  person: string
  name: string
  heard: Heard | ''
  /** It was read as one that is posted already, and she says that it is not. */
  another: boolean
  verdict: Verdict | null
  done: Posted | null
}
export type Missing = '' | 'item' | 'quantity' | 'home' | 'name' | 'heard' | 'age' | 'answers' | 'seal' | 'expiry' | 'no'

const longFeverDays = 4

export function cardOf(r: Reading): PasteCard {
  const home = r.homes.length === 1 ? r.homes[0]! : null
  const verdict = merged(r.lines.map((l) => l.verdict))
  const card: PasteCard = {
    reading: r, on: false, urgency: r.urgency, age: r.patient.age,
    lines: r.lines.map((l) => ({ item: l.item, unsure: l.unsure, quantity: l.quantity, seal: l.seal, expires: r.expiry })),
    asked: questionsOf(verdict), yes: [], rest: false, longFever: false,
    home, residents: r.residents, person: home ? (r.residents[0]?.id ?? 'new') : '', name: '', heard: '', another: false, verdict, done: null,
  }
  card.on = missingOf(card) === '' && !r.again
  return card
}

const questionsOf = (v: Verdict | null) => (v?.questions ?? []).filter((q) => q.key !== 'age')

/** What may be given of several lines: the strictest says so for all. */
export function merged(all: (Verdict | null)[]): Verdict | null {
  const rank: Record<Outcome, number> = { ok: 0, ask: 1, doctor: 2, refused: 3, danger: 4 }
  const said = all.filter((v) => v !== null)
  const worst = said.reduce<Verdict | null>((a, v) => (a === null || rank[v.outcome] > rank[a.outcome] ? v : a), null)
  if (!worst) return null
  const questions = new Map(said.flatMap((v) => v.questions).map((q) => [q.key, q]))
  return { ...worst, questions: [...questions.values()] }
}

export function patientOf(c: PasteCard): Patient {
  const answers: Patient['answers'] = { ...c.reading.patient.answers }
  for (const q of c.asked) {
    if (c.yes.includes(q.key)) answers[q.key] = 'yes'
    else if (c.rest) answers[q.key] = 'no'
  }
  return { age: c.age, answers, signs: c.reading.patient.signs ?? [], fever: c.longFever, fever_days: c.longFever ? longFeverDays : 0 }
}

/** A new answer of screening: its questions join those that were asked before. */
export function judged(c: PasteCard, verdict: Verdict | null): void {
  c.verdict = verdict
  for (const q of questionsOf(verdict)) if (!c.asked.some((a) => a.key === q.key)) c.asked = [...c.asked, q]
}

/** Who is known and has agreed need not be asked aloud once more. */
export const agreed = (c: PasteCard) => c.residents.some((r) => r.id === c.person && r.agreed)

/** The one thing that is missing before it can be posted. */
export function missingOf(c: PasteCard): Missing {
  const offer = c.reading.post === 'offer'
  const outcome = c.verdict?.outcome
  if (c.reading.post === '') return 'no'
  if (c.lines.length === 0 || c.lines.some((l) => l.unsure || (offer && l.item.kind === 'class'))) return 'item'
  if (c.lines.some((l) => l.quantity < 1)) return 'quantity'
  if (offer && c.lines.some((l) => l.seal === '')) return 'seal'
  if (offer && c.lines.some((l) => l.expires === '' && l.item.kind === 'drug')) return 'expiry'
  if (!offer && c.reading.danger.length === 0) {
    if (c.age === '' && c.verdict?.questions.some((q) => q.key === 'age')) return 'age'
    if (outcome === 'refused' || outcome === 'doctor') return 'no'
    if (c.asked.some((q) => patientOf(c).answers[q.key] === undefined)) return 'answers'
  }
  if (offer && outcome && outcome !== 'ok' && outcome !== 'ask') return 'no'
  if (!c.home) return 'home'
  if (c.person === 'new' && c.name.trim() === '') return 'name'
  if (!agreed(c) && c.heard === '') return 'heard'
  return ''
}

export function postingOf(c: PasteCard): NewPosting {
  const to = { household_id: c.home!.id, ...(c.person === 'new' ? { name: c.name.trim() } : { person_id: c.person }), ...(agreed(c) ? {} : { heard: c.heard }) }
  const mark = c.another ? '' : c.reading.mark
  if (c.reading.post === 'offer') {
    return { ...to, mark, way: 'relay', lots: c.lines.map((l) => ({ item_id: l.item.id, quantity: l.quantity, seal: l.seal as Seal, expires_on: l.expires })) }
  }
  const patient = patientOf(c)
  return { ...to, mark, way: 'relay', needs: c.lines.map((l) => ({ item_id: l.item.id, quantity: l.quantity, patient, urgency: c.urgency })) }
}
