package understand

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"linli/matching/catalogue"
)

// TestDev_WithEveryOtherItem puts every name of the catalogue into every
// message of the development set that speaks of one thing: what is meant, how
// many and for whom stays, and the item is the new one.
func TestDev_WithEveryOtherItem(t *testing.T) {
	t.Parallel()
	b := Embedded().book
	tried, sample, wrong := 0, 0, map[string]int{}
	for _, g := range readGold(t, "testdata/dev.jsonl") {
		l := b.fold(g.Text)
		names := b.mentions(&l)
		if len(g.Items) != 1 || len(names) != 1 {
			continue
		}
		before, after := g.Text[:l.at[names[0].from]], g.Text[l.at[names[0].to]:]
		for _, it := range catalogue.Embedded().Items() {
			for _, name := range append([]string{it.Name}, it.Aliases...) {
				if strings.Contains(g.Text, "水银") || it.Name == mercury || it.Name == thermometer {
					continue
				}
				if sample++; sample%17 != 0 {
					continue
				}
				tried++
				message := before + name + after
				u := Embedded().Understand(message, messageDay)
				got := ""
				switch {
				case u.Intent != g.Intent:
					got = "intent " + u.Intent
				case len(u.Items) != 1 || !fits(u.Items[0], it, g):
					got = fmt.Sprint("items ", itemTexts(u.Items, func(i Item) goldItem { return goldItem{i.Canonical, i.Qty, i.Unit} }))
				case u.Urgent != g.Urgent || text(u.Expiry) != text(g.Expiry) || placeText(u.Location) != placeText(g.Location):
					got = "urgent, expiry or place"
				}
				if got != "" {
					wrong[g.Intent]++
					if n := wrong[it.Name]; n < 3 {
						wrong[it.Name]++
						t.Logf("%s: %s", message, got)
					}
				}
			}
		}
	}
	missed := 0
	for _, intent := range []string{Request, Offer, Sell, Fulfilled, Cancel, Query} {
		missed += wrong[intent]
	}
	t.Logf("%d of %d wrong", missed, tried)
	if missed*50 > tried {
		t.Errorf("%d of %d messages are misunderstood with another item", missed, tried)
	}
}

// fits: the item, or its form for a child, in the quantity that was said.
func fits(got Item, it catalogue.Item, g gold) bool {
	children := []string{suspensionIbuprofen, suspensionParacetamol, dropsParacetamol, dropsIbuprofen, feverChild}
	want := goldItem{it.Name, g.Items[0].Qty, g.Items[0].Unit}.String()
	if slices.Contains(children, got.Canonical) && g.Audience != nil {
		want = goldItem{got.Canonical, g.Items[0].Qty, g.Items[0].Unit}.String()
	}
	return goldItem{got.Canonical, got.Qty, got.Unit}.String() == want
}
