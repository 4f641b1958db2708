package api

import (
	"time"

	"linli/models"
	"linli/server/exchange"

	"github.com/danielgtaylor/huma/v2"
)

// Patient says for whom a line is.
type Patient struct {
	Age       string            `json:"age" enum:"0-2m,3-5m,6-11m,1y,2y,3-4y,5y,6-11y,12-17y,adult,elder,"`
	Answers   map[string]Answer `json:"answers,omitempty" maxProperties:"40" doc:"By question key"`
	Signs     []string          `json:"signs,omitempty" maxItems:"20" nullable:"false"`
	Fever     bool              `json:"fever,omitempty"`
	FeverDays int               `json:"fever_days,omitempty" minimum:"0" maximum:"60"`
}

// Answer is yes or no.
type Answer string

// Schema says so to whoever reads the document.
func (Answer) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Enum: []any{"yes", "no"}}
	s.PrecomputeMessages()
	return s
}

func (p Patient) model() models.Patient {
	answers := make(map[string]models.Answer, len(p.Answers))
	for k, v := range p.Answers {
		answers[k] = models.Answer(v)
	}
	return models.Patient{Age: models.AgeBand(p.Age), Answers: answers, Signs: p.Signs, Fever: p.Fever, FeverDays: p.FeverDays}
}

// Request is a post with its lines.
type Request struct {
	ID         string    `json:"id"`
	Way        string    `json:"way"`
	Private    bool      `json:"private"`
	PostedByMe bool      `json:"posted_by_me"`
	OnBehalf   bool      `json:"on_behalf"`
	Note       string    `json:"note"`
	CreatedAt  time.Time `json:"created_at"`
	Needs      []Need    `json:"needs" nullable:"false"`
	Timeline   []Step    `json:"timeline" nullable:"false"`
	Relay      *Relay    `json:"relay"`
	Refused    []Refusal `json:"refused" nullable:"false"`
}

// Need is one line of it.
type Need struct {
	ID           string     `json:"id"`
	RequestID    string     `json:"request_id"`
	Item         Item       `json:"item"`
	Requested    int        `json:"requested"`
	Open         int        `json:"open"`
	Matched      int        `json:"matched"`
	Fulfilled    int        `json:"fulfilled"`
	Cancelled    int        `json:"cancelled"`
	State        string     `json:"state" enum:"open,matched,fulfilled,cancelled,unmet"`
	CancelReason string     `json:"cancel_reason"`
	Urgency      string     `json:"urgency" enum:"now,today,days"`
	UrgencyWhy   string     `json:"urgency_why"`
	Confirmed    bool       `json:"confirmed" doc:"A worker found it as urgent as declared"`
	Age          string     `json:"age"`
	Private      bool       `json:"private"`
	Held         bool       `json:"held" doc:"A danger sign: no match until a person clears it"`
	Why          []Reason   `json:"why" nullable:"false"`
	NextAt       *time.Time `json:"next_at"`
	DueAt        *time.Time `json:"due_at"`
	CreatedAt    time.Time  `json:"created_at"`
	Version      int        `json:"version"`
	Matches      []Match    `json:"matches" nullable:"false"`
	Reviews      []Review   `json:"reviews" nullable:"false"`
}

// Offer is a post with its lots.
type Offer struct {
	ID        string    `json:"id"`
	Way       string    `json:"way"`
	Note      string    `json:"note"`
	CreatedAt time.Time `json:"created_at"`
	Bag       *Bag      `json:"bag" doc:"Where it is a whole bag: what is in it was booked in at the point"`
	Lots      []Lot     `json:"lots" nullable:"false"`
	Timeline  []Step    `json:"timeline" nullable:"false"`
	Relay     *Relay    `json:"relay"`
	Refused   []Refusal `json:"refused" nullable:"false"`
}

