package outreach_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/models/words"
	"linli/server/chat/platform"
	"linli/server/exchange"
	"linli/server/outreach"
)

func request(item string, p models.Patient) exchange.NewRequest {
	return exchange.NewRequest{Way: models.WayRelay, Lines: []exchange.NewNeed{{ItemID: item, Units: 1, Urgency: models.UrgencyNow, Patient: p}}}
}

// deliveries are a robot's in one state.
func (w *town) deliveries(t *testing.T, id models.ID, state models.DeliveryState) []models.Delivery {
	t.Helper()
	list, err := w.outreach.Deliveries(t.Context(), w.worker, id, state, nil, 50)
	must(t, err)
	return list
}

func (w *town) health(t *testing.T, id models.ID) outreach.RobotView {
	t.Helper()
	v, err := w.outreach.Robot(t.Context(), w.worker, id)
	must(t, err)
	return v
}

func TestDeliver_TheScheduleAndDeadAfterFiveDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		g.fail = func(int) error { return errors.New("connection refused, key=SECRET") }
		_, err := w.outreach.Test(t.Context(), w.worker, v.ID)
		must(t, err)
		began := w.Clock.Now()
		var tried []string
		for tries := 0; w.Clock.Now().Sub(began) < 6*24*time.Hour; {
			w.turn(t, w.outreach)
			if g.tries > tries {
				tries = g.tries
				tried = append(tried, w.Clock.Now().Sub(began).String())
			}
			// To the next moment at which anything can happen.
			waiting := w.deliveries(t, v.ID, models.DeliveryQueued)
			if len(waiting) == 0 {
				break
			}
			w.wait(waiting[0].DueAt.Sub(w.Clock.Now()))
		}
		want := "0s 5s 5m5s 35m5s 2h35m5s 7h35m5s 17h35m5s 31h35m5s 51h35m5s 75h35m5s 99h35m5s 120h0m0s"
		if got := strings.Join(tried, " "); got != want {
			t.Errorf("tried at\n%s, not\n%s", got, want)
		}
		dead := w.deliveries(t, v.ID, models.DeliveryDead)
		h := w.health(t, v.ID)
		if len(dead) != 1 || dead[0].Tries != 12 || h.Dead != 1 || h.Failures != 12 || strings.Contains(h.Failure+dead[0].Failure, "SECRET") {
			t.Fatalf("%+v\n%+v", dead, h)
		}
		g.fail = nil
		_, err = w.outreach.Retry(t.Context(), w.worker, dead[0].ID)
		must(t, err)
		w.turn(t, w.outreach)
		if cards := g.heard(); len(cards) != 1 || cards[0].ID != dead[0].ID {
			t.Errorf("after a retry: %+v", cards)
		}
		if h := w.health(t, v.ID); h.Dead != 0 || h.Queued != 0 || h.Failures != 0 || h.SentAt == nil {
			t.Errorf("%+v", h)
		}
		w.sound(t)
	})
}

// TestDeliver_KeepsOrderAndLimits: whatever comes at once leaves in order, and no
// minute and no second holds more than the platform takes.
func TestDeliver_KeepsOrderAndLimits(t *testing.T) {
	t.Parallel()
	for name, rate := range map[string]platform.Rate{"20 a minute": {PerMinute: 20}, "100 a minute, 5 a second": {PerMinute: 100, PerSecond: 5}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, storetest.SQLite(t))
			v, g := w.connect(t, "07", w.Micro)
			g.rate = rate
			var queued []models.ID
			must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
				queued = nil
				for range 50 {
					d := models.Delivery{RobotID: v.ID, Kind: models.DeliveryTest, DueAt: tx.Now}
					if err := tx.CreateDelivery(&d); err != nil {
						return err
					}
					queued = append(queued, d.ID)
				}
				return nil
			}))
			for range 2000 {
				w.turn(t, w.outreach)
				if w.health(t, v.ID).Queued == 0 {
					break
				}
				w.wait(100 * time.Millisecond)
			}
			for i, c := range g.cards {
				if c.ID != queued[i] {
					t.Fatalf("the %d. is %s", i+1, c.ID)
				}
			}
			if len(g.cards) != 50 {
				t.Fatalf("%d arrived", len(g.cards))
			}
			for i, at := range g.at {
				if n := rate.PerMinute; i >= n && at.Sub(g.at[i-n]) < time.Minute {
					t.Errorf("%d within %s", n+1, at.Sub(g.at[i-n]))
				}
				if n := rate.PerSecond; n > 0 && i >= n && at.Sub(g.at[i-n]) < time.Second {
					t.Errorf("%d within %s", n+1, at.Sub(g.at[i-n]))
				}
			}
		})
	}
}

