package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var askChanging = []string{"state", "answered_at"}

// SaveAsk writes the question and its event, which she who is asked hears and
// her workers; nobody who needs it is named.
func (tx *Tx) SaveAsk(a *models.Ask, kind string) error {
	if err := tx.versioned(a, &a.Version, askChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingAsk, ThingID: a.ID, Version: a.Version, State: string(a.State),
		Audience:   models.Audience{Workers: true, Persons: []models.ID{a.PersonID}},
		Quantities: map[string]int{"units": a.Units}}, a.GridID)
	return nil
}

// AsksOfGrid reads every ask since a time about the lines of a grid that can
// still change, of every state: who said no is not asked the same again. Only
// people of that grid are asked, and it begins with their few asks, not with the
// many lines.
func AsksOfGrid(grid models.ID, since time.Time, into *[]models.Ask) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND created_at >= ?", grid, since).
			Where("EXISTS (SELECT 1 FROM needs WHERE needs.id = asks.need_id AND needs.state IN ('open','matched'))").
			Order("created_at, id").Find(into)
	}
}

// AsksTo reads the open questions to a person, oldest first.
func AsksTo(person models.ID, limit int, into *[]models.Ask) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND state = 'open'", person).Order("created_at, id").Limit(limit).Find(into)
	}
}

// AskedOf counts the questions to a person.
type AskedOf struct {
	PersonID models.ID
	Asked    int
}

// AskedSince counts the questions to the people of a grid since a time.
func AskedSince(grid models.ID, since time.Time, into *[]AskedOf) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Ask{}).Select("person_id, COUNT(*) AS asked").
			Where("grid_id = ? AND created_at >= ?", grid, since).Group("person_id").Find(into)
	}
}

// Neighbour is an approved resident, as far as it matters whom to ask.
type Neighbour struct {
	ID          models.ID
	HouseholdID models.ID
}

// NeighboursIn reads the approved residents of a grid.
func NeighboursIn(grid models.ID, into *[]Neighbour) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Person{}).Select("id, household_id").
			Where("grid_id = ? AND state = 'approved' AND household_id IS NOT NULL", grid).Order("id").Find(into)
	}
}

// ConsentsIn reads what the people of a grid answered to some questions, oldest first.
func ConsentsIn(grid models.ID, kinds []models.ConsentKind, into *[]models.Consent) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("kind IN ? AND person_id IN (SELECT id FROM people WHERE grid_id = ?)", kinds, grid).
			Order("at, id").Find(into)
	}
}

// PersonItem is an item that somebody has offered, or said no to.
type PersonItem struct {
	PersonID models.ID
	ItemID   models.ItemID
}

// OfferedIn reads what the residents of a grid have ever offered.
func OfferedIn(grid models.ID, into *[]PersonItem) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Lot{}).Distinct("person_id", "item_id").
			Where("person_id IN (SELECT id FROM people WHERE grid_id = ? AND state = 'approved')", grid).
			Order("person_id, item_id").Find(into)
	}
}

// SaidNoIn reads what the people of a grid were asked for since a time and had
// none to spare of.
func SaidNoIn(grid models.ID, since time.Time, into *[]PersonItem) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Ask{}).Distinct("person_id", "item_id").
			Where("grid_id = ? AND created_at >= ? AND state = 'no'", grid, since).Order("person_id, item_id").Find(into)
	}
}
