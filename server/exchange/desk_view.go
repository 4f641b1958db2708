package exchange

import (
	"linli/models"
)

// viewer sees the rows on the desk as the actor may.
func (d *desk) viewer(actor models.Actor) viewer {
	loans := map[models.ID]*models.Loan{}
	for _, l := range d.loans {
		loans[l.MatchID] = l
	}
	return viewer{actor: actor, matcher: d.svc.matcher, lots: d.lots, hands: d.handovers, loans: loans, relays: d.relays, walks: d.scope.walks,
		home: d.spotOf(actor.HouseholdID), photos: d.photos, now: d.tx.Now, helps: !d.worked(actor)}
}

func (d *desk) viewNeed(actor models.Actor, n models.Need) NeedView {
	return d.viewer(actor).need(n, sortedMatches(d.matches))
}

func (d *desk) viewLot(actor models.Actor, l models.Lot) LotView {
	return d.viewer(actor).lot(l, sortedMatches(d.matches))
}

// viewRequest shows a post that has just been made.
func (d *desk) viewRequest(actor models.Actor, r models.Request) RequestView {
	view := RequestView{Request: r, Needs: []NeedView{}, Steps: steps(d.tx.Committed(), models.ThingNeed)}
	for _, n := range sortedNeeds(d.needs) {
		if n.RequestID == r.ID {
			view.Needs = append(view.Needs, d.viewNeed(actor, n))
		}
	}
	view.Relay, view.Metres = nearestRelay(d.scope.relays, d.scope.walks, d.spotOf(r.HouseholdID))
	return view
}

// viewOffer shows a post that has just been made.
func (d *desk) viewOffer(actor models.Actor, o models.Offer) OfferView {
	view := OfferView{Offer: o, Lots: []LotView{}, Steps: steps(d.tx.Committed(), models.ThingLot)}
	for _, l := range sortedLots(d.lots) {
		if l.OfferID == o.ID {
			view.Lots = append(view.Lots, d.viewLot(actor, l))
		}
	}
	view.Relay, view.Metres = nearestRelay(d.scope.relays, d.scope.walks, d.spotOf(o.HouseholdID))
	return view
}

func (d *desk) viewHandover(actor models.Actor, h models.Handover) HandoverView {
	view := d.viewer(actor).handover(h, sortedMatches(d.matches))
	view.Relay = relayByID(d.relays, h.RelayID)
	for _, kept := range d.kept {
		if !d.worked(actor) && h.ReceiverID != actor.PersonID && !kept.Reason.ReadableBy(models.ReaderAll) {
			kept.Reason = models.Reason{Code: "unsafe_now"}
		}
		view.KeptBack = append(view.KeptBack, kept)
	}
	for _, home := range d.households {
		if home.ID == h.ReceiverHouseholdID {
			view.Building = home.Building
		}
	}
	return view
}

func (v viewer) need(n models.Need, all []models.Match) NeedView {
	if n.Open == 0 { // it waits for nothing any more
		n.NextAt = nil
		if n.State != models.NeedUnmet {
			n.Why = nil
		}
	}
	view := NeedView{Need: n, Reader: v.actor, Matches: v.matchesOf(all, func(m models.Match) bool { return m.NeedID == n.ID })}
	who := models.ReaderReceiver
	if n.PersonID != v.actor.PersonID {
		who = models.ReaderWorker
	}
	view.Why = models.ReasonsFor(n.Why, who)
	for i, m := range view.Matches {
		if m.Substitute && m.State == models.MatchProposed {
			view.Matches[i].Question = v.matcher.Question(n, m.ItemID)
		}
	}
	return view
}

func (v viewer) lot(l models.Lot, all []models.Match) LotView {
	return LotView{Lot: l, Matches: v.matchesOf(all, func(m models.Match) bool { return m.LotID == l.ID }),
		Photos: v.photosOf(l.ID, models.PhotoPack, models.PhotoLeaflet), FetchAt: v.fetchAt(l)}
}

func (v viewer) handover(h models.Handover, all []models.Match) HandoverView {
	view := HandoverView{Handover: h, Side: SideWorker,
		Matches: v.matchesOf(all, func(m models.Match) bool { return m.HandoverID == h.ID })}
	for _, m := range view.Matches {
		if m.Side != SideWorker {
			view.Side = m.Side
		}
	}
	if view.Side != SideGiver {
		view.Photos = v.photosOf(h.ID, models.PhotoBag)
	}
	return view
}
