package understand

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "learn data/intent.tsv anew")

// How the weights are learned. Trying all lessons against each other, a batch of
// them left out in turn, no other figures did better.
const (
	rounds  = 20
	margin  = 100 // by how much what is right must lead
	seldom  = 3   // a trait of fewer lessons is none
	scale   = 4   // of the weights in the table
	shuffle = 7
)

// lesson is a message and the number of its intent.
type lesson struct {
	text   string
	traits []int
	intent int
}

// lessons are the messages of testdata and the examples of cues.tsv, and all the
// traits that are common enough.
func lessons(t testing.TB) ([]lesson, []trait) {
	t.Helper()
	var all []lesson
	add := func(text, intent string) {
		all = append(all, lesson{text: text, intent: slices.Index(intents[:], intent)})
	}
	for _, g := range readGold(t, "testdata/lessons.jsonl") {
		add(g.Text, g.Intent)
	}
	of := readClasses(open("classes.tsv", "class", "words"))
	for _, r := range open("cues.tsv", "means", "written", "example", "expect") {
		if intent, ok := strings.CutPrefix(r.cells[3], "intent="); ok {
			for _, said := range of.phrases(r.cells[1]) {
				add(strings.ReplaceAll(r.cells[2], "{}", placeholders.Replace(said)), intent)
			}
		}
	}
	count := map[trait]int{}
	each := make([]map[trait]bool, len(all))
	for i := range all {
		each[i] = Embedded().book.hear(all[i].text, messageDay).traits.each()
		for x := range each[i] {
			count[x]++
		}
	}
	var known []trait
	for x, n := range count {
		if n >= seldom {
			known = append(known, x)
		}
	}
	slices.SortFunc(known, func(a, b trait) int { return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.name, b.name)) })
	number := map[trait]int{}
	for n, x := range known {
		number[x] = n
	}
	for i := range all {
		for x := range each[i] {
			if n, ok := number[x]; ok {
				all[i].traits = append(all[i].traits, n)
			}
		}
	}
	return all, known
}

// learn finds the weights, by a perceptron with a margin that is averaged over
// all it was (Y. Freund and R. Schapire, Large Margin Classification Using the
// Perceptron Algorithm, Machine Learning 37 (1999), 277–296). It counts in whole
// numbers, so that every machine learns the same.
func learn(all []lesson, traits int) []votes {
	type sums [len(intents)]int
	now, past := make([]sums, traits), make([]sums, traits) // past: each change times when it came
	random := rand.New(rand.NewPCG(shuffle, 0))
	step := 0
	for range rounds {
		for _, i := range random.Perm(len(all)) {
			step++
			sum, right, rival := sums{}, all[i].intent, -1
			for _, x := range all[i].traits {
				for k, v := range now[x] {
					sum[k] += v
				}
			}
			for k := range sum {
				if k != right && (rival < 0 || sum[k] > sum[rival]) {
					rival = k
				}
			}
			if sum[right]-sum[rival] > margin {
				continue
			}
			for _, x := range all[i].traits {
				now[x][right]++
				now[x][rival]--
				past[x][right] += step
				past[x][rival] -= step
			}
		}
	}
	learned := make([]votes, traits)
	for x := range learned {
		for k := range learned[x] {
			learned[x][k] = int32(rounded((now[x][k]*step-past[x][k])*scale, step))
		}
	}
	return learned
}

func rounded(a, b int) int {
	if a < 0 {
		return -rounded(-a, b)
	}
	return (a + b/2) / b
}

// TestWeights_AreWhatTheLessonsTeach: nobody corrects a weight by hand.
func TestWeights_AreWhatTheLessonsTeach(t *testing.T) {
	t.Parallel()
	all, known := lessons(t)
	var table bytes.Buffer
	fmt.Fprintf(&table, "kind\ttrait\t%s\n", strings.Join(intents[:], "\t"))
	for n, v := range learn(all, len(known)) {
		if v != (votes{}) {
			fmt.Fprintf(&table, "%s\t%s", known[n].kind, known[n].name)
			for _, x := range v {
				fmt.Fprintf(&table, "\t%d", x)
			}
			table.WriteByte('\n')
		}
	}
	if *update {
		if err := os.WriteFile("data/intent.tsv", table.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile("data/intent.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, table.Bytes()) {
		t.Errorf("data/intent.tsv is not what %d lessons teach: make golden", len(all))
	}
}

var cross = flag.Int("cross", 0, "into how many parts the lessons are cut, each of which is understood by what the others teach")

// TestLearn_WhatOthersTeach tells how well that goes which was not taught: as long
// as the lessons come from many people, how well a stranger is understood.
func TestLearn_WhatOthersTeach(t *testing.T) {
	if *cross == 0 {
		return
	}
	all, known := lessons(t)
	taught := len(readGold(t, "testdata/lessons.jsonl"))
	right := 0
	for part := range *cross {
		from, to := taught*part / *cross, taught*(part+1) / *cross
		learned := learn(append(slices.Clone(all[:from]), all[to:]...), len(known))
		hits := 0
		for _, one := range all[from:to] {
			if best(one, learned) == one.intent {
				hits++
			}
		}
		t.Logf("lessons %d to %d: %.3f", from+1, to, share(hits, to-from))
		right += hits
	}
	t.Logf("all %d: %.4f", taught, share(right, taught))
}

func best(one lesson, learned []votes) int {
	sum := votes{}
	for _, x := range one.traits {
		for k, v := range learned[x] {
			sum[k] += v
		}
	}
	first := 0
	for k := range sum {
		if sum[k] > sum[first] {
			first = k
		}
	}
	return first
}
