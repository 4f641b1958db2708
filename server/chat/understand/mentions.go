package understand

import "unicode/utf8"

// mention is a name found in a message.
type mention struct {
	from, to int
	name     int32
}

// mentions finds the names in a message, the longest first come; what is
// written exactly counts before what only sounds or looks alike.
func (b *book) mentions(l *line) []mention {
	var found []mention
	take := func(m mention) {
		k := item
		if b.names.all[m.name].id == "" {
			k = other
		}
		l.mark(m.from, m.to, k)
		if k == item {
			found = append(found, m)
		}
	}
	for i := 0; i < len(l.r); {
		if m, ok := b.exactAt(l, i); ok {
			take(m)
			i = m.to
			continue
		}
		i++
	}
	for _, look := range []func(*line, int) (mention, bool){b.shortedAt, b.slipAt} {
		for i := 0; i < len(l.r); i++ {
			if l.kinds[i] == plain {
				if m, ok := look(l, i); ok && l.free(m.from, m.to) {
					take(m)
					i = m.to - 1
				}
			}
		}
	}
	for _, m := range b.sounding(l) {
		if l.free(m.from, m.to) {
			take(m)
		}
	}
	sortMentions(found)
	return found
}

func sortMentions(all []mention) {
	for i := 1; i < len(all); i++ {
		for j := i; j > 0 && all[j].from < all[j-1].from; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
}

// exactAt finds the longest name that is written at i. A space or a dot
// between two characters of a name is read over.
func (b *book) exactAt(l *line, i int) (mention, bool) {
	t, node, best := b.names.exact, int32(0), mention{}
	for j := i; j < len(l.r); j++ {
		r := l.r[j]
		child, ok := t.next[node][r]
		if !ok {
			if node != 0 && j > i && isGap(r) && !isGap(l.r[j-1]) && j-i < 24 {
				continue
			}
			break
		}
		if l.kinds[j] != plain {
			break
		}
		node = child
		if n := t.ends[node]; n >= 0 && l.bounded(i, j+1) {
			best = mention{i, j + 1, n}
		}
	}
	return best, best.to > 0
}

func isGap(r rune) bool {
	return r == ' ' || r == '·' || r == '.' || r == '-' || r == '*' || r == '+' || r == '_'
}

// bounded reports whether letters and digits do not go on beyond the span: 84
// is not in 184, vc not in vcd.
func (l *line) bounded(from, to int) bool {
	return !joined(l.rune(from-1), l.rune(from), l.rune(from-2)) && !joined(l.rune(to), l.rune(to-1), l.rune(to+1))
}

// joined reports whether the rune outside continues the one inside.
func joined(outside, inside, beyond rune) bool {
	switch {
	case isLatin(inside):
		return isLatin(outside)
	case isDigit(inside):
		return isDigit(outside) || outside == '.' && isDigit(beyond)
	}
	return false
}

// shortedAt finds names written with initials; only where letters stand.
func (b *book) shortedAt(l *line, i int) (mention, bool) {
	best := mention{}
	b.names.shorted.walk(l.r, i, func(n int32, end int) {
		if l.bounded(i, end) {
			best = mention{i, end, n}
		}
	})
	return best, best.to > 0
}

// slipAt finds a long name of a medicine in which one character is wrong,
// missing, too much, or changed places with its neighbour. The first two of it
// must be right, and one item only may be meant.
func (b *book) slipAt(l *line, i int) (mention, bool) {
	t := b.names.slips
	first, ok := t.next[0][l.r[i]]
	if !ok {
		return mention{}, false
	}
	best, twice := mention{}, false
	found := func(node int32, end int) {
		n := t.ends[node]
		if n < 0 || end > len(l.r) {
			return
		}
		switch {
		case end > best.to:
			best, twice = mention{i, end, n}, false
		case end == best.to && b.names.all[best.name].id != b.names.all[n].id:
			twice = true
		}
	}
	var straight func(node int32, at int)
	straight = func(node int32, at int) {
		found(node, at)
		if at < len(l.r) {
			if child, ok := t.next[node][l.r[at]]; ok {
				straight(child, at+1)
			}
		}
	}
	node := first
	for at := i + 1; at < len(l.r) && isHan(l.r[at]) && at < i+12; at++ {
		for r, child := range t.next[node] {
			if r != l.r[at] {
				straight(child, at+1) // wrong
				if c, ok := t.next[child][l.r[at]]; ok && l.rune(at+1) == r {
					straight(c, at+2) // changed places
				}
			}
			if c, ok := t.next[child][l.r[at]]; ok && at > i+1 {
				straight(c, at+1) // missing
			}
		}
		if at > i+1 {
			if child, ok := t.next[node][l.rune(at+1)]; ok {
				straight(child, at+2) // too much
			}
		}
		child, ok := t.next[node][l.r[at]]
		if !ok {
			break
		}
		node = child
	}
	if best.to == 0 || twice {
		return mention{}, false
	}
	// A name whose last character is wrong only shares its beginning.
	word := b.names.all[best.name].word
	last, _ := utf8.DecodeLastRuneInString(word)
	if l.r[best.to-1] != last && utf8.RuneCountInString(word) < 5 {
		return mention{}, false
	}
	return best, true
}

// sounding finds names that are written as they sound: buluofen, 布luo芬,
// and names in other characters of the same sound.
func (b *book) sounding(l *line) []mention {
	var letters []rune
	var at []int // the rune each letter came from
	var begins []bool
	for i, r := range l.r {
		s := ""
		switch {
		case l.kinds[i] != plain:
		case isLatin(r):
			begin := !isLatin(l.rune(i - 1))
			letters, at, begins = append(letters, r), append(at, i), append(begins, begin)
			continue
		case isHan(r):
			s = b.sounds[r]
		case r == ' ' && isLatin(l.rune(i-1)) && isLatin(l.rune(i+1)):
			continue
		}
		if s == "" {
			letters, at, begins = append(letters, 0), append(at, i), append(begins, false)
			continue
		}
		for j, c := range s {
			letters, at, begins = append(letters, c), append(at, i), append(begins, j == 0)
		}
	}
	var found []mention
	for p := range letters {
		if !begins[p] && !(isLatin(l.r[at[p]])) {
			continue
		}
		best, size := mention{}, 0
		b.names.sound.walk(letters, p, func(n int32, end int) {
			m := mention{at[p], at[end-1] + 1, n}
			closed := end == len(letters) || begins[end] || letters[end] == 0
			if b.soundsRight(l, m, begins[p], closed, end-p) {
				best, size = m, end-p
			}
		})
		if size > 0 {
			found = append(found, best)
		}
	}
	return found
}

// soundsRight keeps chance away: short words sound alike too often.
func (b *book) soundsRight(l *line, m mention, opened, closed bool, size int) bool {
	word := []rune(b.names.all[m.name].word)
	typed, same, han := 0, 0, 0
	for i := m.from; i < m.to; i++ {
		if isLatin(l.r[i]) {
			typed++
			continue
		}
		if !isHan(l.r[i]) {
			continue
		}
		han++
		for _, w := range word {
			if w == l.r[i] {
				same++
				break
			}
		}
	}
	switch {
	case typed == 0:
		return opened && closed && len(word) >= 3 && han == len(word) && same*3 >= len(word)
	case han == 0:
		return opened && closed && size >= 6 || size >= 9
	}
	return opened && closed && same > 0
}
