package models_test

import (
	"fmt"
	"testing"
	"time"

	"linli/models"
)

func TestSample_FollowsFromTheIdAlone(t *testing.T) {
	t.Parallel()
	looked := map[models.ClosedHow]int{}
	const n = 1000
	for i := range n {
		id := models.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", i))
		for _, how := range []models.ClosedHow{models.HowCode, models.HowToken, models.HowOffline, models.HowReceived, models.HowHousehold,
			models.HowRelative, models.HowLeft, models.HowFace} {
			first := models.SampleOf(id, how)
			if first != models.SampleOf(id, how) {
				t.Fatalf("%s %s: not the same twice", id, how)
			}
			if first == models.SampleWaits {
				looked[how]++
			}
		}
	}
	for _, how := range []models.ClosedHow{models.HowCode, models.HowToken, models.HowOffline, models.HowReceived} {
		if looked[how] != 0 {
			t.Errorf("%s: %d are looked at, though the receiver showed herself", how, looked[how])
		}
	}
	if looked[models.HowFace] != n {
		t.Errorf("%d of %d on a word alone are looked at", looked[models.HowFace], n)
	}
	if got := looked[models.HowLeft]; got < n/8 || got > n/3 || got != looked[models.HowRelative] {
		t.Errorf("%d of %d left at the door are looked at, not about a fifth", got, n)
	}
}

// at is a moment of December 2022 in Shanghai; the 19th was a Monday.
func at(day, hour, minute int) time.Time {
	return time.Date(2022, 12, day, hour, minute, 0, 0, models.Shanghai).UTC()
}

func TestOpenBefore_IsOpenForTheOtherWayRound(t *testing.T) {
	t.Parallel()
	weekdays := models.RelayPoint{}
	for day := 1; day <= 5; day++ {
		weekdays.Hours = append(weekdays.Hours, models.Hours{Weekday: day, OpenMinute: 14 * 60, CloseMinute: 18 * 60},
			models.Hours{Weekday: day, OpenMinute: 9 * 60, CloseMinute: 12 * 60})
	}
	never := models.RelayPoint{Hours: []models.Hours{{Weekday: 1, OpenMinute: 600, CloseMinute: 600}}}
	for name, c := range map[string]struct {
		relay       models.RelayPoint
		until, want time.Time
	}{
		"by day":           {models.RelayPoint{}, at(19, 13, 30), at(19, 12, 30)},
		"in the morning":   {models.RelayPoint{}, at(20, 8, 20), at(19, 20, 20)},
		"at night":         {models.RelayPoint{}, at(20, 3, 0), at(19, 20, 0)},
		"over lunch":       {weekdays, at(19, 14, 30), at(19, 11, 30)},
		"over the weekend": {weekdays, at(26, 9, 0), at(23, 17, 0)},
		"never open":       {never, at(19, 9, 0), at(19, 8, 0)},
	} {
		if got := c.relay.OpenBefore(time.Hour, c.until); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got.In(models.Shanghai), c.want.In(models.Shanghai))
		}
	}
}

// reminders plays a handover that stays as it is: when it reminds, till it does no more.
func reminders(h models.Handover, relay models.RelayPoint, from time.Time) []time.Time {
	all := []time.Time{}
	for next := h.FirstReminder(relay, from); next != nil && len(all) < 20; next = h.NextReminder(*next) {
		all = append(all, *next)
		h.Reminded++
	}
	return all
}

func TestReminders_AreFewAndByDay(t *testing.T) {
	t.Parallel()
	day := func(t time.Time) *time.Time { return &t }
	for name, c := range map[string]struct {
		state     models.HandoverState
		from, due time.Time
		want      []time.Time
	}{
		"a giver, once":                         {models.HandoverAwaiting, at(19, 9, 0), at(19, 20, 0), []time.Time{at(19, 19, 0)}},
		"a giver, not at night":                 {models.HandoverAwaiting, at(19, 20, 0), at(20, 8, 30), []time.Time{at(19, 20, 30)}},
		"a giver who has no hour left":          {models.HandoverAwaiting, at(19, 9, 0), at(19, 9, 40), []time.Time{}},
		"what is being checked":                 {models.HandoverChecking, at(19, 9, 0), at(19, 20, 0), []time.Time{}},
		"who lets it lie, twice":                {models.HandoverReady, at(19, 14, 0), at(20, 18, 0), []time.Time{at(20, 10, 0), at(20, 16, 0)}},
		"who lets it lie, in the afternoon":     {models.HandoverReady, at(20, 12, 0), at(20, 18, 0), []time.Time{at(20, 16, 0)}},
		"who lets it lie until morning":         {models.HandoverReady, at(19, 14, 0), at(20, 7, 0), []time.Time{}},
		"who got it: three times, and a worker": {models.HandoverOut, at(19, 9, 0), at(19, 12, 0), []time.Time{at(19, 12, 0), at(19, 14, 0), at(19, 16, 0), at(19, 18, 0)}},
		"who got it in the evening":             {models.HandoverOut, at(19, 9, 0), at(19, 20, 0), []time.Time{at(19, 20, 0), at(20, 8, 0), at(20, 10, 0), at(20, 12, 0)}},
		"what is done":                          {models.HandoverDone, at(19, 9, 0), at(19, 20, 0), []time.Time{}},
	} {
		got := reminders(models.Handover{State: c.state, DueAt: day(c.due)}, models.RelayPoint{}, c.from)
		same := len(got) == len(c.want)
		for i := range got {
			same = same && got[i].Equal(c.want[i])
		}
		if !same {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for hour := range 48 {
		from := at(19, 0, 0).Add(time.Duration(hour) * time.Hour)
		byDay := models.ByDay(from)
		if h := byDay.In(models.Shanghai).Hour(); h < 8 || h >= 21 || byDay.Before(from) || byDay.Sub(from) > 11*time.Hour {
			t.Errorf("%v becomes %v", from, byDay)
		}
	}
}

func TestDoorText_IsWhatWasPrintedHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"7k3m-0000": "7K3M0000", " 7K3M 0000 ": "7K3M0000", "7K3M—OOOO": "7K3M0000",
		"７Ｋ３Ｍ－ｏｏｏｏ": "7K3M0000", "il": "11", "七": "七"} {
		if got := models.DoorText(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
