package understand

import (
	"cmp"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// alphabet numbers the characters that the tables are written in, the common ones
// first. A message asks ten tries about each of its characters: numbered so, what
// begins with the common ones stands close together in each of them.
type alphabet struct {
	number [lastHan + 1]uint16 // 0: in no table
	size   int
}

// letters is the alphabet of all tables of this program.
var letters = sync.OnceValue(func() *alphabet {
	count := map[rune]int{}
	names, err := fs.Glob(files, "data/*.tsv")
	if err != nil {
		panic(err) // the pattern is right
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err) // it is part of the program
		}
		for _, r := range string(text) {
			if r <= lastHan {
				count[r]++
			}
		}
	}
	a := &alphabet{size: len(count) + 1}
	common := slices.SortedFunc(maps.Keys(count), func(x, y rune) int { return cmp.Or(count[y]-count[x], int(x-y)) })
	for i, r := range common {
		a.number[r] = uint16(i + 1)
	}
	return a
})

// of is the number of a character, 0 where it has none.
func (a *alphabet) of(r rune) uint16 {
	if r < 0 || r > lastHan {
		return 0
	}
	return a.number[r]
}
