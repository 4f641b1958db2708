// The shapes of /api/v1 as they are written in the contract.
export type Outcome = 'ok' | 'ask' | 'refused' | 'doctor' | 'danger'
export type Go = 'emergency' | 'doctor' | 'recovery' | 'worker' | ''
export type Urgency = 'now' | 'today' | 'days'
export type Way = 'relay' | 'door'
export type Seal = 'box' | 'blister' | 'opened'
export type Age = '0-2m' | '3-5m' | '6-11m' | '1y' | '2y' | '3-4y' | '5y' | '6-11y' | '12-17y' | 'adult' | 'elder'
export type Side = 'receiver' | 'giver' | 'worker'
export type NeedState = 'open' | 'matched' | 'fulfilled' | 'cancelled' | 'unmet'
export type MatchState =
  | 'proposed' | 'agreed' | 'moving' | 'ready' | 'given'
  | 'returned' | 'declined' | 'cancelled' | 'lapsed' | 'refused'
export type ConsentKind = 'terms' | 'health' | 'board'
export type RoleKind = 'resident' | 'volunteer' | 'worker' | 'leader' | 'doctor' | 'operator'

export interface Reason {
  code: string
  args?: Record<string, string>
}
export interface Item {
  id: string
  name: string
  name_en: string
  kind: 'drug' | 'device' | 'supply' | 'class'
  unit: string
  packs: { unit: string; size: number }[]
  share: string
  evidence: string
  lend: boolean
}
export interface GridRef {
  id: string
  code: string
  name: string
  level: string
  community: string
  homes: number
}
export interface Relay {
  id: string
  name: string
  address: string
  contact: string
  phone: string
  /** Minutes after midnight. */
  hours: { weekday: number; open: number; close: number }[]
  lat: number
  lon: number
  state: string
  metres: number
}
export interface Patient {
  age: Age | ''
  answers: Record<string, 'yes' | 'no'>
  signs: string[]
  fever: boolean
  fever_days: number
}
export interface HandoverRef {
  id: string
  state: string
  due_at: string | null
  version: number
}
export interface Match {
  id: string
  need_id: string
  lot_id: string
  handover_id: string
  side: Side
  item: Item
  quantity: number
  substitute: boolean
  state: MatchState
  reasons: Reason[]
  strength: string
  form: string
  batch: string
  expires_on: string
  end_reason: string
  due_at: string | null
  version: number
  created_at: string
  question: { zh: string; en: string } | null
  contact: { mine: 'granted' | 'refused' | ''; theirs: 'granted' | 'refused' | '' }
  handover: HandoverRef | null
}
export interface Need {
  id: string
  request_id: string
  item: Item
  requested: number
  open: number
  matched: number
  fulfilled: number
  cancelled: number
  state: NeedState
  cancel_reason: string
  urgency: Urgency
  age: Age | ''
  private: boolean
  held: boolean
  why: Reason[]
  next_at: string | null
  due_at: string | null
  created_at: string
  version: number
  matches: Match[]
}
export interface Step {
  at: string
  kind: string
  thing: string
  thing_id: string
  state: string
  quantities: Record<string, number>
}
export interface Question {
  key: string
  blocks: boolean
}
export interface Refusal {
  line: number
  item: Item | null
  outcome: Outcome
  reasons: Reason[]
  go: Go
  questions: Question[]
}
export interface Request {
  id: string
  way: Way
  private: boolean
  posted_by_me: boolean
  on_behalf: boolean
  note: string
  created_at: string
  needs: Need[]
  timeline: Step[]
  relay: Relay | null
  refused: Refusal[]
}
export interface Lot {
  id: string
  offer_id: string
  item: Item
  strength: string
  form: string
  pack_size: number
  batch: string
  expires_on: string
  days_left: number
  seal: Seal
  kind: string
  way: Way
  offered: number
  remaining: number
  reserved: number
  lent: number
  given: number
  withdrawn: number
  expired: number
  state: 'offered' | 'taken' | 'closed'
  close_reason: string
  place: 'home' | 'box'
  relay_id: string
  checked_at: string | null
  created_at: string
  version: number
  matches: Match[]
}
export interface Offer {
  id: string
  way: Way
  note: string
  created_at: string
  lots: Lot[]
  timeline: Step[]
  relay: Relay | null
  refused: Refusal[]
}
export interface Verdict {
  outcome: Outcome
  reasons: Reason[]
  go: Go
  questions: Question[]
  warnings: Reason[]
  items: Item[]
  ceiling: number
}

