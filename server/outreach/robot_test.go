package outreach_test

import (
	"slices"
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/outreach"
)

// TestEdit_TheRobotsPersonFollowsItsGrids: its token signs in where it speaks.
func TestEdit_TheRobotsPersonFollowsItsGrids(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, _ := w.connect(t, "07", w.Micro)
		both := w.worker
		both.Roles = append(slices.Clone(both.Roles), w.Worker(t, w.Beside).Roles...)
		_, err := w.outreach.Edit(t.Context(), both, v.ID, outreach.RobotInput{GridIDs: []models.ID{w.Beside.ID}})
		must(t, err)
		var people []models.Person
		must(t, w.Store.Read(t.Context(), store.PersonByID(v.PersonID, &people)))
		if people[0].GridID != w.Beside.ID {
			t.Errorf("it sits in %s, not in %s", people[0].GridID, w.Beside.ID)
		}
		w.sound(t)
	})
}

// TestEdit_TakesASettingAway, but not one that the robot cannot be without.
func TestEdit_TakesASettingAway(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	v, _ := w.connect(t, "07", w.Micro)
	edit := func(settings map[string]string) []string {
		v, err := w.outreach.Edit(t.Context(), w.worker, v.ID, outreach.RobotInput{Settings: settings})
		must(t, err)
		return v.Given
	}
	if got := edit(map[string]string{outreach.SettingToken: "t", outreach.SettingApp: "a"}); len(got) != 4 {
		t.Errorf("%q", got)
	}
	if got := edit(map[string]string{outreach.SettingToken: ""}); !slices.Equal(got, []string{outreach.SettingAddress, outreach.SettingSecret, outreach.SettingApp}) {
		t.Errorf("%q", got)
	}
}
