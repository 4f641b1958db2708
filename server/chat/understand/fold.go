package understand

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRunes is how much of a message is read; a chat message is shorter, and
// what is longer costs no more time than this.
const maxRunes = 2000

// kind says what a rune was found to be part of.
type kind byte

const (
	plain    kind = iota
	private       // a phone number, an id, a WeChat name
	address       // a building, unit or room
	date          // a month or a day
	measured      // an age, a temperature, a strength
	item          // a name of the catalogue
	amount        // a quantity
	price         // money
	other         // a word that only looks like one of these
)

// line is a message, folded rune by rune, so that every find can be traced
// back to what was written.
type line struct {
	raw   string
	r     []rune // half-width, lower case, simplified
	at    []int  // where each rune began in raw, and where the last ended
	kinds []kind
	text  string // r, as one string
}

// fold reads a message. Invalid bytes become U+FFFD; marks that are only
// looks (variation selectors, joiners) are left out.
func (b *book) fold(text string) line {
	raw := strings.ToValidUTF8(text, "\uFFFD")
	l := line{raw: raw, r: make([]rune, 0, len(raw)/2), at: make([]int, 0, len(raw)/2+1)}
	end := 0
	for i, r := range raw {
		if len(l.r) == maxRunes {
			break
		}
		end = i + utf8.RuneLen(r)
		if f := b.foldRune(r); f != 0 {
			l.r = append(l.r, f)
			l.at = append(l.at, i)
		}
	}
	l.at = append(l.at, end)
	l.kinds = make([]kind, len(l.r))
	l.text = string(l.r)
	return l
}

func (b *book) foldRune(r rune) rune {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case r >= 0x4E00 && r <= 0x9FFF:
		return b.han.simple(r)
	case r >= '！' && r <= '～':
		return b.foldRune(r - '！' + '!')
	case r == '\u3000' || r == '\u00A0':
		return ' '
	case r == '½':
		return '半'
	case r == '—' || r == '–' || r == '－' || r == '‐' || r == '−' || r == '﹣':
		return '-'
	case r == '×' || r == '✖':
		return '*'
	case r == '〇' || r == '○':
		return '零'
	case r >= 0x200B && r <= 0x200F || r >= 0xFE00 && r <= 0xFE0F || r == 0x20E3 || r == 0xFEFF || r == 0x2060:
		return 0
	case r >= 0x1F3FB && r <= 0x1F3FF: // the tone of a hand
		return 0
	}
	if r >= 0x2070 {
		var buf [utf8.UTFMax]byte
		n := utf8.EncodeRune(buf[:], r)
		if out := norm.NFKC.Bytes(buf[:n]); len(out) != n || string(out) != string(buf[:n]) {
			if f, size := utf8.DecodeRune(out); size == len(out) && f != r {
				return b.foldRune(f)
			}
		}
	}
	return r
}

func (l *line) mark(from, to int, k kind) {
	for i := from; i < to; i++ {
		l.kinds[i] = k
	}
}

// free reports whether nothing has been found there yet.
func (l *line) free(from, to int) bool {
	for i := from; i < to; i++ {
		if l.kinds[i] != plain {
			return false
		}
	}
	return true
}

// rune gives the rune at i, or 0 outside.
func (l *line) rune(i int) rune {
	if i < 0 || i >= len(l.r) {
		return 0
	}
	return l.r[i]
}

// has reports whether the words stand at i.
func (l *line) has(i int, word string) bool {
	if i < 0 {
		return false
	}
	for _, w := range word {
		if i >= len(l.r) || l.r[i] != w {
			return false
		}
		i++
	}
	return true
}

// before reports whether one of the words ends right before i.
func (l *line) before(i int, words ...string) bool {
	for _, w := range words {
		if n := utf8.RuneCountInString(w); i >= n && l.has(i-n, w) {
			return true
		}
	}
	return false
}

// after reports whether one of the words begins at i.
func (l *line) after(i int, words ...string) bool {
	for _, w := range words {
		if l.has(i, w) {
			return true
		}
	}
	return false
}

// near gives the text within n runes before i, back to the end of a sentence.
func (l *line) near(i, n int) string {
	from := max(0, i-n)
	for j := i - 1; j >= from; j-- {
		if ends(l.r[j]) {
			from = j + 1
			break
		}
	}
	return string(l.r[from:i])
}

// setOf is a set of characters, for what is asked of every one in a message.
func setOf(text string) map[rune]bool {
	set := map[rune]bool{}
	for _, r := range text {
		set[r] = true
	}
	return set
}

func isHan(r rune) bool   { return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }
func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

// ends reports whether a sentence ends there.
func ends(r rune) bool {
	switch r {
	case '。', '！', '？', '!', '?', ';', '；', '\n', '…', '～', '~':
		return true
	}
	return false
}

// pauses reports whether the speaker pauses there.
func pauses(r rune) bool {
	switch r {
	case '，', ',', '、', ':', '：', '(', ')', '（', '）', '[', ']', '【', '】', ' ':
		return true
	}
	return ends(r)
}
