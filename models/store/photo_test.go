package store_test

import (
	"bytes"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

func (s *scene) photosOf(t *testing.T, things ...models.ID) []models.Photo {
	t.Helper()
	var photos []models.Photo
	must(t, s.Store.Read(t.Context(), store.PhotosOf(things, &photos)))
	return photos
}

// tidy marks and drops photos as the sweep does, one at a time.
func (s *scene) tidy(t *testing.T) (ended, dropped int64) {
	t.Helper()
	for {
		var e, d int64
		must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) (err error) {
			if e, err = tx.EndPhotos(1); err == nil {
				d, err = tx.DropGonePhotos(1)
			}
			return err
		}))
		if e > 1 || d > 1 {
			t.Fatalf("%d and %d in a batch of one", e, d)
		}
		ended, dropped = ended+e, dropped+d
		if e+d == 0 {
			return ended, dropped
		}
	}
}

func TestPhoto_ComesBackByteForByteAndIsListedWithoutItself(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		d := s.agree(t, 6, 10, 6)
		image := bytes.Repeat([]byte("\x00\xff\xd8'\\\"\n"), 40_000)
		p := s.photo(t, models.ThingLot, d.lot.ID, models.PhotoPack, s.giver.PersonID, image)
		s.wait(time.Second)
		bag := s.photo(t, models.ThingHandover, d.hand.ID, models.PhotoBag, s.worker.PersonID, []byte("bag"))
		s.photo(t, models.ThingLot, s.agree(t, 1, 1, 1).lot.ID, models.PhotoPack, s.giver.PersonID, []byte("another's"))
		same(t, "read", one[models.Photo](t, s, p.ID), p)
		p.Image, bag.Image = nil, nil
		same(t, "listed", s.photosOf(t, d.hand.ID, d.lot.ID), []models.Photo{p, bag})
		var head []models.Photo
		must(t, s.Store.Read(t.Context(), store.PhotoHead(p.ID, &head)))
		same(t, "its head", head, []models.Photo{p})
		s.in(t, func(tx *store.Tx) error { return tx.DropPhoto(p.ID) })
		same(t, "after it was dropped", s.photosOf(t, d.hand.ID, d.lot.ID), []models.Photo{bag})
	})
}

// TestPhotos_AreGoneSevenDaysAfterTheirThingClosed, and not a moment earlier.
func TestPhotos_AreGoneSevenDaysAfterTheirThingClosed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		d, lives := s.agree(t, 6, 6, 6), s.agree(t, 2, 4, 2)
		s.photo(t, models.ThingLot, d.lot.ID, models.PhotoPack, s.giver.PersonID, []byte("1"))
		s.photo(t, models.ThingLot, d.lot.ID, models.PhotoLeaflet, s.worker.PersonID, []byte("2"))
		s.photo(t, models.ThingHandover, d.hand.ID, models.PhotoBag, s.worker.PersonID, []byte("3"))
		s.photo(t, models.ThingLot, lives.lot.ID, models.PhotoPack, s.giver.PersonID, []byte("4"))
		s.photo(t, models.ThingHandover, lives.hand.ID, models.PhotoBag, s.worker.PersonID, []byte("5"))
		s.wait(30 * 24 * time.Hour)
		if e, gone := s.tidy(t); e+gone != 0 {
			t.Fatalf("%d ended and %d gone while all is under way", e, gone)
		}
		s.bring(t, d, s.Relay)
		s.give(t, d)
		if e, gone := s.tidy(t); e != 3 || gone != 0 {
			t.Fatalf("%d ended, %d gone at once", e, gone)
		}
		if found := s.broken(t); len(found) > 0 {
			t.Errorf("doctor: %v", found)
		}
		s.wait(models.PhotoDays*24*time.Hour - time.Millisecond)
		if e, gone := s.tidy(t); e+gone != 0 {
			t.Fatalf("%d and %d before the time", e, gone)
		}
		s.wait(time.Millisecond)
		if _, gone := s.tidy(t); gone != 3 {
			t.Fatalf("%d gone", gone)
		}
		if left := s.photosOf(t, d.lot.ID, d.hand.ID, lives.lot.ID, lives.hand.ID); len(left) != 2 {
			t.Errorf("%d are left", len(left))
		}
	})
}

// TestEmptyPosts_DropsHerPhotosAndThoseOfHerDoor: a leaflet stays for those who
// received of it.
func TestEmptyPosts_DropsHerPhotosAndThoseOfHerDoor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		d := s.agree(t, 6, 6, 6)
		pack := s.photo(t, models.ThingLot, d.lot.ID, models.PhotoPack, s.giver.PersonID, []byte("1"))
		leaflet := s.photo(t, models.ThingLot, d.lot.ID, models.PhotoLeaflet, s.worker.PersonID, []byte("2"))
		s.photo(t, models.ThingHandover, d.hand.ID, models.PhotoBag, s.worker.PersonID, []byte("3"))
		left := func() (ids []models.ID) {
			for _, p := range s.photosOf(t, d.lot.ID, d.hand.ID) {
				ids = append(ids, p.ID)
			}
			return ids
		}
		leaves := func(person models.ID) {
			must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.EmptyPosts(person) }))
		}
		leaves(s.elder.PersonID)
		same(t, "without the receiver", left(), []models.ID{pack.ID, leaflet.ID})
		s.photo(t, models.ThingHandover, d.hand.ID, models.PhotoBag, s.worker.PersonID, []byte("4"))
		leaves(s.worker.PersonID)
		same(t, "without the worker", left(), []models.ID{pack.ID, leaflet.ID})
		leaves(s.giver.PersonID)
		same(t, "without the giver", left(), []models.ID{leaflet.ID})
	})
}
