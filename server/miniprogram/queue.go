package miniprogram

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

const (
	gridsAtOnce  = 64
	eventsAtOnce = 256
	// tooOld is when a moment is past, whatever kept it from being told.
	tooOld = 2 * time.Hour
)

// collect reads what was committed since it last looked, and queues a message
// for everybody who allows one. Two processes may do so at once: of one grid's
// cursor one moves it, and the other's transaction is undone.
func (s *Service) collect(ctx context.Context) error {
	for {
		var behind []models.WechatCursor
		if err := s.o.Store.Read(ctx, store.WechatCursorsBehind(gridsAtOnce, &behind)); err != nil {
			return err
		}
		for _, cursor := range behind {
			err := s.o.Store.InTx(ctx, func(tx *store.Tx) error { return s.collectGrid(tx, cursor) })
			switch {
			case fault.Is(err, fault.Conflict): // another process has it
			case err != nil:
				return err
			}
		}
		if len(behind) < gridsAtOnce {
			return nil
		}
	}
}

func (s *Service) collectGrid(tx *store.Tx, cursor models.WechatCursor) error {
	var events []models.Event
	var counters []models.GridSeq
	if err := tx.Load(store.EventsAfter(cursor.GridID, cursor.Seq, eventsAtOnce, &events),
		store.Counters([]models.ID{cursor.GridID}, &counters)); err != nil {
		return err
	}
	to := int64(0)
	for _, c := range counters {
		to = c.Seq // the rest was trimmed
	}
	if len(events) == eventsAtOnce {
		to = events[len(events)-1].Seq
	}
	if to > cursor.Seq {
		if err := tx.MoveWechat(cursor, to); err != nil {
			return err
		}
	}
	events = slices.DeleteFunc(events, func(e models.Event) bool {
		return e.Thing != models.ThingMatch && e.Thing != models.ThingHandover || tx.Now.Sub(e.At) > tooOld
	})
	journeys, err := journeysOf(tx, events)
	if err != nil || len(journeys) == 0 {
		return err
	}
	return s.enqueue(tx, events, journeys)
}

// journeysOf reads the handovers that some events are about.
func journeysOf(tx *store.Tx, events []models.Event) (map[models.ID]*journey, error) {
	var hands, pairs []models.ID
	for _, e := range events {
		if e.Thing == models.ThingHandover {
			hands = append(hands, e.ThingID)
		} else {
			pairs = append(pairs, e.ThingID)
		}
	}
	if len(pairs) > 0 {
		var matches []models.Match
		if err := tx.Load(store.ByID(pairs, &matches)); err != nil {
			return nil, err
		}
		for _, m := range matches {
			hands = append(hands, m.HandoverID)
		}
	}
	return load(tx, hands)
}

func load(tx *store.Tx, hands []models.ID) (map[models.ID]*journey, error) {
	journeys := map[models.ID]*journey{}
	if len(hands) == 0 {
		return journeys, nil
	}
	var handovers []models.Handover
	var matches []models.Match
	var lots []models.Lot
	if err := tx.Load(store.ByID(hands, &handovers), store.MatchesOfHandovers(hands, &matches)); err != nil {
		return nil, err
	}
	var of []models.ID
	for _, m := range matches {
		of = append(of, m.LotID)
	}
	if err := tx.Load(store.ByID(of, &lots)); err != nil {
		return nil, err
	}
	for _, h := range handovers {
		j := &journey{hand: h, lots: map[models.ID]models.Lot{}}
		for _, m := range matches {
			if m.HandoverID == h.ID {
				j.matches = append(j.matches, m)
			}
		}
		for _, l := range lots {
			j.lots[l.ID] = l
		}
		journeys[h.ID] = j
	}
	return journeys, nil
}

// enqueue writes one message for each moment that its person allows and was not
// told yet, and takes it off what she allows. What has moved to another point is
// told again, by the same message.
func (s *Service) enqueue(tx *store.Tx, events []models.Event, journeys map[models.ID]*journey) error {
	type key struct {
		notice
		hand models.ID
	}
	var wanted []key
	again := map[key]bool{}
	var people, hands []models.ID
	for _, e := range events {
		for _, j := range journeys {
			if !j.about(e) {
				continue
			}
			for _, n := range j.notices(e) {
				k := key{n, j.hand.ID}
				again[k] = again[k] || moved(e)
				if _, told := s.o.Templates[n.moment]; told && j.still(n) && !slices.Contains(wanted, k) {
					wanted, people, hands = append(wanted, k), append(people, n.person), append(hands, j.hand.ID)
				}
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var grants []models.WechatGrant
	var bindings []models.WechatBinding
	var known []models.WechatMessage
	if err := tx.Load(store.WechatGrantsOf(people, &grants), store.WechatBindingOf(people, &bindings), store.WechatMessagesOf(hands, &known)); err != nil {
		return err
	}
	left := map[notice]int{}
	for _, g := range grants {
		if slices.ContainsFunc(bindings, func(b models.WechatBinding) bool { return b.PersonID == g.PersonID }) {
			left[notice{g.PersonID, g.Moment}] = g.Budget
		}
	}
	var queued []models.WechatMessage
	for _, k := range wanted {
		told := slices.IndexFunc(known, func(m models.WechatMessage) bool {
			return m.HandoverID == k.hand && m.PersonID == k.person && m.Moment == k.moment
		})
		// One that still waits says the place of the moment at which it is sent.
		if told >= 0 && (!again[k] || known[told].State == models.WechatWaiting) || left[k.notice] == 0 {
			continue
		}
		left[k.notice]--
		if err := tx.SpendWechat(k.person, k.moment); err != nil {
			return err
		}
		if told >= 0 {
			if err := tx.RenewWechatMessage(known[told].ID); err != nil {
				return err
			}
			continue
		}
		queued = append(queued, models.WechatMessage{ID: tx.NewID(), PersonID: k.person, Moment: k.moment, HandoverID: k.hand,
			State: models.WechatWaiting, CreatedAt: tx.Now, DueAt: tx.Now})
	}
	if len(queued) == 0 {
		return nil
	}
	return tx.CreateWechatMessages(queued)
}

// about reports whether an event is one of this journey.
func (j journey) about(e models.Event) bool {
	return e.ThingID == j.hand.ID || slices.ContainsFunc(j.matches, func(m models.Match) bool { return m.ID == e.ThingID })
}
