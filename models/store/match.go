package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var (
	matchChanging    = []string{"state", "end_reason", "labelled_at", "due_at", "closed_at", "lot_grid_id"}
	matchRerouted    = append([]string{"reasons"}, matchChanging...)
	handoverChanging = []string{"relay_id", "state", "way", "carrier_id", "collector", "generation", "wrong_tries", "due_at", "remind_at", "reminded",
		"closed_by", "closed_how", "closed_why", "sample", "sampled_by", "sample_note", "twice_at", "twice_by", "ready_at", "closed_at"}
)

// SaveMatch writes the match and its event in the receiver's and the lot's grid,
// and where else it is heard of.
func (tx *Tx) SaveMatch(m *models.Match, kind string, to models.Audience, also ...models.ID) error {
	return tx.saveMatch(m, kind, to, matchChanging, also)
}

// RerouteMatch does so where its reasons have changed too: it goes through another
// relay point than was said.
func (tx *Tx) RerouteMatch(m *models.Match, kind string, to models.Audience, also ...models.ID) error {
	return tx.saveMatch(m, kind, to, matchRerouted, also)
}

func (tx *Tx) saveMatch(m *models.Match, kind string, to models.Audience, changing []string, also []models.ID) error {
	if err := tx.versioned(m, &m.Version, changing); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingMatch, ThingID: m.ID, Version: m.Version,
		State: string(m.State), Audience: to, Quantities: map[string]int{"quantity": m.Quantity}},
		m.GridID, m.LotGridID)
	tx.also(also...)
	return nil
}

// SaveHandover writes the handover and its event.
func (tx *Tx) SaveHandover(h *models.Handover, kind string, to models.Audience, grids ...models.ID) error {
	if err := tx.versioned(h, &h.Version, handoverChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingHandover, ThingID: h.ID, Version: h.Version,
		State: string(h.State), Audience: to, Quantities: map[string]int{"wrong_tries": h.WrongTries}},
		append(grids, h.GridID)...)
	return nil
}

// MatchesOfNeeds reads all matches of some lines.
func MatchesOfNeeds(needs []models.ID, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("need_id IN ?", needs).Order("created_at, id").Find(into)
	}
}

// MatchesOfLots reads all matches of some lots.
func MatchesOfLots(lots []models.ID, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("lot_id IN ?", lots).Order("created_at, id").Find(into)
	}
}

// MatchesOfHandovers reads all matches of some handovers.
func MatchesOfHandovers(handovers []models.ID, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("handover_id IN ?", handovers).Order("created_at, id").Find(into)
	}
}

// MatchesAround reads what the planner must know of the households of a grid:
// the matches made since a time. Older ones count for no ceiling, and what they
// hold is in the quantities of their need and lot.
func MatchesAround(grid models.ID, since time.Time, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND created_at >= ?", grid, since).Order("created_at, id").Find(into)
	}
}

// atOpenPoint keeps what goes through no point that is paused: nobody can bring or
// collect anything there, so that no time runs out.
const atOpenPoint = "NOT EXISTS (SELECT 1 FROM relay_points r WHERE r.id = handovers.relay_id AND r.state = 'paused')"

// MatchesDue reads matches whose giver has not come in time, and those to which
// nobody has said yes.
func MatchesDue(now time.Time, limit int, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state IN ('proposed','agreed') AND due_at <= ?", now).
			Where("(state = 'proposed' OR EXISTS (SELECT 1 FROM handovers WHERE handovers.id = matches.handover_id AND " + atOpenPoint + "))").
			Order("due_at").Limit(limit).Find(into)
	}
}

// HandoversReady reads what waits to be collected in a grid or from a box of
// it, soonest due first.
func HandoversReady(grid models.ID, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state IN ('ready','out')").
			Where("(grid_id = ? OR relay_id IN (SELECT id FROM relay_points WHERE grid_id = ?))", grid, grid).
			Order("due_at, id").Limit(limit).Find(into)
	}
}

// HandoversDue reads what nobody came to collect. What is out is not in the box,
// so that time alone cannot put it back.
func HandoversDue(now time.Time, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'ready' AND due_at <= ? AND "+atOpenPoint, now).Order("due_at").Limit(limit).Find(into)
	}
}

// HandoversToRemind reads those whose reminder is due. Nobody is sent to a paused
// point; what is out is asked after wherever it came from.
func HandoversToRemind(now time.Time, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("remind_at <= ? AND (state = 'out' OR "+atOpenPoint+")", now).Order("remind_at").Limit(limit).Find(into)
	}
}

// HandoversTwice reads the handovers of a grid, or from a box of it, whose code was
// used again since a time, latest first: both who handed it over must see it.
func HandoversTwice(grid models.ID, since time.Time, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("twice_at >= ?", since).
			Where("(grid_id = ? OR relay_id IN (SELECT id FROM relay_points WHERE grid_id = ?))", grid, grid).
			Order("twice_at DESC, id").Limit(limit).Find(into)
	}
}

// HandoversSampled reads what waits for a leader's look in the grids at or below
// some paths, oldest first; what she closed herself is another's to look at.
func HandoversSampled(paths []string, but models.ID, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("sample = 'waits' AND closed_by <> ?", but).
			Where("grid_id IN (?)", below(db, paths)).Order("closed_at, id").Limit(limit).Find(into)
	}
}
