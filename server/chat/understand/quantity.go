package understand

import "strings"

// quantity is how much was said, and of what it may be.
type quantity struct {
	from, to int
	value    *float64 // nil: some
	unit     string   // "" where only a figure was said
	each     bool     // 各一盒
	left     bool     // 还剩, 手里还有: what is really there
	out      bool     // 可以让两盒: offered out of what there is
	given    bool     // 匀, 分: what is offered out of more
	half     bool     // 半瓶, 大半瓶: it was opened
	have     bool     // 只剩: what the asker has herself
}

// quantities finds numbers with a measure word and marks them. Prices,
// limits and doses are none.
func (b *book) quantities(l *line) []quantity {
	var all []quantity
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != plain {
			continue
		}
		q, ok := b.quantityAt(l, i)
		if !ok {
			continue
		}
		if l.priced(q) {
			l.mark(q.from, q.to, price)
		} else if l.limit(q.from) || q.value != nil && *q.value == 1 && l.after(q.to, "难求", "都没", "都找不", "都不剩", "都买不", "都抢不", "都莫得", "也没", "也找不", "也买不", "也莫得", "都拿不", "不剩") || // 一颗都找不到
			l.after(q.to, "药:", "药：", "东西:", "东西：", "药,里面", "药，里面") || // 一袋药：感冒灵4袋
			l.before(q.from, "拼") ||
			l.before(q.from, "删", "删掉", "删除", "撤", "撤掉", "重发", "多发") && q.unit == "支" || l.rune(q.to) == '/' && l.after(q.to+1, "盒", "包", "袋", "板", "箱", "瓶") || l.has(q.to, "起") && !l.after(q.to, "起来", "起码") {
			l.mark(q.from, q.to, other)
		} else {
			all = append(all, l.read(q))
			l.mark(q.from, q.to, amount)
		}
		i = q.to - 1
	}
	return withoutPacks(all)
}

// withoutPacks drops 50只一包 where another quantity is named: it tells of the
// pack.
func withoutPacks(all []quantity) []quantity {
	for i := 0; i+1 < len(all) && len(all) > 2; i++ {
		a, b := all[i], all[i+1]
		if a.to == b.from && b.value != nil && *b.value == 1 && strings.ContainsAny(b.unit, "盒包袋板瓶箱") && !strings.ContainsAny(a.unit, "盒包袋板瓶箱") && !a.left {
			return withoutPacks(append(all[:i:i], all[i+2:]...))
		}
	}
	return all
}

func (b *book) quantityAt(l *line, i int) (quantity, bool) {
	q := quantity{from: i}
	if i > 0 && l.insideNumber(i) && l.rune(i-1) != '大' {
		return q, false
	}
	if r := l.r[i]; (r == '*' || r == 'x') && i > 0 && l.kinds[i-1] == item { // 布洛芬x2
		if n, ok := l.numberAt(i + 1); ok && n.known {
			unit, end := b.measureAt(l, n.end)
			if end == 0 {
				end = n.end
			}
			return quantity{from: i, to: end, value: &n.value, unit: unit}, true
		}
		return q, false
	}
	if unit, end := b.bareMeasure(l, i); end > 0 {
		one := 1.0
		return quantity{from: i, to: end, value: &one, unit: unit}, true
	}
	n, ok := l.numberAt(i)
	if !ok {
		n, ok = l.spelledAt(i)
	}
	if !ok {
		return q, false
	}
	at := n.end
	if _, counted := b.measureAt(l, at); counted == 0 && n.end-i == 1 && (l.r[i] == '俩' || l.r[i] == '仨') { // 俩口罩
		if (l.rune(at) == 0 || l.kinds[at] != item) && (l.rune(at) != 0 && !pauses(l.rune(at)) || !l.before(i, "匀", "来", "给", "要", "借", "求", "分", "送", "我")) {
			return q, false
		}
		return quantity{from: i, to: at, value: &n.value}, true
	}
	for l.rune(at) == ' ' {
		at++
	}
	unit, end := b.measureAt(l, at)
	if end == 0 { // 抗原剩3
		bare := n.known && n.value < 100 && (n.end == len(l.r) || pauses(l.rune(n.end))) && l.before(i, "剩", "还有", "剩下")
		return quantity{from: i, to: n.end, value: &n.value}, bare
	}
	if n.known && n.value >= 1900 && unit == "板" || unit == "片" && l.before(i, "倒", "白了") || (unit == "个" || unit == "枚") && l.ofPersons(i) && !l.itemFollows(end) { // 2022版; 室友四个
		return q, false
	}
	if n.known {
		v := n.value
		if l.has(end, "半") && !l.after(end+1, "年", "天", "个", "夜", "小时") && v == float64(int(v)) {
			v += 0.5
			end++
		}
		q.value = &v
	}
	q.half = n.known && n.value == 0.5 && strings.ContainsRune("瓶支管罐", []rune(unit)[0])
	if l.before(i, "大", "小", "多") && n.value == 0.5 { // 大半瓶
		q.value, unit = nil, ""
		q.from--
	}
	q.to, q.unit = end, unit
	return q, true
}

