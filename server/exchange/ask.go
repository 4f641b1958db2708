package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/store"
)

// AskView is a question as she who is asked sees it: what is needed and how
// much, how soon, and from which building where the asker lets neighbours see.
type AskView struct {
	models.Ask
	Urgency  models.Urgency
	Building string
	Items    []models.ItemID // what would help: for a class its members
	OfferID  models.ID       // of the answer; "" without
}

// asksMost is how many open questions are shown at once; the daily budget keeps
// them few.
const asksMost = 20

// Asks lists the questions that wait for the actor's answer.
func (s *Service) Asks(ctx context.Context, actor models.Actor) ([]AskView, error) {
	var asks []models.Ask
	views := []AskView{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.AsksTo(actor.PersonID, asksMost, &asks)); err != nil || len(asks) == 0 {
			return err
		}
		var needs []models.Need
		var homes []models.Household
		var buildings []store.BuildingHomes
		if err := tx.Load(store.ByID(ids(asks, func(a models.Ask) models.ID { return a.NeedID }), &needs)); err != nil {
			return err
		}
		households := ids(needs, func(n models.Need) models.ID { return n.HouseholdID })
		if err := tx.Load(store.HouseholdsPlain(households, &homes), store.HomesByBuilding(asks[0].NeedGridID, &buildings)); err != nil {
			return err
		}
		named, of := namedBuildings(homes, buildings), byID(needs, func(n models.Need) models.ID { return n.ID })
		for _, a := range asks {
			if n := of[a.NeedID]; n != nil && tx.Now.Before(a.DueAt) {
				views = append(views, s.viewAsk(a, *n, named))
			}
		}
		return nil
	})
	return views, err
}

func (s *Service) viewAsk(a models.Ask, n models.Need, named map[models.ID]string) AskView {
	view := AskView{Ask: a, Urgency: n.Urgency, Items: s.matcher.MayGet(n, models.DateOf(s.store.Now()))}
	if !n.Private {
		view.Building = named[n.HouseholdID]
	}
	return view
}

// AnswerAsk is her answer. With lots it is a yes: they are offered for it, and
// what the plan makes of them waits for the receiver's yes. Without it is a no,
// and somebody else is asked.
func (s *Service) AnswerAsk(ctx context.Context, actor models.Actor, id models.ID, yes bool, in NewOffer) (AskView, error) {
	a, err := s.askOf(ctx, actor, id)
	if err != nil {
		return AskView{}, err
	}
	sc, err := s.scope(ctx, a.GridID)
	if err != nil {
		return AskView{}, err
	}
	offer := models.Offer{GridID: a.GridID, HouseholdID: a.HouseholdID, PersonID: a.PersonID, Way: in.Way, Note: in.Note}
	var lots []models.Lot
	if yes {
		if lots, err = s.answerLots(ctx, actor, in, offer); err != nil {
			return AskView{}, err
		}
	}
	var r rows
	reads := s.announce(sc, about{needs: []models.ID{a.NeedID}, households: []models.ID{a.HouseholdID}}, &r)
	reads = append(reads, store.ByID([]models.ID{id}, &r.moreAsks))
	return store.Exchange(ctx, s.store, actor, sc.grids(), reads, func(tx *store.Tx) (AskView, error) {
		return s.desk(tx, sc, &r).answer(actor, id, offer, lots)
	})
}

// answerLots holds an answer to what an offer is held to.
func (s *Service) answerLots(ctx context.Context, actor models.Actor, in NewOffer, offer models.Offer) ([]models.Lot, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if _, err := s.poster(ctx, actor, "", ""); err != nil {
		return nil, err
	}
	lots, refused, err := s.screenLots(in, offer)
	if err == nil && len(refused) > 0 { // one line for one need: half an answer helps nobody
		err = refuseAll(refused)
	}
	return lots, err
}

func (d *desk) answer(actor models.Actor, id models.ID, offer models.Offer, lots []models.Lot) (AskView, error) {
	a, err := find(d.asks, id)
	if err != nil {
		return AskView{}, err
	}
	n, err := find(d.needs, a.NeedID)
	if err != nil {
		return AskView{}, err
	}
	command := models.CommandDecline
	if len(lots) > 0 {
		command = models.CommandAccept
	}
	if err := a.Apply(command); err != nil {
		return AskView{}, err
	}
	now := d.tx.Now
	a.AnsweredAt = &now
	d.mark(a.ID, "ask."+string(a.State))
	view := d.svc.viewAsk(*a, *n, nil)
	if len(lots) == 0 {
		if n.Open > 0 {
			n.NextAt = &now // the next search asks somebody else
			d.mark(n.ID, "need.waiting")
		}
		return view, d.save()
	}
	for i := range lots {
		lots[i].AskID = &a.ID
	}
	posted, err := d.postLots(actor, offer, lots)
	view.Ask, view.OfferID = *a, posted.ID
	return view, err
}

// askOf finds the question; who was not asked is told that there is none.
func (s *Service) askOf(ctx context.Context, actor models.Actor, id models.ID) (models.Ask, error) {
	var asks []models.Ask
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &asks)); err != nil {
		return models.Ask{}, err
	}
	asks = slices.DeleteFunc(asks, func(a models.Ask) bool { return a.PersonID != actor.PersonID })
	return store.One(asks)
}
