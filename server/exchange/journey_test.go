package exchange_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// four is a line of four tablets that pass every check.
func four() exchange.BookLine {
	line := onCounter("B7")
	line.Units = 4
	return line
}

// matchesOf are somebody's matches for a line, by lot.
func (w *town) matchesOf(t *testing.T, who storetest.Neighbour, request models.ID) map[models.ID]exchange.MatchView {
	t.Helper()
	of := map[models.ID]exchange.MatchView{}
	for _, m := range w.request(t, who.Actor, request).Needs[0].Matches {
		of[m.LotID] = m
	}
	return of
}

// What lies ready in the box is collected whatever becomes of what lies there
// unchecked: neither is given, put back or held up with the other.
func TestJourney_WhatIsReadyGoesWithoutWhatIsStillToBeChecked(t *testing.T) {
	t.Parallel()
	ways := map[string]func(t *testing.T, w *town, b exchange.MatchView){
		"checked": func(t *testing.T, w *town, b exchange.MatchView) {
			w.checkIn(t, b.LotID, 4)
			w.fetch(t, w.elder, b)
		},
		"refused": func(t *testing.T, w *town, b exchange.MatchView) {
			must2(w.svc.RefuseLot(t.Context(), w.worker, b.LotID, "opened"))(t)
		},
		"declined": func(t *testing.T, w *town, b exchange.MatchView) {
			must2(w.svc.DeclineMatch(t.Context(), w.elder.Actor, b.ID))(t)
		},
	}
	for name, way := range ways {
		for _, first := range []string{"given", "uncollected", "second"} {
			t.Run(name+" "+first, func(t *testing.T) {
				t.Parallel()
				storetest.Each(t, func(t *testing.T, b storetest.Bench) {
					w := newTown(t, b)
					a := w.community(t, four())[0].ID
					lot := must2(w.offer(t, w.giver, blister(4)))(t).Lots[0].ID
					must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
					asked := must2(w.ask(t, w.elder, "M004", 6, well(models.AgeAdult)))(t)
					of := w.matchesOf(t, w.elder, asked.ID)
					if len(of) != 2 || of[a].State != models.MatchReady || of[a].HandoverID == of[lot].HandoverID {
						t.Fatalf("a lot ready, one to be checked: %+v", of)
					}
					if first == "second" {
						way(t, w, of[lot])
						w.fetch(t, w.elder, of[a])
						return
					}
					if first == "given" {
						w.fetch(t, w.elder, of[a])
					} else {
						w.until(t, w.hand(t, of[a].HandoverID).DueAt.Add(time.Minute))
					}
					if m := w.matchesOf(t, w.elder, asked.ID)[lot]; m.Live() {
						way(t, w, m)
					}
				})
			})
		}
	}
}

// A lot that once answered an ask stays a question wherever it lies; beside what is
// ready it waits for her yes alone.
func TestJourney_AYesToWhatIsProposedBesideWhatIsReady(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		n := w.urgently(t, w.other)
		w.sweep(t)
		must2(w.svc.AnswerAsk(t.Context(), w.giver.Actor, w.asks(t, w.giver)[0].ID, true,
			exchange.NewOffer{Way: models.WayRelay, Lots: []exchange.NewLot{blister(10)}}))(t)
		m := w.need(t, w.other, n).Matches[0]
		must2(w.svc.AcceptMatch(t.Context(), w.other.Actor, m.ID, nil))(t)
		w.checkIn(t, m.LotID, 10)
		a := w.community(t, four())[0].ID
		asked := must2(w.ask(t, w.elder, "M004", 6, well(models.AgeAdult)))(t)
		of := w.matchesOf(t, w.elder, asked.ID)
		if len(of) != 2 || of[a].State != models.MatchReady || of[m.LotID].State != models.MatchProposed {
			t.Fatalf("one ready, one asked: %+v", of)
		}
		must2(w.svc.AcceptMatch(t.Context(), w.elder.Actor, of[m.LotID].ID, nil))(t)
		w.fetch(t, w.elder, of[a])
		w.fetch(t, w.elder, of[m.LotID])
	})
}

// Whatever ends of a journey, the rest of it is ready as soon as all of that is there.
func TestJourney_WhatIsLeftIsReadyWhenTheRestEnds(t *testing.T) {
	t.Parallel()
	ends := map[string]func(t *testing.T, w *town, m exchange.MatchView){
		"refused": func(t *testing.T, w *town, m exchange.MatchView) {
			must2(w.svc.RefuseLot(t.Context(), w.worker, m.LotID, "opened"))(t)
		},
		"short": func(t *testing.T, w *town, m exchange.MatchView) {
			w.checkIn(t, m.LotID, 2)
		},
		"declined": func(t *testing.T, w *town, m exchange.MatchView) {
			must2(w.svc.DeclineMatch(t.Context(), w.elder.Actor, m.ID))(t)
		},
		"lapsed": func(t *testing.T, w *town, m exchange.MatchView) {
			w.until(t, m.DueAt.Add(time.Minute))
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				w := newTown(t, b)
				asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
				lots := must2(w.svc.PostOffer(t.Context(), w.giver.Actor, exchange.NewOffer{Way: models.WayRelay,
					Lots: []exchange.NewLot{blister(3), blister(3)}}))(t).Lots
				w.checkIn(t, lots[0].ID, 3)
				of := w.matchesOf(t, w.elder, asked.ID)
				first, second := of[lots[0].ID], of[lots[1].ID]
				if first.HandoverID != second.HandoverID || w.hand(t, first.HandoverID).State != models.HandoverChecking {
					t.Fatalf("one journey, half of it there: %+v", of)
				}
				end(t, w, second)
				h := w.hand(t, first.HandoverID)
				if h.State != models.HandoverReady || h.ReadyAt == nil || h.DueAt == nil || h.RemindAt == nil {
					t.Fatalf("what is left: %+v", h)
				}
				w.fetch(t, w.elder, first)
			})
		})
	}
}
