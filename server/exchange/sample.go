package exchange

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// SampleCard is a handover that was closed without a code and waits for a leader's
// look: by whom, how and why.
type SampleCard struct {
	HandoverView
	ClosedByName string // of whoever handed it over: staff, or a neighbour who carries
	Grid         models.Grid
}

// samplesMost is how many looks are shown at once.
const samplesMost = 100

// leads lists the paths on which the actor is a leader.
func leads(actor models.Actor) []string {
	var paths []string
	for _, r := range actor.Roles {
		if r.Kind == models.RoleLeader && r.GridPath != "" {
			paths = append(paths, r.GridPath)
		}
	}
	return paths
}

// Samples lists what waits for the leader's look in the grids below her, oldest
// first; what she handed over herself is not among it.
func (s *Service) Samples(ctx context.Context, actor models.Actor) ([]SampleCard, error) {
	paths := leads(actor)
	if len(paths) == 0 {
		return nil, fault.New(fault.Forbidden, "leader_only")
	}
	cards := []SampleCard{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var hands []models.Handover
		if err := tx.Load(store.HandoversSampled(paths, actor.PersonID, samplesMost, &hands)); err != nil || len(hands) == 0 {
			return err
		}
		var homes []models.Household
		var people []models.Person
		var grids []models.Grid
		b := book{matcher: s.matcher, handovers: ids(hands, func(h models.Handover) models.ID { return h.ID })}
		if err := b.load(tx, actor, hands[0].GridID, hands[0].ReceiverHouseholdID); err != nil {
			return err
		}
		err := tx.Load(store.HouseholdsPlain(ids(hands, func(h models.Handover) models.ID { return h.ReceiverHouseholdID }), &homes),
			store.ByID(ids(hands, func(h models.Handover) models.ID { return deref(h.ClosedBy) }), &people),
			store.ByID(ids(hands, func(h models.Handover) models.ID { return h.GridID }), &grids))
		if err != nil {
			return err
		}
		at, by := byID(homes, func(h models.Household) models.ID { return h.ID }), byID(people, func(p models.Person) models.ID { return p.ID })
		in := byID(grids, func(g models.Grid) models.ID { return g.ID })
		for _, h := range hands {
			if h.ReceiverHouseholdID == actor.HouseholdID {
				continue
			}
			card := SampleCard{HandoverView: b.viewer.handover(h, b.matches), Grid: *in[h.GridID]}
			card.Building = at[h.ReceiverHouseholdID].Building
			if p := by[deref(h.ClosedBy)]; p != nil {
				card.ClosedByName = p.Name
			}
			cards = append(cards, card)
		}
		return nil
	})
	return cards, err
}

// DecideSample is the leader's word: it went as it was said, or not. It is a link
// in the audit chain; her note stays with the handover.
func (s *Service) DecideSample(ctx context.Context, actor models.Actor, id models.ID, decision models.Sample, note string) (HandoverView, error) {
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "note", note, maxNoteRunes)
	commands := map[models.Sample]string{models.SampleRight: models.CommandPass, models.SampleWrong: models.CommandFail}
	if commands[decision] == "" {
		f = f.Field("decision", "decision_unknown")
	}
	if len(f.Fields) > 0 {
		return HandoverView{}, f
	}
	return s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		switch {
		case !actor.Reaches(d.scope.grid.Path, models.RoleLeader):
			return fault.New(fault.Forbidden, "leader_only")
		case deref(h.ClosedBy) == actor.PersonID || h.ReceiverHouseholdID == actor.HouseholdID:
			return fault.New(fault.Forbidden, "not_alone")
		}
		if err := h.Look(commands[decision]); err != nil {
			return err
		}
		by := actor.PersonID
		h.SampledBy, h.SampleNote = &by, note
		d.mark(h.ID, "handover.sampled")
		return d.tx.Audit(d.scope.grid.ID, models.Audit{ActorID: by, Action: "sample." + string(decision),
			Thing: string(models.ThingHandover), ThingID: h.ID})
	})
}
