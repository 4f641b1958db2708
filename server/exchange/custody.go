package exchange

import (
	"cmp"
	"slices"

	"linli/models"
)

// hand writes that units of a lot went from one hand to another; by is "" where
// time did it. What is in no one's way is not written: nothing moved.
func (d *desk) hand(l *models.Lot, match *models.ID, units int, from, to models.Holder, why string, by models.ID) {
	if units == 0 || from == to {
		return
	}
	c := models.Custody{GridID: l.GridID, LotID: l.ID, MatchID: match, Units: units, From: from, To: to, Why: why}
	if by != "" {
		c.By = &by
	}
	d.custody = append(d.custody, c)
}

// into moves a lot into the box of a relay point, with everything of it that is
// still in the same hands. It lies in the grid of the point from then on, and so
// do its matches; without a point the worker of its grid keeps it by hand.
func (d *desk) into(l *models.Lot, relay *models.RelayPoint, why string, by models.ID) {
	from, grid := l.Holder(), l.GridID
	l.Place, l.CarrierID, l.RelayID = models.PlaceBox, nil, nil
	if relay != nil {
		id := relay.ID
		l.RelayID, l.GridID = &id, relay.GridID
	}
	d.hand(l, nil, l.Remaining+l.Reserved, from, l.Holder(), why, by)
	if l.GridID == grid {
		return
	}
	d.left[l.ID] = append(d.left[l.ID], grid) // who followed it there must hear where it went
	for _, m := range sortedMatches(d.matches) {
		if m.LotID == l.ID && m.Live() {
			d.matches[m.ID].LotGridID = l.GridID
			d.mark(m.ID, cmp.Or(d.kindOf(m.ID), "match.moved"))
		}
	}
}

func (d *desk) kindOf(id models.ID) string {
	if at := slices.IndexFunc(d.changed, func(c change) bool { return c.id == id }); at >= 0 {
		return d.changed[at].kind
	}
	return ""
}
