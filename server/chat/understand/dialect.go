package understand

import (
	"fmt"
	"strings"
	"sync"
)

// dialect are words of Sichuan and of chats beside the standard words they stand
// for, as many characters long. Phrases and messages are put the same way, so that
// a phrase stands in the table once.
type dialect struct {
	words    *trie
	standard [][]rune
}

var spoken = sync.OnceValue(func() dialect {
	d := dialect{words: newTrie()}
	for _, r := range open("dialect.tsv", "standard", "written", "example", "expect") {
		standard := []rune(r.cells[0])
		for _, word := range strings.Split(r.cells[1], "|") {
			if len([]rune(word)) != len(standard) {
				panic(fmt.Sprintf("%s: %s is not as long as %s", r.line, word, r.cells[0]))
			}
			d.words.add([]rune(word), int32(len(d.standard)))
		}
		d.standard = append(d.standard, standard)
	}
	d.words.freeze()
	return d
})

// standard puts a text in standard words, in place.
func standard(r []rune) []rune {
	d := spoken()
	for i := range r {
		to := int32(-1)
		d.words.walk(r, i, func(n int32, _ int) { to = n })
		if to >= 0 {
			copy(r[i:], d.standard[to])
		}
	}
	return r
}
