package understand

import "strconv"

// number is a figure in digits or characters.
type number struct {
	value float64
	known bool // 几颗 is a number, but not a known one
	end   int
	han   bool // written in characters
}

var hanDigits = map[rune]float64{'零': 0, '一': 1, '二': 2, '两': 2, '俩': 2, '仨': 3, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}

var hanPowers = map[rune]float64{'十': 10, '拾': 10, '百': 100, '千': 1000, '万': 10000}

// numberAt reads a number at i: 12, 0.5, 3-5 (its first), 四五 (4), 十来 (10),
// 二十几 (20), 半 (0.5), 几 (unknown).
func (l *line) numberAt(i int) (number, bool) {
	if i >= len(l.r) || l.kinds[i] != plain {
		return number{}, false
	}
	var n number
	var ok bool
	if isDigit(l.r[i]) {
		n, ok = l.digitsAt(i)
	} else {
		n, ok = l.hanAt(i)
	}
	if !ok {
		return n, false
	}
	// a range gives its first number
	if next := l.rune(n.end); next == '-' || next == '~' || next == '～' || next == '到' || next == '至' || next == '、' || next == '或' {
		if second, ok := l.numberSimple(n.end + 1); ok && second.value > n.value {
			n.end = second.end
		}
	}
	for l.after(n.end, "来", "多") && n.end > i && (n.value >= 10 || !n.known) || l.has(n.end, "几") && n.value >= 10 {
		n.end++
	}
	return n, true
}

func (l *line) numberSimple(i int) (number, bool) {
	if i < len(l.r) && l.kinds[i] == plain && isDigit(l.r[i]) {
		return l.digitsAt(i)
	}
	return l.hanAt(i)
}

func (l *line) digitsAt(i int) (number, bool) {
	if r := l.rune(i - 1); isDigit(r) || r == '.' && isDigit(l.rune(i-2)) {
		return number{}, false
	}
	end := i
	for end < len(l.r) && isDigit(l.r[end]) && l.kinds[end] == plain {
		end++
	}
	if l.rune(end) == '.' && isDigit(l.rune(end+1)) {
		for end++; end < len(l.r) && isDigit(l.r[end]); end++ {
		}
	}
	if end-i > 9 {
		return number{}, false
	}
	v, err := strconv.ParseFloat(string(l.r[i:end]), 64)
	return number{value: v, known: true, end: end}, err == nil
}

func (l *line) hanAt(i int) (number, bool) {
	n := number{known: true, han: true, end: i}
	total, pending, has := 0.0, -1.0, false
	for ; n.end < len(l.r) && n.end < i+12 && l.kinds[n.end] == plain; n.end++ {
		r := l.r[n.end]
		if d, ok := hanDigits[r]; ok {
			if pending > 0 && r != '零' {
				if !has && d == 0 {
					break
				}
				has = true
				continue // 四五: the first counts
			}
			pending, has = d, true
			continue
		}
		if p, ok := hanPowers[r]; ok {
			if pending < 0 {
				pending = 1
			}
			if p == 10000 {
				total, pending, has = (total+max(pending, 0))*p, -1, true
				continue
			}
			total, pending, has = total+pending*p, -1, true
			continue
		}
		if r == '半' && !has {
			n.end++
			n.value = 0.5
			return n, true
		}
		if (r == '几' || r == '好' && l.has(n.end+1, "几")) && !has {
			n.known = false
			if r == '好' {
				n.end++
			}
			for n.end++; l.after(n.end, "十", "百"); n.end++ {
			}
			return n, true
		}
		break
	}
	if !has {
		return n, false
	}
	if pending >= 0 {
		if total >= 100 && l.r[n.end-1] != '零' && n.end >= 2 { // 两千五
			if p, ok := hanPowers[l.rune(n.end-2)]; ok && p >= 100 {
				pending *= p / 10
			}
		}
		total += pending
	}
	n.value = total
	return n, true
}

// numeralAt reads digits said one after another or as a number, as they stand
// in an address: 三 → 3, 十二 → 12, 一五零二 → 1502.
func (l *line) numeralAt(i int) (string, int) {
	end := i
	for end < len(l.r) && end < i+20 && l.kinds[end] == plain && isDigit(l.r[end]) {
		end++
	}
	if end > i {
		return string(l.r[i:end]), end
	}
	var said []byte
	powers := false
	for end < len(l.r) && end < i+12 && l.kinds[end] == plain {
		if d, ok := hanDigits[l.r[end]]; ok && l.r[end] != '两' && l.r[end] != '俩' && l.r[end] != '仨' {
			said = append(said, byte('0'+int(d)))
		} else if _, ok := hanPowers[l.r[end]]; ok {
			powers = true
		} else {
			break
		}
		end++
	}
	switch {
	case end == i:
		return "", i
	case powers || len(said) == 1:
		n, ok := l.hanAt(i)
		if !ok {
			return "", i
		}
		return strconv.Itoa(int(n.value)), n.end
	}
	return string(said), end
}
