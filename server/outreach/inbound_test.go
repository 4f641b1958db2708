package outreach_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/models/fault"
	"linli/models/store/storetest"
)

// TestTake_OneAtATimeUntilItIsAnswered: who took a message keeps it; given back, or
// left for half a minute, it is the next one's, and the first may write nothing.
func TestTake_OneAtATimeUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, _ := w.connect(t, "07", w.Micro)
		first, err := w.outreach.Take(t.Context(), v.ID, "m-1")
		must(t, err)
		if _, err := w.instance().Take(t.Context(), v.ID, "m-1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("taken twice: %v", err)
		}
		must(t, w.outreach.GiveBack(t.Context(), first))
		second, err := w.outreach.Take(t.Context(), v.ID, "m-1")
		must(t, err)
		w.wait(31 * time.Second)
		third, err := w.instance().Take(t.Context(), v.ID, "m-1")
		must(t, err)
		if err := w.outreach.Answered(t.Context(), second, "too late", true); !fault.Is(err, fault.Conflict) {
			t.Errorf("who lost the message answers it: %v", err)
		}
		must(t, w.outreach.GiveBack(t.Context(), second))
		if _, err := w.outreach.Take(t.Context(), v.ID, "m-1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("who lost the message gives it back: %v", err)
		}
		must(t, w.outreach.Answered(t.Context(), third, "good", false))
		must(t, w.outreach.GiveBack(t.Context(), third))
		unsaid, err := w.outreach.Take(t.Context(), v.ID, "m-1")
		if err != nil || unsaid.Again || unsaid.Answer != "good" {
			t.Fatalf("an answer that was not said: %+v, %v", unsaid, err)
		}
		must(t, w.outreach.Answered(t.Context(), unsaid, "good", true))
		if said, err := w.outreach.Take(t.Context(), v.ID, "m-1"); err != nil || !said.Again || said.Answer != "good" {
			t.Errorf("%+v, %v", said, err)
		}
	})
}

// TestTake_OfManyAtOnceOneHasIt, when it is new and when it was given back.
func TestTake_OfManyAtOnceOneHasIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, _ := w.connect(t, "07", w.Micro)
		for range 2 {
			var taken atomic.Int32
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					m, err := w.outreach.Take(t.Context(), v.ID, "m-1")
					if err == nil {
						taken.Add(1)
						w.wait(time.Millisecond)
						err = w.outreach.Answered(t.Context(), m, "", false) // still its own
					}
					if err != nil && !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := taken.Load(); n != 1 {
				t.Errorf("%d took it", n)
			}
			w.wait(31 * time.Second)
		}
	})
}

// TestPair_TheSameMessageAgain: whom a code has bound it still knows; others not.
func TestPair_TheSameMessageAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	v, _ := w.connect(t, "07", w.Micro)
	code, _, err := w.outreach.PairingCode(t.Context(), w.giver.Actor)
	must(t, err)
	must(t, errors.Join(w.outreach.Pair(t.Context(), v.Robot, "u-giver", code), w.outreach.Pair(t.Context(), v.Robot, "u-giver", code)))
	if err := w.outreach.Pair(t.Context(), v.Robot, "u-other", code); !fault.Is(err, fault.NotFound) {
		t.Errorf("a code of somebody else: %v", err)
	}
}
