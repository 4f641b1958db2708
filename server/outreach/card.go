package outreach

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

const (
	linesAtOnce = 10 // needs of one card
	dueAtOnce   = 200
	// privacyHomes is how many homes a building needs before a group reads it.
	privacyHomes = 8
)

// Tell makes the cards that are due and puts them into the robots' queues, and the
// digests of the day. It says how many cards it made.
func (s *Service) Tell(ctx context.Context) (int, error) {
	now := s.store.Now()
	var due []models.ID
	var digests []models.Robot
	if err := s.store.Read(ctx, store.RobotsToTell(now, &due), store.DigestsDue(now, &digests)); err != nil {
		return 0, err
	}
	made := 0
	for _, id := range due {
		n, err := s.tell(ctx, id)
		if err != nil && !fault.Is(err, fault.Conflict) {
			return made, err
		}
		made += n
	}
	for _, r := range digests {
		n, err := s.digest(ctx, r.ID)
		if err != nil && !fault.Is(err, fault.Conflict) {
			return made, err
		}
		made += n
	}
	return made, nil
}

// tell makes a robot's cards of what is due, from the needs as they are now: what
// was met before the group heard of it is never told.
func (s *Service) tell(ctx context.Context, id models.ID) (made int, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		made = 0
		if err := tx.LockRobot(id); err != nil {
			return err
		}
		var due []models.Telling
		r, _, err := robot(tx, id)
		if err != nil || r.State != models.RobotOn {
			return err
		}
		if err := tx.Load(store.TellingsDue(id, tx.Now, dueAtOnce, &due)); err != nil {
			return err
		}
		p, err := loadPlaces(tx, needIDs(due))
		if err != nil {
			return err
		}
		cards := map[models.DeliveryKind][]models.CardLine{}
		at := tellTimes(r, tx.Now)
		for i, t := range due {
			n, there := p.needs[t.NeedID]
			if there {
				t = t.Tells(*n, at)
			} else {
				t.State, t.DueAt = models.TellingOver, nil
			}
			if t.DueAt == nil { // another turn has come since it was noted
				due[i] = t
				continue
			}
			kind := models.DeliveryMet
			if t.State == models.TellingWaiting {
				kind = models.DeliveryOpen
				if t.Urgent {
					kind = models.DeliveryUrgent
				}
				t.State, t.ToldAt = models.TellingTold, &tx.Now
			} else {
				t.State = models.TellingOver
			}
			t.DueAt, t.At = nil, tx.Now
			due[i] = t
			cards[kind] = append(cards[kind], p.line(*n, kind, t.Urgent))
		}
		for _, kind := range []models.DeliveryKind{models.DeliveryUrgent, models.DeliveryOpen, models.DeliveryMet} {
			n, err := queue(tx, r, kind, cards[kind])
			if err != nil {
				return err
			}
			made += n
		}
		return tx.SaveTellings(due)
	})
	return made, err
}

// queue puts lines into the robot's queue, a card for every few of them.
func queue(tx *store.Tx, r models.Robot, kind models.DeliveryKind, lines []models.CardLine) (made int, err error) {
	for len(lines) > 0 {
		n := min(linesAtOnce, len(lines))
		d := models.Delivery{RobotID: r.ID, Kind: kind, Card: models.Card{Lines: lines[:n]}, DueAt: tx.Now}
		if err := tx.CreateDelivery(&d); err != nil {
			return made, err
		}
		lines = lines[n:]
		made++
	}
	return made, nil
}

// places are needs and where they are, as far as a group may read it.
type places struct {
	needs map[models.ID]*models.Need
	grids map[models.ID]string
	named map[models.ID]string // buildings of households
}

func loadPlaces(tx *store.Tx, ids []models.ID) (places, error) {
	p := places{needs: map[models.ID]*models.Need{}, grids: map[models.ID]string{}, named: map[models.ID]string{}}
	if len(ids) == 0 {
		return p, nil
	}
	var needs []models.Need
	if err := tx.Load(store.ByID(ids, &needs)); err != nil {
		return p, err
	}
	var homeIDs []models.ID
	at := map[models.ID]bool{}
	for _, n := range needs {
		p.needs[n.ID] = &n
		homeIDs = append(homeIDs, n.HouseholdID)
		at[n.GridID] = true
	}
	var grids []models.Grid
	var homes []models.Household
	var gridIDs []models.ID
	for id := range at {
		gridIDs = append(gridIDs, id)
	}
	if err := tx.Load(store.ByID(gridIDs, &grids), store.HouseholdsPlain(homeIDs, &homes)); err != nil {
		return p, err
	}
	large := map[models.ID]map[string]bool{}
	for _, g := range grids {
		p.grids[g.ID] = g.Name
		var buildings []store.BuildingHomes
		if err := tx.Load(store.HomesByBuilding(g.ID, &buildings)); err != nil {
			return p, err
		}
		large[g.ID] = map[string]bool{}
		for _, b := range buildings {
			large[g.ID][b.Building] = b.Homes >= privacyHomes
		}
	}
	for _, h := range homes {
		if large[h.GridID][h.Building] {
			p.named[h.ID] = h.Building
		}
	}
	return p, nil
}

// line is what a group reads of a need: of an open one what is still missing, of
// one that is over what was asked for.
func (p places) line(n models.Need, kind models.DeliveryKind, urgent bool) models.CardLine {
	l := models.CardLine{NeedID: n.ID, Item: n.ItemID, Units: n.Open, Grid: p.grids[n.GridID], Building: p.named[n.HouseholdID], Urgent: urgent}
	if kind == models.DeliveryMet {
		l.Units, l.End = n.Requested, n.State
		if n.Held || n.Private {
			l.End = models.NeedCancelled // it is no longer looked for here, and no more is told
		}
	}
	return l
}
