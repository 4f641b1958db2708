package store_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

func TestWindows_WhatStandsReplacesWhatStood(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		stand := func() (items []string) {
			var windows []models.Window
			must(t, s.Store.Read(t.Context(), store.WindowsOf(s.Micro.ID, &windows)))
			for _, w := range windows {
				items = append(items, w.ItemID+w.ClosesAt.UTC().Format(" 15:04:05"))
			}
			return items
		}
		at := time.Date(2026, 12, 18, 4, 0, 0, 0, time.UTC)
		save := func(items ...models.ItemID) {
			s.in(t, func(tx *store.Tx) error {
				var windows []models.Window
				for _, item := range items {
					windows = append(windows, models.Window{GridID: s.Micro.ID, ItemID: item, ClosesAt: at})
				}
				return tx.SaveWindows(s.Micro.ID, windows)
			})
		}
		save("M004", "M001")
		if got := stand(); !slices.Equal(got, []string{"M001 04:00:00", "M004 04:00:00"}) {
			t.Errorf("%v", got)
		}
		save("M004")
		if got := stand(); !slices.Equal(got, []string{"M004 04:00:00"}) {
			t.Errorf("%v", got)
		}
		save()
		if got := stand(); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
}
