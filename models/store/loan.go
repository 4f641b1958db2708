package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var loanChanging = []string{"due_on", "state", "extended", "reminded", "remind_at", "wiped", "checked_by", "note", "closed_at"}

// SaveLoan writes the loan and its event, in the borrower's grid and where the lot
// lies, and where its lender hears of it.
func (tx *Tx) SaveLoan(l *models.Loan, kind string, to models.Audience, lot, lender models.ID) error {
	if err := tx.versioned(l, &l.Version, loanChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingLoan, ThingID: l.ID, Version: l.Version, State: string(l.State),
		Audience: to, Quantities: map[string]int{"quantity": l.Quantity, "extended": l.Extended, "reminded": l.Reminded}}, l.GridID, lot)
	tx.also(lender)
	return nil
}

// LoansOut reads what the homes of a grid have borrowed and not yet brought back.
func LoansOut(grid models.ID, into *[]models.Loan) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND state = 'out'", grid).Order("due_on, id").Find(into)
	}
}

// LoansOf reads the loans of matches.
func LoansOf(matches []models.ID, into *[]models.Loan) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("match_id IN ?", matches).Order("id").Find(into)
	}
}

// LoansTo reads what a person has borrowed: what is out, soonest due first, and
// then what has ended, the last first.
func LoansTo(person models.ID, limit int, into *[]models.Loan) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("receiver_id = ?", person).
			Order("CASE WHEN state = 'out' THEN due_on ELSE '9999' END, id DESC").Limit(limit).Find(into)
	}
}

// LoansDueBy reads what should be back by a day: of the homes of a grid, and of
// the boxes that lie in it.
func LoansDueBy(grid models.ID, day models.Date, limit int, into *[]models.Loan) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'out' AND due_on <= ?", day).
			Where("(grid_id = ? OR lot_id IN (SELECT id FROM lots WHERE grid_id = ?))", grid, grid).
			Order("due_on, id").Limit(limit).Find(into)
	}
}

// LoansToRemind reads loans of which the borrower is reminded now.
func LoansToRemind(now time.Time, limit int, into *[]models.Loan) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'out' AND remind_at <= ?", now).Order("remind_at, id").Limit(limit).Find(into)
	}
}

// NeedsWaitingFor reads the open lines at or below a path that ask for one of some
// items, oldest first.
func NeedsWaitingFor(path string, items []models.ItemID, limit int, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		below := db.Session(&gorm.Session{NewDB: true}).Model(&models.Grid{}).Select("id").Where("substr(path, 1, ?) = ?", len(path), path)
		return fresh(db, into).Where("state = 'open' AND held = ? AND item_id IN ? AND grid_id IN (?)", false, items, below).
			Order("created_at, id").Limit(limit).Find(into)
	}
}

// LotsToGiveBack reads lent things that lie in a box of the grid and that their
// lender wants back.
func LotsToGiveBack(grid models.ID, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND kind = 'loan' AND place = 'box' AND withdrawn > 0 AND close_reason = ?", grid, models.ReasonGiver).
			Where("remaining + reserved < (SELECT COALESCE(SUM(CASE WHEN to_kind IN ('box','carrier') THEN units ELSE 0 END)" +
				" - SUM(CASE WHEN from_kind IN ('box','carrier') THEN units ELSE 0 END), 0) FROM custody WHERE lot_id = lots.id)").
			Order("created_at, id").Limit(limit).Find(into)
	}
}
