package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
)

// small is a community in which much happens soon.
func small(t testing.TB) Scenario {
	t.Helper()
	s, err := Named("shortage")
	if err != nil {
		t.Fatal(err)
	}
	s.Days, s.Micros, s.Ordinaries, s.Stock, s.PeakDay, s.Step = 1, 4, 2, 0.6, 0, 15*time.Minute
	return s
}

func played(t testing.TB, s Scenario, seed uint64, policies ...Policy) Report {
	t.Helper()
	r, err := Run(s, seed, policies, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRun_TheSameSeedGivesTheSameReport(t *testing.T) {
	text := func(seed uint64) string {
		b, err := json.Marshal(played(t, small(t), seed, Policies...))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first := text(1)
	before := runtime.GOMAXPROCS(1)
	alone := text(1)
	runtime.GOMAXPROCS(before)
	if alone != first {
		t.Errorf("on one processor it is another:\n%s\n%s", first, alone)
	}
	if text(2) == first {
		t.Error("another seed gives the same")
	}
}

func TestRun_NobodyBeatsTheLimitAndNothingUnsafeIsGiven(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"street", "night", "small"} {
		const seed = 1
		s := small(t)
		if name != "small" {
			s, _ = Named(name)
			s.Ordinaries, s.Micros = min(s.Ordinaries, 2), min(s.Micros, 3)
		}
		r := played(t, s, seed, Policies...)
		for _, x := range r.Results {
			at := fmt.Sprintf("%s seed %d %s", name, seed, x.Policy)
			if x.OfLimit > 1 || x.OfKnown > 1 || x.Satisfiable > 1 {
				t.Errorf("%s beats the limit: %+v", at, x)
			}
			if x.Policy != Groupchat && x.Unsafe > 0 {
				t.Errorf("%s gave %d unsafe units", at, x.Unsafe)
			}
			if x.Units > r.Limit.Asked {
				t.Errorf("%s gave more than was asked", at)
			}
		}
	}
}

// In all that happened units are conserved, and nobody is asked beyond her budget.
func TestPlay_KeepsTheLaws(t *testing.T) {
	t.Parallel()
	m := matching.New(catalogue.Embedded())
	for _, p := range Policies {
		w := newWorld(small(t), 7, m)
		c := newCity(w, p, m)
		most := 0
		c.play(func(int) {
			for _, s := range c.streets {
				for _, n := range s.neighbours {
					most = max(most, n.AskedToday)
				}
			}
		})
		offered := map[models.ItemID]int{}
		for _, x := range w.stocks {
			offered[x.lot.ItemID] += x.lot.Offered
		}
		there := map[models.ItemID]int{}
		for _, s := range c.streets {
			for _, n := range s.needs {
				if err := n.Check(); err != nil {
					t.Errorf("%s %s: %v", p, n.ID, err)
				}
			}
			for _, l := range s.lots {
				if err := l.Check(); err != nil {
					t.Errorf("%s %s: %v", p, l.ID, err)
				}
				there[l.ItemID] += l.Offered
			}
			for _, h := range s.grid.homes {
				for _, l := range s.drawers[h.ID] {
					there[l.ItemID] += l.Offered
				}
			}
		}
		if fmt.Sprint(there) != fmt.Sprint(offered) {
			t.Errorf("%s: %v became %v", p, offered, there)
		}
		if most > matching.DefaultPolicy.AsksPerDay || p == Linli && most == 0 {
			t.Errorf("%s: somebody was asked %d times in a day", p, most)
		}
	}
}

func TestParse_NamesTheLine(t *testing.T) {
	t.Parallel()
	good, err := files.ReadFile("scenarios/street.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{"days\t1\t", "days\tmany\t"}:         "days",
		{"days\t1\t", "days\t0\t"}:            "days",
		{"attack\t", "attak\t"}:               "attak",
		{"stock\t1\t", "stock\tNaN\t"}:        "stock",
		{"step\t1m\t", "step\t1s\t"}:          "step",
		{"towns\t1\t", "towns\t2\t"}:          "level",
		{"worker_ill\t", "# worker_ill\t"}:    "worker_ill",
		{"attack\t0.4\t", "attack\t0.4\n#\t"}: "reason",
	} {
		text := strings.Replace(string(good), change[0], change[1], 1)
		if text == string(good) {
			t.Fatalf("%q is not there", change[0])
		}
		if _, err := Parse("street", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", change[1], err)
		}
	}
	for _, name := range Scenarios() {
		if _, err := Named(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := Named("moon"); err == nil || !strings.Contains(err.Error(), "street") {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestReport_IsReadableInEveryForm(t *testing.T) {
	t.Parallel()
	r := played(t, small(t), 3, Policies...)
	var table, page bytes.Buffer
	if err := r.Table(&table); err != nil {
		t.Fatal(err)
	}
	if err := r.HTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"groupchat", "linli", "asked per need", "clairvoyant"} {
		if !strings.Contains(table.String(), want) || !strings.Contains(page.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(page.String(), "NaN") || strings.Contains(page.String(), "http") {
		t.Error("the page is broken, or wants the network")
	}
	if _, err := Run(small(t), 1, []Policy{"moon"}, nil); err == nil {
		t.Error("an unknown policy was played")
	}
}

// BenchmarkLinli plays 400 micro-grids of the city's wave, a tenth of it.
func BenchmarkLinli(b *testing.B) {
	s, err := Named("chongzhou")
	if err != nil {
		b.Fatal(err)
	}
	s.Towns, s.Generals, s.Ordinaries, s.Micros = 3, 16, 200, 400
	for b.Loop() {
		played(b, s, 1, Linli)
	}
}
