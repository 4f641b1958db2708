package exchange

import (
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Giving is by what a handover is closed: the code or the picture of the receiver,
// or one of the ways that people without them need.
type Giving struct {
	Code, Token string
	// How may be left out where a code or a token says it.
	How  models.ClosedHow
	Door string // the door code of the household
	// Why is the reason face to face, and the name of a relative who was not named before.
	Why string
	// Adult: whoever takes it is of age. The account need not be; medicine for a
	// child is for the adult who collects it.
	Adult bool
	// ScannedAt is when a token was scanned without a net, or when it was handed over
	// on a word.
	ScannedAt *time.Time

	walked bool // by who had it with her then, on a round
}

// late reports whether this tells of what was done without a net: it is in the
// receiver's hands, whatever has become of it here meanwhile.
func (in Giving) late() bool {
	switch in.How {
	case models.HowOffline, models.HowFace, models.HowRelative, models.HowLeft:
		return in.ScannedAt != nil
	}
	return false
}

// at is when it was handed over. A phone whose clock is ahead cannot have done it
// after it told us.
func (in Giving) at(now time.Time) time.Time {
	if in.late() && in.ScannedAt.Before(now) {
		return *in.ScannedAt
	}
	return now
}

// check finds out how, and names what is missing for it.
func (in *Giving) check() error {
	f := fault.New(fault.Invalid, "invalid_input")
	if in.How == "" {
		in.How = models.HowCode
		if in.Token != "" {
			in.How = models.HowToken
		}
	}
	if in.How == models.HowToken && in.ScannedAt != nil {
		in.How = models.HowOffline
	}
	wants := map[models.ClosedHow]string{models.HowCode: "code", models.HowToken: "token", models.HowOffline: "token",
		models.HowHousehold: "door", models.HowRelative: "", models.HowLeft: "", models.HowFace: "why"}
	field, known := wants[in.How]
	said := map[string]string{"code": in.Code, "token": in.Token, "door": in.Door, "why": in.Why}
	switch {
	case !known: // received is the receiver's own
		f = f.Field("how", "not_a_choice")
	case field != "" && said[field] == "":
		f = f.Field(field, "missing")
	case in.How == models.HowOffline && in.ScannedAt == nil:
		f = f.Field("scanned_at", "missing")
	}
	if f = checkText(f, "why", in.Why, maxNoteRunes); len(f.Fields) > 0 {
		return f
	}
	return nil
}

// giving is a Giving with what was read for it under the lock.
type giving struct {
	Giving
	doors    []models.Credential
	receiver []models.Person
}

// reads are those that this way to close asks for.
func (g *giving) reads(handover models.ID) []store.Read {
	if g.How != models.HowHousehold {
		return nil
	}
	return []store.Read{store.DoorByCode(g.Door, &g.doors), store.ReceiverOf(handover, &g.receiver)}
}

// scannedWithin is how long after it what was done without a net still counts.
const scannedWithin = 24 * time.Hour

// shown judges by what the handover is to be closed; wrong is a code that counts
// as a try. Each way has its own rule, and says which.
func (d *desk) shown(h *models.Handover, g *giving) (wrong bool, err error) {
	switch g.How {
	case models.HowCode, models.HowToken:
		if h.Locked() {
			return false, fault.New(fault.Conflict, "code_locked")
		}
		if g.How == models.HowCode {
			return !d.svc.codeFits(*h, g.Code), nil
		}
		return !d.svc.tokenFits(*h, g.Token, d.tx.Now), nil
	case models.HowOffline:
		return false, d.scanned(h, g)
	case models.HowHousehold:
		return false, d.atTheDoor(h, g)
	case models.HowRelative:
		if h.Collector == "" && g.Why == "" {
			return false, fault.InvalidField("why", "collector_missing")
		}
	case models.HowLeft:
		if h.Way != models.WayLeave {
			return false, fault.New(fault.Refused, "how_not_here")
		}
		if !d.bagShown(h) {
			return false, fault.New(fault.Refused, "bag_not_shown")
		}
	}
	return false, nil
}

// scanned: a token that was good when it was scanned. Nobody guesses one, so that
// a bad one is told and not counted.
func (d *desk) scanned(h *models.Handover, g *giving) error {
	then := *h
	if g.walked && then.CarrierID == nil {
		then.CarrierID = &then.ReceiverID // it was laid back since: on its way its code held
	}
	if !d.svc.tokenFits(then, g.Token, g.at(d.tx.Now)) {
		return fault.New(fault.Refused, "token_old")
	}
	return nil
}

// atTheDoor: the code on the household's own door, where it is brought home or
// she has no phone that could show another.
func (d *desk) atTheDoor(h *models.Handover, g *giving) error {
	phoneless := len(g.receiver) == 1 && g.receiver[0].Phone == ""
	if h.Way == models.WayRelay && !phoneless {
		return fault.New(fault.Refused, "how_not_here")
	}
	fits := func(c models.Credential) bool {
		return c.Kind == models.CredentialDoor && c.Live(d.tx.Now) && deref(c.HouseholdID) == h.ReceiverHouseholdID
	}
	if !slices.ContainsFunc(g.doors, fits) {
		return fault.New(fault.Refused, "door_of_another")
	}
	return nil
}

// bagShown reports whether there is a photo of the bag at the door.
func (d *desk) bagShown(h *models.Handover) bool { return count(d.photos, h.ID, models.PhotoBag) > 0 }

// drugs reports whether a handover holds medicine.
func (d *desk) drugs(h *models.Handover) bool {
	for _, m := range d.matches {
		if m.HandoverID == h.ID && m.Live() && d.svc.matcher.Drug(m.ItemID) {
			return true
		}
	}
	return false
}
