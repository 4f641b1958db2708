package registry_test

import (
	"bytes"
	"fmt"
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/demo"
	"linli/server/registry"
)

// city is a file of sixty homes for each of the county's 4,400 micro-grids.
func city(b *testing.B, bench storetest.Bench) []byte {
	b.Helper()
	var grids []models.Grid
	err := bench.Store.View(b.Context(), func(tx *store.Tx) error { return tx.Load(store.AllGrids(&grids)) })
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	file.WriteString("微网格编码,楼栋,单元,房号,纬度,经度,照护\n")
	for n, g := range grids {
		if g.Level != models.LevelMicro || g.Tree != models.TreeTerritorial {
			continue
		}
		for i := range 60 {
			care := ""
			if i == 7 {
				care = "独居老人"
			}
			fmt.Fprintf(&file, "%s,%d 号楼,%d,%d0%d,30.%04d,103.%04d,%s\n", g.Code, i/8+1, i%2+1, i%4+2, i%8+1, 6000+n%1000, 5000+n%3000, care)
		}
	}
	return file.Bytes()
}

// BenchmarkImport_City is the 264,000 homes of a county, first and again.
func BenchmarkImport_City(b *testing.B) {
	for name, open := range map[string]func(testing.TB) storetest.Bench{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				bench := open(b)
				r := registry.New(bench.Store)
				if err := demo.Load(b.Context(), r, nil); err != nil {
					b.Fatal(err)
				}
				file := city(b, bench)
				var seconds []float64
				for range 2 {
					b.ResetTimer()
					sheet, err := registry.OpenSheet("city.csv", file)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := r.Import(b.Context(), registry.ImportHouseholds, sheet, nil); err != nil {
						b.Fatal(err)
					}
					seconds = append(seconds, b.Elapsed().Seconds())
				}
				b.ReportMetric(seconds[0], "first-s/op")
				b.ReportMetric(seconds[1], "again-s/op")
			}
		})
	}
}

// BenchmarkActor is one sign-in: known a moment ago, and asked of the database.
func BenchmarkActor(b *testing.B) {
	for name, open := range map[string]func(testing.TB) storetest.Bench{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		bench := open(b)
		r := registry.New(bench.Store)
		place := bench.Place(b)
		minted, err := r.MintTokens(b.Context(), registry.MintInput{Role: models.RoleResident, GridID: place.Micro.ID, Count: 1})
		if err != nil {
			b.Fatal(err)
		}
		for _, cold := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/cold=%v", name, cold), func(b *testing.B) {
				for range b.N {
					if cold {
						bench.Clock.Add(1_100_000_000) // over the second that an answer is believed
					}
					if _, err := r.Actor(b.Context(), minted[0].Token); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
