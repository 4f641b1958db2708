package understand

import "strconv"

// number is a figure in digits or characters.
type number struct {
	value float64
	known bool // 几颗 is a number, but not a known one
	end   int
	han   bool // written in characters
}

// numeral reports whether a number may begin with the rune.
func numeral(r rune) bool {
	if r < 0x80 {
		return isDigit(r)
	}
	switch r {
	case '零', '一', '二', '两', '俩', '仨', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '半', '几', '好',
		'壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖', '拾':
		return true
	}
	return false
}

var hanDigits = map[rune]float64{'零': 0, '一': 1, '二': 2, '两': 2, '俩': 2, '仨': 3, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}

var hanPowers = map[rune]float64{'十': 10, '拾': 10, '百': 100, '千': 1000, '万': 10000}

// numberAt reads a number at i: 12, 0.5, 3-5 (its first), 四五 (4), 十来 (10),
// 二十几 (20), 半 (0.5), 几 (unknown).
func (l *line) numberAt(i int) (number, bool) {
	if i >= len(l.r) || l.kinds[i] != plain || !numeral(l.r[i]) {
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

// spelled are numbers in the letters of pinyin and English.
var spelled = map[string]float64{"yi": 1, "liang": 2, "er": 2, "san": 3, "si": 4, "wu": 5, "liu": 6, "qi": 7, "ba": 8, "jiu": 9, "shi": 10, "ban": 0.5,
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "half": 0.5}

// spelledAt reads such a number; a measure word in letters follows it.
func (l *line) spelledAt(i int) (number, bool) {
	if !isLatin(l.r[i]) || isLatin(l.rune(i-1)) {
		return number{}, false
	}
	end := i
	for end < len(l.r) && end < i+6 && l.kinds[end] == plain && isLatin(l.r[end]) {
		end++
	}
	value, ok := spelled[string(l.r[i:end])]
	return number{value: value, known: true, end: end}, ok && l.has(end, " ") && isLatin(l.rune(end+1))
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
	if !numeral(l.rune(i)) {
		return number{}, false
	}
	n := number{known: true, han: true, end: i}
	total, pending, has := 0.0, -1.0, false
	for ; n.end < len(l.r) && n.end < i+12 && l.kinds[n.end] == plain; n.end++ {
		r := l.r[n.end]
		if d, ok := hanDigits[r]; ok {
			if pending > 0 && r != '零' {
				if !has && d == 0 || d != pending+1 && (pending != 3 || d != 5) {
					break // 十五一板
				}
				has = true
				continue // 四五, 三五: the first counts
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
