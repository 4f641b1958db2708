import type { components } from './schema'

// Names for the generated shapes of the API. Where the document is wider than
// what the server sends (a kind is a string there, a null is not told), the
// shape is narrowed here, field by field; a field that is gone fails to compile.
type S = components['schemas']
type Narrow<T, N extends { [K in keyof N]: K extends keyof T ? unknown : never }> = Omit<T, keyof N> & N

export type Outcome = 'ok' | 'ask' | 'refused' | 'doctor' | 'danger'
export type Go = 'emergency' | 'doctor' | 'recovery' | 'worker' | ''
export type Urgency = 'now' | 'today' | 'days'
export type Seal = 'box' | 'blister' | 'opened'
export type Age = S['Patient']['age']
export type Side = 'receiver' | 'giver' | 'worker'
export type NeedState = 'open' | 'matched' | 'fulfilled' | 'cancelled' | 'unmet'
export type MatchState = S['Match']['state']
export type ConsentKind = 'terms' | 'health' | 'board' | 'asks' | 'night'
export type RoleKind = 'resident' | 'volunteer' | 'worker' | 'leader' | 'doctor' | 'operator'

export interface Reason {
  code: string
  args?: Record<string, string>
}
export type Item = Narrow<S['Item'], { kind: 'drug' | 'device' | 'supply' | 'class' }>
export type GridRef = S['Grid']
export type Relay = S['Relay']
export type HoursException = S['HoursException']
export type Staff = S['Staff']
export type RelayCard = S['RelayCard']
export type Point = Narrow<S['RelayPage'], { host: Staff | null; deputy: Staff | null }>
export type Desk = Narrow<S['RelayDesk'], { to_check: ToCheck[]; to_hand_over: Handover[] }>
export type PointEdit = S['RelayEditBody']
export type PauseReason = S['RelayPauseBody']['reason']
export type BoxMove = S['BoxMove']
export type ShareCounts = S['ShareCounts']
export type Shares = S['Shares']
export type Patient = Narrow<S['Patient'], { answers: Record<string, 'yes' | 'no'>; signs: string[]; fever: boolean; fever_days: number }>
export type HandoverRef = S['HandoverRef']
export type LoanRef = S['LoanRef']
export type Match = Narrow<S['Match'], { item: Item; handover: HandoverRef | null; question: S['Sentence'] | null; loan: LoanRef | null }>
export type Need = Narrow<S['Need'], { item: Item; age: Age; matches: Match[] }>
export type Photo = S['Photo']
export type PhotoKind = Photo['kind']
export type Step = S['Step']
export type Question = S['Question']
export type Refusal = Narrow<S['Refusal'], { item: Item | null; go: Go }>
export type Request = Narrow<S['Request'], { needs: Need[]; relay: Relay | null; refused: Refusal[] }>
export type Lot = Narrow<S['Lot'], { item: Item; matches: Match[] }>
export type Offer = Narrow<S['Offer'], { bag: S['Bag'] | null; lots: Lot[]; relay: Relay | null; refused: Refusal[] }>
export type Verdict = Narrow<S['Verdict'], { items: Item[]; go: Go }>

