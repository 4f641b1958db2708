package exchange

import (
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
	// MyConsent and TheirConsent are "granted", "refused" or "" (not answered).
	MyConsent, TheirConsent string
	// Recalled is where the fetching back stands of what was given and recalled since.
	Recalled models.CollectionState
	// Question is what a proposed substitute asks of the receiver.
	Question *catalogue.Substitute
	Handover *models.Handover
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
	Building string // the receiver's
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
	view.Reasons = models.ReasonsFor(m.Reasons, reader(view.Side))
	if l, ok := v.lots[m.LotID]; ok {
		view.Strength, view.Form, view.Batch, view.ExpiresOn = l.Strength, l.Form, l.Batch, l.ExpiresOn
	}
	view.Handover = v.hands[m.HandoverID]
	for _, c := range v.recalled {
		if c.MatchID == m.ID && view.Side != SideGiver {
			view.Recalled = c.State
		}
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

func reader(side Side) models.Reader {
	switch side {
	case SideReceiver:
		return models.ReaderReceiver
	case SideWorker:
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
