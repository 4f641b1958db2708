package exchange

import (
	"context"
	"fmt"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// What one stock-take holds at most: a box has a capacity.
const maxCounts = 500

// Count is what somebody found of one lot. Usable is what may still be given, of
// which Spoiled is not to be any more; Stopped is what lies there and may not be, nil
// where it was not counted. Why explains what is missing.
type Count struct {
	LotID   models.ID
	Usable  int
	Spoiled int
	Stopped *int
	Why     string
}

func checkCounts(counts []Count, surplus []BookLine) error {
	f := fault.New(fault.Invalid, "invalid_input")
	if len(counts) == 0 || len(counts) > maxCounts {
		f = f.Field("counts", "lines_out_of_range")
	}
	seen := map[models.ID]bool{}
	for i, c := range counts {
		path := fmt.Sprintf("counts[%d].", i)
		if !store.ValidID(c.LotID) || seen[c.LotID] {
			f = f.Field(path+"lot_id", "not_found")
		}
		seen[c.LotID] = true
		if c.Usable < 0 || c.Usable > models.MaxUnits {
			f = f.Field(path+"usable", "units_out_of_range")
		}
		if c.Spoiled < 0 || c.Spoiled > c.Usable {
			f = f.Field(path+"spoiled", "units_out_of_range")
		}
		if c.Stopped != nil && (*c.Stopped < 0 || *c.Stopped > models.MaxUnits) {
			f = f.Field(path+"stopped", "units_out_of_range")
		}
		if !slices.Contains([]string{"", models.WhyUnrecorded, models.WhyNotFound}, c.Why) {
			f = f.Field(path+"why", "reason_unknown")
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	if len(surplus) == 0 {
		return nil
	}
	return BookIn{From: FromCommunity, Lines: surplus}.check()
}

// StockTake takes over what was counted in a box: what is missing is nowhere, with
// its reason; what is spoiled is stopped; those who were to get it are looked for
// anew; and what is too much is a new lot of the point, checked like any other.
func (s *Service) StockTake(ctx context.Context, actor models.Actor, relay models.ID, counts []Count, surplus []BookLine) (models.StockTake, error) {
	if err := checkCounts(counts, surplus); err != nil {
		return models.StockTake{}, err
	}
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return models.StockTake{}, err
	}
	offer := models.Offer{GridID: b.relay.GridID, HouseholdID: b.relay.ID, PersonID: b.relay.ID, Way: models.WayRelay}
	lots, err := s.bookLots(BookIn{Lines: surplus}, offer, b.relay)
	if err != nil {
		return models.StockTake{}, err
	}
	c := boxCall{box: b, lots: ids(counts, func(c Count) models.ID { return c.LotID })}
	return atBox(ctx, s, actor, c, func(d *desk) (func() models.StockTake, error) {
		take := models.StockTake{ID: d.tx.NewID(), GridID: b.relay.GridID, RelayID: b.relay.ID, PersonID: actor.PersonID,
			Counted: len(counts), Lines: []models.StockTakeLine{}, CreatedAt: d.tx.Now}
		for i, count := range counts {
			line, err := d.recount(actor, count, b.relay.ID, fmt.Sprintf("counts[%d].", i))
			if err != nil {
				return nil, err
			}
			if line != nil {
				take.Lines = append(take.Lines, *line)
			}
		}
		if len(lots) > 0 {
			offer := offer
			offer.ID, offer.CreatedAt = d.tx.NewID(), d.tx.Now
			if err := d.tx.CreateOffer(&offer); err != nil {
				return nil, err
			}
			if err := d.book(actor, offer, lots, surplus, &b.relay); err != nil {
				return nil, err
			}
			for _, l := range sortedLots(d.lots) {
				if l.OfferID == offer.ID {
					take.Lines = append(take.Lines, models.StockTakeLine{LotID: l.ID, ItemID: l.ItemID, Counted: l.Offered, Why: models.WhySurplus})
				}
			}
		}
		return func() models.StockTake { return take }, d.tx.CreateStockTake(&take)
	})
}

// recount brings a lot to what was found of it; nil where it was as it should be.
func (d *desk) recount(actor models.Actor, in Count, relay models.ID, path string) (*models.StockTakeLine, error) {
	l, err := find(d.lots, in.LotID)
	if err != nil {
		return nil, err
	}
	usable, stopped := d.lies(l, relay)
	there := stopped
	if in.Stopped != nil {
		there = *in.Stopped
	}
	missing, gone := usable-in.Usable, stopped-there
	switch {
	case missing < 0:
		return nil, fault.InvalidField(path+"usable", "surplus_apart")
	case gone < 0:
		return nil, fault.InvalidField(path+"stopped", "surplus_apart")
	case missing+gone+in.Spoiled == 0:
		return nil, nil
	case missing+gone > 0 && in.Why == "":
		return nil, fault.InvalidField(path+"why", "missing")
	case d.ownLot(actor, l):
		return nil, fault.New(fault.Forbidden, "not_alone")
	}
	if err := d.makeFree(l, missing+in.Spoiled); err != nil {
		return nil, err
	}
	d.hand(l, nil, missing+gone, models.Box(relay), models.Nowhere(l.ID), in.Why, actor.PersonID)
	for _, part := range []struct {
		units int
		why   string
	}{{missing, in.Why}, {in.Spoiled, models.WhySpoiled}} {
		if part.units > 0 {
			if err := d.withdraw(l.ID, part.units, part.why); err != nil {
				return nil, err
			}
		}
	}
	d.mark(l.ID, "lot.counted")
	return &models.StockTakeLine{LotID: l.ID, ItemID: l.ItemID, Should: usable + stopped, Counted: in.Usable + there, Spoiled: in.Spoiled, Why: in.Why}, nil
}

// makeFree ends the youngest matches of a lot that lie in the box until so many of
// its units are free.
func (d *desk) makeFree(l *models.Lot, units int) error {
	matches := sortedMatches(d.matches)
	for i := len(matches) - 1; i >= 0 && units > l.Remaining; i-- {
		m := d.matches[matches[i].ID]
		if m.LotID != l.ID || !m.Live() || out(*m, d.carried) {
			continue
		}
		if err := d.endMatch(m, models.CommandRefuse, "short"); err != nil {
			return err
		}
	}
	return nil
}

// TakeView is a stock-take with the name of who counted.
type TakeView struct {
	models.StockTake
	By string
}

// StockTakes lists the counts of a box, newest first.
func (s *Service) StockTakes(ctx context.Context, actor models.Actor, relay models.ID, p Page) ([]TakeView, error) {
	if _, err := s.boxOf(ctx, actor, relay); err != nil {
		return nil, err
	}
	views := []TakeView{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var takes []models.StockTake
		if err := tx.Load(store.StockTakesAt(relay, p.Cursor, p.Limit, &takes)); err != nil {
			return err
		}
		names, err := namesOf(tx, ids(takes, func(t models.StockTake) models.ID { return t.PersonID }))
		for _, t := range takes {
			views = append(views, TakeView{t, names[t.PersonID]})
		}
		return err
	})
	return views, err
}

// namesOf reads the names of people who did something, for those who work with them.
func namesOf(tx *store.Tx, people []models.ID) (map[models.ID]string, error) {
	var rows []models.Person
	names := map[models.ID]string{}
	if len(people) == 0 {
		return names, nil
	}
	if err := tx.Load(store.ByID(distinct(people), &rows)); err != nil {
		return nil, err
	}
	for _, p := range rows {
		names[p.ID] = p.Name
	}
	return names, nil
}