// Lot is one line of it.
type Lot struct {
	ID          string     `json:"id"`
	OfferID     string     `json:"offer_id"`
	Item        Item       `json:"item"`
	Strength    string     `json:"strength"`
	Form        string     `json:"form"`
	PackSize    int        `json:"pack_size"`
	Batch       string     `json:"batch"`
	ExpiresOn   string     `json:"expires_on"`
	DaysLeft    int        `json:"days_left"`
	Seal        string     `json:"seal" enum:"box,blister,opened"`
	Kind        string     `json:"kind" enum:"gift,loan"`
	LendDays    int        `json:"lend_days" doc:"Of a loan: for how many days at a time"`
	WantBack    bool       `json:"want_back" doc:"Its lender wants it back: lent to nobody else"`
	Way         string     `json:"way"`
	Offered     int        `json:"offered"`
	Remaining   int        `json:"remaining"`
	Reserved    int        `json:"reserved"`
	Lent        int        `json:"lent"`
	Given       int        `json:"given"`
	Withdrawn   int        `json:"withdrawn"`
	Expired     int        `json:"expired"`
	State       string     `json:"state" enum:"offered,taken,closed"`
	CloseReason string     `json:"close_reason"`
	Place       string     `json:"place" enum:"home,box"`
	RelayID     string     `json:"relay_id"`
	CallID      string     `json:"call_id" doc:"The notice whose call it answers; empty: none"`
	CheckedAt   *time.Time `json:"checked_at"`
	CreatedAt   time.Time  `json:"created_at"`
	Version     int        `json:"version"`
	Matches     []Match    `json:"matches" nullable:"false"`
	FetchAt     *time.Time `json:"fetch_at,omitempty" doc:"About when somebody comes for it"`
	Photos      []Photo    `json:"photos" nullable:"false"`
}

// Match is so many units of a lot for a need, as this side may see it.
type Match struct {
	ID         string       `json:"id"`
	NeedID     string       `json:"need_id"`
	LotID      string       `json:"lot_id"`
	HandoverID string       `json:"handover_id"`
	Side       string       `json:"side" enum:"receiver,giver,worker"`
	Item       Item         `json:"item"`
	Quantity   int          `json:"quantity"`
	Substitute bool         `json:"substitute"`
	State      string       `json:"state" enum:"proposed,agreed,moving,ready,given,returned,declined,cancelled,lapsed,refused"`
	Kind       string       `json:"kind" enum:"gift,loan,"`
	LendDays   int          `json:"lend_days" doc:"Of a loan: for how many days"`
	Loan       *LoanRef     `json:"loan" doc:"Once it is lent"`
	Reasons    []Reason     `json:"reasons" nullable:"false"`
	Strength   string       `json:"strength"`
	Form       string       `json:"form"`
	Batch      string       `json:"batch"`
	ExpiresOn  string       `json:"expires_on"`
	EndReason  string       `json:"end_reason"`
	DueAt      *time.Time   `json:"due_at"`
	CreatedAt  time.Time    `json:"created_at"`
	Version    int          `json:"version"`
	FromPoint  bool         `json:"from_point" doc:"Stock of the relay point itself: no neighbour gave it"`
	Recalled   string       `json:"recalled" enum:"asked,collected," doc:"Given and recalled since: not to be taken, until somebody has fetched it"`
	Question   *Sentence    `json:"question" doc:"What must be asked before a substitute is taken"`
	Contact    Agreement    `json:"contact"`
	Handover   *HandoverRef `json:"handover"`
	Photos     []Photo      `json:"photos" nullable:"false" doc:"The leaflet of its lot, for the receiver"`
	ToLabel    bool         `json:"to_label,omitempty" doc:"Medicine of which a piece is to be cut: label it and photograph the leaflet before it leaves the box"`
}

// Sentence is a text in both languages.
type Sentence struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Agreement is how both sides answered to showing door and phone.
type Agreement struct {
	Mine   string `json:"mine" enum:"granted,refused,"`
	Theirs string `json:"theirs" enum:"granted,refused,"`
}

// HandoverRef is the state of a journey.
type HandoverRef struct {
	ID    string     `json:"id"`
	State string     `json:"state"`
	Way   string     `json:"way" enum:"relay,door,leave"`
	DueAt *time.Time `json:"due_at"`
	// What a neighbour has been slow at is her own affair.
	Reminded  int        `json:"reminded" doc:"How often this reader was reminded: a giver to bring it; a receiver to collect it or, when it is out, to say that she got it"`
	Version   int        `json:"version"`
	ArrivesAt *time.Time `json:"arrives_at,omitempty" doc:"On the way: about when it is there"`
	Relay     *Relay     `json:"relay" doc:"The point by which it goes; null where the worker takes it in by hand"`
}

