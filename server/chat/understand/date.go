package understand

import (
	"strconv"
)

// month is a month counted from year 0.
type month int

func (m month) String() string {
	y, mm := int(m)/12, int(m)%12+1
	s := strconv.Itoa(mm)
	if mm < 10 {
		s = "0" + s
	}
	return strconv.Itoa(y) + "-" + s
}

func monthOf(year, m int) month { return month(year*12 + m - 1) }

// dated is a month that was said, and where.
type dated struct {
	month    month
	from, to int
	relative bool // 明年5月, 还有一年: about a shelf life only beside its words
}

// dates finds months and marks them; today is the month of the message.
func (l *line) dates(today month) []dated {
	var all []dated
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != plain {
			continue
		}
		d, ok := l.dateAt(i, today)
		if !ok {
			continue
		}
		d.from = i
		l.mark(i, d.to, date)
		i = d.to - 1
		all = append(all, d)
	}
	return all
}

// dates are the characters that one begins with.
var dates = setOf("明后今去前来翻本大下这上月年0123456789零一二三四五六七八九十")

func (l *line) dateAt(i int, today month) (dated, bool) {
	if !dates[l.r[i]] {
		return dated{}, false
	}
	if d, ok := l.namedMonth(i, today); ok {
		return d, true
	}
	year, m := int(today)/12, int(today)%12+1
	if l.insideNumber(i) {
		return dated{}, false
	}
	if digits, end := l.numeralAt(i); digits != "" {
		return l.figured(i, digits, end, year, m)
	}
	return dated{}, false
}

// relativeYears are words for a year from this one.
var relativeYears = []struct {
	word string
	by   int
}{{"大后年", 3}, {"大前年", -3}, {"明年", 1}, {"后年", 2}, {"今年", 0}, {"去年", -1}, {"前年", -2}, {"来年", 1}, {"翻年", 1}, {"本年", 0}}

// relativeMonths are words for a month from this one.
var relativeMonths = []struct {
	word string
	by   int
}{{"下下个月", 2}, {"下下月", 2}, {"下个月", 1}, {"下月", 1}, {"这个月", 0}, {"本月", 0}, {"上上个月", -2}, {"上上月", -2}, {"上个月", -1}, {"上月", -1}, {"月底", 0}, {"月末", 0}}

func (l *line) namedMonth(i int, today month) (dated, bool) {
	for _, r := range relativeMonths {
		if n := l.oneOf(i, r.word); n > 0 {
			return dated{month: today + month(r.by), to: i + n + l.oneOf(i+n, "底", "初", "中旬"), relative: true}, true
		}
	}
	year := int(today) / 12
	for _, r := range relativeYears {
		n := l.oneOf(i, r.word)
		if n == 0 {
			continue
		}
		at := i + n + l.oneOf(i+n, "的")
		y := year + r.by
		if digits, end := l.numeralAt(at); digits != "" && len(digits) <= 2 && l.has(end, "月") {
			if m, err := strconv.Atoi(digits); err == nil && m >= 1 && m <= 12 {
				to := end + 1 + l.oneOf(end+1, "份", "底", "初")
				if text, day := l.numeralAt(to); text != "" && l.after(day, "日", "号") {
					to = day + 1
				}
				return dated{month: monthOf(y, m), to: to, relative: true}, true
			}
		}
		if m, size := l.partOfYear(at); size > 0 {
			return dated{month: monthOf(y, m), to: at + size, relative: true}, true
		}
		if l.after(at, "到期", "过期", "就到期", "就过期", "失效", "才到期") || l.before(i, "到", "至") && (at == len(l.r) || pauses(l.rune(at))) && l.shelfWord(i, at) {
			return dated{month: monthOf(y, 12), to: at, relative: true}, true
		}
		return dated{}, false
	}
	if l.has(i, "年底") || l.has(i, "年末") {
		return dated{month: monthOf(year, 12), to: i + 2, relative: true}, true
	}
	return dated{}, false
}

