package understand

import (
	"strconv"
	"strings"
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

func (l *line) dateAt(i int, today month) (dated, bool) {
	if !strings.ContainsRune("明后今去前来翻本大下这上月年0123456789零一二三四五六七八九十", l.r[i]) {
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
				return dated{month: monthOf(y, m), to: end + 1 + l.oneOf(end+1, "份", "底", "初"), relative: true}, true
			}
		}
		if m, size := l.partOfYear(at); size > 0 {
			return dated{month: monthOf(y, m), to: at + size, relative: true}, true
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
	if y > 0 && (sep == '年' || sep == '.' || sep == '-' || sep == '/') {
		at := end + 1
		for l.rune(at) == ' ' || l.rune(at) == '的' {
			at++
		}
		if mText, to := l.numeralAt(at); mText != "" && len(mText) <= 2 {
			mm, err := strconv.Atoi(mText)
			if err == nil && mm >= 1 && mm <= 12 && (len(digits) == 4 || sep == '年' || l.thirdPart(to, sep) || l.shelfWord(i, to)) {
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
		past := l.after(to, "过期了", "就过期", "已经过期", "已过期", "才过期", "刚过期", "到期了", "就到期了", "过了期")
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

// shelfWords stand beside a shelf life.
var shelfWords = []string{"到期", "过期", "效期", "有效", "保质", "失效", "有效期", "用到", "管到", "日期", "期"}

func (l *line) shelfWord(from, to int) bool {
	near := l.near(from, 8)
	for _, w := range shelfWords {
		if strings.Contains(near, w) {
			return true
		}
	}
	return l.after(to, "到期", "过期", "月到期", "效期", "失效", "月过期", "前用", "的", "年到期", "才过期", "才到期")
}

// expiry gives the earliest shelf-life date of a message. Bare dates count in
// an offer only.
func (l *line) expiry(all []dated, today month, bare bool) (month, bool) {
	best, found := month(0), false
	take := func(m month) {
		if m >= monthOf(2000, 1) && m < monthOf(2100, 1) && (!found || m < best) {
			best, found = m, true
		}
	}
	about := l.hasAny("到期", "过期", "效期", "有效期", "保质期", "失效", "日期到", "用到", "管到")
	for _, d := range all {
		if l.made(d) {
			continue
		}
		clause := l.clause(d.from, d.to)
		beside := containsAny(clause, "到期", "过期", "效期", "有效", "保质", "失效", "日期", "用到", "管到", "过了期", "可以用", "还能用", "还能吃")
		switch {
		case beside, !d.relative && bare, d.relative && bare && about && !containsAny(clause, "登记", "买", "阳", "发", "说"):
			take(d.month)
		case !d.relative && about:
			take(d.month)
		}
	}
	if m, ok := l.span(today); ok && !found {
		take(m)
	}
	return best, found
}

// made: the date of production is no shelf life.
func (l *line) made(d dated) bool {
	return containsAny(l.near(d.from, 6), "生产", "出厂", "购于", "买于") || l.after(d.to, "生产", "出厂", "买的", "的批号", "产的", "产", "份生产", "份买")
}

// span reads shelf lives that are told as a time: 还有一年, 过期两个月.
func (l *line) span(today month) (month, bool) {
	for i := range l.r {
		if l.kinds[i] != plain || l.r[i] != '还' && l.r[i] != '剩' && l.r[i] != '只' && l.r[i] != '过' {
			continue
		}
		ago := 0
		n := l.oneOf(i, "还有", "还剩", "剩", "还差", "只剩")
		if n == 0 {
			n = l.oneOf(i, "过期有", "过期才", "过期快", "过期", "过了期", "过了", "过期了")
			ago = n
		}
		if n == 0 {
			continue
		}
		at := i + n + l.oneOf(i+n, "大概", "差不多", "大约", "快", "将近", "了", "才", "不到", "至少", "起码")
		months, to, ok := l.months(at)
		if !ok {
			continue
		}
		around := l.clause(i, to)
		switch {
		case ago > 0 && containsAny(around, "过期", "过了期"):
			return today - month(months), true
		case ago == 0 && (containsAny(around, "到期", "过期", "效期", "有效", "保质", "才到", "失效") || l.hasAny("效期", "保质期", "日期")):
			return today + month(months), true
		case ago == 0 && l.after(to, "到期", "才到期", "过期", "的有效期", "有效期", "才过期"):
			return today + month(months), true
		}
	}
	return 0, false
}

// months reads 一年, 半年, 三个月, 一年半 as months.
func (l *line) months(at int) (months, end int, ok bool) {
	n, ok := l.numberAt(at)
	if !ok || !n.known {
		return 0, 0, false
	}
	end = n.end + l.oneOf(n.end, "多个", "来个", "个多", "个", "多")
	switch {
	case l.has(end, "年半"):
		return int(n.value*12) + 6, end + 2, true
	case l.has(end, "年"):
		return int(n.value * 12), end + 1, true
	case l.has(end, "半月"):
		return int(n.value), end + 2, true
	case l.has(end, "月"):
		return int(n.value), end + 1, true
	case l.after(end, "天", "周", "星期", "礼拜"):
		days := n.value
		if !l.has(end, "天") {
			days *= 7
		}
		return int(days) / 30, end + 1, true
	}
	return 0, 0, false
}

// clause gives the text between the pauses around a span.
func (l *line) clause(from, to int) string {
	lowest, highest := from-40, to+40
	for from > 0 && from > lowest && !pausesHard(l.r[from-1]) {
		from--
	}
	for to < len(l.r) && to < highest && !pausesHard(l.r[to]) {
		to++
	}
	return string(l.r[from:to])
}

func pausesHard(r rune) bool { return ends(r) || r == ',' || r == '，' }

func containsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func (l *line) hasAny(words ...string) bool { return containsAny(string(l.r), words...) }