// ofPersons: 室友四个都烧了 counts who is ill.
func (l *line) ofPersons(i int) bool {
	return l.before(i, "室友", "同事", "同学", "娃", "娃儿", "老人", "孩子", "大人", "工友", "家", "全家", "家里", "屋头", "我们", "他们", "咱们", "宿舍", "工人", "员工", "兄弟", "老的", "小的", "住了", "住着", "阳了", "倒了", "姐妹", "又阳", "又倒", "磕")
}

// bare are measure words that may mean one, behind one of beforeBare.
var bare, beforeBare = setOf("盒板瓶袋包支片粒台把"), setOf("来带给求借要分匀拿送整捎买讨有剩多留")

// bareMeasure reads a measure word that means one: 带盒罗红霉素.
func (b *book) bareMeasure(l *line, i int) (string, int) {
	if !bare[l.r[i]] || !beforeBare[l.rune(i-1)] || i+1 >= len(l.r) || l.kinds[i+1] != item {
		return "", 0
	}
	return b.measureAt(l, i)
}

// measureAt reads a measure word, with a size before it: 大包, 小瓶.
func (b *book) measureAt(l *line, at int) (string, int) {
	if l.after(at, "大", "小", "整", "满") && !l.after(at, "小时") {
		at++
	}
	unit, end := "", 0
	b.measures.walk(l.r, at, func(n int32, to int) {
		if l.kinds[to-1] == plain && l.bounded(at, to) {
			unit, end = b.units[n], to
		}
	})
	if end == 0 || unit == "-" || l.kinds[at] != plain || !l.countsThings(at, end) {
		return "", 0
	}
	return unit, end
}

// countsThings: two 个 are of goods only when no other noun follows.
func (l *line) countsThings(at, end int) bool {
	next := l.rune(end)
	if next == '装' || next == '型' {
		return false
	}
	word := string(l.r[at:end])
	if end < len(l.r) && l.kinds[end] == plain {
		switch word {
		case "ge": // 8 ge yue
			return !l.after(end, " yue")
		case "支":
			return !l.after(end, "持", "付", "援", "部", "气管")
		case "包":
			return !l.after(end, "邮", "裹", "括", "子", "含")
		case "把":
			return !l.after(end, "老", "我", "药", "他", "她", "它")
		case "片":
			return !l.after(end, "区")
		case "张", "条":
			if l.itemFollows(end) {
				return true
			}
			return !isHan(next) || strings.ContainsRune("就的可行给免送够都也左吧嘛呗要", next)
		case "个", "份", "只", "件", "套", "家", "台", "块":
			if l.itemFollows(end) || l.after(end, "口罩", "医用", "成人", "一次性", "左右", "以内", "新的", "全新", "没", "未", "自", "需", "谁", "儿童", "小孩", "装", "多", "备用", "免", "带", "应急", "先", "哪", "有", "白送", "续", "来不", "来吗", "一包", "一盒", "一袋", "一箱", "1包", "1盒", "1袋", "每包", "每盒") {
				return true
			}
			return !isHan(next) || strings.ContainsRune("就的可行给送够都也吧嘛呗要起以即，或和跟、了在放呢啊哈嗦救谢换借匀用备自收领拿已剩转留归捐让挂搁摆夹求讨先能得", next)
		}
	}
	return true
}

