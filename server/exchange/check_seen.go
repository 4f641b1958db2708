package exchange

import (
	"linli/matching"
	"linli/models"
	"linli/models/fault"
)

// checkSeen holds what was seen against what the item asks for: a drug needs
// all four yeses, a plain supply only its seal and its name, and what is lent that
// it works and was wiped. A drug that is cut carries a label on every piece, and its leaflet was photographed for those who
// receive of it.
func (d *desk) checkSeen(in CheckIn, l *models.Lot) error {
	item, _ := d.svc.catalogue.Item(l.ItemID)
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
	if drug && d.cut(l) {
		if !in.Labelled {
			f = f.Field("labelled", "label_missing")
		}
		if count(d.photos, l.ID, models.PhotoLeaflet) == 0 {
			f = f.Field("leaflet", "leaflet_missing")
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	seen := *l
	seen.ExpiresOn = in.ExpiresOn
	v := d.svc.matcher.Screen(matching.Line{Item: l.ItemID, Units: in.Counted, Lot: &seen}, models.DateOf(d.tx.Now))
	if v.Outcome != matching.OutcomeOK {
		return fault.New(fault.Refused, "check_failed").Field("expires_on", v.Reasons[0].Code)
	}
	return nil
}

// cut reports whether pieces of the lot go different ways: to several homes, or to
// one home and into the box.
func (d *desk) cut(l *models.Lot) bool {
	pieces := 0
	for _, m := range d.matches {
		if m.LotID == l.ID && m.Live() {
			pieces++
		}
	}
	return pieces > 1 || pieces == 1 && l.Remaining > 0
}
