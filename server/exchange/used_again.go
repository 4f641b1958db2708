package exchange

import (
	"linli/models"
)

// usedAgain: it was handed over without a net, by a token that was good when it was
// scanned or on somebody's word, and what it is about had been given meanwhile, put
// back, or refused. Somebody has got it twice, got what the box still counts, or got
// what nobody may give: that is one loss, told to both workers and to the receiver,
// and never hidden. Stock is not touched: the next count finds what is missing.
func (d *desk) usedAgain(actor models.Actor, h *models.Handover, g *giving) error {
	if g.How == models.HowOffline {
		if err := d.scanned(h, g); err != nil {
			return err
		}
	}
	same := deref(h.ClosedBy) == actor.PersonID && (h.ClosedHow == g.How || h.ClosedHow == models.HowToken && g.How == models.HowOffline)
	if same || h.ClosedHow == models.HowReceived || h.TwiceAt != nil { // told already, by her own word too
		return nil
	}
	now, by := d.tx.Now, actor.PersonID
	h.TwiceAt, h.TwiceBy = &now, &by
	d.mark(h.ID, "handover.given_twice")
	if h.State == models.HandoverDone {
		return nil
	}
	h.ClosedBy, h.ClosedHow, h.ClosedWhy, h.Sample = &by, g.How, g.Why, models.SampleOf(h.ID, g.How)
	var back []KeptBack
	for _, m := range sortedMatches(d.matches) {
		if m.HandoverID == h.ID && m.State == models.MatchRefused && (m.EndReason == endUnsafe || m.EndReason == models.ReasonRecalled) {
			why := models.Reason{Code: "unsafe_now", Readers: []models.Reader{models.ReaderAll}}
			if m.EndReason == models.ReasonRecalled {
				why.Code = models.ReasonRecalled
			}
			back = append(back, KeptBack{MatchID: m.ID, ItemID: m.ItemID, Quantity: m.Quantity, Reason: why, Gone: true})
		}
	}
	return d.wantBack(h, back)
}

// GivenUnsafe is the note of a review that a hand-over asks for by itself: what was
// not safe any more was given without a net.
const GivenUnsafe = "given_unsafe"

// wantBack has asked back what was given though it was not safe any more: the
// household by the recall, where it is one, else its worker by a review; and the
// leader looks at how it was given.
func (d *desk) wantBack(h *models.Handover, back []KeptBack) error {
	if len(back) == 0 {
		return nil
	}
	h.Sample = models.SampleWaits
	d.kept = append(d.kept, back...)
	seen := map[models.ID]bool{}
	for _, k := range back {
		m := d.matches[k.MatchID]
		if d.calledBack(*m) || seen[m.NeedID] {
			continue
		}
		seen[m.NeedID] = true
		r := models.Review{ID: d.tx.NewID(), GridID: m.GridID, NeedID: m.NeedID, MatchID: &m.ID, PersonID: m.ReceiverID, Note: GivenUnsafe,
			State: models.ReviewOpen, CreatedAt: d.tx.Now}
		if err := d.tx.SaveReview(&r, "review.asked"); err != nil {
			return err
		}
	}
	return nil
}

// calledBack asks the household by the recall that covers what it was given.
func (d *desk) calledBack(m models.Match) bool {
	l := d.lots[m.LotID]
	if m.State != models.MatchGiven || l == nil || l.Kind == models.LotLoan {
		return false
	}
	for _, r := range d.recalls {
		if r.Covers(*l) {
			d.askBack(r, m)
			return true
		}
	}
	return false
}
