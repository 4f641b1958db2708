package exchange

import (
	"context"
	"slices"
	"strings"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// pathsOver are the paths of a scope's grid, of other grids, and of all above them:
// where a recall may stand that concerns what a change touches.
func (s *Service) pathsOver(ctx context.Context, sc scope, grids []models.ID) ([]string, error) {
	paths := sc.grid.AncestorPaths()
	others, err := s.across(ctx, sc, grids)
	if err != nil {
		return nil, err
	}
	for _, g := range others {
		paths = append(paths, g.AncestorPaths()...)
	}
	return distinct(paths), nil
}

// recalled reports whether a lot may not be given any more.
func (d *desk) recalled(l *models.Lot) bool { return recalled(d.recalls, *l) }

func recalled(recalls []models.Recall, l models.Lot) bool {
	return slices.ContainsFunc(recalls, func(r models.Recall) bool { return r.Covers(l) })
}

// stopRecalled takes out what a change has just set free of a recalled batch, before
// anything is planned with it.
func (d *desk) stopRecalled() error {
	if len(d.recalls) == 0 {
		return nil
	}
	for _, l := range sortedLots(d.lots) {
		if l.Remaining > 0 && d.marked(l.ID) && d.recalled(&l) {
			if err := d.withdraw(l.ID, l.Remaining, models.ReasonRecalled); err != nil {
				return err
			}
		}
	}
	return nil
}

// recalledVerdict is that on a batch which nobody may give any more.
func recalledVerdict() matching.Verdict {
	return matching.Verdict{Outcome: matching.OutcomeRefused, Go: matching.GoRecovery,
		Reasons: []models.Reason{{Code: models.ReasonRecalled, Readers: []models.Reader{models.ReaderAll}}}}
}

// screenBatches refuses lines of a post whose batch is recalled where it lies. The
// worker's check asks again, for a giver seldom writes the batch.
func (s *Service) screenBatches(ctx context.Context, sc scope, in NewOffer, lots []models.Lot, refused []Refusal) ([]models.Lot, []Refusal, error) {
	if !slices.ContainsFunc(in.Lots, func(l NewLot) bool { return l.Batch != "" }) {
		return lots, refused, nil
	}
	var recalls []models.Recall
	if err := s.store.Read(ctx, store.RecallsOver(sc.grid.AncestorPaths(), &recalls)); err != nil {
		return nil, nil, err
	}
	for i, l := range in.Lots {
		said := models.Lot{ItemID: l.ItemID, Batch: l.Batch}
		known := slices.ContainsFunc(refused, func(r Refusal) bool { return r.Line == i })
		if known || !recalled(recalls, said) {
			continue
		}
		refused = append(refused, refusal(i, l.ItemID, recalledVerdict()))
	}
	lots = slices.DeleteFunc(lots, func(l models.Lot) bool { return recalled(recalls, l) })
	return lots, refused, nil
}

// NewRecall is what is called back: an item's batch, at a node and below it.
type NewRecall struct {
	GridID models.ID
	ItemID models.ItemID
	Batch  string
	Reason string
}

// recallAtOnce is how many lots a call takes on; the sweep does the rest, of so many
// recalls at a time.
const (
	recallAtOnce   = 100
	recallsRunning = 20
)

// Recall calls an item's batch back at and below a node: the row comes first, so that
// nothing of the batch gets in behind it, then lot by lot what lies there is stopped,
// who was to get it is looked for anew, and who got it is asked not to take it. A
// sweep goes on where this stops.
func (s *Service) Recall(ctx context.Context, actor models.Actor, in NewRecall) (RecallView, error) {
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "batch", in.Batch, maxWordRunes)
	f = checkText(f, "reason", in.Reason, maxNoteRunes)
	if models.BatchKey(in.Batch) == "" {
		f = f.Field("batch", "batch_missing")
	}
	if strings.TrimSpace(in.Reason) == "" {
		f = f.Field("reason", "missing")
	}
	if item, ok := s.catalogue.Item(in.ItemID); !ok || item.Kind == "class" {
		f = f.Field("item_id", "item_unknown")
	}
	if len(f.Fields) > 0 {
		return RecallView{}, f
	}
	grid, err := s.recallNode(ctx, actor, in.GridID)
	if err != nil {
		return RecallView{}, err
	}
	r, err := store.Register(ctx, s.store, actor, func(tx *store.Tx) (models.Recall, error) {
		var over []models.Recall
		if err := tx.Load(store.RecallsOver(grid.AncestorPaths(), &over)); err != nil {
			return models.Recall{}, err
		}
		if recalled(over, models.Lot{ItemID: in.ItemID, Batch: in.Batch}) {
			return models.Recall{}, fault.New(fault.Conflict, "recalled_already")
		}
		r := models.Recall{ID: tx.NewID(), GridID: grid.ID, Path: grid.Path, ItemID: in.ItemID, Batch: in.Batch, BatchKey: models.BatchKey(in.Batch),
			Reason: in.Reason, PersonID: actor.PersonID, State: models.RecallRunning, CreatedAt: tx.Now}
		if err := tx.CreateRecall(&r); err != nil {
			return r, err
		}
		return r, tx.Audit(grid.ID, models.Audit{ActorID: actor.PersonID, Action: "recall", Thing: "recall", ThingID: r.ID})
	})
	if err != nil {
		return RecallView{}, err
	}
	if _, err := s.runRecall(ctx, r, recallAtOnce); err != nil {
		return RecallView{}, err
	}
	return s.OneRecall(ctx, actor, r.ID)
}

