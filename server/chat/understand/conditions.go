package understand

import (
	"fmt"
	"slices"

	"linli/matching/catalogue"
)

// conditions are what must not be taken with, in the words of the catalogue's avoid
// column, and how people tell it.
type conditions struct {
	all  []string
	trie *trie // written → which of all, or one beyond them: it only looks like one
}

func readConditions() conditions {
	c := conditions{trie: newTrie()}
	var none []string
	for _, r := range open("conditions.tsv", "condition", "written", "example", "expect") {
		if r.cells[0] == "-" {
			none = append(none, split(r.cells[1])...)
			continue
		}
		for _, w := range split(r.cells[1]) {
			c.trie.add([]rune(w), int32(len(c.all)))
		}
		if !slices.Contains(catalogue.Conditions, r.cells[0]) {
			panic(fmt.Sprintf("%s: the catalogue knows no %q", r.line, r.cells[0]))
		}
		c.all = append(c.all, r.cells[0])
	}
	for _, w := range none {
		c.trie.add([]rune(w), int32(len(c.all)))
	}
	c.trie.freeze()
	return c
}

// told are those of a message, in the order of the table. Names of items do not count:
// 高血压药, 哮喘喷雾.
func (c conditions) told(l *line) []string {
	all := []string{}
	for i := 0; i < len(l.r); {
		end := i + 1
		which := int32(len(c.all))
		c.trie.walk(l.r, i, func(n int32, to int) {
			if !slices.Contains(l.kinds[i:to], item) {
				which, end = n, to
			}
		})
		i = end
		if int(which) < len(c.all) && !slices.Contains(all, c.all[which]) {
			all = append(all, c.all[which])
		}
	}
	slices.SortFunc(all, func(a, b string) int { return slices.Index(c.all, a) - slices.Index(c.all, b) })
	return all
}
