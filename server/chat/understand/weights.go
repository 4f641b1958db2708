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

// asked is a question about a message: the table of its weights, of which the columns
// are its answers.
type asked struct {
	table   string
	answers []string
}

// weights answer questions about messages: how much each trait speaks for each
// answer. They are learned from messages whose answers people have written down, by
// `make golden`, and never corrected by hand: a message that is misunderstood becomes
// a lesson. All questions are asked at once, since what costs is to find the traits.
type weights struct {
	questions []asked
	numbers   map[trait]int32 // of the traits
	phrases   *trie           // phrase → number, to find them
	votes     []votes         // by number, and within it by question
}

func readWeights(questions ...asked) *weights {
	w := &weights{questions: questions, numbers: map[trait]int32{}, phrases: newTrie()}
	for q, of := range questions {
		for _, r := range open(of.table, slices.Concat([]string{"kind", "trait"}, of.answers)...) {
			into := &w.of(w.number(r, trait{r.cells[0], r.cells[1]}))[q]
			for k, cell := range r.cells[2:] {
				vote, err := strconv.ParseInt(cell, 10, 32)
				if err != nil {
					panic(fmt.Sprintf("%s: %v", r.line, err))
				}
				into[k] = int32(vote)
			}
		}
	}
	w.phrases.freeze()
	return w
}

// of are the votes of a trait, by question.
func (w *weights) of(number int32) []votes {
	from := int(number) * len(w.questions)
	return w.votes[from : from+len(w.questions)]
}

// number gives a trait its number, where it has none yet.
func (w *weights) number(r row, t trait) int32 {
	n, known := w.numbers[t]
	if known {
		return n
	}
	n = int32(len(w.numbers))
	w.numbers[t], w.votes = n, append(w.votes, make([]votes, len(w.questions))...)
	switch t.kind {
	case phrase:
		w.phrases.add([]rune(unspaced.Replace(t.name)), n)
	case cue, fact:
	default:
		panic(fmt.Sprintf("%s: nobody knows a %s", r.line, t.kind))
	}
	return n
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

// weigh adds up what the traits of a message speak for, question by question.
func (w *weights) weigh(t traits) []weighed {
	sums := make([]votes, len(w.questions))
	seen := make([]uint64, len(w.numbers)/64+1)
	add := func(n int32) {
		if seen[n/64]&(1<<(n%64)) != 0 {
			return // said twice is no more than said
		}
		seen[n/64] |= 1 << (n % 64)
		of := w.of(n)
		for q := range of {
			for k, v := range &of[q] {
				sums[q][k] += v
			}
		}
	}
	for i := range t.text {
		w.phrases.walk(t.text, i, func(n int32, _ int) { add(n) })
	}
	for _, x := range t.others {
		if n, known := w.numbers[x]; known {
			add(n)
		}
	}
	found := make([]weighed, len(sums))
	for q, sum := range sums {
		answers := w.questions[q].answers
		first, second := sum.best(len(answers))
		found[q] = weighed{answers[first], answers[second], sum[first] - sum[second]}
	}
	return found
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