// KeptBack is part of a handover that was not safe to give any more.
type KeptBack struct {
	MatchID  string `json:"match_id"`
	Item     Item   `json:"item"`
	Quantity int    `json:"quantity"`
	Reason   Reason `json:"reason"`
	Gone     bool   `json:"gone" doc:"It was handed over already, without a net: to be asked back"`
}

// Handover is a journey with what it carries.
type Handover struct {
	ID         string     `json:"id"`
	State      string     `json:"state" enum:"awaiting,checking,ready,out,done,returned,refused,lapsed"`
	Side       string     `json:"side" enum:"receiver,giver,worker"`
	Way        string     `json:"way" enum:"relay,door,leave"`
	Relay      *Relay     `json:"relay"`
	DueAt      *time.Time `json:"due_at"`
	ReadyAt    *time.Time `json:"ready_at"`
	ClosedAt   *time.Time `json:"closed_at"`
	ClosedHow  string     `json:"closed_how" enum:"code,token,offline,household,relative,left,face,received,"`
	Collector  string     `json:"collector" doc:"Who collects it for the receiver, for her and whoever hands over; on its own page alone"`
	Unanswered bool       `json:"unanswered" doc:"Brought, and she has not said that she got it: her worker finds out"`
	TwiceAt    *time.Time `json:"twice_at" doc:"When its code turned up again after it was closed: one loss"`
	KeptBack   []KeptBack `json:"kept_back" nullable:"false" doc:"What was not safe any more when this was given"`
	Proof      string     `json:"proof" doc:"On a worker's list: base64url of the SHA-256 of the token that opens it, for a phone without a net"`
	Generation int        `json:"generation"`
	TriesLeft  int        `json:"tries_left"`
	Locked     bool       `json:"locked"`
	Matches    []Match    `json:"matches" nullable:"false"`
	Receiver   Building   `json:"receiver"`
	Photos     []Photo    `json:"photos" nullable:"false" doc:"The bag at the door"`
	Version    int        `json:"version"`
}

// Building is all of an address that is shown without consent.
type Building struct {
	Building string `json:"building"`
}

func (a *API) request(c *call, me models.Actor, v exchange.RequestView) Request {
	return Request{ID: v.ID, Way: string(v.Way), Private: v.Private, PostedByMe: v.PostedBy == me.PersonID,
		OnBehalf: v.PostedBy != v.PersonID, Note: v.Note, CreatedAt: v.CreatedAt, Needs: mapped(v.Needs, a.need),
		Timeline: stepsOf(v.Steps), Relay: relayOf(v.Relay, v.Metres), Refused: c.refusals(v.Refused)}
}

func (a *API) need(v exchange.NeedView) Need {
	return Need{ID: v.ID, RequestID: v.RequestID, Item: a.item(v.ItemID), Requested: v.Requested, Open: v.Open,
		Matched: v.Matched, Fulfilled: v.Fulfilled, Cancelled: v.Cancelled, State: string(v.State),
		CancelReason: v.CancelReason, Urgency: string(v.Urgency), UrgencyWhy: v.UrgencyWhy, Confirmed: v.ConfirmedBy != nil, Age: string(v.Patient.Age), Private: v.Private,
		Held: v.Held, Why: reasonsOf(v.Why), NextAt: v.NextAt, DueAt: v.DueAt, CreatedAt: v.CreatedAt, Version: v.Version,
		Matches: mapped(v.Matches, a.match), Reviews: mapped(v.Reviews, reviewOf(v.Reader))}
}

func (a *API) offer(c *call, v exchange.OfferView) Offer {
	return Offer{ID: v.ID, Way: string(v.Way), Note: v.Note, CreatedAt: v.CreatedAt, Bag: bagOf(v.Bag), Lots: mapped(v.Lots, a.lot),
		Timeline: stepsOf(v.Steps), Relay: relayOf(v.Relay, v.Metres), Refused: c.refusals(v.Refused)}
}

