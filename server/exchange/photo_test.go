package exchange_test

import (
	"bytes"
	"image/jpeg"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/picture"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

func (w *town) addPhoto(t *testing.T, who models.Actor, kind models.PhotoKind, thing models.ID) (models.Photo, error) {
	t.Helper()
	return w.svc.AddPhoto(t.Context(), who, exchange.NewPhoto{Kind: kind, ThingID: thing, File: storetest.Snapshot(t, 200)})
}

func (w *town) photo(t *testing.T, who models.Actor, kind models.PhotoKind, thing models.ID) models.Photo {
	t.Helper()
	p, err := w.addPhoto(t, who, kind, thing)
	return must(t, p, err)
}

func (w *town) volunteer(t *testing.T) models.Actor {
	t.Helper()
	actor := w.Neighbour(t, w.Micro, "7-1-101", "志愿者", models.CareNone).Actor
	actor.Roles = append(actor.Roles, models.Role{Kind: models.RoleVolunteer, GridPath: w.Micro.Path})
	return actor
}

// wantRefusal holds an error against a fault's code and reason; "" is none.
func wantRefusal(t *testing.T, what string, err error, code fault.Code, reason string) {
	t.Helper()
	if reason == "" && err == nil {
		return
	}
	if f := fault.From(err); err == nil || f.Code != code || reason != "" && f.Reason != reason {
		t.Errorf("%s: %v, want %s %s", what, err, code, reason)
	}
}

func TestPhoto_WhoMayTakeItAndWhoSeesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, m := w.matched(t, 6)
		beside, volunteer := w.Worker(t, w.Beside), w.volunteer(t)
		people := map[string]models.Actor{"giver": w.giver.Actor, "receiver": w.elder.Actor, "worker": w.worker, "neighbour": w.other.Actor,
			"volunteer": volunteer, "another grid": w.elsewhere.Actor, "another worker": beside, "nobody": {}}
		w.checkIn(t, m.LotID, 10) // with a leaflet of its own
		for _, c := range []struct {
			kind              models.PhotoKind
			thing             models.ID
			takes, not, looks []string // not: has a part in it, and yet may not
		}{
			{models.PhotoPack, m.LotID, []string{"giver", "worker"}, nil, []string{"giver", "worker"}},
			{models.PhotoLeaflet, m.LotID, []string{"worker"}, []string{"giver"}, []string{"giver", "worker", "receiver"}},
			{models.PhotoBag, m.HandoverID, []string{"worker"}, []string{"giver", "receiver"}, []string{"worker", "receiver"}},
		} {
			var taken models.Photo
			for name, who := range people {
				p, err := w.addPhoto(t, who, c.kind, c.thing)
				switch what := string(c.kind) + " by " + name; {
				case slices.Contains(c.takes, name):
					wantRefusal(t, what, err, "", "")
					if taken.ID == "" || name == "worker" {
						taken = p
					}
				case slices.Contains(c.not, name):
					wantRefusal(t, what, err, fault.Forbidden, "worker_only")
				default:
					wantRefusal(t, what, err, fault.NotFound, "not_found")
				}
			}
			for name, who := range people {
				p, err := w.svc.Photo(t.Context(), who, taken.ID)
				if !slices.Contains(c.looks, name) {
					wantRefusal(t, name+" looks at a "+string(c.kind), err, fault.NotFound, "not_found")
					wantRefusal(t, name+" drops a "+string(c.kind), w.svc.DropPhoto(t.Context(), who, taken.ID), fault.NotFound, "not_found")
					continue
				}
				if img, err := jpeg.Decode(bytes.NewReader(must(t, p, err).Image)); err != nil || img.Bounds().Dx() != 160 {
					t.Errorf("%s sees no photo: %v", name, err)
				}
				if name != "worker" {
					wantRefusal(t, name+" drops hers", w.svc.DropPhoto(t.Context(), who, taken.ID), fault.Forbidden, "not_yours")
				}
			}
			wantRefusal(t, "the worker drops it", w.svc.DropPhoto(t.Context(), w.worker, taken.ID), "", "")
			_, err := w.svc.Photo(t.Context(), w.worker, taken.ID)
			wantRefusal(t, "after that", err, fault.NotFound, "not_found")
		}
	})
}

