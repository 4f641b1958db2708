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
	for _, look := range []func(*line, int) (mention, bool){b.shortedAt, b.slipAt, b.firstSlipAt} {
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
		child := t.step(node, r)
		if child == 0 {
			if node != 0 && j > i && isGap(r) && !isGap(l.r[j-1]) && j-i < 24 {
				continue
			}
			break
		}
		if l.kinds[j] != plain {
			break
		}
		node = child
		if n := t.ends[node]; n >= 0 && !(isDigit(r) && l.after(j+1, "岁", "年", "元", "块", "度", "栋", "号", "分", "%", "斤", "后")) && (l.bounded(i, j+1) || j > i+1 && l.has(j-2, "n95") && !isLatin(l.rune(j+1)) && !isLatin(l.rune(i-1))) {
			if best.to == j && numeral(r) && b.countedAt(l, j) {
				break // 补液盐 3包, and not 补液盐3
			}
			best = mention{i, j + 1, n}
		}
	}
	if best.to > 0 && isHan(l.r[best.to-1]) { // the form belongs to the name
		best.to += l.oneOf(best.to, "缓释胶囊", "缓释片", "肠溶片", "分散片", "泡腾片", "软胶囊", "口服溶液", "口服液", "混悬液", "混悬滴剂", "滴剂", "颗粒剂", "颗粒", "胶囊", "冲剂", "含片", "咀嚼片", "糖浆", "喷雾剂", "喷雾", "乳膏", "软膏", "滴丸", "片剂", "散剂")
	}
	return best, best.to > 0
}

// countedAt reports whether a number with a measure word stands there.
func (b *book) countedAt(l *line, i int) bool {
	n, ok := l.numberAt(i)
	if !ok {
		return false
	}
	_, end := b.measureAt(l, n.end)
	return end > 0
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
	first := t.step(0, l.r[i])
	if first == 0 || l.after(i, "口服液", "口服溶液") {
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
			if child := t.step(node, l.r[at]); child != 0 {
				straight(child, at+1)
			}
		}
	}
	node := first
	for at := i + 1; at < len(l.r) && isHan(l.r[at]) && at < i+12; at++ {
		for _, e := range t.children(node) {
			r, child := e.r, e.node
			if r != l.r[at] {
				straight(child, at+1) // wrong
				if c := t.step(child, l.r[at]); c != 0 && l.rune(at+1) == r {
					straight(c, at+2) // changed places
				}
			}
			if c := t.step(child, l.r[at]); c != 0 && at > i+1 {
				straight(c, at+1) // missing
			}
		}
		if at > i+1 {
			if child := t.step(node, l.rune(at+1)); child != 0 {
				straight(child, at+2) // too much
			}
		}
		child := t.step(node, l.r[at])
		if child == 0 {
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

// firstSlipAt finds a name whose first character is wrong, but begins with the
// same sound.
func (b *book) firstSlipAt(l *line, i int) (mention, bool) {
	best := mention{}
	if isHan(l.r[i]) && l.rune(i+1) != 0 {
		b.names.tails.walk(l.r, i+1, func(n int32, end int) {
			right, _ := utf8.DecodeRuneInString(b.names.all[n].word)
			if written, meant := b.han.sound(l.r[i]), b.han.sound(right); written != "" && meant != "" && written[0] == meant[0] {
				best = mention{i, end, n}
			}
		})
	}
	return best, best.to > 0
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
			s = b.han.sound(r)
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
