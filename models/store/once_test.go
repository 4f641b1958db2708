package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

// answer is a typed result with something in it that must come back as it was.
type answer struct {
	ID   models.ID
	Text string
	Left map[string]int
}

// doors are the two ways in which a call with a result is made.
var doors = map[string]func(ctx context.Context, s *scene, actor models.Actor, fn func(tx *store.Tx) (answer, error)) (answer, error){
	"exchange": func(ctx context.Context, s *scene, actor models.Actor, fn func(tx *store.Tx) (answer, error)) (answer, error) {
		return store.Exchange(ctx, s.Store, actor, []models.ID{s.Micro.ID}, nil, fn)
	},
	"register": func(ctx context.Context, s *scene, actor models.Actor, fn func(tx *store.Tx) (answer, error)) (answer, error) {
		return store.Register(ctx, s.Store, actor, fn)
	},
}

// eachDoor runs a test through both doors on both databases. call makes the
// call of an actor, whose effect is a post.
func eachDoor(t *testing.T, test func(t *testing.T, s *scene, call func(models.Actor, models.Call) (answer, error))) {
	t.Helper()
	for name, door := range doors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				s := newScene(t, b)
				test(t, s, func(actor models.Actor, c models.Call) (answer, error) {
					actor.Call = c
					return door(t.Context(), s, actor, func(tx *store.Tx) (answer, error) {
						o := models.Offer{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.giver.HouseholdID,
							PersonID: s.giver.PersonID, Way: models.WayRelay, CreatedAt: tx.Now}
						return answer{o.ID, awkward, map[string]int{"left": 4}}, tx.CreateOffer(&o)
					})
				})
			})
		})
	}
}

// effects counts what the calls have left.
func (s *scene) effects(t *testing.T) int {
	t.Helper()
	var offers []models.Offer
	must(t, s.Store.Read(t.Context(), store.OffersOf(s.giver.PersonID, false, nil, 1000, &offers)))
	return len(offers)
}

func (s *scene) wantEffects(t *testing.T, what string, want int) {
	t.Helper()
	if got := s.effects(t); got != want {
		t.Errorf("%s: %d effects, not %d", what, got, want)
	}
}

var call = models.Call{Key: "k-1", Route: "POST /offers", Hash: "body 1"}

func TestOnce_TheSameCallHasOneEffectAndOneAnswer(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, s *scene, do func(models.Actor, models.Call) (answer, error)) {
		first, err := do(s.giver.Actor, call)
		must(t, err)
		s.wait(time.Minute)
		again, err := do(s.giver.Actor, call)
		must(t, err)
		same(t, "the answer", again, first)
		s.wantEffects(t, "the same call", 1)

		other := call
		other.Hash = "body 2"
		_, err = do(s.giver.Actor, other)
		if f := fault.From(err); f.Code != fault.Invalid || f.Reason != "key_reused" {
			t.Errorf("another body: %v", err)
		}
		s.wantEffects(t, "another body", 1)

		route := call
		route.Route = "POST /requests"
		for what, c := range map[string]struct {
			actor models.Actor
			call  models.Call
		}{"another route": {s.giver.Actor, route}, "another person": {s.elder.Actor, call}, "no key": {s.giver.Actor, models.Call{Route: call.Route}}} {
			before := s.effects(t)
			got, err := do(c.actor, c.call)
			must(t, err)
			if got.ID == first.ID {
				t.Errorf("%s is told the answer of the first", what)
			}
			s.wantEffects(t, what, before+1)
		}
	})
}

func TestOnce_AKeyAnswersForADayAndThenIsNew(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, s *scene, do func(models.Actor, models.Call) (answer, error)) {
		first, err := do(s.giver.Actor, call)
		must(t, err)
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{store.KeptKeys, 1}, {time.Millisecond, 2}} {
			s.wait(c.after)
			must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.DropOldKeys() }))
			got, err := do(s.giver.Actor, call)
			must(t, err)
			if (got.ID == first.ID) != (c.want == 1) {
				t.Errorf("%s later: %v", c.after, got)
			}
			s.wantEffects(t, c.after.String()+" later", c.want)
		}
	})
}

func TestOnce_ARefusedCallIsJudgedAnew(t *testing.T) {
	t.Parallel()
	for name, door := range doors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				s := newScene(t, b)
				actor := s.giver.Actor
				actor.Call = call
				refused := fault.New(fault.Refused, "not_enough")
				for i, want := range []error{refused, nil, nil} {
					got, err := door(t.Context(), s, actor, func(*store.Tx) (answer, error) { return answer{Text: fmt.Sprint(i)}, want })
					if !errors.Is(err, want) {
						t.Errorf("call %d: %v", i, err)
					}
					if want == nil && got.Text != "1" {
						t.Errorf("call %d answers %q", i, got.Text)
					}
				}
			})
		})
	}
}

// TestOnce_ManyAtTheSameMoment: whoever does not win hears the same answer, or
// that the call is under way.
func TestOnce_ManyAtTheSameMoment(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, s *scene, do func(models.Actor, models.Call) (answer, error)) {
		var wait sync.WaitGroup
		var mu sync.Mutex
		told := map[models.ID]int{}
		for range 16 {
			wait.Go(func() {
				got, err := do(s.giver.Actor, call)
				mu.Lock()
				defer mu.Unlock()
				switch f := fault.From(err); {
				case err == nil:
					told[got.ID]++
				case f.Code != fault.Conflict || f.Reason != "key_in_flight":
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if len(told) != 1 {
			t.Errorf("different answers: %v", told)
		}
		s.wantEffects(t, "sixteen at once", 1)
	})
}