// TestPhoto_IsListedWhereItIsSeen, by id and kind, and nowhere else.
func TestPhoto_IsListedWhereItIsSeen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, m := w.matched(t, 6)
		pack := w.photo(t, w.giver.Actor, models.PhotoPack, m.LotID)
		day, err := w.svc.Today(t.Context(), w.worker, w.Micro.ID)
		if lot := must(t, day, err).ToCheck[0].Lot; len(lot.Photos) != 1 || lot.Photos[0].ID != pack.ID || lot.Photos[0].Image != nil {
			t.Errorf("the worker is to check %+v", lot.Photos)
		}
		if seen := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0].Photos; len(seen) != 0 {
			t.Errorf("the receiver sees the pack: %+v", seen)
		}
		checked := w.checkIn(t, m.LotID, 10)
		if len(checked.Photos) != 2 || checked.Photos[1].Kind != models.PhotoLeaflet {
			t.Errorf("checked in with %+v", checked.Photos)
		}
		bag := w.photo(t, w.worker, models.PhotoBag, m.HandoverID)
		if seen := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0].Photos; len(seen) != 1 || seen[0].Kind != models.PhotoLeaflet {
			t.Errorf("the receiver sees %+v", seen)
		}
		for who, want := range map[*models.Actor]int{&w.elder.Actor: 1, &w.worker: 1, &w.giver.Actor: 0} {
			h, err := w.svc.Handover(t.Context(), *who, m.HandoverID)
			if seen := must(t, h, err).Photos; len(seen) != want || want == 1 && seen[0].ID != bag.ID {
				t.Errorf("of the handover %+v, want %d", seen, want)
			}
		}
		offers, err := w.svc.Offers(t.Context(), w.giver.Actor, true, exchange.Page{Limit: 10})
		lot := must(t, offers, err)[0].Lots[0]
		if len(lot.Photos) != 2 || len(lot.Matches[0].Photos) != 0 {
			t.Errorf("the giver sees %+v and %+v", lot.Photos, lot.Matches[0].Photos)
		}
	})
}

func TestPhoto_ThreeOfAKindAlsoInTheSameSecond(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		offered, err := w.offer(t, w.giver, blister(10))
		lot := must(t, offered, err).Lots[0]
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.addPhoto(t, w.giver.Actor, models.PhotoPack, lot.ID) })
		}
		wg.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
				continue
			}
			wantRefusal(t, "one too many", err, fault.Conflict, "photo_enough")
		}
		if taken != models.MaxPhotos {
			t.Errorf("%d were taken", taken)
		}
		w.photo(t, w.worker, models.PhotoLeaflet, lot.ID) // another kind has room of its own
	})
}

func TestPhoto_SameCallTwiceIsOnePhotoAndWhatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		offered, err := w.offer(t, w.giver, blister(10))
		lot := must(t, offered, err).Lots[0]
		giver := w.giver.Actor
		giver.Call = models.Call{Key: "k", Route: "POST /photos", Hash: "h"}
		first, again := w.photo(t, giver, models.PhotoPack, lot.ID), w.photo(t, giver, models.PhotoPack, lot.ID)
		if first.ID != again.ID || again.Image != nil {
			t.Errorf("%s, then %s with %d bytes", first.ID, again.ID, len(again.Image))
		}
		_, err = w.svc.AddPhoto(t.Context(), w.giver.Actor, exchange.NewPhoto{Kind: models.PhotoPack, ThingID: lot.ID, File: []byte("text.jpg")})
		wantRefusal(t, "a text", err, fault.Invalid, "photo_kind")
		_, err = w.addPhoto(t, w.giver.Actor, models.PhotoBag, lot.ID)
		wantRefusal(t, "the bag of a lot", err, fault.NotFound, "not_found")
		var photos []models.Photo
		must(t, 0, w.Store.Read(t.Context(), store.PhotosOf([]models.ID{lot.ID}, &photos)))
		if len(photos) != 1 || photos[0].Bytes > picture.MaxBytes {
			t.Errorf("%+v", photos)
		}
		_, err = w.svc.WithdrawLot(t.Context(), w.giver.Actor, lot.ID)
		must(t, 0, err)
		_, err = w.addPhoto(t, w.giver.Actor, models.PhotoPack, lot.ID)
		wantRefusal(t, "of a closed lot", err, fault.Conflict, "wrong_state")
	})
}

