package push

import (
	"slices"
	"testing"

	"linli/models"
)

func eventsUpTo(from, to int64) []models.Event {
	var events []models.Event
	for seq := from; seq <= to; seq++ {
		events = append(events, models.Event{GridID: gridA, Seq: seq})
	}
	return events
}

// seqs lists what a topic has for a place that stands at a number.
func seqs(t *topic, at int64) []int64 {
	var all []int64
	for _, f := range t.after(&place{at: at}).frames {
		all = append(all, f.event.Seq)
	}
	return all
}

// A grid that was left and followed again may still be handed events of the
// earlier following; taking them would make a hole.
func TestATopicTakesOnlyWhatComesNext(t *testing.T) {
	t.Parallel()
	x := &topic{grid: gridA, seq: 5}
	x.add(eventsUpTo(8, 9), 100) // of an earlier following
	x.add(eventsUpTo(4, 6), 100)
	x.add(eventsUpTo(6, 7), 100) // again
	x.add(eventsUpTo(9, 9), 100)
	x.add(eventsUpTo(8, 9), 100)
	if got := seqs(x, 5); !slices.Equal(got, []int64{6, 7, 8, 9}) {
		t.Fatal(got)
	}
}

func TestATopicKeepsATailAndSaysWhoIsBehind(t *testing.T) {
	t.Parallel()
	x := &topic{grid: gridA}
	x.add(eventsUpTo(1, 10), 4)
	for at, behind := range map[int64]bool{0: true, 5: true, 6: false, 10: false, 11: false} {
		if a := x.after(&place{at: at}); a.behind != behind || !behind && len(a.frames) != int(max(0, 10-at)) {
			t.Errorf("at %d: %+v", at, a)
		}
	}
	for _, f := range x.frames {
		f.added = f.added.Add(-2 * tailFor)
	}
	x.add(eventsUpTo(11, 11), 4)
	if got := seqs(x, 10); !slices.Equal(got, []int64{11}) || len(x.frames) != 1 {
		t.Fatalf("old frames are kept: %v of %d", got, len(x.frames))
	}
}

func TestATopicTellsALossOnceToEachPlace(t *testing.T) {
	t.Parallel()
	x := &topic{grid: gridA}
	x.add(eventsUpTo(1, 3), 4)
	p := &place{at: 1}
	x.lose(20)
	if a := x.after(p); !a.lost || a.seq != 20 {
		t.Fatalf("%+v", a)
	}
	p.at = 20
	x.add(eventsUpTo(21, 21), 4)
	if a := x.after(p); a.lost || len(a.frames) != 1 {
		t.Fatalf("%+v", a)
	}
}
