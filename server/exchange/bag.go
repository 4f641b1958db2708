package exchange

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// bagsAtOnce is how many bags a point may wait for: one code must find one bag.
const bagsAtOnce = 300

// PostBag is "给一整袋": no list, one code. The bag goes to the point that is named, or
// to the nearest that is open; what is in it is booked in there, item by item.
func (s *Service) PostBag(ctx context.Context, actor models.Actor, relay models.ID, note string) (OfferView, error) {
	if f := checkText(fault.New(fault.Invalid, "invalid_input"), "note", note, maxNoteRunes); len(f.Fields) > 0 {
		return OfferView{}, f
	}
	by, err := s.poster(ctx, actor, "", "")
	if err != nil {
		return OfferView{}, err
	}
	sc, err := s.scope(ctx, by.grid)
	if err != nil {
		return OfferView{}, err
	}
	var homes []models.Household
	if err := s.store.Read(ctx, store.HouseholdsPlain([]models.ID{by.household}, &homes)); err != nil {
		return OfferView{}, err
	}
	home, err := store.One(homes)
	if err != nil {
		return OfferView{}, err
	}
	to, metres := nearestRelay(sc.relays, sc.walks, home.Spot(sc.grid.Code))
	if relay != "" {
		to, metres = relayByID(sc.relays, &relay), models.UnknownMetres
	}
	if to == nil || to.State != models.RelayOpen {
		return OfferView{}, fault.New(fault.Conflict, "no_relay")
	}
	var waiting []models.Bag
	reads := []store.Read{store.BagsAt(to.ID, bagsAtOnce, &waiting)}
	return store.Exchange(ctx, s.store, actor, []models.ID{by.grid, to.GridID}, reads, func(tx *store.Tx) (OfferView, error) {
		mine := slices.ContainsFunc(waiting, func(b models.Bag) bool { return b.PersonID == by.person && b.State == models.BagWaiting })
		if mine {
			return OfferView{}, fault.New(fault.Conflict, "bag_waits")
		}
		if len(waiting) == bagsAtOnce {
			return OfferView{}, fault.New(fault.Conflict, "relay_full")
		}
		due := models.BagDue(tx.Now)
		offer := models.Offer{ID: tx.NewID(), GridID: by.grid, HouseholdID: by.household, PersonID: by.person, Way: models.WayRelay, Note: note, CreatedAt: tx.Now}
		bag := models.Bag{ID: offer.ID, GridID: by.grid, RelayID: to.ID, RelayGridID: to.GridID, PersonID: by.person, HouseholdID: by.household,
			State: models.BagWaiting, DueAt: &due, CreatedAt: tx.Now}
		if err := tx.CreateOffer(&offer); err != nil {
			return OfferView{}, err
		}
		view := OfferView{Offer: offer, Bag: &bag, Lots: []LotView{}, Relay: to, Metres: metres}
		return view, tx.SaveBag(&bag, "bag.posted", toBag(bag, *to))
	})
}

// toBag are who hears of a bag: her who gives it, and who keeps the point.
func toBag(b models.Bag, relay models.RelayPoint) models.Audience {
	to := models.Audience{Workers: true, Persons: []models.ID{b.PersonID}}
	for _, id := range []*models.ID{relay.HostID, relay.DeputyID} {
		if id != nil && !slices.Contains(to.Persons, *id) {
			to.Persons = append(to.Persons, *id)
		}
	}
	return to
}

// BagCode is what the giver shows at the point while her bag is awaited.
func (s *Service) BagCode(ctx context.Context, actor models.Actor, id models.ID) (PickupCode, error) {
	bag, err := s.oneBag(ctx, id)
	if err != nil || bag.PersonID != actor.PersonID {
		return PickupCode{}, fault.New(fault.NotFound, "not_found")
	}
	if bag.State != models.BagWaiting {
		return PickupCode{}, fault.New(fault.Conflict, "wrong_state").With("state", string(bag.State))
	}
	body := "bag." + bag.ID + "." + strconv.FormatInt(bag.DueAt.Unix(), 10)
	return PickupCode{Code: s.bagDigits(bag.ID), Token: body + "." + s.signBag(body)}, nil
}

func (s *Service) oneBag(ctx context.Context, id models.ID) (models.Bag, error) {
	var bags []models.Bag
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &bags)); err != nil {
		return models.Bag{}, err
	}
	return store.One(bags)
}

