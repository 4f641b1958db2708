package understand

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"linli/models"
)

// The day on which all messages of the sets were written.
const messageDay = models.Date("2022-12-20")

// gold is a message with its labels, as docs of messages_rules.md define them.
type gold struct {
	Text     string
	Intent   string
	Items    []goldItem
	Audience *string
	Urgent   bool
	Expiry   *string
	Location *Place
	Policy   string
	PII      []string
}

type goldItem struct {
	Canonical string
	Qty       *float64
	Unit      *string
}

func (g goldItem) String() string {
	s := g.Canonical
	if g.Qty != nil {
		s += fmt.Sprintf(" %v", *g.Qty)
	}
	if g.Unit != nil {
		s += *g.Unit
	}
	return s
}

func readGold(t testing.TB, path string) []gold {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []gold
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var g gold
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			t.Fatalf("%s: %v: %s", path, err, lines.Text())
		}
		all = append(all, g)
	}
	return all
}

// figures count what was understood rightly.
type figures struct {
	n                                               int
	intent, audience, urgent, expiry, place, policy int
	right, found, wanted                            int // items
	refused, caught                                 int // what must not be shared
}

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (f figures) f1() float64 { return 2 * float64(f.right) / float64(f.found+f.wanted) }

func (f figures) String() string {
	return fmt.Sprintf("%d messages: intent %.3f, items F1 %.3f, audience %.3f, urgent %.3f, expiry %.3f, place %.3f, policy %.3f, caught %.3f",
		f.n, share(f.intent, f.n), f.f1(), share(f.audience, f.n), share(f.urgent, f.n), share(f.expiry, f.n), share(f.place, f.n), share(f.policy, f.n), share(f.caught, f.refused))
}

func text(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

func placeText(p *Place) string {
	if p == nil {
		return "-"
	}
	return text(p.Building) + "/" + text(p.Unit) + "/" + text(p.Room)
}

func itemTexts[T any](all []T, of func(T) goldItem) []string {
	var texts []string
	for _, x := range all {
		texts = append(texts, of(x).String())
	}
	return texts
}

func measure(t testing.TB, set []gold, show bool) figures {
	var f figures
	for _, g := range set {
		u := Embedded().Understand(g.Text, messageDay)
		f.n++
		var wrong []string
		check := func(name, got, want string, count *int) {
			if got == want {
				*count++
			} else {
				wrong = append(wrong, fmt.Sprintf("%s %s, want %s", name, got, want))
			}
		}
		check("intent", u.Intent, g.Intent, &f.intent)
		check("audience", text(u.Audience), text(g.Audience), &f.audience)
		check("urgent", fmt.Sprint(u.Urgent), fmt.Sprint(g.Urgent), &f.urgent)
		check("expiry", text(u.Expiry), text(g.Expiry), &f.expiry)
		check("place", placeText(u.Location), placeText(g.Location), &f.place)
		check("policy", u.Policy, g.Policy, &f.policy)
		if g.Policy != OK {
			f.refused++
			if u.Policy != OK {
				f.caught++
			}
		}
		got := itemTexts(u.Items, func(i Item) goldItem { return goldItem{i.Canonical, i.Qty, i.Unit} })
		want := itemTexts(g.Items, func(i goldItem) goldItem { return i })
		f.found += len(got)
		f.wanted += len(want)
		left := append([]string{}, want...)
		for _, x := range got {
			for k, w := range left {
				if w == x {
					f.right++
					left = append(left[:k], left[k+1:]...)
					break
				}
			}
		}
		sort.Strings(left)
		if strings.Join(got, "|") != strings.Join(want, "|") {
			wrong = append(wrong, fmt.Sprintf("items %v, want %v", got, want))
		}
		if show && len(wrong) > 0 {
			t.Logf("%s\n    %s", g.Text, strings.Join(wrong, "; "))
		}
	}
	return f
}

// What is aimed at: of messages that nobody here has seen.
var aims = map[string]float64{"intent": 0.95, "items": 0.92, "audience": 0.95, "urgent": 0.95, "expiry": 0.95, "place": 0.95, "caught": 0.98}

// TestExam_IsPassed: messages of two hands that neither knew the program nor teach
// it anything. What was wrong with them at first sight, 3 and 5 intents of a
// hundred, is no secret any more, so a fresh set tells more: -set.
func TestExam_IsPassed(t *testing.T) {
	t.Parallel()
	f := measure(t, readGold(t, "testdata/exam.jsonl"), true)
	t.Log(f)
	f.reach(t, aims)
}

// TestDev_IsUnderstood: nor do the examples.
func TestDev_IsUnderstood(t *testing.T) {
	t.Parallel()
	f := measure(t, readGold(t, "testdata/dev.jsonl"), true)
	t.Log(f)
	f.reach(t, aims)
}

// TestLessons_AreUnderstood: what was taught is known.
func TestLessons_AreUnderstood(t *testing.T) {
	t.Parallel()
	f := measure(t, readGold(t, "testdata/lessons.jsonl"), true)
	t.Log(f)
	f.reach(t, aims)
}

var set = flag.String("set", "", "a file of labelled messages to measure")

// TestSet_IsMeasured tells how a file is understood that nobody learned from.
func TestSet_IsMeasured(t *testing.T) {
	if *set != "" {
		t.Log(measure(t, readGold(t, *set), true))
	}
}

// reach demands the least of every figure.
func (f figures) reach(t *testing.T, least map[string]float64) {
	t.Helper()
	for name, got := range map[string]float64{"intent": share(f.intent, f.n), "items": f.f1(), "audience": share(f.audience, f.n), "urgent": share(f.urgent, f.n),
		"expiry": share(f.expiry, f.n), "place": share(f.place, f.n), "caught": share(f.caught, f.refused)} {
		if got < least[name] {
			t.Errorf("%s %.3f, want %.2f", name, got, least[name])
		}
	}
}
