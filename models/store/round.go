package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var (
	roundChanging = []string{"start_at", "state", "accepted_at", "metres", "exact", "due_at", "closed_at"}
	stopChanging  = []string{"position", "relay_id", "lat", "lon", "opens_at", "last_at", "arrival", "state", "at", "why", "tries", "door_read_at"}
)

// SaveRound writes the round and its event, which workers hear and who walks it.
// What happened to its stops is told with it.
func (tx *Tx) SaveRound(r *models.Round, kind string, open int) error {
	if err := tx.versioned(r, &r.Version, roundChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingRound, ThingID: r.ID, Version: r.Version, State: string(r.State),
		Audience: models.Audience{Workers: true, Persons: []models.ID{r.PersonID}}, Quantities: map[string]int{"open": open}}, r.GridID)
	return nil
}

// CreateStops inserts stops of a round.
func (tx *Tx) CreateStops(stops []models.Stop) error { return createAll(tx, stops) }

// SaveStop writes what may change of a stop; its round tells the event.
func (tx *Tx) SaveStop(s *models.Stop) error {
	return tx.db.Model(s).Select(stopChanging).Updates(s).Error
}

// StopsOf reads the stops of rounds in their order.
func StopsOf(rounds []models.ID, into *[]models.Stop) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("round_id IN ?", rounds).Order("round_id, position, id").Find(into)
	}
}

// RoundsOfGrid reads the rounds of a grid that are live, or were of that day.
func RoundsOfGrid(grid models.ID, day models.Date, limit int, into *[]models.Round) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND (state IN ('planned','out') OR day = ?)", grid, day).
			Order("start_at, id").Limit(limit).Find(into)
	}
}

// RoundsOfPerson reads who walks her rounds that are live, or were of that day.
func RoundsOfPerson(person models.ID, day models.Date, limit int, into *[]models.Round) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND (state IN ('planned','out') OR day = ?)", person, day).
			Order("start_at, id").Limit(limit).Find(into)
	}
}

// RoundsOut reads the round that a person is walking.
func RoundsOut(person models.ID, into *[]models.Round) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND state = 'out'", person).Find(into)
	}
}

// RoundsDue reads planned rounds whose day is over.
func RoundsDue(now time.Time, limit int, into *[]models.Round) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'planned' AND due_at <= ?", now).Order("due_at").Limit(limit).Find(into)
	}
}

// StopsWaiting reads the open stops about handovers and lots: what is in a round
// already.
func StopsWaiting(handovers, lots []models.ID, into *[]models.Stop) Read {
	return func(db *gorm.DB) *gorm.DB {
		// A union, so that each half is found by its own index.
		return fresh(db, into).Where("id IN (SELECT id FROM round_stops WHERE state = 'open' AND handover_id IN ?"+
			" UNION SELECT id FROM round_stops WHERE state = 'open' AND lot_id IN ?)", handovers, lots).Order("id").Find(into)
	}
}

// StopsAhead reads the open stops about handovers and lots in rounds that are
// walked, or that somebody has said yes to: when they will be there.
func StopsAhead(handovers, lots []models.ID, into *[]models.Stop) Read {
	return func(db *gorm.DB) *gorm.DB {
		return StopsWaiting(handovers, lots, into)(db.Where("round_id IN (SELECT id FROM rounds WHERE state = 'out'" +
			" OR state = 'planned' AND accepted_at IS NOT NULL)"))
	}
}

const inNoRound = "NOT EXISTS (SELECT 1 FROM round_stops s WHERE s.state = 'open' AND s."

// HandoversToBring reads what is ready, wants to be brought and is in no round:
// of a grid, or from a box of it; soonest due first.
func HandoversToBring(grid models.ID, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'ready' AND way IN ('door','leave')").
			Where("(grid_id = ? OR relay_id IN (SELECT id FROM relay_points WHERE grid_id = ?))", grid, grid).
			Where(inNoRound + "handover_id = handovers.id)").Order("due_at, id").Limit(limit).Find(into)
	}
}

// LotsToFetch reads the lots of a grid that lie at home, shall be fetched there and
// are in no round: what somebody waits for first.
func LotsToFetch(grid models.ID, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("giver_grid_id = ? AND place = 'home' AND way = 'door' AND state <> 'closed'", grid).
			Where(inNoRound + "lot_id = lots.id)").Order("CASE WHEN reserved > 0 THEN 0 ELSE 1 END, created_at, id").Limit(limit).Find(into)
	}
}

// Volunteers reads up to limit people who are volunteers on one of the grids.
func Volunteers(grids []models.ID, limit int, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'approved' AND id IN (SELECT person_id FROM roles WHERE grid_id IN ?"+
			" AND kind = 'volunteer' AND revoked_at IS NULL)", grids).Order("id").Limit(limit).Find(into)
	}
}
