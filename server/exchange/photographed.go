package exchange

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// photographed is a lot or a handover as far as it matters who may photograph it,
// and who may look.
type photographed struct {
	svc     *Service
	thing   models.Thing
	id      models.ID
	lots    []models.Lot        // the one lot, or none
	hands   []models.Handover   // the one handover, or none
	matches []models.Match      // under way, or closed within seven days
	home    models.ID           // the grid whose lock guards it
	relays  []models.RelayPoint // the one at which the lot lies, or none
	grids   []models.Grid       // its own first, then those of its matches
}

func (s *Service) photographed(ctx context.Context, thing models.Thing, id models.ID) (*photographed, error) {
	of := &photographed{svc: s, thing: thing, id: id}
	matches := store.MatchesOfHandovers([]models.ID{id}, &of.matches)
	if thing == models.ThingLot {
		matches = store.MatchesOfLots([]models.ID{id}, &of.matches)
	}
	if err := s.store.Read(ctx, append(of.again(), matches)...); err != nil {
		return nil, err
	}
	if len(of.lots)+len(of.hands) != 1 {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	if thing == models.ThingLot && of.lots[0].RelayID != nil {
		if err := s.store.Read(ctx, store.ByID([]models.ID{*of.lots[0].RelayID}, &of.relays)); err != nil {
			return nil, err
		}
	}
	now := s.store.Now()
	of.matches = slices.DeleteFunc(of.matches, func(m models.Match) bool { return !photosOpen(m, now) })
	of.home = of.lies()
	sc, err := s.scope(ctx, of.home)
	if err != nil {
		return nil, err
	}
	var grids []models.ID
	for _, m := range of.matches {
		grids = append(grids, m.GridID, m.LotGridID)
	}
	beside, err := s.across(ctx, sc, grids)
	of.grids = append([]models.Grid{sc.grid}, beside...)
	return of, err
}

// photosOpen: while the match is live, and seven days after its closing.
func photosOpen(m models.Match, now time.Time) bool {
	return m.ClosedAt == nil || now.Before(m.ClosedAt.AddDate(0, 0, models.PhotoDays))
}

// again reads the thing itself, before the lock and under it.
func (of *photographed) again() []store.Read {
	if of.thing == models.ThingLot {
		return []store.Read{store.ByID([]models.ID{of.id}, &of.lots)}
	}
	return []store.Read{store.ByID([]models.ID{of.id}, &of.hands)}
}

func (of *photographed) lies() models.ID {
	if of.thing == models.ThingLot {
		return of.lots[0].GridID
	}
	return of.hands[0].GridID
}

// works: a worker, and of a lot who keeps the point at which it lies. What hangs at a
// door is none of her business.
func (of *photographed) works(actor models.Actor) bool {
	return slices.ContainsFunc(of.grids, func(g models.Grid) bool { return actor.Works(g.Path) }) ||
		slices.ContainsFunc(of.relays, func(r models.RelayPoint) bool { return hosts(actor, &r) })
}

// tell saves the thing as it is: a new version, so that who shows it looks anew.
func (of *photographed) tell(tx *store.Tx) error {
	if of.lies() != of.home { // it was moved before its lock was taken
		return fault.New(fault.Conflict, "stale")
	}
	to := models.Audience{Workers: true}
	if of.thing == models.ThingLot {
		to.Persons = []models.ID{of.lots[0].PersonID}
		return tx.SaveLot(&of.lots[0], "lot.photo", to)
	}
	to.Persons = []models.ID{of.hands[0].ReceiverID}
	return tx.SaveHandover(&of.hands[0], "handover.photo", to)
}

// bagHours is how long after its closing the photo of a bag may still come: what
// was ticked without a net is sent later.
const bagHours = 24 * time.Hour

// mayAdd: the giver and the worker show a pack, the worker a leaflet, and who
// carries it the bag at the door.
func (of *photographed) mayAdd(actor models.Actor, kind models.PhotoKind) error {
	if of.thing == models.ThingHandover {
		return of.mayAddBag(actor)
	}
	l := of.lots[0]
	mine := l.PersonID == actor.PersonID
	switch {
	case !mine && !of.works(actor):
		return fault.New(fault.NotFound, "not_found")
	case kind == models.PhotoLeaflet && !of.works(actor):
		return fault.New(fault.Forbidden, "worker_only")
	case !l.Live():
		return fault.New(fault.Conflict, "wrong_state").With("thing", string(models.ThingLot)).With("state", string(l.State))
	}
	return nil
}

func (of *photographed) mayAddBag(actor models.Actor) error {
	h := of.hands[0]
	open := h.State == models.HandoverReady || h.State == models.HandoverOut ||
		h.State == models.HandoverDone && of.svc.store.Now().Before(h.ClosedAt.Add(bagHours))
	switch {
	case !of.works(actor) && !of.carries(actor):
		if partOf(actor, h, of.matches) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		return fault.New(fault.NotFound, "not_found")
	case !open:
		return fault.New(fault.Conflict, "wrong_state").With("thing", string(models.ThingHandover)).With("state", string(h.State))
	}
	return nil
}

// carries reports whether the actor is a volunteer of the receiver's grid while the
// bag is on its way, or who closed it at the door.
func (of *photographed) carries(actor models.Actor) bool {
	h := of.hands[0]
	out := h.State == models.HandoverOut || h.ClosedBy != nil && *h.ClosedBy == actor.PersonID
	return out && actor.Reaches(of.grids[0].Path, models.RoleVolunteer)
}

// sees: who took it, the workers, and whom it concerns: the giver his pack, giver
// and receivers the leaflet, the receiver the bag.
func (of *photographed) sees(actor models.Actor, p models.Photo) bool {
	if p.PersonID == actor.PersonID || of.works(actor) {
		return true
	}
	received := func(m models.Match) bool { return m.ReceiverID == actor.PersonID }
	switch p.Kind {
	case models.PhotoPack:
		return of.lots[0].PersonID == actor.PersonID
	case models.PhotoLeaflet:
		return of.lots[0].PersonID == actor.PersonID || slices.ContainsFunc(of.matches, received)
	}
	return of.hands[0].ReceiverID == actor.PersonID
}
