package models

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// The limits of what one point may list.
const (
	MaxExceptions      = 40
	MaxExceptionDays   = 60
	MaxExceptionReason = 20 // characters
)

// CheckExceptions finds the first exception that cannot be meant and says why, as
// a code of models/words; "" is none. Two of a day that overlap, or one that shuts
// what another opens, are a slip.
func CheckExceptions(all []HoursException) (index int, reason string) {
	if len(all) > MaxExceptions {
		return MaxExceptions, "exceptions_too_many"
	}
	for i, e := range all {
		switch {
		case !e.From.Known() || !e.Until.Known() || e.Until < e.From || e.Until.DaysAfter(e.From) >= MaxExceptionDays:
			return i, "exception_days"
		case !e.Closed() && (e.OpenMinute < 0 || e.CloseMinute > 24*60 || e.CloseMinute <= e.OpenMinute):
			return i, "exception_hours"
		case utf8.RuneCountInString(e.Reason) > MaxExceptionReason || !CleanText(e.Reason) || slices.Contains([]byte(e.Reason), '\n'):
			return i, "exception_reason"
		}
		for _, other := range all[:i] {
			sameDay := e.From <= other.Until && other.From <= e.Until
			if sameDay && (e.Closed() || other.Closed() || e.OpenMinute < other.CloseMinute && other.OpenMinute < e.CloseMinute) {
				return i, "exception_overlaps"
			}
		}
	}
	return 0, ""
}

// SortExceptions puts them in the order of their days and leaves out what is over.
func SortExceptions(all []HoursException, today Date) []HoursException {
	kept := slices.DeleteFunc(slices.Clone(all), func(e HoursException) bool { return e.Until < today })
	slices.SortFunc(kept, func(a, b HoursException) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.OpenMinute, b.OpenMinute))
	})
	return kept
}
