package understand

import (
	"strings"
	"unicode/utf8"

	"linli/matching/catalogue"
)

// about leaves out what is only mentioned: eaten, warned of, not wanted, or
// offered in exchange. What was only had or used up counts where nothing else
// is left.
func (m *message) about() []mention {
	if m.intent == Query {
		return m.names
	}
	var kept, soft []mention
	for i, found := range m.names {
		if m.line.remark(found) || m.described(i) {
			continue
		}
		switch m.role(i, found) {
		case 0:
			kept = append(kept, found)
		case 1:
			soft = append(soft, found)
		}
	}
	if len(kept) == 0 {
		return soft
	}
	return kept
}

// kin: both are for the same complaint, 复方感冒药 and 儿童感冒药.
func kin(a, b catalogue.Item) bool {
	for category := []rune(a.Category); len(category) >= 2; category = category[1:] {
		if pair := string(category[:2]); pair != "儿童" && pair != "用药" && strings.Contains(b.Category, pair) {
			return true
		}
	}
	return false
}

// described: of a kind and the name of it only the name is an item: 润喉片，
// 西地碘那种; 复方甘草片，止咳的; 布洛芬这种退烧药; 好娃娃感冒颗粒.
func (m *message) described(i int) bool {
	l, found := m.line, m.names[i]
	it := m.book.names.items[m.book.names.all[found.name].id]
	if i+1 < len(m.names) {
		next := m.names[i+1]
		other := m.book.names.items[m.book.names.all[next.name].id]
		if (other.Category == it.Category || it.Kind == catalogue.KindClass && kin(it, other)) && l.after(next.to, "那种", "的那种", "那款", "那个牌子", "这种", "牌子的", "的最好", "最好", "之类") && pauses(l.rune(next.from-1)) && !l.before(found.to, "或") {
			return true
		}
	}
	if it.Name == "爱心健康防疫包" && i+1 < len(m.names) && strings.ContainsAny(string(l.r[found.to:min(found.to+4, m.names[i+1].from)]), ":：") {
		return true // 防疫物资共享：N95 10个
	}
	if i == 0 || it.Kind != catalogue.KindClass {
		return false
	}
	last := m.names[i-1]
	if named := m.book.names.items[m.book.names.all[last.name].id]; last.to == found.from && named.ID != it.ID && kin(it, named) {
		return true
	}
	if containsAny(string(l.r[last.to:found.from]), "等", "这种", "这类", "之类", "一类", "那种", "也是", "属于", "就是", "当", "牌") && found.from-last.to <= 5 {
		return true
	}
	return l.r[found.to-1] == '的' && l.before(found.from, ",", "，", " ", "(", "（", "是", "来", "用") && !l.before(found.from, "要", "求") && (found.to == len(l.r) || pauses(l.r[found.to]))
}

// remark: 小儿感冒颗粒（三九的） names a maker.
func (l *line) remark(found mention) bool {
	return l.before(found.from, "(", "（") && l.after(found.to, "的)", "的）", "牌)", "牌）", "产的)", "产的）") ||
		l.before(found.from, "介意", "含") && !l.before(found.from, "可以含", "能含", "想含", "要含", "我含", "得含", "喊含")
}

