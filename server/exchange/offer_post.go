package exchange

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// NewOffer is what somebody can spare.
type NewOffer struct {
	HouseholdID models.ID // and PersonID: for whom a worker posts, as in NewRequest
	PersonID    models.ID
	Lots        []NewLot
	Way         models.Way
	Note        string
	Mark        []byte // as in NewRequest
}

// NewLot is one line of it, in base units of the item.
type NewLot struct {
	ItemID    models.ItemID
	Units     int
	Strength  string
	Form      string
	PackSize  int
	Batch     string
	ExpiresOn models.Date
	Seal      models.Seal
	Kind      models.LotKind // "" is a gift
	LendDays  int            // of a loan; 0: as long as the policy says
}

func (in NewOffer) check() error {
	f := fault.New(fault.Invalid, "invalid_input")
	if len(in.Lots) < 1 || len(in.Lots) > maxLines {
		f = f.Field("lots", "lines_out_of_range")
	}
	if in.Way != models.WayRelay && in.Way != models.WayDoor {
		f = f.Field("way", "way_unknown")
	}
	f = checkText(f, "note", in.Note, maxNoteRunes)
	f = checkMark(f, in.Mark)
	for i, l := range in.Lots {
		path := fmt.Sprintf("lots[%d].", i)
		f = checkUnits(f, path+"quantity", l.Units)
		if l.PackSize < 0 || l.PackSize > models.MaxUnits {
			f = f.Field(path+"pack_size", "units_out_of_range")
		}
		f = checkText(f, path+"strength", l.Strength, maxWordRunes)
		f = checkText(f, path+"form", l.Form, maxWordRunes)
		f = checkText(f, path+"batch", l.Batch, maxWordRunes)
		if !slices.Contains([]models.Seal{models.SealBox, models.SealBlister, models.SealOpened}, l.Seal) {
			f = f.Field(path+"seal", "seal_unknown")
		}
		f = l.checkKind(f, path)
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// checkKind: only what is lent is lent for some days.
func (l NewLot) checkKind(f *fault.Error, path string) *fault.Error {
	switch {
	case l.Kind != "" && l.Kind != models.LotGift && l.Kind != models.LotLoan:
		f = f.Field(path+"kind", "kind_unknown")
	case l.LendDays != 0 && (l.Kind != models.LotLoan || l.LendDays < models.MinLendDays || l.LendDays > models.MaxLendDays):
		f = f.Field(path+"lend_days", "lend_days_out_of_range")
	}
	return f
}

// PostOffer posts what somebody can spare and plans at once. What may not be
// given is refused line by line with the reason and where to go instead.
func (s *Service) PostOffer(ctx context.Context, actor models.Actor, in NewOffer) (OfferView, error) {
	if err := in.check(); err != nil {
		return OfferView{}, err
	}
	by, err := s.poster(ctx, actor, in.HouseholdID, in.PersonID)
	if err != nil {
		return OfferView{}, err
	}
	sc, err := s.scope(ctx, by.grid)
	if err != nil {
		return OfferView{}, err
	}
	offer := models.Offer{GridID: by.grid, HouseholdID: by.household, PersonID: by.person, Way: in.Way, Note: in.Note}
	lots, refused, err := s.screenLots(in, offer)
	if err != nil {
		return OfferView{}, err
	}
	if lots, refused, err = s.screenBatches(ctx, sc, in, lots, refused); err != nil {
		return OfferView{}, err
	}
	if len(lots) == 0 {
		return OfferView{}, refuseAll(refused)
	}
	var r rows
	message := pasted{mark: in.Mark}
	reads := message.announce(by.grid, s.announce(sc, about{households: []models.ID{by.household}}, &r))
	view, err := store.Exchange(ctx, s.store, actor, sc.grids(), reads, func(tx *store.Tx) (OfferView, error) {
		if err := message.again(tx); err != nil {
			return OfferView{}, err
		}
		d := s.desk(tx, sc, &r)
		view, err := d.postLots(actor, offer, lots)
		if err != nil {
			return OfferView{}, err
		}
		view.Refused = refused
		return view, message.save(tx, by.grid, view.ID)
	})
	return view, message.raced(err)
}

func (d *desk) postLots(actor models.Actor, offer models.Offer, lots []models.Lot) (OfferView, error) {
	offer.ID, offer.CreatedAt = d.tx.NewID(), d.tx.Now
	for _, l := range lots {
		l.ID, l.OfferID, l.CreatedAt = d.tx.NewID(), offer.ID, d.tx.Now
		d.lots[l.ID] = &l
		d.mark(l.ID, "lot.offered")
	}
	if err := d.plan(); err != nil {
		return OfferView{}, err
	}
	if err := d.tx.CreateOffer(&offer); err != nil {
		return OfferView{}, err
	}
	if err := d.save(); err != nil {
		return OfferView{}, err
	}
	return d.viewOffer(actor, offer), nil
}

// screenLots parts what may be offered from what is refused.
func (s *Service) screenLots(in NewOffer, offer models.Offer) (kept []models.Lot, refused []Refusal, err error) {
	today := models.DateOf(s.store.Now())
	for i, l := range in.Lots {
		item, ok := s.catalogue.Item(l.ItemID)
		if !ok {
			return nil, nil, fault.InvalidField(fmt.Sprintf("lots[%d].item_id", i), "item_unknown")
		}
		lot := models.Lot{GridID: offer.GridID, GiverGridID: offer.GridID, HouseholdID: offer.HouseholdID, PersonID: offer.PersonID,
			ItemID: l.ItemID, Strength: l.Strength, Form: l.Form, PackSize: l.PackSize, Batch: l.Batch,
			ExpiresOn: l.ExpiresOn, Seal: l.Seal, Kind: cmp.Or(l.Kind, models.LotGift), Way: in.Way, Offered: l.Units,
			Remaining: l.Units, State: models.LotOffered, Place: models.PlaceHome}
		if lot.Kind == models.LotLoan {
			lot.LendDays = cmp.Or(l.LendDays, s.policy.LendDays)
		}
		v := s.matcher.Screen(matching.Line{Item: item.ID, Units: l.Units, Lot: &lot}, today)
		if v.Outcome != matching.OutcomeOK {
			refused = append(refused, refusal(i, l.ItemID, v))
			continue
		}
		lot.DueAt = s.lotDue(l.ExpiresOn)
		kept = append(kept, lot)
	}
	return kept, refused, nil
}

// lotDue is when what remains of a lot is too old for the course it is given for.
func (s *Service) lotDue(expires models.Date) *time.Time {
	if expires == "" {
		return nil
	}
	due := expires.EndOf().AddDate(0, 0, -s.policy.CourseDays)
	return &due
}