// recallNode finds a node of which the actor may call things back.
func (s *Service) recallNode(ctx context.Context, actor models.Actor, id models.ID) (models.Grid, error) {
	var grids []models.Grid
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &grids)); err != nil {
		return models.Grid{}, err
	}
	g, err := store.One(grids)
	if err != nil || !mayRecall(actor, g.Path) {
		return models.Grid{}, fault.New(fault.NotFound, "not_found")
	}
	return g, nil
}

func mayRecall(actor models.Actor, path string) bool {
	return actor.Reaches(path, models.RoleWorker, models.RoleLeader, models.RoleOperator)
}

// runRecall takes up to so many lots of a recall on; it tells how many, and marks
// the recall as done when none is left.
func (s *Service) runRecall(ctx context.Context, r models.Recall, most int) (int, error) {
	var lots []models.Lot
	if err := s.store.Read(ctx, store.LotsToRecall(r, most, &lots)); err != nil {
		return 0, err
	}
	done := 0
	for _, l := range lots {
		err := second(s.changeLot(ctx, models.Actor{System: true}, l.ID, func(d *desk, l *models.Lot) error { return d.recall(r, l) }))
		switch {
		case err == nil:
			done++
		case !fault.Is(err, fault.Conflict): // somebody was there first, or has it on the way: the next sweep
			return done, err
		}
	}
	if len(lots) > done || len(lots) == most {
		return done, nil
	}
	return done, s.store.InTx(ctx, func(tx *store.Tx) error {
		var left []models.Lot
		if err := tx.Load(store.LotsToRecall(r, 1, &left)); err != nil || len(left) > 0 {
			return err
		}
		return tx.FinishRecall(&r)
	})
}

// recall stops what is left of a lot and asks back what was given of it. What is on
// its way is not handed over, and stopped when it is back.
func (d *desk) recall(r models.Recall, l *models.Lot) error {
	if !r.Covers(*l) {
		return errNotDue
	}
	changed, err := d.stop(l)
	if err != nil {
		return err
	}
	for _, m := range sortedMatches(d.matches) {
		if m.LotID == l.ID && m.State == models.MatchGiven && l.Kind != models.LotLoan && d.askBack(r, m) {
			changed = true
		}
	}
	if !changed {
		return errNotDue
	}
	d.mark(l.ID, "lot.recalled")
	return nil
}

// stop takes a lot that nobody may have any more out of the exchange, but for what
// is on its way.
func (d *desk) stop(l *models.Lot) (changed bool, err error) {
	for _, m := range sortedMatches(d.matches) {
		if m.LotID != l.ID || !m.Live() || out(m, d.carried) {
			continue
		}
		changed = true
		if err := d.endMatch(d.matches[m.ID], models.CommandRefuse, models.ReasonRecalled); err != nil {
			return changed, err
		}
	}
	if l.Remaining > 0 {
		changed = true
		if err := d.withdraw(l.ID, l.Remaining, models.ReasonRecalled); err != nil {
			return changed, err
		}
	}
	if l.Lent > 0 && l.WantBackAt == nil { // its loan brings it back
		changed = true
		l.WantBackAt = &d.tx.Now
		d.callBack(l)
	}
	return changed, nil
}

// callBack asks those who have borrowed of a recalled lot for it today.
func (d *desk) callBack(l *models.Lot) {
	for _, row := range sortedRows(d.loans, func(l models.Loan) models.ID { return l.ID }) {
		if loan := d.loans[row.ID]; loan.LotID == l.ID && loan.Out() {
			loan.DueOn, loan.Reminded = min(loan.DueOn, models.DateOf(d.tx.Now)), 0
			loan.RemindAt = loan.NextReminder(d.tx.Now)
			d.mark(loan.ID, "loan.recalled")
		}
	}
}

// askBack asks a household not to take what it was given, once.
func (d *desk) askBack(r models.Recall, m models.Match) bool {
	if slices.ContainsFunc(d.asked, func(c models.Collection) bool { return c.MatchID == m.ID }) {
		return false
	}
	d.collected = append(d.collected, &models.Collection{ID: d.tx.NewID(), RecallID: r.ID, GridID: m.GridID, LotID: m.LotID, MatchID: m.ID,
		HouseholdID: m.ReceiverHouseholdID, PersonID: m.ReceiverID, ItemID: m.ItemID, Units: m.Quantity, State: models.CollectionAsked, CreatedAt: d.tx.Now})
	return true
}
