package understand

// The bands of persons a message may name, most vulnerable first.
const (
	Infant = "infant"
	Child  = "child"
	Elder  = "elder"
	Adult  = "adult"
)

var bandRank = map[string]int{Infant: 4, Child: 3, Elder: 2, Adult: 1}

// persons are who was named.
type persons struct {
	bands map[string]bool
	aged  bool // by an age
}

func (p persons) most() string {
	best := ""
	for band := range p.bands {
		if bandRank[band] > bandRank[best] {
			best = band
		}
	}
	return best
}

// ages finds ages and marks them.
func (l *line) ages(p *persons) {
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != plain || !numeral(l.r[i]) && l.r[i] != '满' && l.r[i] != '月' || i > 0 && l.insideNumber(i) {
			continue
		}
		n, ok := l.numberAt(i)
		if !ok || !n.known && !l.after(n.end, "岁", "个月") {
			if l.after(i, "满月", "月龄", "百日", "百天") && l.kinds[i] == plain {
				p.bands[Infant], p.aged = true, true
			}
			continue
		}
		end := n.end
		half := l.oneOf(end, "个半", "半")
		years := n.value
		tens := l.oneOf(end, "多", "几", "来")
		switch {
		case l.after(end+tens, "岁", "周岁", "旬"):
			if l.has(end+tens, "旬") {
				years *= 10
			}
			end += tens + 1
			end += l.oneOf(end, "半", "多")
		case !l.before(i, "过期", "过了", "超期", "期", "剩", "只有", "还有", "差") && l.after(end+half, "个月大", "个多月", "个月的", "月龄", "月大", "个月宝", "个月婴", "个月娃", "个月的娃", "个月小", "个月孩") || l.after(end+half, "个月", "月宝", "月婴", "月的", "月娃", "月小", "月幼", "个多月") && l.babyAged(i, end+half):
			years, end = n.value/12, end+half+1+l.oneOf(end+half+1, "月")
		case l.after(end, "天大", "天的娃", "天的宝", "周大"):
			years = 0
		case n.value >= 60 && n.value < 110 && l.elderNear(i, end) && !l.after(end, "个", "盒", "元", "块", "支", "粒", "片", "袋", "包", "瓶", "%", "栋", "号", "斤", "度", "-", "分", "只"):
		case n.value >= 60 && n.value <= 90 && l.after(end, "后"): // 60后
			continue
		default:
			continue
		}
		if years > 120 || n.known && years >= 2 && l.after(end, "以下", "以上", "以内") {
			l.mark(i, end, measured)
			continue
		}
		band := Adult
		switch {
		case years < 2:
			band = Infant
		case years < 14:
			band = Child
		case years >= 60:
			band = Elder
		}
		p.bands[band], p.aged = true, true
		l.mark(i, end, measured)
		i = end - 1
	}
}

// babyAged: 8个月 is an age beside a baby, not beside a shelf life.
func (l *line) babyAged(i, end int) bool {
	if l.before(i, "还有", "过期", "过了", "剩", "期", "封", "放", "存", "买", "隔", "差", "有", "快", "阳") || l.after(end, "个月了", "个月前", "个月后", "个月内", "个月左", "个月没", "个月以", "个月到", "个月过", "个月就") {
		return false
	}
	return l.babyNear(i) || l.before(i, "胎", "儿", "女", "子", "才", "刚", "家", "满") || i == 0 || pauses(l.rune(i-1))
}

func (l *line) babyNear(i int) bool {
	return l.hasAny("宝宝", "婴", "娃", "毛毛", "孩子", "小孩", "幺儿", "崽", "宝贝", "幼", "孙")
}

func (l *line) elderNear(i, end int) bool {
	if containsAny(l.near(i, 6), "血氧", "血压", "心率") || l.before(i, "花", "卖", "出") {
		return false
	}
	return containsAny(l.near(i, 5), "过", "爸", "妈", "爷", "奶", "婆", "公", "老", "汉", "妈妈", "父", "母") ||
		l.after(end, "的老", "多的老", "了", "高龄") && containsAny(l.near(i, 14), "爸", "妈", "爷", "奶", "婆", "公", "老", "父", "母")
}

// people finds words for persons. Inside the name of an item only 儿童 and the
// like count; whoever is thanked, or gives, is not whom the goods are for.
func (b *book) peopleIn(l *line, p *persons) {
	infant := false
	for i := 0; i < len(l.r); {
		band, end := "", i
		b.people.walk(l.r, i, func(n int32, to int) { band, end = b.bands[n], to })
		if end == i {
			i++
			continue
		}
		from := i
		i = end
		if band == "-" || l.kinds[from] == private {
			continue
		}
		if l.kinds[from] == item && (from > 0 && l.kinds[from-1] == item || !l.after(from, "儿童", "小孩", "宝宝", "娃儿", "娃娃", "孩子", "幼儿", "大人", "婴儿", "kid", "child")) {
			continue
		}
		if l.thanked(from, end) {
			continue
		}
		if band == "baby" { // 宝宝: an infant where no age is said
			infant = true
			continue
		}
		p.bands[band] = true
	}
	if infant && !p.bands[Infant] && !(p.aged && p.bands[Child]) {
		p.bands[Infant] = true
	}
	// 爸 85岁, 宝宝 3岁: the age says more than the word
	if p.aged {
		if p.bands[Elder] {
			delete(p.bands, Adult)
		}
	}
}

func (l *line) thanked(from, to int) bool {
	near := l.near(from, 7)
	if l.after(from, "我自己也", "我自己家", "我自己够", "我自己有", "我自己留", "我自己用不", "我自己不", "我自己的") {
		return true
	}
	return containsAny(near, "谢谢", "感谢", "多谢", "谢了", "感恩", "辛苦") && !pausedIn(near) ||
		l.after(to, "送的", "给的", "送来的", "家送", "匀的", "帮忙送", "家给", "让给", "分给我", "匀给我", "送我", "给我", "去世", "过世", "不在了", "留下的") ||
		l.after(to, "走了", "走后") && l.hasAny("留下", "剩", "用不上", "没用完")
}

func pausedIn(text string) bool {
	for _, r := range text {
		if pausesHard(r) || r == ' ' {
			return true
		}
	}
	return false
}
