package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// BookFrom says whose the things are that a worker books in at her point.
type BookFrom string

// A household of the grids that the point serves, an opened bag, somebody who gave
// no name, or the community, which bought them. The last two have no giver: the
// point itself stands for one, and nobody's gifts are counted.
const (
	FromHousehold BookFrom = "household"
	FromBag       BookFrom = "bag"
	FromWalkIn    BookFrom = "walk_in"
	FromCommunity BookFrom = "community"
)

// BookIn is what lies on the counter.
type BookIn struct {
	From        BookFrom
	HouseholdID models.ID
	BagID       models.ID
	Note        string
	Lines       []BookLine
}

// BookLine is one thing of it, checked or refused. What is refused goes back with
// whoever brought it unless the point keeps it.
type BookLine struct {
	NewLot
	Seen   CheckIn // the four yeses; date, batch and count are the lot's own
	Refuse string
	Kept   bool
}

// refuseReasons are the worker's noes, of which the giver reads one.
var refuseReasons = []string{"opened", "unreadable", "expired", "no_otc", "cold", "other"}

func (in BookIn) check() error {
	plain := NewOffer{Way: models.WayRelay, Note: in.Note}
	for _, l := range in.Lines {
		plain.Lots = append(plain.Lots, l.NewLot)
	}
	f := fault.New(fault.Invalid, "invalid_input")
	var known *fault.Error
	if err := plain.check(); errors.As(err, &known) {
		for _, field := range known.Fields {
			if field.Path == "lots" {
				field.Path = "lines"
			} else if rest, ok := strings.CutPrefix(field.Path, "lots["); ok {
				field.Path = "lines[" + rest
			}
			f = f.Field(field.Path, field.Reason)
		}
	}
	for i, l := range in.Lines {
		if l.Refuse != "" && !slices.Contains(refuseReasons, l.Refuse) {
			f = f.Field(fmt.Sprintf("lines[%d].refuse", i), "reason_unknown")
		}
	}
	switch in.From {
	case FromHousehold, FromBag, FromWalkIn, FromCommunity:
	default:
		f = f.Field("from", "from_unknown")
	}
	if in.From == FromHousehold && in.HouseholdID == "" {
		f = f.Field("household_id", "missing")
	}
	if in.From == FromBag && in.BagID == "" {
		f = f.Field("bag_id", "missing")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// BookIn books things in at the point, checked in one step: each becomes a lot in
// the box, or one that was refused with the reason which its giver reads. It says
// as an offer what came of it.
func (s *Service) BookIn(ctx context.Context, actor models.Actor, relay models.ID, in BookIn) (OfferView, error) {
	if err := in.check(); err != nil {
		return OfferView{}, err
	}
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return OfferView{}, err
	}
	from, bag, err := s.bookFrom(ctx, actor, b, in)
	if err != nil {
		return OfferView{}, err
	}
	if from.household == actor.HouseholdID || from.person == actor.PersonID {
		return OfferView{}, fault.New(fault.Forbidden, "not_alone")
	}
	offer := models.Offer{GridID: from.grid, HouseholdID: from.household, PersonID: from.person, Way: models.WayRelay, Note: in.Note}
	lots, err := s.bookLots(in, offer, b.relay)
	if err != nil {
		return OfferView{}, err
	}
	c := boxCall{box: b, homes: []models.ID{from.household}, grids: []models.ID{from.grid}}
	var bags []models.Bag
	if bag != "" {
		c.reads = append(c.reads, store.ByID([]models.ID{bag}, &bags))
	}
	return atBox(ctx, s, actor, c, func(d *desk) (func() OfferView, error) {
		offer := offer
		offer.ID, offer.CreatedAt = bag, d.tx.Now
		if bag == "" {
			offer.ID = d.tx.NewID()
			if err := d.tx.CreateOffer(&offer); err != nil {
				return nil, err
			}
		}
		open := slices.Clone(bags)
		for i := range open {
			if err := d.bookBag(&open[i], b.relay, in.Lines); err != nil {
				return nil, err
			}
		}
		return func() OfferView {
			view := d.viewOffer(actor, offer)
			if len(open) == 1 {
				view.Bag = &open[0]
			}
			return view
		}, d.book(actor, offer, lots, in.Lines, &b.relay)
	})
}

// bookFrom finds who stands as the giver, and the bag that the things come out of.
func (s *Service) bookFrom(ctx context.Context, actor models.Actor, b box, in BookIn) (from poster, bag models.ID, err error) {
	switch in.From {
	case FromHousehold:
		from, err = s.posterAt(ctx, actor, in.HouseholdID, "", &b)
		return from, "", err
	case FromBag:
		var bags []models.Bag
		if err := s.store.Read(ctx, store.ByID([]models.ID{in.BagID}, &bags)); err != nil {
			return from, "", err
		}
		open, err := store.One(bags)
		if err != nil || open.RelayID != b.relay.ID {
			return from, "", fault.New(fault.NotFound, "not_found")
		}
		return poster{person: open.PersonID, household: open.HouseholdID, grid: open.GridID}, open.ID, nil
	}
	return poster{person: b.relay.ID, household: b.relay.ID, grid: b.relay.GridID}, "", nil
}

// bookLots makes lots of what was seen; what does not pass the check is named and
// nothing is booked: the worker refuses it, or looks again.
func (s *Service) bookLots(in BookIn, offer models.Offer, relay models.RelayPoint) ([]models.Lot, error) {
	var lots []models.Lot
	f := fault.New(fault.Refused, "check_failed")
	for i, line := range in.Lines {
		path := fmt.Sprintf("lines[%d].", i)
		if _, ok := s.catalogue.Item(line.ItemID); !ok && (line.Refuse != "unreadable" || line.ItemID != "") {
			return nil, fault.InvalidField(path+"item_id", "item_unknown")
		}
		l := models.Lot{GridID: relay.GridID, GiverGridID: offer.GridID, HouseholdID: offer.HouseholdID, PersonID: offer.PersonID,
			ItemID: line.ItemID, Strength: line.Strength, Form: line.Form, PackSize: line.PackSize, Batch: line.Batch, ExpiresOn: line.ExpiresOn,
			Seal: line.Seal, Kind: models.LotGift, Way: models.WayRelay, Offered: line.Units, Remaining: line.Units,
			State: models.LotOffered, Place: models.PlaceHome, DueAt: s.lotDue(line.ExpiresOn)}
		lots = append(lots, l)
		if line.Refuse != "" {
			continue
		}
		if v := s.matcher.Screen(matching.Line{Item: l.ItemID, Units: l.Offered}, models.DateOf(s.store.Now())); v.Outcome != matching.OutcomeOK {
			f = f.Field(path+"item_id", v.Reasons[0].Code) // nobody may give this, however it looks
			continue
		}
		seen := line.Seen
		seen.ExpiresOn, seen.Batch, seen.Counted = line.ExpiresOn, line.Batch, line.Units
		var failed *fault.Error
		if err := s.checkWhole(seen, &l, s.store.Now()); errors.As(err, &failed) {
			for _, field := range failed.Fields {
				f = f.Field(path+field.Path, field.Reason)
			}
			continue
		}
	}
	if len(f.Fields) > 0 {
		return nil, f
	}
	return lots, nil
}

// book puts new lots on the desk: into the box, or refused.
func (d *desk) book(actor models.Actor, offer models.Offer, lots []models.Lot, lines []BookLine, relay *models.RelayPoint) error {
	now, by := d.tx.Now, actor.PersonID
	for i, l := range lots {
		l.ID, l.OfferID, l.CreatedAt = d.tx.NewID(), offer.ID, now
		d.lots[l.ID] = &l
		refuse := lines[i].Refuse
		if refuse == "" && d.recalled(&l) {
			return fault.New(fault.Refused, "check_failed").Field(fmt.Sprintf("lines[%d].batch", i), "recalled")
		}
		if refuse == "" || lines[i].Kept {
			d.into(&l, relay, "book_in", by)
		}
		if refuse != "" {
			if err := d.refuseRest(&l, refuse); err != nil {
				return err
			}
			continue
		}
		l.CheckedAt, l.CheckedBy = &now, &by
		d.mark(l.ID, "lot.booked_in")
	}
	return nil
}
