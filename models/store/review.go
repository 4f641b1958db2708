package store

import (
	"linli/models"

	"gorm.io/gorm"
)

var reviewChanging = []string{"state", "reply", "decided_by", "decided_at"}

// SaveReview writes the review and its event, which the worker hears and she
// who asked for it.
func (tx *Tx) SaveReview(r *models.Review, kind string) error {
	if err := tx.versioned(r, &r.Version, reviewChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingReview, ThingID: r.ID, Version: r.Version, State: string(r.State),
		Audience: models.Audience{Workers: true, Persons: []models.ID{r.PersonID}}}, r.GridID)
	return nil
}

// ReviewsOpen reads up to limit reviews of a grid that wait for the worker, oldest first.
func ReviewsOpen(grid models.ID, limit int, into *[]models.Review) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND state = 'open'", grid).Order("created_at, id").Limit(limit).Find(into)
	}
}

// ReviewsOf reads the reviews of lines, oldest first.
func ReviewsOf(needs []models.ID, into *[]models.Review) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("need_id IN ?", needs).Order("created_at, id").Find(into)
	}
}