// bagDigits are derived like those of a handover, under a name of their own.
func (s *Service) bagDigits(id models.ID) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(s.store.Keys().Code("bag", id))%1_000_000)
}

func (s *Service) signBag(body string) string {
	return base64.RawURLEncoding.EncodeToString(s.store.Keys().Code("bag-token", body)[:16])
}

// bagOf finds the one bag among those awaited that a code or a token is for; one that
// the actor has just opened is found again, because a call may come twice.
func (s *Service) bagOf(waiting []models.Bag, actor models.Actor, code, token string, now time.Time) (models.Bag, error) {
	waiting = slices.DeleteFunc(slices.Clone(waiting), func(b models.Bag) bool {
		return b.State != models.BagWaiting && *b.OpenedBy != actor.PersonID
	})
	fits := func(b models.Bag) bool { return hmac.Equal([]byte(s.bagDigits(b.ID)), []byte(code)) }
	if token != "" {
		parts := strings.Split(token, ".")
		if len(parts) != 4 || parts[0] != "bag" || !hmac.Equal([]byte(parts[3]), []byte(s.signBag(strings.Join(parts[:3], ".")))) {
			return models.Bag{}, fault.New(fault.Refused, "bag_unknown")
		}
		fits = func(b models.Bag) bool { return b.ID == parts[1] && !due(b.DueAt, now) }
	}
	var found []models.Bag
	for _, b := range waiting {
		if fits(b) {
			found = append(found, b)
		}
	}
	switch {
	case len(found) > 1:
		return models.Bag{}, fault.New(fault.Conflict, "bag_code_twice")
	case len(found) == 0:
		return models.Bag{}, fault.New(fault.Refused, "bag_unknown")
	}
	return found[0], nil
}

// Five wrong codes of one person at a point are enough for an hour: a bag has no code
// of its own that could be locked, for a wrong one names none. A scan is never a guess.
const (
	bagTries     = models.MaxCodeTries
	bagTriesIn   = time.Hour
	bagWrongCode = "bag.wrong_code"
)

// findBag finds the bag that is awaited by its code or token. A wrong code counts, and
// whoever asks later reads it in the chain of the grid.
func (s *Service) findBag(ctx context.Context, actor models.Actor, relay models.RelayPoint, code, token string) (bag models.Bag, err error) {
	var waiting []models.Bag
	var tries []models.Audit
	now, wrong := s.store.Now(), false
	reads := []store.Read{store.BagsAt(relay.ID, bagsAtOnce, &waiting),
		store.AuditsBy(relay.GridID, actor.PersonID, bagWrongCode, now.Add(-bagTriesIn), bagTries, &tries)}
	err = s.store.InGrids(ctx, []models.ID{relay.GridID}, reads, func(tx *store.Tx) error {
		if token == "" && len(tries) >= bagTries {
			return fault.New(fault.Conflict, "bag_code_locked")
		}
		var err error
		bag, err = s.bagOf(waiting, actor, code, token, now)
		if wrong = token == "" && fault.From(err).Reason == "bag_unknown"; wrong {
			return tx.Audit(relay.GridID, models.Audit{ActorID: actor.PersonID, Action: bagWrongCode, Thing: string(models.ThingRelay), ThingID: relay.ID})
		}
		return err
	})
	if err == nil && wrong { // the wrong try itself is saved
		err = fault.New(fault.Refused, "bag_unknown")
	}
	return bag, err
}

// OpenBag is the worker's, who has the bag before her: she types its six digits, or
// scans it. Nobody opens her own.
func (s *Service) OpenBag(ctx context.Context, actor models.Actor, relay models.ID, code, token string) (models.Bag, error) {
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return models.Bag{}, err
	}
	bag, err := s.findBag(ctx, actor, b.relay, code, token)
	if err != nil {
		return models.Bag{}, err
	}
	if bag.PersonID == actor.PersonID || bag.HouseholdID == actor.HouseholdID {
		return models.Bag{}, fault.New(fault.Forbidden, "not_alone")
	}
	return s.changeBag(ctx, actor, bag, &b.relay, "bag.opened", func(tx *store.Tx, bag *models.Bag) error {
		now, by := tx.Now, actor.PersonID
		bag.OpenedAt, bag.OpenedBy, bag.DueAt = &now, &by, nil
		return bag.Apply(models.CommandHandIn)
	})
}

