package understand

import (
	"fmt"
	"strings"
)

// A cue is a phrase that tells what is meant. In the table, X stands for an
// item, N for a quantity, M for money, L for an address, D for a date, and …
// for up to gapRunes runes within a sentence.
type cues struct {
	trie  *trie
	heads []head
	means []string // by number of the phrase
}

// head is the first part of one or more phrases.
type head struct {
	whole []int32 // phrases that are this and nothing more
	gaps  []gap   // phrases that go on behind a gap
}

type gap struct {
	tail   []rune
	phrase int32
}

const gapRunes = 10

// meanings are all that the table may say; the rest of the code asks for them
// by name.
var meanings = []string{"ask", "look", "want", "give", "spare", "done", "undone", "cancel", "kept", "sell", "buy", "free", "fee", "inform", "where",
	"talk", "urgent", "calm", "opened", "sealed", "loose", "expired", "unexpired", "goods", "have", "eaten", "not", "barter", "plain", "thanks", "closing", "wrong", "share"}

// families: a longer phrase hides what lies inside it only among its own kind,
// 不急 the 急 and not the 不要.
var families = map[string]int{"urgent": 1, "calm": 1, "opened": 2, "sealed": 2, "eaten": 2, "loose": 3, "expired": 4, "unexpired": 4, "fee": 5, "free": 6, "goods": 7, "thanks": 8, "where": 9}

// joinLetters: a space counts only between two words of Latin letters; marks are
// folded as in a message.
var joinLetters = strings.NewReplacer(" X", "X", " N", "N", "X ", "X", "N ", "N", "，", ",", "！", "!", "？", "?")

func readCues(rows []row, of classes) *cues {
	c := &cues{trie: newTrie()}
	known := map[string]bool{}
	for _, m := range meanings {
		known[m] = true
	}
	for _, r := range rows {
		if !known[r.cells[0]] {
			panic(fmt.Sprintf("%s: nobody asks for %q", r.line, r.cells[0]))
		}
		for _, phrase := range of.phrases(r.cells[1]) {
			first, tail, gapped := strings.Cut(string(standard([]rune(joinLetters.Replace(phrase)))), "…")
			number := c.trie.add([]rune(first), int32(len(c.heads)))
			if int(number) == len(c.heads) {
				c.heads = append(c.heads, head{})
			}
			p := int32(len(c.means))
			c.means = append(c.means, r.cells[0])
			if gapped {
				c.heads[number].gaps = append(c.heads[number].gaps, gap{[]rune(tail), p})
			} else {
				c.heads[number].whole = append(c.heads[number].whole, p)
			}
		}
	}
	c.trie.freeze()
	return c
}

// span is where a cue stands in a skeleton.
type span struct{ from, to int }

// said are the cues of a message by meaning, in the skeleton.
type said struct {
	skeleton []rune
	text     string // the skeleton as one string
	by       map[string][]span
}

func (s *said) has(meaning string) bool       { return len(s.by[meaning]) > 0 }
func (s *said) mentions(words ...string) bool { return containsAny(s.text, words...) }

// bare reports whether goods, numbers and places are all that was said: 布洛芬6粒.
func (s *said) bare() bool {
	return !strings.ContainsFunc(s.text, func(r rune) bool { return isHan(r) || isLatin(r) })
}

// question reports whether something is asked, by its mark or by the last word of
// a sentence.
func (s *said) question() bool {
	for i, r := range s.skeleton {
		if r == '?' || r == '？' {
			return true
		}
		end := i+1 == len(s.skeleton) || pauses(s.skeleton[i+1]) || s.skeleton[i+1] == '$'
		if end && (r == '吗' || r == '么' && i > 0 && s.skeleton[i-1] != '什' || r == '没' || r == '不' || r == '嘛' && i > 0 && s.skeleton[i-1] == '得') {
			return true
		}
	}
	return false
}

var letterOf = [...]rune{item: 'X', amount: 'N', price: 'M', address: 'L', date: 'D', private: 'P', measured: 'T', other: 0}

// skeleton is the message with a letter for each thing that was found, between
// ^ and $; what stands behind the last word is left out.
func (l *line) skeleton() []rune {
	s := make([]rune, 1, len(l.r)+2)
	s[0] = '^'
	for i := range l.r {
		letter := letterOf[l.kinds[i]]
		if letter == 0 {
			if l.r[i] != ' ' || isLatin(l.rune(i-1)) && isLatin(l.rune(i+1)) && l.kinds[i+1] == plain && l.kinds[i-1] == plain {
				s = append(s, l.r[i])
			}
			continue
		}
		if s[len(s)-1] != letter || l.kinds[i-1] != l.kinds[i] {
			s = append(s, letter)
		}
	}
	end := len(s)
	for end > 1 && !isHan(s[end-1]) && (s[end-1] > 0x7F || strings.ContainsRune("!?.,;~ ", s[end-1])) {
		end--
	}
	return standard(append(s[:end:end], append([]rune{'$'}, s[end:]...)...))
}

// listen finds the cues of a message. Where two of them overlap, the longer
// one that begins first hides what lies inside it.
func (c *cues) listen(l *line) *said {
	s := &said{by: map[string][]span{}}
	s.skeleton = l.skeleton()
	s.text = string(s.skeleton)
	type hit struct {
		span
		phrase int32
		gapped bool
	}
	var hits []hit
	for i := range s.skeleton {
		c.trie.walk(s.skeleton, i, func(n int32, end int) {
			for _, p := range c.heads[n].whole {
				hits = append(hits, hit{span{i, end}, p, false})
			}
			for _, g := range c.heads[n].gaps {
				if to := behind(s.skeleton, end, g.tail); to > 0 {
					hits = append(hits, hit{span{i, to}, g.phrase, true})
				}
			}
		})
	}
	var tails [10]span // by family: the last phrase with a gap; it hides what its end consists of
	var reach [10]span // by family: the farthest that a phrase reached, and from where
	for i := 0; i < len(hits); {
		same := i
		for same < len(hits) && hits[same].from == hits[i].from {
			if o := hits[same]; !o.gapped && o.to > reach[families[c.means[o.phrase]]].to {
				reach[families[c.means[o.phrase]]] = o.span
			}
			if o := hits[same]; o.gapped && o.to >= tails[families[c.means[o.phrase]]].to {
				tails[families[c.means[o.phrase]]] = o.span
			}
			same++
		}
		for ; i < same; i++ {
			h := hits[i]
			m := c.means[h.phrase]
			far := reach[families[m]]
			if tail := tails[families[m]]; !h.gapped && tail.to == h.to && tail.from < h.from {
				continue
			}
			if h.gapped && far == h.span { // 有没有人缺X is known word for word, and no 有没有…X
				continue
			}
			if far.to < h.to || far.to-far.from <= h.to-h.from {
				s.by[m] = append(s.by[m], h.span)
			}
		}
	}
	return s
}

// behind finds the tail within a gap after end. Behind ",我" somebody else
// acts: 谁家有老人的，我匀一台.
func behind(text []rune, end int, tail []rune) int {
	for from := end; from <= end+gapRunes && from+len(tail) <= len(text); from++ {
		match := true
		for k, r := range tail {
			if text[from+k] != r {
				match = false
				break
			}
		}
		if match {
			return from + len(tail)
		}
		if ends(text[from]) || text[from] == ',' && from+1 < len(text) && text[from+1] == '我' {
			return 0
		}
	}
	return 0
}
