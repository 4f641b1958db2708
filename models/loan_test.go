package models_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"

	"pgregory.net/rapid"
)

func clock(day, hour int) time.Time { return time.Date(2026, 12, day, hour, 0, 0, 0, models.Shanghai) }

func TestLoan_IsDueAtSixOfItsDayAndOverdueAfter(t *testing.T) {
	t.Parallel()
	l := models.Loan{State: models.LoanOut, DueOn: "2026-12-19"}
	if !l.DueAt().Equal(clock(19, 18)) || l.DueAt().Location() != time.UTC {
		t.Errorf("due at %s", l.DueAt())
	}
	if l.Overdue(clock(19, 18)) || !l.Overdue(clock(19, 18).Add(time.Second)) {
		t.Error("overdue too early, or never")
	}
	l.State = models.LoanBack
	if l.Overdue(clock(25, 0)) {
		t.Error("overdue though it is back")
	}
}

func TestLoan_IsRemindedOfOnThreeMorningsAtMost(t *testing.T) {
	t.Parallel()
	l := models.Loan{State: models.LoanOut, DueOn: "2026-12-21"}
	now := clock(18, 14)
	var times []time.Time
	for at := l.NextReminder(now); at != nil; at = l.NextReminder(now) {
		now = *at
		l.Reminded++
		times = append(times, now)
	}
	want := []time.Time{clock(20, 10), clock(21, 10), clock(22, 10)}
	if len(times) != len(want) {
		t.Fatalf("%v", times)
	}
	for i := range want {
		if !times[i].Equal(want[i]) {
			t.Errorf("reminder %d at %s, not %s", i+1, times[i], want[i])
		}
	}
	l.Reminded = models.MaxReminded - 1
	l.DueOn = l.DueOn.Add(5)
	if l.NextReminder(now) == nil {
		t.Error("the last reminder is lost")
	}
	l.Reminded++
	if at := l.NextReminder(now); at != nil {
		t.Errorf("a fourth at %s", at)
	}
}

func TestLoan_ExtendsFromItsDayOrFromTodayWhereThatHasPassed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now  time.Time
		days int
		want models.Date
	}{"before": {clock(18, 14), 1, "2026-12-20"}, "on the day": {clock(19, 23), 2, "2026-12-21"}, "after": {clock(23, 9), 3, "2026-12-26"}} {
		l := models.Loan{State: models.LoanOut, DueOn: "2026-12-19"}
		l.Extend(c.days, c.now)
		if l.DueOn != c.want || l.Extended != 1 || l.RemindAt == nil || !l.RemindAt.After(c.now) {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestLoan_RemindsOfTheNewDayAsOfTheFirst(t *testing.T) {
	t.Parallel()
	l := models.Loan{State: models.LoanOut, DueOn: "2026-12-19", Reminded: 2}
	l.Extend(3, clock(19, 11))
	var at []int
	for now := clock(19, 11); ; l.Reminded++ {
		next := l.NextReminder(now)
		if next == nil {
			break
		}
		now = *next
		at = append(at, next.In(models.Shanghai).Day())
	}
	if !slices.Equal(at, []int{21, 22, 23}) {
		t.Errorf("reminded on %v", at)
	}
}

func TestDate_AddsAsTheCalendarDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := models.DateOf(time.Date(2000, 1, rapid.IntRange(1, 36000).Draw(t, "day"), 12, 0, 0, 0, models.Shanghai))
		n := rapid.IntRange(-400, 400).Draw(t, "days")
		if later := day.Add(n); later.DaysAfter(day) != n {
			t.Fatalf("%s + %d is %s", day, n, later)
		}
	})
	if got := models.Date("soon").Add(1); got != "soon" {
		t.Errorf("%q", got)
	}
}