func TestDeliver_WhatThePlatformSays(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	for name, c := range map[string]struct {
		failure *platform.Failure
		silent  time.Duration // the robot
		wait    time.Duration // the message
		state   models.DeliveryState
		why     string
	}{
		"be silent":         {&platform.Failure{Code: 130101, Text: "too fast", RetryAfter: 10 * time.Minute}, 10 * time.Minute, 10 * time.Minute, models.DeliveryQueued, "fail_busy"},
		"refused":           {&platform.Failure{Code: 9499, Text: "Bad Request", Permanent: true}, 0, 0, models.DeliveryDead, "fail_refused"},
		"gone":              {&platform.Failure{Code: 93000, Text: "invalid webhook url", Gone: true}, time.Hour, time.Hour, models.DeliveryQueued, "fail_gone"},
		"be silent briefly": {&platform.Failure{Code: 429, Text: "later", RetryAfter: time.Second}, time.Second, 5 * time.Second, models.DeliveryQueued, "fail_busy"},
		"silent long":       {&platform.Failure{Code: 429, Text: "later", RetryAfter: 1000 * time.Hour}, 24 * time.Hour, 24 * time.Hour, models.DeliveryQueued, "fail_busy"},
		"out of order":      {&platform.Failure{Code: 502, Text: "Bad Gateway"}, 0, 5 * time.Second, models.DeliveryQueued, "fail_down"},
		"a busy code":       {&platform.Failure{Code: -1, Text: "system error"}, 0, 5 * time.Second, models.DeliveryQueued, "fail_other"},
		"no answer":         {&platform.Failure{}, 0, 5 * time.Second, models.DeliveryQueued, "fail_silent"},
		"not ours":          {&platform.Failure{Ours: platform.Blocked, Gone: true}, time.Hour, time.Hour, models.DeliveryQueued, "fail_network"},
	} {
		v, g := w.connect(t, name, w.Micro)
		g.fail = func(int) error { return c.failure }
		_, err := w.outreach.Test(t.Context(), w.worker, v.ID)
		must(t, err)
		w.turn(t, w.outreach)
		h := w.health(t, v.ID)
		left := w.deliveries(t, v.ID, c.state)
		if got := h.NextAt.Sub(w.Clock.Now()); got != c.silent || len(left) != 1 {
			t.Errorf("%s: next in %s, %+v", name, got, h)
		} else if got := left[0].DueAt.Sub(w.Clock.Now()); got != c.wait {
			t.Errorf("%s: its message in %s", name, got)
		}
		said := ""
		if c.failure.Code != 0 {
			said = fmt.Sprint(c.failure.Code, " ", c.failure.Text)
		}
		if why, detail := outreach.Failed(h.Failure); why != c.why || detail != said || !words.Known(why) {
			t.Errorf("%s: %s, %q", name, why, detail)
		}
	}
	w.sound(t)
}

// TestDeliver_AnAddressThatWantsNothingIsPaused and not asked again until somebody has
// looked; what was queued goes out then.
func TestDeliver_AnAddressThatWantsNothingIsPaused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		g.fail = func(int) error { return &platform.Failure{Code: 410, Text: "Gone", Gone: true, Closed: true} }
		_, err := w.outreach.Test(t.Context(), w.worker, v.ID)
		must(t, err)
		for tries := 1; tries <= 2; tries++ {
			for range 4 {
				w.turn(t, w.outreach)
				w.wait(time.Hour)
			}
			h := w.health(t, v.ID)
			if g.tries != tries || h.State != models.RobotPaused || h.Queued != 1 || h.Failure != "fail_gone 410 Gone" {
				t.Errorf("%d tries: %+v", g.tries, h)
			}
			if tries == 2 {
				g.fail = nil
			}
			_, err = w.outreach.Resume(t.Context(), w.worker, v.ID)
			must(t, err)
		}
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "robot.test/1" {
			t.Error(got)
		}
		w.sound(t)
	})
}

// TestDeliver_OffTheHour: what can wait keeps off the half hour, what cannot does not.
func TestDeliver_OffTheHour(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	v, g := w.connect(t, "07", w.Micro)
	g.rate = platform.Rate{OffTheHour: 2 * time.Minute}
	w.wait(17 * time.Minute) // 20:29
	must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		met := models.Delivery{RobotID: v.ID, Kind: models.DeliveryMet, DueAt: tx.Now}
		urgent := models.Delivery{RobotID: v.ID, Kind: models.DeliveryTest, DueAt: tx.Now}
		if err := tx.CreateDelivery(&met); err != nil {
			return err
		}
		return tx.CreateDelivery(&urgent)
	}))
	w.turn(t, w.outreach)
	if got := kinds(g.heard()); got != "robot.test/1" {
		t.Errorf("at 20:29: %s", got)
	}
	w.wait(3 * time.Minute)
	w.turn(t, w.outreach)
	if got := kinds(g.heard()); got != "need.met/1" {
		t.Errorf("at 20:32: %s", got)
	}
}

