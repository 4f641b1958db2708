package exchange

import (
	"linli/models"
)

// usedAgain: a token that was good when it was scanned without a net, for what had
// been given meanwhile, or put back. Somebody has got it twice, or got what the
// box still counts: that is one loss, told to both workers and to the receiver, and
// never hidden. Stock is not touched: the next count finds what is missing.
func (d *desk) usedAgain(actor models.Actor, h *models.Handover, g *giving) error {
	if err := d.scanned(h, g); err != nil {
		return err
	}
	if h.ClosedHow == models.HowReceived || h.TwiceAt != nil { // her own word for the same; or known already
		return nil
	}
	now, by := d.tx.Now, actor.PersonID
	h.TwiceAt, h.TwiceBy = &now, &by
	d.mark(h.ID, "handover.given_twice")
	return nil
}
