package models

import (
	"hash/fnv"
	"time"
)

// Proof reports whether the way to close shows by itself that the receiver was
// there: her code, her picture, her own tap. The others are looked at in samples.
func (how ClosedHow) Proof() bool {
	switch how {
	case HowHousehold, HowRelative, HowLeft, HowFace:
		return false
	}
	return true
}

// sampleOneIn is how many handovers without a code come on one that the leader
// looks at.
const sampleOneIn = 5

// SampleOf says whether the leader looks at a handover that was closed so. It
// follows from the id alone: nobody chooses, and nobody knows beforehand. What was
// given face to face, on a word alone, is always looked at.
func SampleOf(id ID, how ClosedHow) Sample {
	if how.Proof() {
		return ""
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(id)) // a hash never fails
	if how != HowFace && sum.Sum32()%sampleOneIn != 0 {
		return ""
	}
	return SampleWaits
}

// What a handover reminds of, and how often.
const (
	// bringBefore is for how long the point is still open when its giver is
	// reminded, once.
	bringBefore = time.Hour
	// ReadyReminders is how often she is reminded who lets it lie.
	ReadyReminders = 2
	// GotItAsks is how often she is asked whether she got it; after that its worker
	// finds out. Source: the "at most three times".
	GotItAsks   = 3
	gotItApart  = 2 * time.Hour
	wakeHour    = 8 // as the policy's quiet hours
	bedtimeHour = 21
)

// readyBefore is how long before it goes back the receiver is reminded: as it goes
// back at 18:00, at ten and at four.
var readyBefore = [ReadyReminders]time.Duration{8 * time.Hour, 2 * time.Hour}

// ByDay is the moment itself, or eight in the morning after it: nobody is woken.
func ByDay(at time.Time) time.Time {
	local := at.In(Shanghai)
	morning := time.Date(local.Year(), local.Month(), local.Day(), wakeHour, 0, 0, 0, Shanghai)
	switch hour := local.Hour(); {
	case hour < wakeHour:
		return morning.UTC()
	case hour >= bedtimeHour:
		return morning.AddDate(0, 0, 1).UTC()
	}
	return at
}

// FirstReminder is when a handover that has just come into its state reminds for
// the first time; nil where it does not. The relay point is that to which its
// giver brings it.
func (h Handover) FirstReminder(relay RelayPoint, now time.Time) *time.Time {
	switch {
	case h.DueAt == nil:
		return nil
	case h.State == HandoverAwaiting:
		at := relay.OpenBefore(bringBefore, *h.DueAt)
		if !at.After(now) {
			return nil // no time is left of which one could be reminded
		}
		return &at
	case h.State == HandoverReady:
		return h.nextReady(now)
	case h.State == HandoverOut:
		at := ByDay(*h.DueAt)
		return &at
	}
	return nil
}

// NextReminder is when it reminds again, after it has at now.
func (h Handover) NextReminder(now time.Time) *time.Time {
	switch {
	case h.State == HandoverReady:
		return h.nextReady(now)
	case h.State == HandoverOut && h.Reminded <= GotItAsks: // after the last it waits once more, for the worker
		at := ByDay(now.Add(gotItApart))
		return &at
	}
	return nil
}

func (h Handover) nextReady(now time.Time) *time.Time {
	for _, before := range readyBefore[min(h.Reminded, ReadyReminders):] {
		if at := ByDay(h.DueAt.Add(-before)); at.After(now) && at.Before(*h.DueAt) {
			return &at
		}
	}
	return nil
}

// Unanswered reports whether it was brought, and she has not said that she got it
// though she was asked often enough: her worker finds out.
func (h Handover) Unanswered() bool { return h.State == HandoverOut && h.Reminded > GotItAsks }
