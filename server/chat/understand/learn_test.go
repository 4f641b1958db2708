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
	"sync"
	"testing"

	"linli/matching/catalogue"
)

var (
	update = flag.Bool("update", false, "learn the tables of weights anew")
	cross  = flag.Int("cross", 0, "into how many parts the lessons are cut, each of which is answered by what the others teach")
)

// How the weights are learned. Of lessons that were left out in turn, other
// figures answered no more.
const (
	rounds  = 20
	margin  = 50 // by how much what is right must lead
	seldom  = 4  // a trait of fewer lessons is none
	scale   = 1  // of the weights in a table
	taken   = 10 // one of so many phrases that are built of classes teaches: they say it all the same way
	shuffle = 7
)

// lesson is a message and what people have written down of it.
type lesson struct {
	gold
	traits []int
}

// question is what a table of weights answers. Nobody knows the answer of a lesson
// for which it gives "".
type question struct {
	table   string
	answers []string
	answer  func(lesson) string
}

var questions = []question{
	{"data/intent.tsv", intents, func(l lesson) string { return l.Intent }},
	{"data/bar.tsv", bars, func(l lesson) string {
		switch {
		case slices.ContainsFunc(l.Items, func(it goldItem) bool { return shares()[it.Canonical] == catalogue.ShareNever }):
			return "" // that bars it whatever the words say
		case l.Intent == Cancel || l.Intent == Query || l.Intent == Chatter:
			return ""
		case l.Policy == Sale || l.Policy == Forbidden:
			return l.Policy
		}
		return OK
	}},
}

var shares = sync.OnceValue(func() map[string]string {
	of := map[string]string{}
	for _, it := range catalogue.Embedded().Items() {
		of[it.Name] = it.Share
	}
	return of
})

// lessons are the messages of testdata, then the examples of cues.tsv, and all the
// traits that are common enough.
func lessons(t testing.TB) ([]lesson, []trait) {
	t.Helper()
	var all []lesson
	for _, g := range readGold(t, "testdata/lessons.jsonl") {
		all = append(all, lesson{gold: g})
	}
	of := readClasses(open("classes.tsv", "class", "words"))
	for _, r := range open("cues.tsv", "means", "written", "example", "expect") {
		field, value, _ := strings.Cut(r.cells[3], "=")
		for i, said := range of.phrases(r.cells[1]) {
			if i%taken != 0 && strings.Contains(r.cells[1], "(") {
				continue
			}
			g := gold{Text: strings.ReplaceAll(r.cells[2], "{}", placeholders.Replace(said))}
			switch field {
			case "intent":
				g.Intent = value
			case "policy":
				g.Policy = value
			}
			all = append(all, lesson{gold: g})
		}
	}
	count := map[trait]int{}
	each := make([]map[trait]bool, len(all))
	for i := range all {
		each[i] = Embedded().book.hear(all[i].Text, messageDay).traits().each()
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
func (q question) learn(all []lesson, traits int) []votes {
	type sums [most]int
	now, past := make([]sums, traits), make([]sums, traits) // past: each change times when it came
	random := rand.New(rand.NewPCG(shuffle, 0))
	step := 0
	for range rounds {
		for _, i := range random.Perm(len(all)) {
			right := slices.Index(q.answers, q.answer(all[i]))
			if right < 0 {
				continue
			}
			step++
			sum, rival := sums{}, -1
			for _, x := range all[i].traits {
				for k, v := range now[x] {
					sum[k] += v
				}
			}
			for k := range q.answers {
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
	for _, q := range questions {
		var table bytes.Buffer
		fmt.Fprintf(&table, "kind\ttrait\t%s\n", strings.Join(q.answers, "\t"))
		for n, v := range q.learn(all, len(known)) {
			if v == (votes{}) {
				continue
			}
			fmt.Fprintf(&table, "%s\t%s", known[n].kind, known[n].name)
			for k := range q.answers {
				fmt.Fprintf(&table, "\t%d", v[k])
			}
			table.WriteByte('\n')
		}
		if *update {
			if err := os.WriteFile(q.table, table.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept, err := os.ReadFile(q.table)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, table.Bytes()) {
			t.Errorf("%s is not what %d lessons teach: make golden", q.table, len(all))
		}
	}
}

// TestLessons_TeachWhatIsLeftOut tells how well that goes which was not taught: as
// the lessons come from many hands, how well a stranger is understood.
func TestLessons_TeachWhatIsLeftOut(t *testing.T) {
	if *cross == 0 {
		return
	}
	all, known := lessons(t)
	taught := len(readGold(t, "testdata/lessons.jsonl"))
	for _, q := range questions {
		right, asked := 0, 0
		for part := range *cross {
			from, to := taught*part / *cross, taught*(part+1) / *cross
			learned := q.learn(append(slices.Clone(all[:from]), all[to:]...), len(known))
			hits, n := 0, 0
			for _, one := range all[from:to] {
				if q.answer(one) == "" {
					continue
				}
				var sum votes
				for _, x := range one.traits {
					for k, v := range learned[x] {
						sum[k] += v
					}
				}
				n++
				if first, _ := sum.best(len(q.answers)); q.answers[first] == q.answer(one) {
					hits++
				}
			}
			t.Logf("%s, lessons %d to %d: %.3f", q.table, from+1, to, share(hits, n))
			right, asked = right+hits, asked+n
		}
		t.Logf("%s, all %d: %.4f", q.table, asked, share(right, asked))
	}
}
