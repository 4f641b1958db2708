package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var needChanging = []string{"open", "matched", "fulfilled", "cancelled", "state", "cancel_reason", "urgency",
	"urgency_why", "reach", "confirmed_by", "patient", "held", "cleared_by", "why", "next_at", "due_at"}

// SaveNeed writes the line and its event.
func (tx *Tx) SaveNeed(n *models.Need, kind string, to models.Audience) error {
	if err := n.Check(); err != nil {
		return err
	}
	if err := tx.versioned(n, &n.Version, needChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingNeed, ThingID: n.ID, Version: n.Version,
		State: string(n.State), Audience: to, Quantities: map[string]int{"requested": n.Requested, "open": n.Open,
			"matched": n.Matched, "fulfilled": n.Fulfilled, "cancelled": n.Cancelled}}, n.GridID)
	return nil
}

// CreateRequest writes the post itself; its lines follow by SaveNeed.
func (tx *Tx) CreateRequest(r *models.Request) error { return tx.db.Create(r).Error }

// NeedsOfRequest reads the lines of posts.
func NeedsOfRequest(requests []models.ID, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("request_id IN ?", requests).Order("created_at, id").Find(into)
	}
}

// NeedsOpen reads the lines of a grid that still look for something.
func NeedsOpen(grid models.ID, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND state = 'open'", grid).Order("created_at, id").Find(into)
	}
}

// NeedsOpenOf reads the lines of a household that still look for some items.
func NeedsOpenOf(household models.ID, items []models.ItemID, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = (SELECT grid_id FROM households WHERE id = ?) AND household_id = ? AND state = 'open' AND item_id IN ?",
			household, household, items).Order("id").Find(into)
	}
}

// NeedsLive reads up to limit lines of a grid that can still change, newest
// first, public ones only where public is set, older than the cursor.
func NeedsLive(grid models.ID, public bool, before *Cursor, limit int, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		db = fresh(db, into).Where("grid_id = ? AND state IN ('open','matched')", grid)
		if public {
			db = db.Where("private = ? AND held = ?", false, false)
		}
		return before.page(db).Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// NeedsDue reads lines whose time is over.
func NeedsDue(now time.Time, limit int, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'open' AND due_at <= ?", now).Order("due_at").Limit(limit).Find(into)
	}
}

// GridsToPlan reads the grids in which a waiting line asked to be looked at
// again by now.
func GridsToPlan(now time.Time, limit int, into *[]models.GridSeq) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id IN (SELECT grid_id FROM needs WHERE state = 'open' AND next_at <= ?)", now).
			Order("grid_id").Limit(limit).Find(into)
	}
}

// RequestsOf reads a person's posts, newest first; live ones only where
// asked, and those of which something is recalled.
func RequestsOf(person models.ID, live bool, before *Cursor, limit int, into *[]models.Request) Read {
	return func(db *gorm.DB) *gorm.DB {
		db = fresh(db, into).Where("person_id = ?", person)
		if live {
			db = db.Where("(EXISTS (SELECT 1 FROM needs WHERE needs.request_id = requests.id AND needs.state IN ('open','matched'))" +
				" OR EXISTS (SELECT 1 FROM needs n JOIN matches m ON m.need_id = n.id JOIN collections c ON c.match_id = m.id" +
				" WHERE n.request_id = requests.id AND c.state = 'asked'))")
		}
		return before.page(db).Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}
