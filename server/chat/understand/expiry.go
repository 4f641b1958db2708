package understand

import "strings"

// shelfWords stand beside a shelf life.
var shelfWords = []string{"到期", "过期", "到日子", "满期", "截止", "前食用", "exp", "效期", "有效", "保质", "失效", "有效期", "用到", "管到", "日期", "期"}

func (l *line) shelfWord(from, to int) bool {
	near := l.near(from, 8)
	for _, w := range shelfWords {
		if strings.Contains(near, w) {
			return true
		}
	}
	return l.after(to, "到期", "到的期", "过期", "到日子", "就到日子", "满期", "就满期", "截止", "前食用", "月到期", "效期", "失效", "月过期", "前用", "的", "年到期", "才过期", "才到期")
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
	about := l.hasAny("到期", "到的期", "过期", "到日子", "满期", "截止", "食用", "exp", "效期", "有效期", "保质期", "失效", "日期到", "用到", "管到")
	for _, d := range all {
		if l.made(d) {
			if months, ok := l.keeps(); ok {
				take(d.month + month(months))
			}
			continue
		}
		clause := l.clause(d.from, d.to)
		beside := containsAny(clause, "到期", "到的期", "过期", "到日子", "满期", "截止的", "日子", "食用", "exp", "效期", "有效", "保质", "失效", "日期", "用到", "管到", "过了期", "可以用", "还能用", "还能吃", "包装", "盒子上", "盒上", "瓶身", "写的", "写着", "印的", "印着", "标的", "过的期", "就过了", "过了的", "刚过", "都过了", "前吃完", "前用完", "前喝完", "前吃掉", "前用掉")
		switch {
		case beside, !d.relative && bare, d.relative && bare && about && !containsAny(clause, "登记", "买", "阳", "发", "说"):
			take(d.month)
		case d.relative && bare && d.month > today && l.alone(d):
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

// alone: a date that is all of its clause, 急支糖浆一瓶，明年6月.
func (l *line) alone(d dated) bool {
	return d.from > 0 && pauses(l.r[d.from-1]) && (d.to == len(l.r) || pauses(l.r[d.to]) || l.after(d.to, "的") && (d.to+1 == len(l.r) || pauses(l.r[d.to+1])))
}

// keeps reads how long the goods keep from their making: 有效期两年, 保质期18个月.
func (l *line) keeps() (int, bool) {
	for i := range l.r {
		n := l.oneOf(i, "有效期", "保质期", "效期", "保质")
		if n == 0 {
			continue
		}
		if months, _, ok := l.months(i + n + l.oneOf(i+n, "是", "为", ":", "：", "有", " ")); ok {
			return months, true
		}
	}
	return 0, false
}

// made: the date of production is no shelf life.
func (l *line) made(d dated) bool {
	return containsAny(l.near(d.from, 6), "生产", "出厂", "购于", "买于") || l.after(d.to, "生产", "出厂", "买的", "的批号", "产的", "产", "份生产", "份买")
}

// span reads shelf lives that are told as a time: 还有一年, 过期两个月.
func (l *line) span(today month) (month, bool) {
	for i := range l.r {
		if l.kinds[i] != plain || l.r[i] != '还' && l.r[i] != '剩' && l.r[i] != '只' && l.r[i] != '过' && l.r[i] != '超' && l.r[i] != '失' {
			continue
		}
		ago := 0
		n := l.oneOf(i, "还有", "还剩", "剩", "还差", "只剩")
		if n == 0 {
			n = l.oneOf(i, "过期有", "过期才", "过期快", "过期", "过保质期", "过有效期", "过了保质期", "过了有效期", "超期", "失效", "超了", "过了期", "过了", "过期了")
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
		case ago > 0 && l.after(to, "以内", "内"): // 过期半年以内的我也收
			return 0, false
		case ago > 0 && containsAny(around, "过期", "过了期", "超期", "失效", "过保质", "过有效", "过了保", "过了有"):
			return today - month(months), true
		case ago == 0 && (containsAny(around, "到期", "过期", "效期", "有效", "保质", "才到", "失效", "期限") || l.hasAny("效期", "保质期", "日期")):
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

func (l *line) hasAny(words ...string) bool { return containsAny(l.text, words...) }
