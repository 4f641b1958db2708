package exchange

import (
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
)

// checkSeen holds what was seen against what the item asks for: a drug needs
// all four yeses, a plain supply only its seal and its name, and what is lent that
// it works and was wiped. A drug that is cut carries a label on every piece, and its
// leaflet was photographed for those who receive of it.
func (d *desk) checkSeen(in CheckIn, l *models.Lot) error {
	f := d.svc.fieldsSeen(in, l)
	if d.svc.matcher.Drug(l.ItemID) && d.cut(l, in.Counted) {
		if !in.Labelled {
			f = f.Field("labelled", "label_missing")
		}
		if count(d.photos, l.ID, models.PhotoLeaflet) == 0 {
			f = f.Field("leaflet", "leaflet_missing")
		}
	}
	return d.svc.screenSeen(in, l, f, d.tx.Now)
}

// checkWhole is the check of what is booked in and not cut yet.
func (s *Service) checkWhole(in CheckIn, l *models.Lot, now time.Time) error {
	return s.screenSeen(in, l, s.fieldsSeen(in, l), now)
}

func (s *Service) fieldsSeen(in CheckIn, l *models.Lot) *fault.Error {
	item, _ := s.catalogue.Item(l.ItemID)
	drug := item.Kind == "drug"
	f := fault.New(fault.Refused, "check_failed")
	lent := l.Kind == models.LotLoan
	if !in.Sealed && !lent {
		f = f.Field("sealed", "check_sealed")
	}
	if !in.Wiped && lent {
		f = f.Field("wiped", "check_wiped")
	}
	if !in.Works && lent {
		f = f.Field("works", "check_works")
	}
	if !in.Readable {
		f = f.Field("readable", "check_readable")
	}
	if !in.InDate && (!lent || in.ExpiresOn != "") {
		f = f.Field("in_date", "check_in_date")
	}
	if !in.OTC && item.Evidence == "otc" {
		f = f.Field("otc", "check_otc")
	}
	if drug && in.ExpiresOn == "" {
		f = f.Field("expires_on", "date_missing")
	}
	if drug && in.Batch == "" {
		f = f.Field("batch", "batch_missing")
	}
	return f
}

func (s *Service) screenSeen(in CheckIn, l *models.Lot, f *fault.Error, now time.Time) error {
	if len(f.Fields) > 0 {
		return f
	}
	seen := *l
	seen.ExpiresOn = in.ExpiresOn
	v := s.matcher.Screen(matching.Line{Item: l.ItemID, Units: in.Counted, Lot: &seen}, models.DateOf(now))
	if v.Outcome != matching.OutcomeOK {
		return fault.New(fault.Refused, "check_failed").Field("expires_on", v.Reasons[0].Code)
	}
	return nil
}

// cut reports whether pieces of what was counted of the lot go different ways: to
// several homes, or to one home and into the box.
func (d *desk) cut(l *models.Lot, counted int) bool {
	pieces, units := 0, 0
	for _, m := range d.matches {
		if m.LotID == l.ID && m.Live() {
			pieces, units = pieces+1, units+m.Quantity
		}
	}
	return pieces > 1 || pieces == 1 && units < counted
}
