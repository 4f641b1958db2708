package store_test

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

// paged is one list with a cursor: how a row of it comes to be, and how a page
// of it is read.
type paged struct {
	post func(tx *store.Tx, s *scene) (models.ID, error)
	page func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed
}

// listed is what a cursor is made of.
type listed struct {
	at time.Time
	id models.ID
}

func readPage[T any](t *testing.T, s *scene, read func(into *[]T) store.Read, of func(T) listed) (page []listed) {
	t.Helper()
	var rows []T
	must(t, s.Store.Read(t.Context(), read(&rows)))
	for _, row := range rows {
		page = append(page, of(row))
	}
	return page
}

var lists = map[string]paged{
	"needs": {
		func(tx *store.Tx, s *scene) (models.ID, error) {
			n := models.Need{ID: tx.NewID(), RequestID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.elder.HouseholdID, PersonID: s.elder.PersonID,
				ItemID: "M140", Requested: 1, Open: 1, State: models.NeedOpen, Urgency: models.UrgencyToday, Why: []models.Reason{}, CreatedAt: tx.Now}
			return n.ID, tx.SaveNeed(&n, "need.opened", everybody)
		},
		func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed {
			return readPage(t, s, func(rows *[]models.Need) store.Read { return store.NeedsLive(s.Micro.ID, true, before, limit, rows) },
				func(n models.Need) listed { return listed{n.CreatedAt, n.ID} })
		},
	},
	"requests": {
		func(tx *store.Tx, s *scene) (models.ID, error) {
			r := models.Request{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.elder.HouseholdID, PersonID: s.elder.PersonID,
				PostedBy: s.elder.PersonID, Way: models.WayRelay, CreatedAt: tx.Now}
			return r.ID, tx.CreateRequest(&r)
		},
		func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed {
			return readPage(t, s, func(rows *[]models.Request) store.Read {
				return store.RequestsOf(s.elder.PersonID, false, before, limit, rows)
			},
				func(r models.Request) listed { return listed{r.CreatedAt, r.ID} })
		},
	},
	"offers": {
		func(tx *store.Tx, s *scene) (models.ID, error) {
			o := models.Offer{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.giver.HouseholdID, PersonID: s.giver.PersonID,
				Way: models.WayRelay, CreatedAt: tx.Now}
			return o.ID, tx.CreateOffer(&o)
		},
		func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed {
			return readPage(t, s, func(rows *[]models.Offer) store.Read {
				return store.OffersOf(s.giver.PersonID, false, before, limit, rows)
			},
				func(o models.Offer) listed { return listed{o.CreatedAt, o.ID} })
		},
	},
	"stock-takes": {
		func(tx *store.Tx, s *scene) (models.ID, error) {
			take := models.StockTake{ID: tx.NewID(), GridID: s.Micro.ID, RelayID: s.Relay.ID, PersonID: s.worker.PersonID, Lines: []models.StockTakeLine{}, CreatedAt: tx.Now}
			return take.ID, tx.CreateStockTake(&take)
		},
		func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed {
			return readPage(t, s, func(rows *[]models.StockTake) store.Read { return store.StockTakesAt(s.Relay.ID, before, limit, rows) },
				func(take models.StockTake) listed { return listed{take.CreatedAt, take.ID} })
		},
	},
	"recoveries": {
		func(tx *store.Tx, s *scene) (models.ID, error) {
			r := models.Recovery{ID: tx.NewID(), GridID: s.Micro.ID, RelayID: s.Relay.ID, PersonID: s.worker.PersonID, CreatedAt: tx.Now}
			return r.ID, tx.CreateRecovery(&r)
		},
		func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed {
			return readPage(t, s, func(rows *[]models.Recovery) store.Read { return store.RecoveriesAt(s.Relay.ID, before, limit, rows) },
				func(r models.Recovery) listed { return listed{r.CreatedAt, r.ID} })
		},
	},
	"claims": {
		func(tx *store.Tx, s *scene) (models.ID, error) {
			p := models.Person{ID: tx.NewID(), GridID: s.Micro.ID, State: models.PersonPending, CreatedAt: tx.Now}
			return p.ID, tx.SavePerson(&p, "person.claimed", everybody)
		},
		func(t *testing.T, s *scene, before *store.Cursor, limit int) []listed {
			return readPage(t, s, func(rows *[]models.Person) store.Read {
				return store.Claims([]string{s.City.Path}, before, limit, rows)
			},
				func(p models.Person) listed { return listed{p.CreatedAt, p.ID} })
		},
	},
}

// TestPages_ShowEachRowOnceWhileOthersPost: many rows of one moment, others a
// millisecond apart, and after each page somebody posts again.
func TestPages_ShowEachRowOnceWhileOthersPost(t *testing.T) {
	t.Parallel()
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				s := newScene(t, b)
				post := func(n int) (ids []models.ID) {
					s.in(t, func(tx *store.Tx) error {
						for range n {
							id, err := list.post(tx, s)
							if err != nil {
								return err
							}
							ids = append(ids, id)
						}
						return nil
					})
					return ids
				}
				var before []models.ID
				for _, n := range []int{9, 1, 1, 12, 2} {
					before = append(before, post(n)...)
					s.wait(time.Millisecond)
				}
				var seen []models.ID
				var cursor *store.Cursor
				var late []models.ID
				for pages := 0; ; pages++ {
					rows := list.page(t, s, cursor, 4)
					if len(rows) == 0 {
						break
					}
					for _, row := range rows {
						seen = append(seen, row.id)
					}
					last := rows[len(rows)-1]
					// Over the wire and back, as a client sends it.
					next, err := store.ParseCursor(store.Cursor{At: last.at, ID: last.id}.String())
					must(t, err)
					cursor = next
					late = append(late, post(1)...)
					if pages > len(before) {
						t.Fatal("the list has no end")
					}
				}
				slices.Reverse(before) // ids count up: newest first
				if !slices.Equal(seen, before) {
					t.Errorf("seen\n %v\nnot\n %v", seen, before)
				}
				if rows := list.page(t, s, nil, 100); len(rows) != len(before)+len(late) {
					t.Errorf("from the start there are %d rows, not %d", len(rows), len(before)+len(late))
				}
			})
		})
	}
}

func TestParseCursor_TakesOnlyWhatWasGiven(t *testing.T) {
	t.Parallel()
	const id = "00000000-0000-7000-8000-000000000001"
	given := store.Cursor{At: at(0), ID: id}
	c, err := store.ParseCursor(given.String())
	if err != nil || !c.At.Equal(given.At) || c.ID != id {
		t.Errorf("%v, %v", c, err)
	}
	if c, err := store.ParseCursor(""); err != nil || c != nil {
		t.Errorf("the beginning: %v, %v", c, err)
	}
	raw := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for name, text := range map[string]string{
		"no base64": "***", "padded": given.String() + "=", "nothing inside": raw("|"), "one part": raw(id),
		"no time": raw("today|" + id), "no id": raw("2026-12-18T12:12:00Z|"), "an id in capitals": raw("2026-12-18T12:12:00Z|0000000A-0000-7000-8000-000000000001"),
		"SQL": raw("2026-12-18T12:12:00Z|' OR 1=1 --"), "three parts": raw("2026-12-18T12:12:00Z|" + id + "|1"), "NUL": raw("2026-12-18T12:12:00Z|\x00" + id[1:]),
		"full width": raw("２０２６-12-18T12:12:00Z|" + id), "a short year": raw("26-12-18T12:12:00Z|" + id), "emoji": "👵",
	} {
		if c, err := store.ParseCursor(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
}