// CloseBag says that nothing is left in the bag; the giver sees what became of it.
func (s *Service) CloseBag(ctx context.Context, actor models.Actor, id models.ID) (models.Bag, error) {
	bag, err := s.oneBag(ctx, id)
	if err != nil {
		return models.Bag{}, err
	}
	b, err := s.boxOf(ctx, actor, bag.RelayID)
	if err != nil {
		return models.Bag{}, err
	}
	return s.changeBag(ctx, actor, bag, &b.relay, "bag.done", func(tx *store.Tx, bag *models.Bag) error {
		return closeBag(bag, models.CommandClose, tx.Now)
	})
}

// CancelBag is the giver's change of mind, while nobody has opened it.
func (s *Service) CancelBag(ctx context.Context, actor models.Actor, id models.ID) (models.Bag, error) {
	bag, err := s.oneBag(ctx, id)
	if err != nil || bag.PersonID != actor.PersonID {
		return models.Bag{}, fault.New(fault.NotFound, "not_found")
	}
	return s.changeBag(ctx, actor, bag, nil, "bag.cancelled", func(tx *store.Tx, bag *models.Bag) error {
		return closeBag(bag, models.CommandCancel, tx.Now)
	})
}

// lapseBag: nobody brought it in time.
func (s *Service) lapseBag(ctx context.Context, actor models.Actor, bag models.Bag) error {
	return second(s.changeBag(ctx, actor, bag, nil, "bag.lapsed", func(tx *store.Tx, bag *models.Bag) error {
		if !due(bag.DueAt, tx.Now) {
			return errNotDue
		}
		return closeBag(bag, models.CommandLapse, tx.Now)
	}))
}

func closeBag(bag *models.Bag, command string, now time.Time) error {
	bag.ClosedAt, bag.DueAt = &now, nil
	return bag.Apply(command)
}

// changeBag takes a bag one step on, under the locks of its two grids.
func (s *Service) changeBag(ctx context.Context, actor models.Actor, bag models.Bag, relay *models.RelayPoint, kind string,
	step func(tx *store.Tx, bag *models.Bag) error) (models.Bag, error) {
	var bags []models.Bag
	reads := []store.Read{store.ByID([]models.ID{bag.ID}, &bags)}
	return store.Exchange(ctx, s.store, actor, []models.ID{bag.GridID, bag.RelayGridID}, reads, func(tx *store.Tx) (models.Bag, error) {
		bag, err := store.One(slices.Clone(bags))
		if err != nil {
			return bag, err
		}
		if err := step(tx, &bag); err != nil {
			return bag, err
		}
		at := models.RelayPoint{}
		if relay != nil {
			at = *relay
		}
		return bag, tx.SaveBag(&bag, kind, toBag(bag, at))
	})
}

// bookBag counts what was booked out of an opened bag.
func (d *desk) bookBag(bag *models.Bag, relay models.RelayPoint, lines []BookLine) error {
	if bag.State != models.BagOpen {
		return fault.New(fault.Conflict, "wrong_state").With("state", string(bag.State))
	}
	for _, l := range lines {
		if l.Refuse == "" {
			bag.Taken++
		} else {
			bag.Refused++
		}
	}
	return d.tx.SaveBag(bag, "bag.booked", toBag(*bag, relay))
}

// BagView is a bag as the point sees it.
type BagView struct {
	models.Bag
	Building string
}

// Bags lists what a point waits for, and what is open on its counter.
func (s *Service) Bags(ctx context.Context, actor models.Actor, relay models.ID) ([]BagView, error) {
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return nil, err
	}
	var bags []models.Bag
	views := []BagView{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.BagsAt(b.relay.ID, bagsAtOnce, &bags)); err != nil {
			return err
		}
		views, err = viewBags(tx, bags)
		return err
	})
	return views, err
}

func viewBags(tx *store.Tx, bags []models.Bag) ([]BagView, error) {
	views := []BagView{}
	if len(bags) == 0 {
		return views, nil
	}
	var homes []models.Household
	if err := tx.Load(store.HouseholdsPlain(ids(bags, func(b models.Bag) models.ID { return b.HouseholdID }), &homes)); err != nil {
		return nil, err
	}
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, bag := range bags {
		view := BagView{Bag: bag}
		if home := at[bag.HouseholdID]; home != nil {
			view.Building = home.Building
		}
		views = append(views, view)
	}
	return views, nil
}
