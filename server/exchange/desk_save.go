package exchange

import (
	"cmp"

	"linli/models"
)

// save writes every changed row once, with its event, lines and lots before the
// matches that point at them; and every change of hands.
func (d *desk) save() error {
	if err := d.closeAsks(); err != nil {
		return err
	}
	steps := []func(change) error{d.saveNeed, d.saveLot, d.saveHandover, d.saveMatch, d.saveLoan, d.saveAsk}
	for _, step := range steps {
		for _, c := range d.changed {
			if err := step(c); err != nil {
				return err
			}
		}
	}
	for _, c := range d.collected {
		if err := d.tx.SaveCollection(c, "collection."+string(c.State)); err != nil {
			return err
		}
	}
	return d.tx.CreateCustody(d.custody)
}

func (d *desk) saveNeed(c change) error {
	n, ok := d.needs[c.id]
	if !ok {
		return nil
	}
	to := models.Audience{Workers: true, Persons: []models.ID{n.PersonID}, Grid: !n.Private && !n.Held}
	return d.tx.SaveNeed(n, c.kind, to)
}

func (d *desk) saveLot(c change) error {
	l, ok := d.lots[c.id]
	if !ok {
		return nil
	}
	if err := d.tellBox(*l); err != nil {
		return err
	}
	return d.tx.SaveLot(l, c.kind, models.Audience{Workers: true, Persons: []models.ID{l.PersonID}}, d.left[l.ID]...)
}

// saveHandover tells both sides; the givers are known from the matches.
func (d *desk) saveHandover(c change) error {
	h, ok := d.handovers[c.id]
	if !ok {
		return nil
	}
	if d.was[h.ID] != h.State {
		h.Reminded, h.RemindAt = 0, h.FirstReminder(d.point(h.RelayID), d.tx.Now)
	}
	to := models.Audience{Workers: true, Persons: []models.ID{h.ReceiverID}}
	grids := []models.ID{}
	for _, m := range d.matches {
		if m.HandoverID == h.ID {
			to.Persons = append(to.Persons, m.GiverID)
			grids = append(grids, m.LotGridID)
		}
	}
	to.Persons = distinct(to.Persons)
	switch c.kind {
	case "handover.reminder", "handover.asked", "handover.given_twice", "handover.collector": // not the giver's
		to.Persons = []models.ID{h.ReceiverID}
	case "handover.reminded", "handover.unanswered", "handover.sampled":
		to.Persons = nil
	}
	return d.tx.SaveHandover(h, c.kind, to, grids...)
}

// point is the relay point itself, or one with a worker's hours where none is
// named: the worker takes it in by hand.
func (d *desk) point(relay *models.ID) models.RelayPoint {
	if known := relayByID(d.relays, relay); known != nil {
		return *known
	}
	return models.RelayPoint{}
}

func (d *desk) saveMatch(c change) error {
	m, ok := d.matches[c.id]
	if !ok {
		return nil
	}
	to := models.Audience{Workers: true, Persons: []models.ID{m.ReceiverID, m.GiverID}}
	var also []models.ID
	if c.kind == "match.labelled" {
		to.Persons = nil
	}
	if c.kind == "match.reminder" { // whoever waits for it need not know that it is late
		to.Persons = []models.ID{m.GiverID}
	}
	if l := d.lots[m.LotID]; l != nil {
		also = append(also, l.GiverGridID)
	}
	if c.kind == "match.rerouted" {
		return d.tx.RerouteMatch(m, c.kind, to, also...)
	}
	return d.tx.SaveMatch(m, c.kind, to, also...)
}

// needKind keeps "opened" for a line that is saved for the first time.
func needKind(n *models.Need, kind string) string {
	if n.Version == 0 {
		return "need.opened"
	}
	return kind
}

// lotKind keeps what a lot that is saved for the first time began with.
func (d *desk) lotKind(l *models.Lot, kind string) string {
	if l.Version == 0 {
		return cmp.Or(d.kindOf(l.ID), "lot.offered")
	}
	return kind
}
