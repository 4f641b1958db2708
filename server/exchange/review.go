package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// AskReview is "觉得不对？请网格员看看": somebody whom a plan's decision concerns
// has the worker look at it. One review of a need waits at a time.
func (s *Service) AskReview(ctx context.Context, actor models.Actor, need, match models.ID, note string) (models.Review, error) {
	if f := checkText(fault.New(fault.Invalid, "invalid_input"), "note", note, maxNoteRunes); len(f.Fields) > 0 {
		return models.Review{}, f
	}
	n, matches, err := s.seeNeed(ctx, actor, need)
	if err != nil {
		return models.Review{}, err
	}
	mine := n.PersonID == actor.PersonID
	r := models.Review{GridID: n.GridID, NeedID: n.ID, PersonID: actor.PersonID, Note: note, State: models.ReviewOpen}
	for _, m := range matches {
		if m.ID == match {
			r.MatchID = &m.ID
			mine = mine || m.GiverID == actor.PersonID
		}
	}
	if !mine || match != "" && r.MatchID == nil {
		return models.Review{}, fault.New(fault.NotFound, "not_found")
	}
	var known []models.Review
	reads := []store.Read{store.ReviewsOf([]models.ID{n.ID}, &known)}
	return store.Exchange(ctx, s.store, actor, []models.ID{n.GridID}, reads, func(tx *store.Tx) (models.Review, error) {
		for _, other := range known {
			if other.State == models.ReviewOpen && other.PersonID == actor.PersonID {
				return models.Review{}, fault.New(fault.Conflict, "review_waits")
			}
		}
		asked := r
		asked.ID, asked.CreatedAt = tx.NewID(), tx.Now
		return asked, tx.SaveReview(&asked, "review.asked")
	})
}

// DecideReview is the worker's answer: the plan stands, or she has helped; her
// words go to who asked, and the decision is a link in the audit chain.
func (s *Service) DecideReview(ctx context.Context, actor models.Actor, id models.ID, decision models.ReviewState, reply string) (models.Review, error) {
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "reply", reply, maxNoteRunes)
	commands := map[models.ReviewState]string{models.ReviewStands: models.CommandUphold, models.ReviewHelped: models.CommandHelp}
	if commands[decision] == "" {
		f = f.Field("decision", "decision_unknown")
	}
	if len(f.Fields) > 0 {
		return models.Review{}, f
	}
	var rows []models.Review
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &rows)); err != nil {
		return models.Review{}, err
	}
	r, err := store.One(rows)
	if err != nil {
		return models.Review{}, err
	}
	if err := s.workerOf(ctx, actor, r.GridID); err != nil {
		return models.Review{}, err
	}
	if r.PersonID == actor.PersonID {
		return models.Review{}, fault.New(fault.Forbidden, "not_alone")
	}
	reads := []store.Read{store.ByID([]models.ID{id}, &rows)}
	return store.Exchange(ctx, s.store, actor, []models.ID{r.GridID}, reads, func(tx *store.Tx) (models.Review, error) {
		r, err := store.One(slices.Clone(rows))
		if err != nil {
			return models.Review{}, err
		}
		if err := r.Apply(commands[decision]); err != nil {
			return models.Review{}, err
		}
		now, by := tx.Now, actor.PersonID
		r.Reply, r.DecidedBy, r.DecidedAt = reply, &by, &now
		if err := tx.SaveReview(&r, "review."+string(r.State)); err != nil {
			return models.Review{}, err
		}
		return r, tx.Audit(r.GridID, models.Audit{ActorID: by, Action: "review.decide", Thing: string(models.ThingReview), ThingID: r.ID})
	})
}
