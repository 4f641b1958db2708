package understand

import "slices"

// trie finds words in a text in one walk per place; its cost does not depend
// on how many words there are.
type trie struct {
	next    []map[rune]int32 // while it is built
	ends    []int32          // number of the word that ends here, or -1
	letters *alphabet
	first   []int32 // once frozen: by number in the alphabet, the child of the root
	edges   []edge  // once frozen: the other children of all nodes, one node after the other
	begin   []int32 // once frozen: by node, where its edges begin; one more than there are nodes
}

type edge struct {
	r    rune
	node int32
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

// freeze makes the trie quick to walk; nothing is added afterwards.
func (t *trie) freeze() *trie {
	t.letters = letters()
	t.first, t.begin = make([]int32, t.letters.size), make([]int32, 0, len(t.next)+1)
	for node, children := range t.next {
		t.begin = append(t.begin, int32(len(t.edges)))
		for r, child := range children {
			if n := t.letters.of(r); node == 0 && n > 0 {
				t.first[n] = child
			} else {
				t.edges = append(t.edges, edge{r, child})
			}
		}
		slices.SortFunc(t.children(int32(node)), func(a, b edge) int { return int(a.r - b.r) })
	}
	t.begin = append(t.begin, int32(len(t.edges)))
	t.next = nil
	return t
}

// children are those of a node, of the root the uncommon ones alone.
func (t *trie) children(node int32) []edge {
	if int(node)+1 < len(t.begin) {
		return t.edges[t.begin[node]:t.begin[node+1]]
	}
	return t.edges[t.begin[node]:]
}

// step goes on from a node; 0 where no word goes on so.
func (t *trie) step(node int32, r rune) int32 {
	if node == 0 {
		return t.begins(r)
	}
	return t.among(node, r)
}

// begins goes from the root.
func (t *trie) begins(r rune) int32 {
	if n := t.letters.of(r); n > 0 {
		return t.first[n]
	}
	return t.among(0, r)
}

// among looks through the children of a node.
func (t *trie) among(node int32, r rune) int32 {
	edges := t.edges[t.begin[node]:t.begin[node+1]]
	for len(edges) > 8 { // by halves, without a call for each
		if half := len(edges) / 2; edges[half].r <= r {
			edges = edges[half:]
		} else {
			edges = edges[:half]
		}
	}
	for _, e := range edges {
		if e.r == r {
			return e.node
		}
	}
	return 0
}

// walk calls found for every word that begins at i, shortest first.
func (t *trie) walk(text []rune, i int, found func(number int32, end int)) {
	if i >= len(text) {
		return
	}
	for node := t.begins(text[i]); node != 0; node = t.among(node, text[i]) {
		i++
		if n := t.ends[node]; n >= 0 {
			found(n, i)
		}
		if i == len(text) {
			return
		}
	}
}

// find gives the node of a word, which must be there; before freezing.
func (t *trie) find(word []rune) int32 {
	node := int32(0)
	for _, r := range word {
		node = t.next[node][r]
	}
	return node
}
