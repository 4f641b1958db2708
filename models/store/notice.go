package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var noticeChanging = []string{"text", "wanted", "got", "corrections", "state", "due_at", "closed_at"}

// SaveNotice writes the notice and its event, in its own grid alone: everybody
// below follows that one for its notices.
func (tx *Tx) SaveNotice(n *models.Notice, kind string) error {
	if err := tx.versioned(n, &n.Version, noticeChanging); err != nil {
		return err
	}
	e := models.Event{Kind: kind, Thing: models.ThingNotice, ThingID: n.ID, Version: n.Version, State: string(n.State),
		Audience: models.Audience{Grid: true, Workers: true}}
	if n.Calls() {
		e.Quantities = map[string]int{"wanted": n.Wanted, "got": n.Got}
	}
	tx.append(e, n.GridID)
	return nil
}

// NoticesTo reads the notices to grids, newest first; where now is given, those
// that are still there to be read.
func NoticesTo(grids []models.ID, now *time.Time, before *Cursor, limit int, into *[]models.Notice) Read {
	return func(db *gorm.DB) *gorm.DB {
		db = fresh(db, into).Where("grid_id IN ?", grids)
		if now != nil {
			db = db.Where("state IN ('open','full','closed') AND due_at > ?", *now)
		}
		return before.page(db).Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// NoticesBy reads up to limit notices that a person has sent since a time.
func NoticesBy(person models.ID, since time.Time, limit int, into *[]models.Notice) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("sent_by = ? AND created_at > ?", person, since).Order("created_at").Limit(limit).Find(into)
	}
}

// NoticesDue reads up to limit notices whose time has come.
func NoticesDue(now time.Time, limit int, into *[]models.Notice) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state IN ('open','full','closed') AND due_at <= ?", now).Order("due_at, id").Limit(limit).Find(into)
	}
}

// counted is what of a lot fills the bar of the call that it answers: what was
// taken back, refused or too old counts no more.
const counted = "lots.offered - lots.withdrawn - lots.expired"

// CallsMoved reads up to limit calls whose bar is not what their lots hold.
func CallsMoved(limit int, into *[]models.Notice) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("item_id <> '' AND state IN ('open','full') AND got <>" +
			" (SELECT COALESCE(SUM(" + counted + "), 0) FROM lots WHERE lots.call_id = notices.id)").
			Order("id").Limit(limit).Find(into)
	}
}

// Answered is how many units of how many homes answer a call.
type Answered struct {
	CallID models.ID
	Units  int
	Homes  int
	Own    int // of these units, those of the home that asks
}

// AnswersTo sums up what answers calls; one that nobody answered is left out.
func AnswersTo(calls []models.ID, household models.ID, into *[]Answered) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Table("lots").
			Select("call_id, SUM("+counted+") AS units, COUNT(DISTINCT household_id) AS homes, "+
				"SUM(CASE WHEN CAST(household_id AS text) = ? THEN "+counted+" ELSE 0 END) AS own", household).
			Where("call_id IN ? AND "+counted+" > 0", calls).Group("call_id").Order("call_id").Find(into)
	}
}