func (a *API) lot(v exchange.LotView) Lot {
	lot := Lot{ID: v.ID, OfferID: v.OfferID, Item: a.item(v.ItemID), Strength: v.Strength, Form: v.Form,
		PackSize: v.PackSize, Batch: v.Batch, ExpiresOn: string(v.ExpiresOn), Seal: string(v.Seal), Kind: string(v.Kind),
		LendDays: v.LendDays, WantBack: v.WantBackAt != nil,
		Way: string(v.Way), Offered: v.Offered, Remaining: v.Remaining, Reserved: v.Reserved, Lent: v.Lent, Given: v.Given,
		Withdrawn: v.Withdrawn, Expired: v.Expired, State: string(v.State), CloseReason: v.CloseReason,
		Place: string(v.Place), CheckedAt: v.CheckedAt, CreatedAt: v.CreatedAt, Version: v.Version,
		Matches: mapped(v.Matches, a.match), Photos: mapped(v.Photos, photoOf), FetchAt: v.FetchAt}
	if v.ExpiresOn != "" {
		lot.DaysLeft = v.ExpiresOn.DaysAfter(models.DateOf(a.o.Now()))
	}
	if v.RelayID != nil {
		lot.RelayID = *v.RelayID
	}
	if v.CallID != nil {
		lot.CallID = *v.CallID
	}
	return lot
}

func (a *API) match(v exchange.MatchView) Match {
	m := Match{ID: v.ID, NeedID: v.NeedID, LotID: v.LotID, HandoverID: v.HandoverID, Side: string(v.Side),
		Item: a.item(v.ItemID), Quantity: v.Quantity, Substitute: v.Substitute, State: string(v.State),
		Kind: string(v.Kind), LendDays: v.LendDays, Loan: loanRef(v),
		Reasons: reasonsOf(v.Reasons), Strength: v.Strength, Form: v.Form, Batch: v.Batch, ExpiresOn: string(v.ExpiresOn),
		EndReason: v.EndReason, DueAt: v.DueAt, CreatedAt: v.CreatedAt, Version: v.Version,
		Contact: Agreement{v.MyConsent, v.TheirConsent}, FromPoint: v.FromPoint(), Recalled: string(v.Recalled),
		Photos: mapped(v.Photos, photoOf), ToLabel: v.ToLabel}
	if v.Question != nil {
		m.Question = &Sentence{v.Question.QuestionZH, v.Question.QuestionEN}
	}
	if h := v.Handover; h != nil {
		m.Handover = &HandoverRef{ID: h.ID, State: string(h.State), Way: string(h.Way), DueAt: h.DueAt, Version: h.Version, ArrivesAt: v.ArrivesAt,
			Relay: relayOf(v.Relay, v.Metres)}
		if of := remindedOf[h.State]; of != "" && of == v.Side {
			m.Handover.Reminded = h.Reminded
		}
	}
	return m
}

// remindedOf is whom a handover reminds, by its state.
var remindedOf = map[models.HandoverState]exchange.Side{models.HandoverAwaiting: exchange.SideGiver,
	models.HandoverReady: exchange.SideReceiver, models.HandoverOut: exchange.SideReceiver}

func (a *API) keptBack(k exchange.KeptBack) KeptBack {
	return KeptBack{k.MatchID, a.item(k.ItemID), k.Quantity, reasonsOf([]models.Reason{k.Reason})[0], k.Gone}
}

func (a *API) handover(v exchange.HandoverView) Handover {
	return Handover{ID: v.ID, State: string(v.State), Side: string(v.Side), Way: string(v.Way), Relay: relayOf(v.Relay, -1), DueAt: v.DueAt,
		ReadyAt: v.ReadyAt, ClosedAt: v.ClosedAt, ClosedHow: string(v.ClosedHow), Unanswered: v.Unanswered(), TwiceAt: v.TwiceAt,
		KeptBack: mapped(v.KeptBack, a.keptBack), Proof: v.Proof, Generation: v.Generation, TriesLeft: models.MaxCodeTries - v.WrongTries, Locked: v.Locked(),
		Matches: mapped(v.Matches, a.match), Receiver: Building{v.Building}, Photos: mapped(v.Photos, photoOf), Version: v.Version}
}
