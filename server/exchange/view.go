package exchange

import (
	"slices"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
)

// Side is who looks at a match.
type Side string

// The sides.
const (
	SideReceiver Side = "receiver"
	SideGiver    Side = "giver"
	SideWorker   Side = "worker"
)

// MatchView is a match as one side may see it.
type MatchView struct {
	models.Match
	Side      Side
	Strength  string
	Form      string
	Batch     string
	ExpiresOn models.Date
	Kind      models.LotKind
	LendDays  int          // of a loan: for how many days it is lent
	Loan      *models.Loan // once it is lent
	// MyConsent and TheirConsent are "granted", "refused" or "" (not answered).
	MyConsent, TheirConsent string
	// Recalled is where the fetching back stands of what was given and recalled since.
	Recalled models.CollectionState
	// Question is what a proposed substitute asks of the receiver.
	Question *catalogue.Substitute
	Handover *models.Handover
	// ArrivesAt is about when what is on the way is at the receiver's.
	ArrivesAt *time.Time
	// Relay is the point by which it goes, and Metres the walk there from the own
	// home; nil where the worker takes it in by hand, or the view does not tell.
	Relay  *models.RelayPoint
	Metres int
	Photos []models.Photo // for the receiver and the worker: the leaflet of its lot
	// ToLabel tells who hands it over that it has to be cut and labelled first.
	ToLabel bool
}

// NeedView is a line with its matches.
type NeedView struct {
	models.Need
	Matches []MatchView
	Reader  models.Actor
	Reviews []models.Review // that this reader asked for, or may decide
}

// RequestView is a post with everything its asker may see.
type RequestView struct {
	models.Request
	Needs   []NeedView
	Steps   []Step
	Relay   *models.RelayPoint
	Metres  int // from the asker's building to the relay point; -1 unknown
	Refused []Refusal
}

// LotView is a lot with its matches.
type LotView struct {
	models.Lot
	Matches []MatchView
	FetchAt *time.Time // about when somebody comes to fetch it
	Photos  []models.Photo
}

// OfferView is a post with everything its giver may see.
type OfferView struct {
	models.Offer
	Bag     *models.Bag // where it is a whole bag
	Lots    []LotView
	Steps   []Step
	Relay   *models.RelayPoint
	Metres  int
	Refused []Refusal
}

// HandoverView is a journey with what it carries.
type HandoverView struct {
	models.Handover
	Side     Side
	Matches  []MatchView
	Relay    *models.RelayPoint
	Building string         // the receiver's
	Photos   []models.Photo // of the bag; the giver sees none
	// WrongCode: this call has tried a code that does not fit.
	WrongCode bool
	// KeptBack was not safe to give any more.
	KeptBack []KeptBack
	// Proof is the hash of the token that opens it, for a day without a net; on a
	// worker's list alone.
	Proof string
}

// Step is one entry of a timeline: an event, as far as its reader may see it.
type Step struct {
	At         time.Time
	Kind       string
	Thing      models.Thing
	ThingID    models.ID
	State      string
	Quantities map[string]int
}

// viewer turns rows into views for one actor.
type viewer struct {
	actor    models.Actor
	matcher  matching.Matcher
	lots     map[models.ID]*models.Lot
	hands    map[models.ID]*models.Handover
	consents []models.Consent
	recalled []models.Collection
	loans    map[models.ID]*models.Loan // by match
	ahead    []models.Stop              // of rounds, at which something of this comes or is fetched
	relays   []models.RelayPoint        // where the view is to tell them
	walks    models.Walks
	home     models.Spot
	photos   []models.Photo
	now      time.Time
	// helps: neither party nor worker, but who hosts the point or carries it. She
	// learns what and where, never why.
	helps bool
}

// photosOf are the photos of a thing, of these kinds.
func (v viewer) photosOf(thing models.ID, kinds ...models.PhotoKind) []models.Photo {
	var of []models.Photo
	for _, p := range v.photos {
		if p.ThingID == thing && slices.Contains(kinds, p.Kind) && !due(p.GoneAt, v.now) {
			of = append(of, p)
		}
	}
	return of
}

