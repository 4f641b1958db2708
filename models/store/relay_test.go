package store_test

import (
	"slices"
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

func TestRelayLoads_CountWhatLiesThereAndWhatIsToBeBrought(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		empty := s.relayAt(t, s.Beside, s.Community)
		parcels := func() []int {
			t.Helper()
			var loads []store.RelayLoad
			must(t, s.Store.Read(t.Context(), store.RelayLoads([]models.ID{empty.ID, s.Relay.ID}, &loads)))
			if len(loads) != 2 || loads[0].ID != s.Relay.ID || loads[0].Capacity != s.Relay.Capacity || loads[1].State != models.RelayOpen || loads[1].Version != 1 {
				t.Fatalf("%+v", loads)
			}
			return []int{loads[0].Parcels, loads[1].Parcels}
		}
		expect := func(what string, want ...int) {
			t.Helper()
			if got := parcels(); !slices.Equal(got, want) {
				t.Errorf("%s: %v, not %v", what, got, want)
			}
		}
		expect("nothing", 0, 0)
		one, two := s.agree(t, 6, 10, 6), s.agree(t, 3, 3, 3)
		expect("two are to be brought", 2, 0)
		s.bring(t, one, s.Relay)
		expect("one of them lies there", 2, 0)
		s.give(t, one)
		expect("four of ten lie there still", 2, 0)
		s.bring(t, two, empty)
		expect("the other lies elsewhere", 1, 1)
		s.give(t, two)
		expect("its last units are given", 1, 0)
		s.lapse(t, s.agree(t, 1, 1, 1))
		expect("what lapsed does not come", 1, 0)
	})
}

func TestPaths_AreWrittenOverAndFoundFromEitherEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		save := func(paths ...models.Path) {
			t.Helper()
			must(t, b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SavePaths(paths) }))
		}
		home, back := models.Path{FromKey: "G07/3 栋", ToKey: "relay:R07", Metres: 640}, models.Path{FromKey: "relay:R07", ToKey: "G07/1 栋", Metres: 90}
		between := models.Path{FromKey: "G07/1 栋", ToKey: "G07/3 栋", Metres: 300}
		save(home, back, between)
		home.Metres = 650
		save(home)
		var got []models.Path
		must(t, b.Store.Read(t.Context(), store.PathsTouching([]string{"relay:R07", "relay:R08"}, &got)))
		if !slices.Equal(got, []models.Path{home, back}) {
			t.Errorf("from and to the point: %v", got)
		}
		must(t, b.Store.Read(t.Context(), store.PathsAmong([]string{"G07/1 栋", "G07/3 栋"}, &got)))
		if !slices.Equal(got, []models.Path{between}) {
			t.Errorf("from building to building: %v", got)
		}
		many := make([]models.Path, 1201)
		for i := range many {
			many[i] = models.Path{FromKey: "relay:R09", ToKey: string(rune('一' + i)), Metres: i}
		}
		save(many...)
		must(t, b.Store.Read(t.Context(), store.PathsTouching([]string{"relay:R09"}, &got)))
		if len(got) != len(many) {
			t.Errorf("%d of %d are there", len(got), len(many))
		}
	})
}
