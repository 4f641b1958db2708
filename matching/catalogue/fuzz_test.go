package catalogue

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Seeds stand in testdata/fuzz. `go test -fuzz FuzzNormalise ./matching/catalogue`

func FuzzNormalise(f *testing.F) {
	f.Add("布洛芬")
	f.Fuzz(func(t *testing.T, text string) {
		once := Normalise(text)
		if twice := Normalise(once); twice != once {
			t.Errorf("%+q becomes %+q, then %+q", text, once, twice)
		}
		if !utf8.ValidString(once) || strings.ContainsAny(once, " \t\r\n-+|") {
			t.Errorf("%+q becomes %+q", text, once)
		}
	})
}

func FuzzSearch(f *testing.F) {
	f.Add("美林", 8)
	f.Fuzz(func(t *testing.T, query string, limit int) {
		hits := Embedded().Search(query, limit)
		if len(hits) > max(limit, 0) {
			t.Fatalf("%d hits of %d", len(hits), limit)
		}
		for i, h := range hits {
			if h.Near != hits[0].Near || h.Near && (h.Whole || len(hits) > 3) || h.Matched == "" {
				t.Errorf("%+q: %+v", query, h)
			}
			if slices.ContainsFunc(hits[:i], func(o Hit) bool { return o.Item.ID == h.Item.ID }) {
				t.Errorf("%+q: %s twice", query, h.Item.ID)
			}
		}
	})
}

func FuzzReadTables(f *testing.F) {
	f.Add(strings.Join(memberColumns, "\t") + "\n退烧药\t布洛芬\tadult\n")
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readTables("fuzz.tsv", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "fuzz.tsv line ") {
				t.Errorf("%v names no line", err)
			}
			return
		}
		for _, r := range read.items {
			item, err := readItem(r)
			if err == nil && (wrong(item, r.cells["lend"]) != "" || rxClasses[item.RxClass] && item.Share == ShareYes) {
				t.Errorf("%+v", item)
			}
			if err != nil && !strings.HasPrefix(err.Error(), r.line+": column ") {
				t.Errorf("%v names no column", err)
			}
		}
		c := &Catalogue{byID: map[ID]Item{}}
		if err := c.addTables(tables{members: read.members, pairs: read.pairs}); err == nil && len(read.members)+len(read.pairs) > 0 {
			t.Error("members of an empty catalogue")
		}
	})
}