// role: 0 the message is about it; 1 perhaps; 2 not.
func (m *message) role(i int, found mention) int {
	l := m.line
	before, after := l.near(found.from, 6), l.r[found.to:min(len(l.r), found.to+8)]
	behind := string(after)
	clause := tailClause(before)
	head := headClause(behind)
	if m.intent == Request {
		if m.exchanged(i, found) {
			m.barter = true
			return 2
		}
		if endsAny(clause, "不要", "别要", "除了", "不敢吃", "不能吃", "不能用", "吃不得", "不吃", "不想要", "不需要", "不是", "不是那个", "不是那种", "不缺", "不求", "而不是", "不肯夹", "不肯用", "不夹", "不肯吃", "不肯喝", "不会用", "不喝", "不肯戴", "夹不住", "不敢用", "别给", "莫给", "不敢喝", "不得要", "不得吃", "不要给", "不要带", "不带", "不含", "不要有", "不要加", "不可以吃", "不适合", "不要再给", "不可以用", "非", "除") ||
			startsAny(head, "过敏", "不敢吃", "不能吃", "吃不得", "不要", "就不要", "以外", "之外", "不能用", "不行", "都行就是", "不缺", "除外", "就不用", "不合适", "不适合", "不用了", "有了", "家里有", "已经有", "够了", "不得行", "禁用", "不耐受", "不管用", "没得用", "的就不用", "的不用", "的就算了", "没用", "没效", "不起作用", "压不住", "压不下", "退不下") && !startsAny(head, "没用完", "没用过", "没用上") {
			return 2
		}
	}
	if m.intent == Fulfilled && m.exchanged(i, found) {
		return 2
	}
	if m.intent == Request || m.intent == Offer || m.intent == Fulfilled || m.intent == Cancel {
		if endsAny(clause, "吃了", "吃过", "喝了", "喝过", "用了", "用过", "吃", "在吃", "刚吃", "服了", "正在吃", "一直吃", "吃完", "贴了", "喂了", "吃的是", "上午吃了", "昨天吃了", "在用", "正在用", "喂过") && !endsAny(clause, "想吃", "要吃", "能吃", "好吃", "给娃吃", "只能吃", "敢吃", "只吃", "可以吃", "吃不吃", "吃点", "让吃", "叫吃", "喊吃", "说吃", "该吃", "得吃", "先吃", "让用") && !containsAny(clause, "谁", "哪", "有没") ||
			startsAny(head, "吃得", "吃了", "都吃了", "也吃了", "过敏", "吃过了", "一起吃", "同吃", "同服", "用了没", "吃了没") && m.intent != Fulfilled {
			return 2
		}
	}
	if m.intent == Request {
		if startsAny(head, "没了", "没有了", "用完", "吃完", "都吃完", "喝完", "没得了", "吃光", "用光", "见底", "断货", "买不到", "只剩", "快吃完", "快没", "过期了", "都没", "不够", "卖完", "卖光", "就剩", "刚吃完", "刚用完", "坏了", "打碎", "摔", "碎了", "没买到", "也没", "剩", "是过期", "丢了", "找不到", "抢不到", "没电", "不准") ||
			endsAny(clause, "买不到", "家里有", "我有", "家有", "只有", "只剩", "有了", "已有", "没有", "没得", "莫得", "没买到", "抢不到", "就剩", "手里有", "屋头有", "屋头只有", "家里只有", "有的是", "医生开了", "医院开了", "已经开了", "开了") && !endsAny(clause, "有没有", "有没得", "哪家有", "谁家有", "大家有", "人家有") {
			return 1
		}
		if endsAny(before, "只剩", "就剩") || containsAny(clause, "只剩", "就剩", "只有") {
			return 1
		}
	}
	if endsAny(clause, "里头有", "里面有", "那个有", "含有") && i > 0 {
		return 2 // 水的那个有酒精
	}
	if endsAny(clause, "凑个", "凑一个", "凑成", "组个", "拼个", "凑一份", "凑份") && m.intent != Request {
		return 2
	}
	if m.intent == Offer && (endsAny(clause, "不是", "没有", "不含", "没得", "莫得", "除了", "不要和", "别和", "不能和", "不要跟", "别跟", "勿与") || startsAny(head, "没有", "没得", "送完", "已送", "没了", "没有了", "莫得", "已经没", "过敏")) {
		return 2
	}
	if startsAny(head, "阳", "阴", "两条杠", "一条杠", "测出", "测了", "自测阳", "自测阴", "转阴", "转阳", "弱阳", "结果", "已转", "还是阳", "显示", "是阳", "是两条", "都是两条", "两道杠", "测出来", "中招", "杠") || endsAny(clause, "测了", "刚测", "测的", "做了") && strings.HasPrefix(string(l.r[found.from:found.to]), "抗") {
		return 2
	}
	if startsAny(head, "擦", "消毒过", "消毒后", "消毒再", "消毒好", "消毒还", "消毒了", "消过毒", "泡过", "喷过消毒") { // 用完酒精擦干净还
		return 1
	}
	if endsAny(clause, "不要和", "别和", "不能和", "不要跟", "别跟", "不能跟", "勿与", "不要与", "不能同时吃") {
		return 2
	}
	return 0
}

// exchanged: 用抗原换布洛芬, 我有抗原想换. What is given in exchange is not
// asked for.
func (m *message) exchanged(i int, found mention) bool {
	l := m.line
	text := l.text
	if !strings.Contains(text, "换") || containsAny(text, "换季", "替换", "换药", "换洗") {
		return false
	}
	swap := -1
	for k := range l.r {
		if l.r[k] == '换' && l.kinds[k] == plain && !l.after(k+1, "货", "物", "个") {
			if swap >= 0 && (len(m.names) == 0 || k > m.names[len(m.names)-1].from) {
				break
			}
			swap = k // the last before the last name
		}
	}
	if swap < 0 || len(m.names) < 2 {
		if swap >= 0 && found.to <= swap && len(m.names) == 1 && endsAny(l.near(found.from, 3), "用", "拿", "以") {
			return true
		}
		return false
	}
	last := m.names[len(m.names)-1]
	if last.from > swap { // 抗原换布洛芬; and 换布洛芬，我有抗原
		if found.to <= swap {
			return !containsAny(strings.ReplaceAll(text, "求成交", ""), "求", "缺") || endsAny(tailClause(l.near(found.from, 8)), "用", "拿", "以", "有", "我有", "多", "出", "多的", "可以用", "可用", "可以拿", "支", "盒", "个")
		}
		own := tailClause(l.near(found.from, 8))
		return i > 0 && !strings.Contains(own, "换") && containsAny(own, "我有", "我出", "我拿", "用", "拿", "我家有", "我这有", "家里有", "我给", "我这里有", "有多的", "手里有")
	}
	// 求布洛芬，可以拿抗原换
	return i > 0 && endsAny(tailClause(l.near(found.from, 8)), "用", "拿", "以", "我有", "用我的", "有", "出", "给", "支", "盒", "个", "多的", "片", "粒", "瓶", "袋", "包", "板", "用多的", "我用")
}

func tailClause(text string) string {
	if at := strings.LastIndexFunc(text, pausesHard); at >= 0 {
		_, size := utf8.DecodeRuneInString(text[at:])
		return text[at+size:]
	}
	return text
}

// lastWords is what stands behind the last pause or space.
func lastWords(text string) string {
	text = tailClause(text)
	return text[strings.LastIndexByte(text, ' ')+1:]
}

func headClause(text string) string {
	if at := strings.IndexFunc(text, pausesHard); at >= 0 {
		return text[:at]
	}
	return text
}

func endsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.HasSuffix(text, w) {
			return true
		}
	}
	return false
}

func startsAny(text string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}