// itemFollows: 一台鱼跃血氧仪, and not 两个老人求布洛芬.
func (l *line) itemFollows(end int) bool {
	for i := end; i < len(l.r) && i <= end+6; i++ {
		if l.kinds[i] == item {
			return true
		}
		if l.kinds[i] != plain || !isHan(l.r[i]) && !isLatin(l.r[i]) || strings.ContainsRune("人娃孩求要缺借有老婆爷奶没阳烧都月时单邻", l.r[i]) {
			return false
		}
	}
	return false
}

// priced: 50一盒, 30元一支, 2980/盒 are denominators.
func (l *line) priced(q quantity) bool {
	if q.value == nil || *q.value != 1 {
		return false
	}
	if q.to < len(l.r) && l.kinds[q.to] == price {
		return true
	}
	prev := l.rune(q.from - 1)
	if prev == '/' {
		return true
	}
	at := q.from
	for l.rune(at-1) == ' ' {
		at--
	}
	if at > 0 && l.kinds[at-1] == price {
		return true
	}
	return l.before(at, "元", "块", "块钱", "rmb", "r", "钱") && at > 1 && l.kinds[at-1] == plain ||
		isDigit(l.rune(at-1)) && l.kinds[at-1] == plain && at == q.from
}

// limit: so much each, a day, at a time, or eaten, is not what changes hands.
func (l *line) limit(from int) bool {
	return l.before(from, "每人", "每户", "每家", "每次", "一人", "一家", "一户", "一次", "一天", "限", "满", "凑满", "限领", "最多", "最多拿", "每天", "吃了", "吃过", "服了",
		"次吃", "天吃", "限拿", "限购", "吃", "吃的", "用了", "用掉", "服用", "喝了", "每人限", "人手", "一人限领", "多领", "能拿", "每日", "一顿", "顿吃", "喝", "一回", "涨到")
}

// read tells what kind of quantity it is from the words before it.
func (l *line) read(q quantity) quantity {
	q.each = l.before(q.from, "各", "各要", "各求", "各来", "各有", "每样", "每种", "分别", "都要", "都来", "一样", "各自", "各给", "样样", "各送", "各剩", "都是", "都有", "各拿", "打包", "各需", "各匀", "各出", "每样要", "每样来", "各需要", "各一")
	near := lastWords(l.near(q.from, 6))
	q.left = containsAny(near, "剩", "还有", "余下", "余")
	q.have = containsAny(near, "只剩", "就剩", "还剩", "剩", "家里有", "家有", "只有", "才有", "就有") || endsAny(near, "家里就", "屋头就", "我家就", "就只", "仅", "家就", "手头就")
	q.out = endsAny(near, "可以让", "可以匀", "可以分", "可以给", "给出", "可以送", "可以拿", "能匀", "能分", "能让", "匀出", "拿出", "让出", "分出", "送出", "可匀", "可让", "送邻居", "送大家", "送人", "送楼上", "送你们", "给邻居", "给楼上") || endsAny(near, "匀", "让") && pauses(l.rune(q.from-2)) || l.after(q.to, "可以借", "可以送", "可以匀", "可以给", "可以分", "可送", "可借", "能借", "能送", "送人", "拿来送")
	q.given = containsAny(tailClause(l.near(q.from, 3)), "匀", "分", "送", "给", "拿出", "捐", "让")
	return q
}
