package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

// TestLockedGrid_DoesNotHoldUpAHouseholdThatMovesIn: with the schema as it is,
// and its foreign keys. On SQLite there is one writer, and nothing to prove.
func TestLockedGrid_DoesNotHoldUpAHouseholdThatMovesIn(t *testing.T) {
	t.Parallel()
	s := newScene(t, storetest.Postgres(t))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	locked, movedIn := make(chan struct{}), make(chan error, 1)
	go func() {
		<-locked
		movedIn <- s.Store.InTx(ctx, func(tx *store.Tx) error {
			home := models.Household{ID: tx.NewID(), GridID: s.Micro.ID, Building: "8 栋", AddressKey: []byte("8"), Version: 1, CreatedAt: tx.Now}
			person := models.Person{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: &home.ID, State: models.PersonPending, Version: 1, CreatedAt: tx.Now}
			return first(tx.CreateHouseholds([]models.Household{home}), tx.CreatePeople([]models.Person{person}))
		})
	}()
	err := s.Store.InGrids(ctx, []models.ID{s.Micro.ID}, nil, func(tx *store.Tx) error {
		close(locked)
		return <-movedIn // were it to wait for us, both would wait for ever
	})
	must(t, err)
}

func TestUnknownGrid_IsNotFound(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		err := b.Store.InGrids(t.Context(), []models.ID{s.Micro.ID, otherIDs()()}, nil, func(*store.Tx) error {
			t.Error("decided without a lock")
			return nil
		})
		if f := fault.From(err); f.Code != fault.NotFound || f.Reason != "grid_unknown" {
			t.Error(err)
		}
	})
}

// TestCountHomes_CountsEveryLevelAnew whatever stood there before.
func TestCountHomes_CountsEveryLevelAnew(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b) // two homes in 07
		s.Neighbour(t, s.Beside, "9-1-101", "隔壁", models.CareNone)
		must(t, b.Store.InTx(t.Context(), func(tx *store.Tx) error { return first(tx.AddHomes(s.Beside, 40), tx.CountHomes()) }))
		var grids []models.Grid
		must(t, b.Store.Read(t.Context(), store.AllGrids(&grids)))
		got := []int{}
		for _, g := range grids {
			got = append(got, g.Homes)
		}
		if !slices.Equal(got, []int{3, 3, 3, 3, 2, 1}) {
			t.Errorf("%v", got)
		}
	})
}

// TestTrimEvents_KeepsWhatIsYoungAndTheGridsOthers: numbers go from below, stay
// without a gap, and go on where they were.
func TestTrimEvents_KeepsWhatIsYoungAndTheGridsOthers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		const days = 6
		for _, grid := range []models.Grid{s.Micro, s.Beside} {
			teller := b.Teller(grid.ID)
			for range days {
				must(t, teller.Tell(t.Context(), "person.changed", 2, everybody))
				s.wait(24 * time.Hour)
			}
			s.wait(-days * 24 * time.Hour)
		}
		numbers := func(grid models.ID) (seqs []int64) {
			for _, e := range s.events(t, grid) {
				seqs = append(seqs, e.Seq)
			}
			return seqs
		}
		counter := func() models.GridSeq {
			var counters []models.GridSeq
			must(t, s.Store.Read(t.Context(), store.Counters([]models.ID{s.Micro.ID}, &counters)))
			return counters[0]
		}
		day := func(n int) time.Time { return storetest.Start.Add(time.Duration(n) * 24 * time.Hour) }
		for _, c := range []struct {
			name   string
			before time.Time
			limit  int
			first  int64
		}{
			{"nothing is so old", day(0), 100, 1},
			{"what happened at that moment stays", day(1), 100, 3},
			{"no more than the limit", day(4), 3, 6},
			{"again, the rest", day(4), 100, 9},
			{"all", day(days), 100, 13},
			{"nothing is left to drop", day(days + 1), 100, 13},
		} {
			s.trim(t, c.before, c.limit)
			want := []int64{}
			for seq := c.first; seq <= 2*days; seq++ {
				want = append(want, seq)
			}
			if got := numbers(s.Micro.ID); !slices.Equal(got, want) {
				t.Errorf("%s: %v, not %v", c.name, got, want)
			}
			if got := counter(); got.FirstSeq != c.first || got.Seq != 2*days {
				t.Errorf("%s: %+v", c.name, got)
			}
			if got := numbers(s.Beside.ID); len(got) != 2*days {
				t.Errorf("%s: the grid beside keeps %v", c.name, got)
			}
			if got := s.broken(t); len(got) > 0 {
				t.Errorf("%s: doctor finds %q", c.name, got)
			}
		}
		s.wait(days * 24 * time.Hour)
		must(t, b.Teller(s.Micro.ID).Tell(t.Context(), "person.changed", 1, everybody))
		if got := numbers(s.Micro.ID); !slices.Equal(got, []int64{13}) {
			t.Errorf("the next numbers: %v", got)
		}
		var old []models.GridSeq
		must(t, s.Store.Read(t.Context(), store.GridsWithEventsBefore(day(1), 10, &old)))
		if len(old) != 1 || old[0].GridID != s.Beside.ID {
			t.Errorf("old events are in %v", old)
		}
	})
}
