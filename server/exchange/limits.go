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

// How long things wait. Figures of the pictures in ui/: kept until tomorrow
// 18:00; the giver of something urgent has four hours.
const (
	dropOffNow   = 4 * time.Hour
	dropOffToday = 12 * time.Hour
	unmetSoon    = 24 * time.Hour
	unmetDays    = 72 * time.Hour
)

// tomorrowAt18 is the end of the next day's usual opening, Shanghai time.
func tomorrowAt18(now time.Time) time.Time {
	day := now.In(models.Shanghai).AddDate(0, 0, 1)
	return time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, models.Shanghai).UTC()
}

// dropOffBy is when a giver who has not come lets the match lapse.
func dropOffBy(now time.Time, u models.Urgency) time.Time {
	switch u {
	case models.UrgencyNow:
		return now.Add(dropOffNow)
	case models.UrgencyToday:
		return now.Add(dropOffToday)
	}
	return tomorrowAt18(now)
}

// unmetBy is when an open line is closed as not found.
func unmetBy(now time.Time, u models.Urgency) time.Time {
	if u == models.UrgencyDays {
		return now.Add(unmetDays)
	}
	return now.Add(unmetSoon)
}