export interface Page<T> {
  items: T[]
  next: string
}
export type Role = Narrow<S['Role'], { kind: RoleKind }>
export type Session = Narrow<S['Session'], { household: S['Household'] | null; relay: Relay | null; roles: Role[] }>
export type Persona = Narrow<S['Persona'], { role: RoleKind }>
export type Consent = Narrow<S['Consent'], { kind: ConsentKind | 'contact' }>
export type Claim = S['Claim']
export type GridCounts = S['GridCounts']
export type Overview = S['Overview']
export type Found = Narrow<S['Hit'], { item: Item }>
export type BoardRow = Narrow<S['BoardRow'], { item: Item; urgency: Urgency; state: NeedState }>
export type Way = 'relay' | 'door' | 'leave'
export type KeptBack = Narrow<S['KeptBack'], { item: Item }>
export type Handover = Narrow<S['Handover'], { matches: Match[]; relay: Relay | null; kept_back: KeptBack[] }>
export type Giving = S['GivingBody']
export type Sample = Narrow<S['Sample'], { handover: Handover }>
export type LotCode = S['LotCode']
export type PickupCode = S['Code']
export type UrgentCard = Narrow<S['Card'], { need: Need }>
export type ReviewCard = Narrow<S['ReviewCard'], { need: Need }>
export type Message = S['Message']
export type Call = Narrow<S['Call'], { item: Item; relay: Relay | null }>
export type Notice = Narrow<S['Notice'], { call: Call | null }>
export type NewNotice = S['NewNoticeBody']
export type NoticeChange = S['NoticeChangeBody']
export type Resident = S['Resident']
export type Heard = 'face' | 'phone'
export type ReadingLine = Narrow<S['ReadingLine'], { item: Item; verdict: Verdict | null }>
export type Reading = Narrow<S['Reading'], { lines: ReadingLine[]; patient: Patient; place: S['Place'] | null; question: S['Sentence'] | null; reply: S['Sentence'] | null }>
export type Readings = Narrow<S['Readings'], { items: Reading[] }>
export type NewPosting = S['NewPosting']
export type Posted = Narrow<S['Posted'], { refused: Refusal[]; reason: Reason | null }>
export type Home = S['Home']
export type Ask = Narrow<S['Ask'], { item: Item; helps: Item[] }>
export type Loan = Narrow<S['Loan'], { item: Item; relay: Relay | null; closed_at: string | null; checked_at: string | null }>
export type LotKind = 'gift' | 'loan'
export type ToCheck = Narrow<S['ToCheck'], { lot: Lot }>
export type Today = Narrow<S['Today'], { dangers: UrgentCard[]; urgent: UrgentCard[]; to_check: ToCheck[]; to_hand_over: Handover[]; twice: Handover[]; reviews: ReviewCard[]; to_collect: Collection[]; loans: Loan[]; to_give_back: Lot[] }>
export type Bag = S['Bag']
export type BagCard = S['BagCard']
export type ShelfState = S['ShelfPart']['state']
export type ShelfLot = Narrow<S['ShelfLot'], { item: Item }>
export type Shelf = Narrow<S['Shelf'], { items: ShelfLot[] }>
export type BookLine = S['BookLine']
export type BookIn = S['BookInBody']
export type StockTake = Narrow<S['StockTake'], { lines: (Omit<S['StockTakeLine'], 'item'> & { item: Item })[] }>
export type NewStockTake = S['StockTakeBody']
export type Recovery = Narrow<S['Recovery'], { lots: (Omit<S['RecoveredLot'], 'item'> & { item: Item })[] }>
export type NewRecovery = S['NewRecoveryBody']
export type Collection = Narrow<S['Collection'], { item: Item }>
export type Recall = Narrow<S['Recall'], { item: Item; collections: Collection[] }>
export type NewRecall = S['NewRecallBody']
export type Chain = Narrow<S['Chain'], { lot: Lot }>
type Carries = Narrow<S['RoundCarries'], { item: Item }>
export type Stop = Narrow<S['RoundStop'], { what: Carries[]; relay: Relay | null; kept_back: KeptBack[] }>
export type Round = Narrow<S['Round'], { stops: Stop[] }>
export type DueStop = Narrow<S['DueStop'], { what: Carries[] }>
export type RoundDue = Narrow<S['RoundDue'], { stops: DueStop[] }>
export type NewRound = S['NewRoundBody']
export type StopDone = S['DoneStopBody']
export type StopFail = S['FailedStopBody']
export type Contact = S['Contact']
export type NewRequest = S['NewRequestBody']
export type NewOffer = S['NewOfferBody']
export type NewLot = S['NewLot']
export type CheckIn = S['CheckInBody']
export type RefuseReason = S['LotRefusalBody']['reason']

/** An event as the stream sends it; the document does not hold the frames. */
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

export type WechatMomentName = 'match' | 'drop' | 'ready' | 'lapse' | 'closed'
export type WechatMoment = Narrow<S['WechatMoment'], { moment: WechatMomentName }>
export type WechatStatus = Narrow<S['WechatStatus'], { moments: WechatMoment[] }>
export type WechatArrival = S['WechatArrival']
export type Robot = S['Robot']
export type NewRobot = S['NewRobotBody']
export type EditRobot = S['EditRobotBody']
export type Delivery = S['Delivery']
export type PairingCode = S['PairingCode']
