package main

import (
	"testing"
	"time"

	"linli/models/store/storetest/pgtemp"
)

// TestHot_TenBoxesHaveTenWinnersEveryTime: three rounds here; `make hot` plays a
// thousand.
func TestHot_TenBoxesHaveTenWinnersEveryTime(t *testing.T) {
	of := scene{residents: 500, grids: 10, boxes: 10, seed: uint64(time.Now().UnixNano())}
	for name, database := range map[string]string{"SQLite": t.TempDir() + "/linli.db", "PostgreSQL": pgtemp.DSN(t)} {
		t.Run(name, func(t *testing.T) {
			t.Logf("seed %d", of.seed)
			if err := play(t.Context(), name, database, of, 3, func(text string) { t.Log(text) }); err != nil {
				t.Fatal(err)
			}
		})
	}
}