// partOfYear: 年底, 年初, 上半年; for 明年底 and 明年年底.
func (l *line) partOfYear(at int) (m, size int) {
	at0 := at
	at += l.oneOf(at, "年")
	for _, p := range []struct {
		word string
		m    int
	}{{"底", 12}, {"末", 12}, {"初", 1}, {"中", 6}, {"上半年", 6}, {"下半年", 12}, {"春节", 1}} {
		if n := l.oneOf(at, p.word); n > 0 {
			return p.m, at + n - at0
		}
	}
	return 0, 0
}

// figured reads dates that begin with a figure: 2024年3月, 24.03.15, 202403,
// 2020年底, 3月, 5个月.
func (l *line) figured(i int, digits string, end, year, m int) (dated, bool) {
	full := func(text string) int {
		y, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return 0
		case len(text) == 4 && y >= 2000 && y < 2100:
			return y
		case len(text) == 2 && y >= 15 && y <= 32:
			return 2000 + y
		}
		return 0
	}
	if len(digits) == 8 || len(digits) == 6 { // 20240315, 202403
		y, mm := full(digits[:4]), 0
		mm, _ = strconv.Atoi(digits[4:6])
		if y > 0 && mm >= 1 && mm <= 12 {
			return dated{month: monthOf(y, mm), to: end}, true
		}
		return dated{}, false
	}
	y := full(digits)
	sep := l.rune(end)
	if sep == '/' && len(digits) <= 2 { // 10/2022
		if year, to := l.numeralAt(end + 1); len(year) == 4 && full(year) > 0 {
			if mm, err := strconv.Atoi(digits); err == nil && mm >= 1 && mm <= 12 {
				return dated{month: monthOf(full(year), mm), to: to}, true
			}
		}
	}
	if y > 0 && (sep == '年' || sep == '.' || sep == '-' || sep == '/') {
		at := end + 1
		for l.rune(at) == ' ' || l.rune(at) == '的' {
			at++
		}
		if mText, to := l.numeralAt(at); mText != "" && len(mText) <= 2 {
			mm, err := strconv.Atoi(mText)
			if err == nil && mm >= 1 && mm <= 12 && (len(digits) == 4 || sep == '年' || l.thirdPart(to, sep) || l.shelfWord(i, to) || len(mText) == 2 && y >= 2020 && y < 2028 && l.alone(dated{from: i, to: to})) {
				return dated{month: monthOf(y, mm), to: l.dayAfter(to, sep)}, true
			}
		}
		if sep == '年' {
			if mm, size := l.partOfYear(end + 1); size > 0 {
				return dated{month: monthOf(y, mm), to: end + 1 + size}, true
			}
			if l.shelfWord(i, end+1) || l.before(i, "到", "至") {
				return dated{month: monthOf(y, 12), to: end + 1}, true
			}
		}
		return dated{}, false
	}
	if sep == '月' && len(digits) <= 2 { // 3月: the next one, or the last where it is over
		mm, err := strconv.Atoi(digits)
		if err != nil || mm < 1 || mm > 12 {
			return dated{}, false
		}
		to := end + 1 + l.oneOf(end+1, "份", "底", "初")
		if text, day := l.numeralAt(to); text != "" && l.after(day, "日", "号") {
			to = day + 1
		}
		at := monthOf(year, mm)
		past := l.hasAny("过气", "到日子了", "时间到了") || l.after(to, "过期了", "就过期", "已经过期", "已过期", "才过期", "刚过期", "到期了", "就到期了", "过了期")
		if mm < m && !past {
			at += 12
		}
		return dated{month: at, to: to, relative: true}, true
	}
	return dated{}, false
}

func (l *line) thirdPart(to int, sep rune) bool {
	if l.rune(to) != sep {
		return false
	}
	day, end := l.numeralAt(to + 1)
	return day != "" && len(day) <= 2 && !isDigit(l.rune(end))
}

// dayAfter reads over the day of a month.
func (l *line) dayAfter(to int, sep rune) int {
	if l.rune(to) == '月' {
		to += 1 + l.oneOf(to+1, "份", "底", "初")
		if day, end := l.numeralAt(to); day != "" && len(day) <= 2 && l.after(end, "日", "号") {
			return end + 1
		}
		return to
	}
	if l.thirdPart(to, sep) {
		_, end := l.numeralAt(to + 1)
		return end
	}
	return to
}
