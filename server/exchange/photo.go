package exchange

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/picture"
	"linli/models/store"
)

// NewPhoto is what a phone sends: the bytes of a JPEG or PNG, for what, of what.
type NewPhoto struct {
	Kind    models.PhotoKind
	ThingID models.ID // a handover's for a bag, else a lot's
	File    []byte
}

// AddPhoto keeps a small picture made of the pixels alone. What it shows is seen by
// those whom it concerns; that it is there is told by its lot or handover.
func (s *Service) AddPhoto(ctx context.Context, actor models.Actor, in NewPhoto) (models.Photo, error) {
	thing := models.ThingLot
	if in.Kind == models.PhotoBag {
		thing = models.ThingHandover
	}
	of, err := s.photographed(ctx, thing, in.ThingID)
	if err != nil {
		return models.Photo{}, err
	}
	if err := of.mayAdd(actor, in.Kind); err != nil {
		return models.Photo{}, err
	}
	small, err := s.shrink(ctx, in.File)
	if err != nil {
		return models.Photo{}, err
	}
	var known []models.Photo
	reads := append(of.again(), store.PhotosOf([]models.ID{in.ThingID}, &known))
	return store.Exchange(ctx, s.store, actor, []models.ID{of.home}, reads, func(tx *store.Tx) (models.Photo, error) {
		if count(known, in.ThingID, in.Kind) >= models.MaxPhotos {
			return models.Photo{}, fault.New(fault.Conflict, "photo_enough")
		}
		p := models.Photo{ID: tx.NewID(), Thing: thing, ThingID: in.ThingID, Kind: in.Kind, PersonID: actor.PersonID,
			Width: small.Width, Height: small.Height, Bytes: len(small.JPEG), CreatedAt: tx.Now, Image: small.JPEG}
		if err := tx.CreatePhoto(&p); err != nil {
			return models.Photo{}, err
		}
		return p, of.tell(tx)
	})
}

// Photo gives the picture to those whom it concerns; to everybody else, and when
// its days are over, it is not there.
func (s *Service) Photo(ctx context.Context, actor models.Actor, id models.ID) (models.Photo, error) {
	if _, _, err := s.findPhoto(ctx, actor, id); err != nil {
		return models.Photo{}, err
	}
	var photos []models.Photo
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &photos)); err != nil {
		return models.Photo{}, err
	}
	return store.One(photos)
}

// DropPhoto forgets a picture, for who took it or the worker. The last leaflet of
// what was checked in stays: pieces of it may have been cut.
func (s *Service) DropPhoto(ctx context.Context, actor models.Actor, id models.ID) error {
	p, of, err := s.findPhoto(ctx, actor, id)
	if err != nil {
		return err
	}
	if p.PersonID != actor.PersonID && !of.works(actor) {
		return fault.New(fault.Forbidden, "not_yours")
	}
	var known []models.Photo
	reads := append(of.again(), store.PhotosOf([]models.ID{p.ThingID}, &known))
	return s.store.InGrids(ctx, []models.ID{of.home}, reads, func(tx *store.Tx) error {
		if p.Kind == models.PhotoLeaflet && of.lots[0].CheckedAt != nil && count(known, p.ThingID, p.Kind) == 1 {
			return fault.New(fault.Conflict, "leaflet_stays")
		}
		if err := tx.DropPhoto(p.ID); err != nil {
			return err
		}
		return of.tell(tx)
	})
}

func (s *Service) findPhoto(ctx context.Context, actor models.Actor, id models.ID) (models.Photo, *photographed, error) {
	var heads []models.Photo
	if err := s.store.Read(ctx, store.PhotoHead(id, &heads)); err != nil {
		return models.Photo{}, nil, err
	}
	p, err := store.One(heads)
	if err != nil {
		return p, nil, err
	}
	of, err := s.photographed(ctx, p.Thing, p.ThingID)
	if err != nil {
		return p, nil, err
	}
	if !of.sees(actor, p) || due(p.GoneAt, s.store.Now()) {
		return p, nil, fault.New(fault.NotFound, "not_found")
	}
	return p, of, nil
}

// inDarkroom is how many pictures are made at once: each may need 64 MB.
const inDarkroom = 2

func (s *Service) shrink(ctx context.Context, file []byte) (picture.Picture, error) {
	select {
	case s.darkroom <- struct{}{}:
		defer func() { <-s.darkroom }()
		return picture.Shrink(file)
	case <-ctx.Done():
		return picture.Picture{}, fault.New(fault.Unavailable, "took_too_long").Because(ctx.Err())
	}
}

func count(photos []models.Photo, thing models.ID, kind models.PhotoKind) int {
	n := 0
	for _, p := range photos {
		if p.Of(thing, kind) {
			n++
		}
	}
	return n
}

// photoBatch is how many photos one transaction ends or drops.
const photoBatch = 50

// tidyPhotos drops photos whose thing closed seven days ago.
func (s *Service) tidyPhotos(ctx context.Context) error {
	for _, step := range []func(*store.Tx, int) (int64, error){(*store.Tx).EndPhotos, (*store.Tx).DropGonePhotos} {
		for more := true; more; {
			err := s.store.InTx(ctx, func(tx *store.Tx) error {
				n, err := step(tx, photoBatch)
				more = n == photoBatch
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
