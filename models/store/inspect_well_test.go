package store_test

import (
	"fmt"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

// dated gives the lot a last day of use.
func (s *scene) dated(t *testing.T, d *deal, day models.Date) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		d.lot.ExpiresOn = day
		return tx.SaveLot(&d.lot, "lot.dated", everybody)
	})
}

func (s *scene) trim(t *testing.T, before time.Time, limit int) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error { return tx.TrimEvents(s.Micro.ID, before, limit) })
}

// events are the numbers that the grid still keeps.
func (s *scene) events(t *testing.T, grid models.ID) []models.Event {
	t.Helper()
	var events []models.Event
	must(t, s.Store.Read(t.Context(), store.EventsAfter(grid, 0, 1000, &events)))
	return events
}

// TestInspect_IsSilentAboutWhatIsOnlyUnusual: a false alarm teaches people not
// to look.
func TestInspect_IsSilentAboutWhatIsOnlyUnusual(t *testing.T) {
	t.Parallel()
	for name, live := range map[string]func(t *testing.T, s *scene){
		"nothing has happened yet": func(*testing.T, *scene) {},
		"the date passed after it was given": func(t *testing.T, s *scene) {
			d := s.agree(t, 6, 10, 6)
			s.dated(t, d, "2026-12-18")
			s.bring(t, d, s.Relay)
			s.give(t, d)
			s.wait(30 * 24 * time.Hour)
		},
		"the date passed after it lapsed": func(t *testing.T, s *scene) {
			d := s.agree(t, 6, 6, 6)
			s.dated(t, d, "2026-12-18")
			s.lapse(t, d)
			s.wait(30 * 24 * time.Hour)
		},
		"a quiet grid has lost all its events": func(t *testing.T, s *scene) {
			s.deals(t)
			s.wait(8 * 24 * time.Hour)
			s.trim(t, s.Store.Now(), 1000)
			if left := s.events(t, s.Micro.ID); len(left) > 0 {
				t.Fatalf("%d events are left", len(left))
			}
		},
		"old events are gone, new ones go on": func(t *testing.T, s *scene) {
			old := s.agree(t, 6, 10, 6)
			s.agree(t, 1, 1, 1)
			s.wait(8 * 24 * time.Hour)
			s.trim(t, s.Store.Now(), 1000)
			s.bring(t, old, s.Relay)
			s.agree(t, 2, 2, 2)
		},
		"the limit cut through what happened at one moment": func(t *testing.T, s *scene) {
			s.agree(t, 6, 10, 6)
			s.agree(t, 1, 1, 1)
			s.wait(8 * 24 * time.Hour)
			s.trim(t, s.Store.Now(), 7)
		},
		"the box of another grid serves this one": func(t *testing.T, s *scene) {
			town := s.relayAt(t, s.Beside, s.Community)
			d, waits := s.agree(t, 6, 10, 6), s.agree(t, 2, 2, 2)
			s.bring(t, d, town)
			s.bring(t, waits, town)
			s.wait(time.Hour)
			s.give(t, d)
		},
		"all was withdrawn and dropped": func(t *testing.T, s *scene) {
			d := s.agree(t, 3, 4, 3)
			s.lapse(t, d)
			s.in(t, func(tx *store.Tx) error {
				return first(d.need.Drop(3, models.ReasonOutOfTime), d.lot.Withdraw(2, "giver"), d.lot.Expire(),
					tx.SaveNeed(&d.need, "need.unmet", everybody), tx.SaveLot(&d.lot, "lot.closed", everybody))
			})
			if d.need.State != models.NeedUnmet || d.lot.State != models.LotClosed {
				t.Fatalf("%s, %s", d.need.State, d.lot.State)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				s := newScene(t, b)
				live(t, s)
				if got := s.broken(t); len(got) > 0 {
					t.Errorf("doctor finds %q", got)
				}
			})
		})
	}
}

// TestInspect_AfterTrimmingStillSeesWhatIsNotTold: what is forgiven to the old
// is not forgiven to the new.
func TestInspect_AfterTrimmingStillSeesWhatIsNotTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		old, quiet := s.agree(t, 6, 10, 6), s.agree(t, 1, 1, 1)
		s.wait(8 * 24 * time.Hour)
		s.trim(t, s.Store.Now(), 1000)
		s.bring(t, old, s.Relay)
		s.wait(time.Hour)
		young := s.agree(t, 2, 2, 2)
		db := b.Unguarded(t)
		for name, c := range map[string]struct {
			d    *deal
			want int
		}{"old, and told of since": {old, 1}, "new": {young, 1}, "old, and not told of since": {quiet, 0}} {
			change := "UPDATE matches SET version = version %s 1 WHERE id = " + quoted(c.d.match.ID)
			execute(t, db, fmt.Sprintf(change, "+"))
			if got := s.broken(t); len(got) != c.want || c.want > 0 && got[0] != lastEvent {
				t.Errorf("%s: doctor finds %q", name, got)
			}
			execute(t, db, fmt.Sprintf(change, "-"))
		}
	})
}

// TestInspect_ALastDayEndsAtMidnightInShanghai: not eight hours later.
func TestInspect_ALastDayEndsAtMidnightInShanghai(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		s.dated(t, s.agree(t, 6, 10, 6), "2026-12-18")
		s.wait(models.Date("2026-12-18").EndOf().Sub(s.Clock.Now()) - time.Millisecond)
		if got := s.broken(t); len(got) > 0 {
			t.Errorf("on its last day: %q", got)
		}
		s.wait(time.Millisecond)
		if got := s.broken(t); len(got) != 1 || got[0] != matchFit {
			t.Errorf("a day later: %q", got)
		}
	})
}
