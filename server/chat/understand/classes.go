package understand

import (
	"fmt"
	"strings"
)

// classes are words that may stand for each other in a phrase. 谁家还缺口罩 and
// 哪位邻居想要两盒 are one turn, (who)(lead?)(lack)X; written out they would fill
// pages, and the next neighbour would say the one that is missing.
type classes map[string][]string

func readClasses(rows []row) classes {
	of := classes{}
	for _, r := range rows {
		of[r.cells[0]] = strings.Split(r.cells[1], "|")
	}
	return of
}

// phrases gives what a cell of a table stands for, each class written out once.
func (of classes) phrases(cell string) []string {
	var all []string
	known := map[string]bool{}
	for _, pattern := range strings.Split(cell, "|") {
		for _, phrase := range of.expand(pattern) {
			if !known[phrase] {
				known[phrase] = true
				all = append(all, phrase)
			}
		}
	}
	return all
}

func (of classes) expand(pattern string) []string {
	before, rest, found := strings.Cut(pattern, "(")
	name, after, closed := strings.Cut(rest, ")")
	if !found || !closed {
		return []string{pattern}
	}
	name, optional := strings.CutSuffix(name, "?")
	words, known := of[name]
	if !known {
		panic(fmt.Sprintf("nobody knows the class %q of %q", name, pattern))
	}
	if optional {
		words = append([]string{""}, words...)
	}
	var all []string
	for _, tail := range of.expand(after) {
		for _, w := range words {
			all = append(all, before+w+tail)
		}
	}
	return all
}
