package models

import (
	"slices"
	"time"
)

// usualHours are those of a point that names none: a grid worker's day.
var usualHours = Hours{OpenMinute: 8 * 60, CloseMinute: 21 * 60}

// OpenFor is the moment at which the point has been open for a length of time
// since from. A point that is closed all week counts as always open.
func (r RelayPoint) OpenFor(length time.Duration, from time.Time) time.Time {
	left := length
	for day := range 8 {
		date := from.In(Shanghai).AddDate(0, 0, day)
		for _, h := range r.on(date.Weekday()) {
			open, closes := minuteOf(date, h.OpenMinute), minuteOf(date, h.CloseMinute)
			if open.Before(from) {
				open = from
			}
			switch span := closes.Sub(open); {
			case span >= left:
				return open.Add(left).UTC()
			case span > 0:
				left -= span
			}
		}
	}
	return from.Add(length).UTC()
}

// OpenBefore is the moment from which on the point is open for a length of time
// until a moment: OpenFor the other way round.
func (r RelayPoint) OpenBefore(length time.Duration, until time.Time) time.Time {
	left := length
	for day := range 8 {
		date := until.In(Shanghai).AddDate(0, 0, -day)
		for _, h := range slices.Backward(r.on(date.Weekday())) {
			open, closes := minuteOf(date, h.OpenMinute), minuteOf(date, h.CloseMinute)
			if closes.After(until) {
				closes = until
			}
			switch span := closes.Sub(open); {
			case span >= left:
				return closes.Add(-left).UTC()
			case span > 0:
				left -= span
			}
		}
	}
	return until.Add(-length).UTC()
}

// on lists the openings of a weekday in the order of the day.
func (r RelayPoint) on(day time.Weekday) []Hours {
	if len(r.Hours) == 0 {
		return []Hours{usualHours}
	}
	hours := slices.DeleteFunc(slices.Clone(r.Hours), func(h Hours) bool { return h.Weekday != int(day) })
	slices.SortFunc(hours, func(a, b Hours) int { return a.OpenMinute - b.OpenMinute })
	return hours
}

func minuteOf(date time.Time, minute int) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, minute, 0, 0, Shanghai)
}

// How long a giver has: four hours in which the point is open, and for what is not
// needed now at least half a day. Source of the four hours: the pictures in ui/.
const (
	dropOffOpen  = 4 * time.Hour
	dropOffToday = 12 * time.Hour
)

// DropOffBy is when a giver who has not come lets the match lapse. Nobody can come
// at night, so a yes at eleven in the evening is good until noon.
func (r RelayPoint) DropOffBy(now time.Time, u Urgency) time.Time {
	open := r.OpenFor(dropOffOpen, now)
	switch least := now.Add(dropOffToday).UTC(); {
	case u == UrgencyDays:
		return TomorrowAt18(now)
	case u == UrgencyToday && open.Before(least):
		return least
	}
	return open
}

// TomorrowAt18 is the end of the next day's usual opening, Shanghai time.
func TomorrowAt18(now time.Time) time.Time {
	day := now.In(Shanghai)
	return time.Date(day.Year(), day.Month(), day.Day()+1, 18, 0, 0, 0, Shanghai).UTC()
}
