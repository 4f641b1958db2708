package models

import (
	"slices"
	"time"
)

// Hours is one day's opening, in minutes after midnight, Asia/Shanghai.
type Hours struct {
	Weekday     int `json:"weekday"` // 0 Sunday … 6 Saturday
	OpenMinute  int `json:"open"`
	CloseMinute int `json:"close"`
}

// HoursException is a day, or days from From through Until, that are not like the
// week: closed where both minutes are 0, else open between them instead of the
// usual hours. Two openings of a day are two exceptions. Reason is what residents
// read ("春节").
type HoursException struct {
	From        Date   `json:"from"`
	Until       Date   `json:"until"`
	OpenMinute  int    `json:"open"`
	CloseMinute int    `json:"close"`
	Reason      string `json:"reason"`
}

// Closed reports whether the point stays shut on these days.
func (e HoursException) Closed() bool { return e.OpenMinute == 0 && e.CloseMinute == 0 }

// On reports whether the exception is about that day.
func (e HoursException) On(day Date) bool { return e.From <= day && day <= e.Until }

// usualHours are those of a point that names none: a grid worker's day.
var usualHours = Hours{OpenMinute: 8 * 60, CloseMinute: 21 * 60}

// lookAhead is how many days are looked at for the next opening: longer than any
// holiday that an exception can name (60 days) and a week behind it.
const lookAhead = 68

// HoursOn lists the openings of the day of t in the order of the day, none when
// the point stays shut, and why the day is not like the week.
func (r RelayPoint) HoursOn(t time.Time) (openings []Hours, reason string) {
	date := t.In(Shanghai)
	day, weekday := DateOf(t), int(date.Weekday())
	excepted := false
	for _, e := range r.Exceptions {
		if !e.On(day) {
			continue
		}
		excepted, reason = true, e.Reason
		if !e.Closed() {
			openings = append(openings, Hours{weekday, e.OpenMinute, e.CloseMinute})
		}
	}
	if !excepted && len(r.Hours) == 0 {
		return []Hours{{weekday, usualHours.OpenMinute, usualHours.CloseMinute}}, ""
	}
	for _, h := range r.Hours {
		if !excepted && h.Weekday == weekday {
			openings = append(openings, h)
		}
	}
	slices.SortFunc(openings, func(a, b Hours) int { return a.OpenMinute - b.OpenMinute })
	return openings, reason
}

// OpenAt reports whether somebody is there at t.
func (r RelayPoint) OpenAt(t time.Time) bool {
	next, ok := r.OpensNext(t)
	return ok && !next.After(t)
}

// OpensNext is the first moment from t on at which the point is open: t itself
// while it is. False when it is not open as far as one can see.
func (r RelayPoint) OpensNext(t time.Time) (time.Time, bool) {
	at, ok := r.openFor(1, t)
	return at.Add(-1), ok
}

// OpenFor is the moment at which the point has been open for a length of time
// since from. A point that is never open counts as always open: nobody waits
// for a slip in its hours.
func (r RelayPoint) OpenFor(length time.Duration, from time.Time) time.Time {
	if at, ok := r.openFor(length, from); ok {
		return at
	}
	return from.Add(length).UTC()
}

func (r RelayPoint) openFor(length time.Duration, from time.Time) (time.Time, bool) {
	left := length
	for day := range lookAhead {
		date := from.In(Shanghai).AddDate(0, 0, day)
		openings, _ := r.HoursOn(date)
		for _, h := range openings {
			open, closes := minuteOf(date, h.OpenMinute), minuteOf(date, h.CloseMinute)
			if open.Before(from) {
				open = from
			}
			switch span := closes.Sub(open); {
			case span >= left:
				return open.Add(left).UTC(), true
			case span > 0:
				left -= span
			}
		}
	}
	return time.Time{}, false
}

// OpenBefore is the moment from which on the point is open for a length of time
// until a moment: OpenFor the other way round.
func (r RelayPoint) OpenBefore(length time.Duration, until time.Time) time.Time {
	left := length
	for day := range 8 {
		date := until.In(Shanghai).AddDate(0, 0, -day)
		openings, _ := r.HoursOn(date)
		for _, h := range slices.Backward(openings) {
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

func minuteOf(date time.Time, minute int) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, minute, 0, 0, Shanghai)
}

// How long a giver has, and a receiver: four hours in which the point is open, and
// for what is not needed now at least half a day. Source of the four hours: the
// pictures in ui/.
const (
	dropOffOpen  = 4 * time.Hour
	dropOffToday = 12 * time.Hour
)

// DropOffBy is when a giver who has not come lets the match lapse. Nobody can come
// at night or on a holiday, so a yes at eleven in the evening is good until noon.
func (r RelayPoint) DropOffBy(now time.Time, u Urgency) time.Time {
	open := r.OpenFor(dropOffOpen, now)
	switch u {
	case UrgencyDays:
		return later(open, TomorrowAt18(now))
	case UrgencyToday:
		return later(open, now.Add(dropOffToday).UTC())
	}
	return open
}

// CollectBy is until when something that is ready at now is kept for its receiver:
// tomorrow 18:00, and never before the point was open for four hours.
func (r RelayPoint) CollectBy(now time.Time) time.Time {
	return later(r.OpenFor(dropOffOpen, now), TomorrowAt18(now))
}

// TomorrowAt18 is the end of the next day's usual opening, Shanghai time.
func TomorrowAt18(now time.Time) time.Time {
	day := now.In(Shanghai)
	return time.Date(day.Year(), day.Month(), day.Day()+1, 18, 0, 0, 0, Shanghai).UTC()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
