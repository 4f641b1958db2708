package exchange

import (
	"context"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
)

// toLabel reports whether what is ready has to be cut from its pack first. At the
// check every piece is seen; what is matched with a pack that lies in the box already
// is cut when it leaves it.
func toLabel(matcher matching.Matcher, m models.Match, l models.Lot) bool {
	return m.State == models.MatchReady && m.LabelledAt == nil && m.Quantity < l.Offered && l.Kind != models.LotLoan && matcher.Drug(l.ItemID)
}

// unlabelled are the pieces of a handover that still have to be cut.
func (d *desk) unlabelled(h *models.Handover) []models.Match {
	var pieces []models.Match
	for _, m := range sortedMatches(d.matches) {
		if l := d.lots[m.LotID]; m.HandoverID == h.ID && l != nil && toLabel(d.svc.matcher, m, *l) {
			pieces = append(pieces, m)
		}
	}
	return pieces
}

// leaves is asked of a handover before it leaves its box: every piece in it carries
// its label.
func (d *desk) leaves(h *models.Handover) error {
	if h.State == models.HandoverReady && len(d.unlabelled(h)) > 0 {
		return fault.New(fault.Refused, "label_missing")
	}
	return nil
}

// LabelHandover says that every piece of the handover is cut and carries its label;
// the leaflets were photographed for who receives them.
func (s *Service) LabelHandover(ctx context.Context, actor models.Actor, id models.ID) (HandoverView, error) {
	return s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		if !d.worked(actor) && !d.hosts(actor, h.RelayID) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if h.State != models.HandoverReady {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
		}
		now := d.tx.Now
		for _, m := range d.unlabelled(h) {
			if count(d.photos, m.LotID, models.PhotoLeaflet) == 0 {
				return fault.New(fault.Refused, "leaflet_missing").With("lot", m.LotID)
			}
			d.matches[m.ID].LabelledAt = &now
			d.mark(m.ID, "match.labelled")
		}
		return nil
	})
}
