package understand

// trie finds words in a text in one walk per place; its cost does not depend
// on how many words there are.
type trie struct {
	next []map[rune]int32
	ends []int32 // number of the word that ends here, or -1
}

func newTrie() *trie { return &trie{next: []map[rune]int32{nil}, ends: []int32{-1}} }

// add puts a word in under a number; the first owner of a word keeps it.
func (t *trie) add(word []rune, number int32) (owner int32) {
	node := int32(0)
	for _, r := range word {
		child, ok := t.next[node][r]
		if !ok {
			child = int32(len(t.next))
			t.next, t.ends = append(t.next, nil), append(t.ends, -1)
			if t.next[node] == nil {
				t.next[node] = map[rune]int32{}
			}
			t.next[node][r] = child
		}
		node = child
	}
	if t.ends[node] < 0 {
		t.ends[node] = number
	}
	return t.ends[node]
}

// walk calls found for every word that begins at i, shortest first.
func (t *trie) walk(text []rune, i int, found func(number int32, end int)) {
	node := int32(0)
	for ; i < len(text); i++ {
		child, ok := t.next[node][text[i]]
		if !ok {
			return
		}
		node = child
		if n := t.ends[node]; n >= 0 {
			found(n, i+1)
		}
	}
}
