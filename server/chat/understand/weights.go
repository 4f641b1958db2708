package understand

import (
	"fmt"
	"slices"
	"strconv"
)

// most is how many answers a question has at most.
const most = 7

// votes is how much something speaks for each of the answers to a question.
type votes [most]int32

// weights answer one question about messages: how much each trait speaks for each
// answer. They are learned from messages whose answer people have written down,
// by `make golden`, and never corrected by hand: a message that is misunderstood
// becomes a lesson.
type weights struct {
	answers []string
	phrases *trie          // phrase → number of the trait
	said    map[string]int // meaning of a cue → number of the trait
	facts   map[string]int
	votes   []votes
}

// openWeights reads the table of a question; its columns are the answers.
func openWeights(name string, answers []string) *weights {
	w := &weights{answers: answers, phrases: newTrie(), said: map[string]int{}, facts: map[string]int{}}
	for n, r := range open(name, slices.Concat([]string{"kind", "trait"}, answers)...) {
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

// weighed is what weighs most, of two that weigh the same the first; what comes
// next, and by how much it is behind.
type weighed struct {
	answer, next string
	lead         int32
}

// near is a lead that a few other words would have turned. Of 2,728 lessons that
// were left out it stopped 29 of the 61 in which asking and giving were mistaken
// for each other, and asked after 32 that were right.
const near = 20

// between reports whether it is one of the two, and might as well be the other.
func (w weighed) between(a, b string) bool {
	return w.lead < near && (w.answer == a && w.next == b || w.answer == b && w.next == a)
}

// weigh adds up what the traits of a message speak for.
func (w *weights) weigh(t traits) weighed {
	var found []int32
	for i := range t.text {
		w.phrases.walk(t.text, i, func(n int32, _ int) { found = append(found, n) })
	}
	for _, m := range t.said {
		if n, known := w.said[m]; known {
			found = append(found, int32(n))
		}
	}
	for _, f := range t.facts {
		if n, known := w.facts[f]; known {
			found = append(found, int32(n))
		}
	}
	slices.Sort(found) // said twice is no more than said
	var sum votes
	for _, n := range slices.Compact(found) {
		for k, v := range w.votes[n] {
			sum[k] += v
		}
	}
	first, second := sum.best(len(w.answers))
	return weighed{w.answers[first], w.answers[second], sum[first] - sum[second]}
}

// best gives which of the first n answers has the most votes, and which comes
// next.
func (v *votes) best(n int) (first, second int) {
	second = 1
	for k := range n {
		switch {
		case v[k] > v[first]:
			first, second = k, first
		case k != first && (second == first || v[k] > v[second]):
			second = k
		}
	}
	return first, second
}