// TestDeliver_TwoInstancesSayNothingTwice runs two beside each other over many
// needs: each is told once and its end once.
func TestDeliver_TwoInstancesSayNothingTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, g := w.connect(t, "07", w.Micro)
		both := []*outreach.Service{w.outreach, w.instance()}
		round := func() {
			var running sync.WaitGroup
			for _, s := range both {
				running.Go(func() {
					for range 20 {
						_, err := s.Follow(t.Context())
						_, err2 := s.Tell(t.Context())
						_, err3 := s.Deliver(t.Context())
						if err := errors.Join(err, err2, err3); err != nil {
							t.Error(err)
						}
					}
				})
			}
			running.Wait()
		}
		items := []string{"M128", "M137", "M129", "M133"}
		for _, item := range items {
			w.ask(t, w.elder.Actor, item, 1, models.UrgencyNow, false)
			round()
		}
		for _, item := range items {
			w.give(t, w.giver.Actor, item, 1)
			round()
		}
		got := kinds(g.heard())
		if strings.Count(got, "urgent") != len(items) || strings.Count(got, "met") != len(items) {
			t.Error(got)
		}
		w.sound(t)
	})
}

// TestDeliver_WhoLostTheQueueMayWriteNothing: an instance that slept through its
// lease comes back to a queue that is another's.
func TestDeliver_WhoLostTheQueueMayWriteNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		_, err := w.outreach.Test(t.Context(), w.worker, v.ID)
		must(t, err)
		g.taken, g.hold = make(chan struct{}), make(chan struct{})
		asleep := make(chan error)
		go func() {
			_, err := w.outreach.Deliver(t.Context())
			asleep <- err
		}()
		<-g.taken
		slow := g.hold
		w.wait(30 * time.Second) // leased: nobody else may
		other := w.instance()
		if n, err := other.Deliver(t.Context()); n != 0 || err != nil {
			t.Errorf("%d queues, %v", n, err)
		}
		w.wait(31 * time.Second) // the lease is over
		done := make(chan error)
		go func() {
			_, err := other.Deliver(t.Context())
			done <- err
		}()
		<-g.taken
		slow <- struct{}{} // both go on; whoever sends first is not the question
		slow <- struct{}{}
		must(t, <-done)
		must(t, <-asleep)
		sent := w.deliveries(t, v.ID, models.DeliverySent)
		if len(sent) != 1 || sent[0].Fence != 2 || w.health(t, v.ID).Fence != 2 {
			t.Fatalf("%+v", sent)
		}
		// The database itself refuses the older number.
		err = w.Store.InTx(t.Context(), func(tx *store.Tx) error {
			r, d := v.Robot, sent[0]
			d.Fence = 1
			return tx.GiveQueueBack(&r, &d)
		})
		if f := fault.From(err); f.Code != fault.Conflict {
			t.Errorf("an old number: %v", err)
		}
		w.sound(t)
	})
}

// TestDeliver_ARestartInTheMiddle goes on where it was: nothing is lost, and what
// was under way is tried again when its lease is over.
func TestDeliver_ARestartInTheMiddle(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, g := w.connect(t, "07", w.Micro)
		steps := []func(s *outreach.Service) (int, error){
			func(s *outreach.Service) (int, error) { return s.Follow(t.Context()) },
			func(s *outreach.Service) (int, error) { return s.Tell(t.Context()) },
		}
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		for i := range len(steps) + 1 { // it dies after each step
			s := w.instance()
			for _, step := range steps[:i] {
				_, err := step(s)
				must(t, err)
			}
		}
		w.turn(t, w.instance())
		if got := kinds(g.heard()); got != "need.urgent/2" {
			t.Error(got)
		}
	})
}

// TestDeliver_OneDeadPlatformHoldsUpNobody but its own group.
func TestDeliver_OneDeadPlatformHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	v, dead := w.connect(t, "dead", w.Micro)
	_, alive := w.connect(t, "alive", w.Micro)
	dead.taken, dead.hold = make(chan struct{}, 1), make(chan struct{})
	w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
	for _, step := range []func() (int, error){func() (int, error) { return w.outreach.Follow(t.Context()) }, func() (int, error) { return w.outreach.Tell(t.Context()) }} {
		_, err := step()
		must(t, err)
	}
	all := make(chan error)
	go func() {
		_, err := w.outreach.Deliver(t.Context())
		all <- err
	}()
	<-dead.taken
	for late := time.After(5 * time.Second); ; {
		if got := kinds(alive.heard()); got == "need.urgent/2" {
			break
		}
		select {
		case <-late:
			t.Fatal("the other group hears nothing")
		default:
		}
	}
	close(dead.hold)
	must(t, <-all)
	if h := w.health(t, v.ID); h.Queued != 0 {
		t.Errorf("%+v", h)
	}
}
