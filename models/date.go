package models

import (
	"fmt"
	"time"
	_ "time/tzdata" // a container without zone files must still know Shanghai
)

// Shanghai is the zone in which calendar questions (expiry, today) are asked.
var Shanghai = mustZone("Asia/Shanghai")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // tzdata is embedded: cannot happen in a built binary
	}
	return zone
}

// Date is a calendar day, "2027-08-31". Text order is date order on both
// databases, and no zone can shift it.
type Date string

// DateOf is the calendar day of t in Shanghai.
func DateOf(t time.Time) Date { return Date(t.In(Shanghai).Format(time.DateOnly)) }

// ParseDate reads "2027-08-31" or "2027-08"; a label that names only a month
// lasts to its last day. Years from 2000 to 2099.
func ParseDate(s string) (Date, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil && len(s) == 10 {
		return checkYear(day)
	}
	if month, err := time.Parse("2006-01", s); err == nil && len(s) == 7 {
		return checkYear(month.AddDate(0, 1, -1))
	}
	return "", fmt.Errorf("%q is not a date like 2027-08-31 or 2027-08", s)
}

func checkYear(day time.Time) (Date, error) {
	if day.Year() < 2000 || day.Year() > 2099 {
		return "", fmt.Errorf("year %d is outside 2000 to 2099", day.Year())
	}
	return Date(day.Format(time.DateOnly)), nil
}

// Known reports whether d is a day that ParseDate would give.
func (d Date) Known() bool {
	day, err := ParseDate(string(d))
	return err == nil && day == d
}

// EndOf is the first moment after the day, in UTC. The zero time for "".
func (d Date) EndOf() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, string(d), Shanghai)
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1).UTC()
}

// Add is the day so many days later.
func (d Date) Add(days int) Date {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(day.AddDate(0, 0, days).Format(time.DateOnly))
}

// at is an hour of the day in Shanghai, in UTC.
func (d Date) at(hour int) time.Time {
	return d.EndOf().Add(time.Duration(hour-24) * time.Hour) // Shanghai keeps one clock all year
}

// DaysAfter counts the calendar days from other to d.
func (d Date) DaysAfter(other Date) int {
	a, errA := time.Parse(time.DateOnly, string(d))
	b, errB := time.Parse(time.DateOnly, string(other))
	if errA != nil || errB != nil {
		return 0
	}
	return int(a.Sub(b).Hours() / 24)
}