// TestCheckIn_WhatIsCutNeedsItsLeaflet: without it whole packs only.
func TestCheckIn_WhatIsCutNeedsItsLeaflet(t *testing.T) {
	t.Parallel()
	seen := exchange.CheckIn{Sealed: true, Readable: true, InDate: true, OTC: true, ExpiresOn: "2027-08-31", Batch: "1", Counted: 10, Labelled: true}
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		for name, c := range map[string]struct {
			ask []int // of ten tablets
			cut bool
		}{"nobody asked": {nil, false}, "one home takes all": {[]int{10}, false}, "some stay": {[]int{6}, true}, "two homes": {[]int{6, 4}, true}} {
			t.Run(name, func(t *testing.T) {
				w := newTown(t, storetest.SQLite(t))
				if b.OnPostgres() {
					w = newTown(t, storetest.Postgres(t))
				}
				offered, err := w.offer(t, w.giver, blister(10))
				lot := must(t, offered, err).Lots[0]
				for i, units := range c.ask {
					asked, err := w.ask(t, []storetest.Neighbour{w.elder, w.other}[i], "M004", units, well(models.AgeAdult))
					must(t, asked, err)
				}
				_, err = w.svc.CheckInLot(t.Context(), w.worker, lot.ID, seen)
				if !c.cut {
					must(t, 0, err)
					return
				}
				wantRefusal(t, "without a leaflet", err, fault.Refused, "check_failed")
				if fields := fault.From(err).Fields; len(fields) != 1 || fields[0].Path != "leaflet" || fields[0].Reason != "leaflet_missing" {
					t.Errorf("%+v", fields)
				}
				w.photo(t, w.giver.Actor, models.PhotoPack, lot.ID) // a pack is no leaflet
				_, err = w.svc.CheckInLot(t.Context(), w.worker, lot.ID, seen)
				wantRefusal(t, "with a pack", err, fault.Refused, "check_failed")
				first := w.photo(t, w.worker, models.PhotoLeaflet, lot.ID)
				checked, err := w.svc.CheckInLot(t.Context(), w.worker, lot.ID, seen)
				must(t, checked, err)
				err = w.svc.DropPhoto(t.Context(), w.worker, first.ID)
				wantRefusal(t, "the last leaflet", err, fault.Conflict, "leaflet_stays")
				second := w.photo(t, w.worker, models.PhotoLeaflet, lot.ID)
				wantRefusal(t, "a worse one", w.svc.DropPhoto(t.Context(), w.worker, first.ID), "", "")
				wantRefusal(t, "the last again", w.svc.DropPhoto(t.Context(), w.worker, second.ID), fault.Conflict, "leaflet_stays")
			})
		}
	})
}