func (v viewer) side(m models.Match) Side {
	switch v.actor.PersonID {
	case m.ReceiverID:
		return SideReceiver
	case m.GiverID:
		return SideGiver
	}
	return SideWorker
}

// match shows a match: reasons are cut to what this side may read.
func (v viewer) match(m models.Match) MatchView {
	view := MatchView{Match: m, Side: v.side(m)}
	view.Reasons = models.ReasonsFor(m.Reasons, v.reader(view.Side))
	if l, ok := v.lots[m.LotID]; ok {
		view.Strength, view.Form, view.Batch, view.ExpiresOn = l.Strength, l.Form, l.Batch, l.ExpiresOn
		view.Kind, view.LendDays = l.Kind, l.LendDays
		view.ToLabel = view.Side == SideWorker && toLabel(v.matcher, m, *l)
	}
	view.Loan = v.loans[m.ID]
	view.Handover, view.ArrivesAt = v.hands[m.HandoverID], v.arrives(m)
	for _, c := range v.recalled {
		if c.MatchID == m.ID && view.Side != SideGiver {
			view.Recalled = c.State
		}
	}
	if view.Handover != nil {
		if view.Relay = relayByID(v.relays, view.Handover.RelayID); view.Relay != nil {
			view.Metres = v.walks.Metres(v.home, view.Relay.Spot())
		}
	}
	if view.Side != SideGiver && photosOpen(m, v.now) {
		view.Photos = v.photosOf(m.LotID, models.PhotoLeaflet)
	}
	for _, c := range v.consents {
		if c.MatchID == nil || *c.MatchID != m.ID {
			continue
		}
		answer := "refused"
		if c.Granted {
			answer = "granted"
		}
		if c.PersonID == v.actor.PersonID {
			view.MyConsent = answer
		} else {
			view.TheirConsent = answer
		}
	}
	return view
}

// arrives is about when what is on the way is there; not for who gave it.
func (v viewer) arrives(m models.Match) *time.Time {
	h := v.hands[m.HandoverID]
	if h == nil || h.State != models.HandoverOut || v.side(m) == SideGiver {
		return nil
	}
	return v.stopAt(func(st models.Stop) bool { return deref(st.HandoverID) == h.ID })
}

// fetchAt is about when somebody comes for a lot.
func (v viewer) fetchAt(l models.Lot) *time.Time {
	return v.stopAt(func(st models.Stop) bool { return deref(st.LotID) == l.ID })
}

// stopAt is the time of a stop that lies ahead, to the quarter of an hour: on foot
// nobody is there to the minute.
func (v viewer) stopAt(of func(models.Stop) bool) *time.Time {
	at := slices.IndexFunc(v.ahead, of)
	if at < 0 {
		return nil
	}
	about := v.ahead[at].Arrival.Add(roughly / 2).Truncate(roughly)
	return &about
}

const roughly = 15 * time.Minute

func (v viewer) reader(side Side) models.Reader {
	switch {
	case side == SideReceiver:
		return models.ReaderReceiver
	case side == SideWorker && !v.helps:
		return models.ReaderWorker
	}
	return models.ReaderAll
}

func (v viewer) matchesOf(all []models.Match, of func(models.Match) bool) []MatchView {
	views := []MatchView{}
	for _, m := range all {
		if of(m) {
			views = append(views, v.match(m))
		}
	}
	return views
}

// steps makes a timeline of events. Of another's lot only the checks are
// shown, and without its quantities.
func steps(events []models.Event, own models.Thing) []Step {
	shown := []Step{}
	for _, e := range events {
		if e.Kind == "lot.photo" || e.Kind == "handover.photo" || e.Kind == "match.labelled" {
			continue // no step on its way
		}
		s := Step{At: e.At, Kind: e.Kind, Thing: e.Thing, ThingID: e.ThingID, State: e.State, Quantities: e.Quantities}
		if e.Thing == models.ThingLot && own != models.ThingLot {
			if e.Kind != "lot.checked_in" && e.Kind != "lot.handed_in" {
				continue
			}
			s.Quantities = nil
		}
		if e.Thing == models.ThingNeed && own != models.ThingNeed || e.Kind == "need.waiting" || e.Kind == "handover.wrong_code" {
			continue
		}
		shown = append(shown, s)
	}
	return shown
}