export interface Page<T> {
  items: T[]
  next: string
}
export interface Session {
  person: { id: string; name: string; state: 'pending' | 'approved' | 'refused' | 'left'; phone_tail: string }
  household: { building: string; door: string } | null
  grid: GridRef
  roles: { id: string; kind: RoleKind; grid: GridRef }[]
  consents: Record<ConsentKind, boolean>
  demo: boolean
  catalogue: { version: string; reviewed: boolean; reviewer: string }
  relay: Relay | null
  epoch: string
}
export interface Persona {
  key: string
  name: string
  role: string
  grid: GridRef
}
export interface Consent {
  kind: ConsentKind | 'contact'
  granted: boolean
  text_version: string
  at: string
  match_id: string
}
export interface Claim {
  person: { id: string; name: string; phone_tail: string }
  household: { building: string; door: string }
  grid: GridRef
  at: string
  version: number
}
export interface Counts {
  needs_open: number
  units_open: number
  matched: number
  fulfilled_today: number
  lots_free: number
}
export interface GridCounts extends GridRef {
  parent_id: string
  tree: 'territorial' | 'dedicated'
  counts: Counts
}
export interface Overview {
  grid: GridCounts
  children: GridCounts[]
}
export interface Found {
  item: Item
  matched: string
  near: boolean
}
export interface BoardRow {
  need_id: string
  building: string
  item: Item
  open: number
  matched: number
  urgency: Urgency
  state: NeedState
  mine: boolean
  created_at: string
  version: number
}
export interface Handover {
  id: string
  state: string
  side: Side
  relay: Relay | null
  due_at: string | null
  ready_at: string | null
  generation: number
  tries_left: number
  locked: boolean
  matches: Match[]
  receiver: { building: string }
  version: number
}
export interface PickupCode {
  code: string
  qr: string
  token: string
}
export interface UrgentCard {
  need: Need
  building: string
  waited_minutes: number
  household_care: string
}
export interface Today {
  grid: GridRef
  numbers: { short: number; to_check: number; to_hand_over: number; claims: number }
  dangers: UrgentCard[]
  urgent: UrgentCard[]
  to_check: { lot: Lot; giver_building: string; handovers: number }[]
  to_hand_over: Handover[]
}
export interface Contact {
  name: string
  phone: string
  building: string
  door: string
  until: string | null
}
export interface NewLine {
  item_id: string
  quantity: number
  patient: Patient
  urgency: Urgency
  urgency_why: string
}
export interface NewRequest {
  lines: NewLine[]
  way: Way
  private: boolean
  note: string
}
export interface NewLot {
  item_id: string
  strength: string
  form: string
  pack_size: number
  batch: string
  quantity: number
  expires_on: string
  seal: Seal
  kind: 'gift'
}
export interface NewOffer {
  lots: NewLot[]
  way: Way
  note: string
}
export interface CheckIn {
  sealed: boolean
  readable: boolean
  in_date: boolean
  otc: boolean
  expires_on: string
  batch: string
  counted: number
  labelled: boolean
}
export interface LiveEvent {
  id: string
  grid: string
  seq: number
  kind: string
  thing: string
  thing_id: string
  version: number
  state: string
  quantities?: Record<string, number>
  at: string
}
