package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/models/store/storetest"
)

// awkward is text that some encoding of rows has lost before.
const awkward = "\"引号\" 'O''Brien' \\back\\n <b>&amp; 👵🏽\u200d👧 \u2028 Zoë 🇨🇳\nline {\"a\":1}"

// livedIn fills every table, with values at their edges, by the store's verbs.
func livedIn(t *testing.T, b storetest.Bench) *scene {
	t.Helper()
	b.Clock.Add(7 * time.Millisecond)
	s := newScene(t, b)
	s.wait(123 * time.Millisecond)
	s.deals(t)
	s.dated(t, s.agree(t, 1, 1, 1), "2027-08-31")
	s.Session(t, s.elder.Actor)
	s.relayAt(t, s.Beside, s.Community)
	actor := s.elder.Actor
	actor.Call = models.Call{Key: awkward, Route: "POST /requests", Hash: "h"}
	s.in(t, func(tx *store.Tx) error {
		message := models.PastedMessage{GridID: s.Micro.ID, Mark: append([]byte{0, 255}, awkward[:30]...), PostID: s.Beside.ID, At: tx.Now}
		return first(tx.SavePasted(message, false), tx.SavePasted(message, true),
			tx.SaveWindows(s.Micro.ID, []models.Window{{GridID: s.Micro.ID, ItemID: "M001", ClosesAt: tx.Now}}))
	})
	_, err := store.Exchange(t.Context(), s.Store, actor, []models.ID{s.Micro.ID}, nil, func(tx *store.Tx) (string, error) {
		return awkward, tx.Audit(s.Micro.ID, models.Audit{ActorID: s.worker.PersonID, Action: "contact.read",
			Thing: "match", ThingID: s.Beside.ID, Reason: awkward})
	})
	must(t, err)
	must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
		// More grids than one statement fills in, then a change of the topmost:
		// PostgreSQL lists it last from then on.
		more := make([]models.Grid, 450)
		for i := range more {
			code := fmt.Sprintf("510184107001002%03d", 100+i)
			more[i] = models.Grid{ID: tx.NewID(), ParentID: &s.Community.ID, Code: code, Name: awkward, Level: models.LevelMicro,
				Tree: models.TreeDedicated, Path: s.Community.Path + code + "/", CreatedAt: tx.Now}
		}
		return first(tx.SavePaths([]models.Path{{FromKey: awkward, ToKey: "relay:R07", Metres: 0}}), tx.CreateGrids(more), tx.AddHomes(s.City, 1), tx.AddHomes(s.Micro, 3),
			tx.SetMeta(store.MetaEpoch, "before"), tx.SetMeta(store.MetaKey, "key"))
	}))
	db := b.Bare(t)
	// A number beyond what a float holds, a long fraction, a NULL, an empty text.
	execute(t, db, "UPDATE grid_seq SET seq = 9007199254740993 WHERE grid_id = "+quoted(s.Beside.ID))
	execute(t, db, "UPDATE households SET lat = 30.700123456789012, lon = -0.1, room = NULL, building = '' WHERE id = "+quoted(s.giver.HouseholdID))
	return s
}

func backup(t *testing.T, b storetest.Bench) []byte {
	t.Helper()
	var file bytes.Buffer
	must(t, b.Store.Backup(t.Context(), &file, func(string, int64) {}))
	return file.Bytes()
}

func restore(t *testing.T, b storetest.Bench, archive []byte) error {
	t.Helper()
	return b.Store.Restore(t.Context(), bytes.NewReader(archive), "after", func(string, int64) {})
}

func TestArchive_GoesFromEachDatabaseToTheOtherAndBack(t *testing.T) {
	t.Parallel()
	for name, path := range map[string][]func(testing.TB) storetest.Bench{
		"SQLite first":     {storetest.SQLite, storetest.Postgres, storetest.SQLite},
		"PostgreSQL first": {storetest.Postgres, storetest.SQLite, storetest.Postgres},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := path[0](t)
			s := livedIn(t, from)
			want := dump(t, from)
			for table, rows := range want {
				if len(rows) == 0 {
					t.Errorf("%s is empty: nothing is proved of it", table)
				}
			}
			for i, open := range path[1:] {
				to := open(t)
				must(t, restore(t, to, backup(t, from)))
				sameDump(t, fmt.Sprintf("step %d", i+1), dump(t, to), want)
				from = to
			}
			var facts []store.Meta
			must(t, from.Store.Read(t.Context(), store.MetaOf([]string{store.MetaEpoch}, &facts)))
			if len(facts) != 1 || facts[0].Value != "after" {
				t.Errorf("cursors of before still hold: %v", facts)
			}
			// Life goes on: what was sealed is read, and the next numbers follow.
			from.Clock.Add(24 * time.Hour)
			s.Store = from.Store
			var people []models.Person
			must(t, from.Store.View(t.Context(), func(tx *store.Tx) error {
				return tx.Load(store.PersonByID(s.elder.PersonID, &people))
			}))
			if len(people) != 1 || people[0].Name != "张婆婆" {
				t.Errorf("%v", people)
			}
			must(t, from.Store.InGrids(t.Context(), []models.ID{s.Micro.ID}, nil, func(tx *store.Tx) error {
				return tx.SavePerson(&people[0], "person.changed", everybody)
			}))
		})
	}
}

// TestArchive_NamesEveryTable: a table that is forgotten is lost with the disk.
func TestArchive_NamesEveryTable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		lines := archiveLines(backup(t, b))
		for _, table := range b.Tables(t, b.Bare(t)) {
			if !strings.Contains(lines[0], `"`+table+`"`) {
				t.Errorf("%s is not in the archive", table)
			}
		}
	})
}

// otherKey opens the database of a bench with a key that did not seal it.
func otherKey(t *testing.T, b storetest.Bench) storetest.Bench {
	t.Helper()
	keys, err := seal.NewKeyring([]byte("another key for tests, 32 bytes."))
	must(t, err)
	b.Store, err = store.Open(store.Options{Database: b.Database, Keys: keys, Now: b.Clock.Now, NewID: storetest.IDs()})
	must(t, err)
	t.Cleanup(func() { must(t, b.Store.Close()) })
	return b
}
