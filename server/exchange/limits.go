package exchange

import (
	"time"

	"linli/models"
)

// The limits of one post; longer ones are refused with the field named.
const (
	maxLines     = 10
	maxNoteRunes = 300
	maxWordRunes = 60 // strength, form, batch
)

// How long an open line waits.
const (
	unmetSoon = 24 * time.Hour
	unmetDays = 72 * time.Hour
)

// unmetBy is when an open line is closed as not found.
func unmetBy(now time.Time, u models.Urgency) time.Time {
	if u == models.UrgencyDays {
		return now.Add(unmetDays)
	}
	return now.Add(unmetSoon)
}