// TestPhoto_OfABagComesWithWhoCarriesItAndGoesAfterSevenDays.
func TestPhoto_OfABagComesWithWhoCarriesItAndGoesAfterSevenDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, m := w.matched(t, 10)
		volunteer := w.volunteer(t)
		_, err := w.addPhoto(t, w.worker, models.PhotoBag, m.HandoverID)
		wantRefusal(t, "before it is ready", err, fault.Conflict, "wrong_state")
		w.checkIn(t, m.LotID, 10)
		_, err = w.addPhoto(t, volunteer, models.PhotoBag, m.HandoverID)
		wantRefusal(t, "by who does not carry it", err, fault.NotFound, "not_found")
		w.send(t, m.HandoverID)
		bag := w.photo(t, volunteer, models.PhotoBag, m.HandoverID)
		seen, err := w.svc.Photo(t.Context(), volunteer, bag.ID)
		must(t, seen, err)
		wantRefusal(t, "her own", w.svc.DropPhoto(t.Context(), volunteer, bag.ID), "", "")
		bag = w.photo(t, volunteer, models.PhotoBag, m.HandoverID)
		done, err := w.svc.Received(t.Context(), w.elder.Actor, m.ID)
		must(t, done, err)
		b.Clock.Add(23 * time.Hour)
		w.photo(t, w.worker, models.PhotoBag, m.HandoverID) // sent late, after a day without a net
		_, err = w.addPhoto(t, volunteer, models.PhotoBag, m.HandoverID)
		wantRefusal(t, "by who did not close it", err, fault.NotFound, "not_found")
		b.Clock.Add(time.Hour)
		_, err = w.addPhoto(t, w.worker, models.PhotoBag, m.HandoverID)
		wantRefusal(t, "a day later", err, fault.Conflict, "wrong_state")
		must(t, 0, w.svc.Tidy(t.Context()))
		look := func(who models.Actor) error {
			_, err := w.svc.Photo(t.Context(), who, bag.ID)
			return err
		}
		b.Clock.Add(7*24*time.Hour - time.Millisecond)
		wantRefusal(t, "on the last day", look(w.elder.Actor), "", "")
		b.Clock.Add(time.Millisecond)
		wantRefusal(t, "after seven days, also before it is tidied", look(w.elder.Actor), fault.NotFound, "not_found")
		must(t, 0, w.svc.Tidy(t.Context()))
		var left []models.Photo
		must(t, 0, w.Store.Read(t.Context(), store.PhotosOf([]models.ID{m.HandoverID, m.LotID}, &left)))
		if len(left) != 0 {
			t.Errorf("still there: %+v", left)
		}
	})
}

// send lets a handover go out to the door.
func (w *town) send(t *testing.T, handover models.ID) {
	t.Helper()
	var rows []models.Handover
	must(t, 0, w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, []store.Read{store.ByID([]models.ID{handover}, &rows)}, func(tx *store.Tx) error {
		if err := rows[0].Apply(models.CommandSend); err != nil {
			return err
		}
		return tx.SaveHandover(&rows[0], "handover.out", models.Audience{Workers: true})
	}))
}

// TestPhoto_AReceiverLooksWhileItConcernsHer: a leaflet for seven days after her
// match has closed, though the lot goes on.
func TestPhoto_AReceiverLooksWhileItConcernsHer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, m := w.matched(t, 6)
		w.checkIn(t, m.LotID, 10)
		_, err := w.svc.Received(t.Context(), w.elder.Actor, m.ID)
		must(t, 0, err)
		listed := func() []models.Photo { return w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0].Photos }
		leaflet := listed()[0].ID
		b.Clock.Add(7*24*time.Hour - time.Millisecond)
		if _, err := w.svc.Photo(t.Context(), w.elder.Actor, leaflet); err != nil || len(listed()) != 1 {
			t.Errorf("within seven days: %v, %v", err, listed())
		}
		b.Clock.Add(time.Millisecond)
		_, err = w.svc.Photo(t.Context(), w.elder.Actor, leaflet)
		wantRefusal(t, "after seven days", err, fault.NotFound, "not_found")
		if len(listed()) != 0 {
			t.Error("listed, and yet not to be seen")
		}
		_, err = w.svc.Photo(t.Context(), w.giver.Actor, leaflet)
		wantRefusal(t, "the giver, whose lot goes on", err, "", "")
	})
}

// TestPhoto_IsToldToWhomItConcerns: the worker and the giver of a pack hear that the
// lot has changed, and nothing of what is on it.
func TestPhoto_IsToldToWhomItConcerns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		offered, err := w.offer(t, w.giver, blister(10))
		lot := must(t, offered, err).Lots[0]
		w.photo(t, w.giver.Actor, models.PhotoPack, lot.ID)
		var events []models.Event
		must(t, 0, w.Store.Read(t.Context(), store.EventsAfter(w.Micro.ID, 0, 100, &events)))
		last := events[len(events)-1]
		if last.Kind != "lot.photo" || last.ThingID != lot.ID || last.Version != lot.Version+1 || !last.Audience.SeenBy("", false, true) ||
			!last.Audience.SeenBy(w.giver.PersonID, false, false) || last.Audience.SeenBy(w.elder.PersonID, true, false) {
			t.Errorf("%+v", last)
		}
		if strings.Contains(last.State, "photo") {
			t.Errorf("the lot is %s", last.State)
		}
	})
}
