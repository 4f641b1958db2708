package exchange

import (
	"slices"

	"linli/models"
)

// settle closes the stops whose thing went another way meanwhile: she came to
// collect it herself, he brought it, nobody wants it any more. So nothing depends
// on two changes being made at once, and a round that was torn goes on.
func (w *walk) settle() error {
	if err := w.reroute(); err != nil {
		return err
	}
	for i := range w.stops {
		st := &w.stops[i]
		if st.State != models.StopOpen {
			continue
		}
		command, why := "", ""
		switch st.Kind {
		case models.StopBring:
			command, why = w.bringOver(w.handovers[*st.HandoverID])
		case models.StopFetch:
			if l := w.lots[*st.LotID]; l == nil || !l.Live() || l.Place != models.PlaceHome {
				command, why = models.CommandFail, models.StopGone
			}
		}
		if command != "" {
			if err := w.close(st, command, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// bringOver tells how a stop ends of which the handover has ended, or "".
func (w *walk) bringOver(h *models.Handover) (command, why string) {
	switch {
	case h == nil:
	case h.State == models.HandoverDone:
		return models.CommandFinish, ""
	case h.State == models.HandoverReady && h.Way != models.WayRelay || w.carries(h):
		return "", ""
	}
	return models.CommandFail, models.StopGone
}

// carries reports whether who walks has the handover with her.
func (w *walk) carries(h *models.Handover) bool {
	return h.State == models.HandoverOut && h.CarrierID != nil && *h.CarrierID == w.round.PersonID
}

// takeOut takes what the open stops bring out of the box of a point; nil: what a
// worker keeps by hand.
func (w *walk) takeOut(relay *models.ID) error {
	for i := range w.stops {
		st := &w.stops[i]
		if st.Kind != models.StopBring || st.State != models.StopOpen || deref(st.RelayID) != deref(relay) {
			continue
		}
		h, err := find(w.handovers, *st.HandoverID)
		if err != nil {
			return err
		}
		if h.State != models.HandoverReady {
			continue
		}
		if err := w.leaves(h); err != nil {
			return err
		}
		if err := h.Apply(models.CommandSend); err != nil {
			return err
		}
		carrier := w.round.PersonID
		h.CarrierID = &carrier
		w.mark(h.ID, "handover.out")
		w.moveMatches(h, "send", models.Carrier(carrier))
	}
	return nil
}

// moveMatches writes that what is ready of a handover went from the box to the
// carrier, or back.
func (w *walk) moveMatches(h *models.Handover, why string, carrier models.Holder) {
	for _, m := range sortedMatches(w.matches) {
		if m.HandoverID != h.ID || m.State != models.MatchReady {
			continue
		}
		id, l := m.ID, w.lots[m.LotID]
		from, to := l.Holder(), carrier
		if why == "back" {
			from, to = to, from
		}
		w.hand(l, &id, m.Quantity, from, to, why, w.by())
	}
}

// by is who acts; nobody where time does.
func (w *walk) by() models.ID { return w.actor.PersonID }

// fetch takes a lot from its giver.
func (w *walk) fetch(l *models.Lot) error {
	from, carrier := l.Holder(), w.round.PersonID
	l.Place, l.CarrierID = models.PlaceCarrier, &carrier
	w.hand(l, nil, l.Remaining+l.Reserved, from, l.Holder(), "fetch", w.by())
	w.mark(l.ID, "lot.fetched")
	for _, m := range sortedMatches(w.matches) {
		if m.LotID != l.ID || m.State != models.MatchAgreed {
			continue
		}
		if err := w.onItsWay(w.matches[m.ID], l); err != nil {
			return err
		}
	}
	return nil
}

// putDown puts what was fetched for a point into its box, where another checks it,
// and lays back what could not be brought; "" is every point.
func (w *walk) putDown(relay models.ID) error {
	for _, st := range w.stops {
		if relay != "" && deref(st.RelayID) != relay {
			continue
		}
		if st.Kind == models.StopFetch {
			if err := w.dropLot(w.lots[*st.LotID], st.RelayID); err != nil {
				return err
			}
		}
		if st.Kind == models.StopBring && st.State != models.StopOpen {
			if err := w.layBack(w.handovers[*st.HandoverID]); err != nil {
				return err
			}
			if err := w.layBackKept(*st.HandoverID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walk) dropLot(l *models.Lot, relay *models.ID) error {
	if l == nil || l.Holder() != models.Carrier(w.round.PersonID) {
		return nil
	}
	if w.pausedAt(relay) { // and there is no other point: a worker keeps it by hand
		relay = nil
	}
	w.into(l, relayByID(w.relays, relay), "drop", w.by())
	w.mark(l.ID, "lot.handed_in")
	for _, m := range sortedMatches(w.matches) {
		if m.LotID != l.ID || m.State != models.MatchMoving {
			continue
		}
		if err := w.arrived(m.HandoverID, l.RelayID); err != nil {
			return err
		}
	}
	return nil
}

// layBack lays what could not be brought into its box again, where it waits to be
// collected or for the next round.
func (w *walk) layBack(h *models.Handover) error {
	if h == nil || !w.carries(h) {
		return nil
	}
	if err := h.Apply(models.CommandTakeBack); err != nil {
		return err
	}
	due := w.point(h.RelayID).CollectBy(w.tx.Now)
	h.CarrierID, h.DueAt = nil, &due
	w.mark(h.ID, "handover.back")
	w.moveMatches(h, "back", models.Carrier(w.round.PersonID))
	return nil
}

// layBackKept lays back what of a handover was not safe to give at the door: from
// here on another may have it.
func (w *walk) layBackKept(handover models.ID) error {
	for _, m := range sortedMatches(w.matches) {
		if m.HandoverID != handover || m.State != models.MatchRefused || !out(m, slices.Concat(w.carried, w.custody)) {
			continue
		}
		id, l := m.ID, w.lots[m.LotID]
		w.hand(l, &id, m.Quantity, models.Carrier(w.round.PersonID), l.Holder(), "back", w.by())
		if err := l.Release(m.Quantity); err != nil {
			return err
		}
		w.mark(l.ID, "lot.released")
	}
	return nil
}

// empty lays back everything that who walks still has with her: also units that
// nobody waits for any more, because they were recalled on the way.
func (w *walk) empty() error {
	for _, st := range w.stops {
		if st.Kind != models.StopBring {
			continue
		}
		if err := w.layBack(w.handovers[*st.HandoverID]); err != nil {
			return err
		}
		if err := w.layBackKept(*st.HandoverID); err != nil {
			return err
		}
	}
	if err := w.putDown(""); err != nil {
		return err
	}
	me := models.Carrier(w.round.PersonID)
	for _, l := range sortedLots(w.lots) {
		var chain []models.Custody
		for _, c := range slices.Concat(w.carried, w.custody) {
			if c.LotID == l.ID {
				chain = append(chain, c)
			}
		}
		held, _ := models.Held(l, chain)
		w.hand(w.lots[l.ID], nil, held[me], me, l.Holder(), "back", w.by())
	}
	return nil
}
