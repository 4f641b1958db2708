package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// Stranded is a micro-grid in which something is still to be brought to a point
// that is paused.
type Stranded struct {
	RelayID models.ID
	GridID  models.ID
}

// StrandedAt reads up to limit of them.
func StrandedAt(limit int, into *[]Stranded) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Raw("SELECT DISTINCT h.relay_id, h.grid_id FROM relay_points r JOIN handovers h ON h.relay_id = r.id"+
			" WHERE r.state = 'paused' AND h.state IN "+waits+" AND h.state = 'awaiting' AND h.giver_household_id IS NOT NULL"+
			" ORDER BY h.relay_id, h.grid_id LIMIT ?", limit).Find(into)
	}
}

// HandoversComing reads what givers of a grid's receivers have still to bring to a
// point.
func HandoversComing(relay, grid models.ID, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id = ? AND grid_id = ? AND state IN "+waits+" AND state = 'awaiting'"+
			" AND giver_household_id IS NOT NULL", relay, grid).Order("id").Limit(limit).Find(into)
	}
}

// HandoversAt reads what waits at a point or is to come there, soonest due first.
func HandoversAt(relay models.ID, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id = ? AND state IN "+waits, relay).Order("due_at, id").Limit(limit).Find(into)
	}
}

// LotsToCheckAt reads lots that are to be seen at a point: matched or handed in
// there, and not yet checked.
func LotsToCheckAt(relay models.ID, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id = ? AND checked_at IS NULL AND state <> 'closed' AND (reserved > 0 OR place = 'box')", relay).
			Order("created_at, id").Limit(limit).Find(into)
	}
}

// HandoversReadyAt reads what waits at a point to be collected, soonest due first.
func HandoversReadyAt(relay models.ID, limit int, into *[]models.Handover) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id = ? AND state IN ('ready','out')", relay).Order("due_at, id").Limit(limit).Find(into)
	}
}

// LotsInBox reads what lies in the box of a point and is not over.
func LotsInBox(relay models.ID, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id = ? AND place = 'box' AND state <> 'closed'", relay).
			Order("expires_on, id").Limit(limit).Find(into)
	}
}

// MatchesLiveOf reads the live matches of what lies in the box of a point.
func MatchesLiveOf(relay models.ID, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("lot_id IN (SELECT id FROM lots WHERE relay_id = ? AND place = 'box' AND state <> 'closed')"+
			" AND state IN "+live, relay).Order("id").Find(into)
	}
}

// MatchesKeptOut reads what was kept back at a door and has still to come back to
// the box of a point.
func MatchesKeptOut(relay models.ID, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("lot_id IN (SELECT id FROM lots WHERE relay_id = ? AND place = 'box' AND state <> 'closed')"+
			" AND "+keptOut, relay).Order("id").Find(into)
	}
}

// LoansFrom reads what is lent out of the box of a point and not back.
func LoansFrom(relay models.ID, into *[]models.Loan) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'out' AND lot_id IN (SELECT id FROM lots WHERE relay_id = ? AND place = 'box' AND state <> 'closed')",
			relay).Order("id").Find(into)
	}
}

// MatchesTravelling reads the live matches of all that waits at a point.
func MatchesTravelling(relay models.ID, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("handover_id IN (SELECT id FROM handovers WHERE relay_id = ? AND state IN "+waits+
			") AND state IN "+live, relay).Order("id").Find(into)
	}
}

// WaitingCount is how many handovers of a state a point has.
type WaitingCount struct {
	RelayID models.ID
	State   models.HandoverState
	Waiting int
}

// WaitingAt counts what waits at points, by state.
func WaitingAt(relays []models.ID, into *[]WaitingCount) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Handover{}).Select("relay_id, state, COUNT(*) AS waiting").
			Where("relay_id IN ? AND state IN "+waits, relays).Group("relay_id, state").Order("relay_id, state").Find(into)
	}
}

// StaffAlong reads up to limit roles of these kinds that are held on one of the
// nodes: those who reach the lowest of them.
func StaffAlong(paths []string, kinds []models.RoleKind, limit int, into *[]models.Role) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_path IN ? AND kind IN ? AND kind <> 'resident' AND revoked_at IS NULL", paths, kinds).
			Order("grid_path DESC, id").Limit(limit).Find(into)
	}
}
