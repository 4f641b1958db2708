package understand

import (
	"fmt"
	"slices"
	"strconv"
)

// intents are what somebody may mean, in the order of the columns of intent.tsv.
// Of two that weigh the same the first is meant.
var intents = [...]string{Request, Offer, Sell, Fulfilled, Cancel, Query, Chatter}

// votes is how much something speaks for each of the intents.
type votes [len(intents)]int32

// weights tell how much each trait of a message speaks for each intent. They are
// learned from messages whose meaning people have written down, by
// `make golden`, and never corrected by hand: a message that is misunderstood
// becomes a lesson.
type weights struct {
	phrases *trie          // phrase → number of the trait
	said    map[string]int // meaning of a cue → number of the trait
	facts   map[string]int
	votes   []votes
}

func readWeights(rows []row) *weights {
	w := &weights{phrases: newTrie(), said: map[string]int{}, facts: map[string]int{}}
	for n, r := range rows {
		switch t := (trait{r.cells[0], r.cells[1]}); t.kind {
		case phrase:
			w.phrases.add([]rune(unspaced.Replace(t.name)), int32(n))
		case cue:
			w.said[t.name] = n
		case fact:
			w.facts[t.name] = n
		default:
			panic(fmt.Sprintf("%s: nobody knows a %s", r.line, t.kind))
		}
		var v votes
		for k, cell := range r.cells[2:] {
			number, err := strconv.ParseInt(cell, 10, 32)
			if err != nil {
				panic(fmt.Sprintf("%s: %v", r.line, err))
			}
			v[k] = int32(number)
		}
		w.votes = append(w.votes, v)
	}
	w.phrases.freeze()
	return w
}

// intent is what weighs most, and how much more than what comes next.
func (w *weights) intent(t traits) (intent string, lead int32) {
	var found []int32
	for i := range t.text {
		w.phrases.walk(t.text, i, func(n int32, _ int) { found = append(found, n) })
	}
	slices.Sort(found) // said twice is no more than said
	sum := votes{}
	add := func(n int) {
		for k, v := range w.votes[n] {
			sum[k] += v
		}
	}
	for _, n := range slices.Compact(found) {
		add(int(n))
	}
	for _, m := range t.said {
		if n, known := w.said[m]; known {
			add(n)
		}
	}
	for _, f := range t.facts {
		if n, known := w.facts[f]; known {
			add(n)
		}
	}
	first := 0
	for k := range sum {
		if sum[k] > sum[first] {
			first = k
		}
	}
	lead = 1 << 30
	for k := range sum {
		if k != first {
			lead = min(lead, sum[first]-sum[k])
		}
	}
	return intents[first], lead
}
