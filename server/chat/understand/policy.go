package understand

import (
	"strings"

	"linli/matching/catalogue"
)

// bars are the answers to what the words say of a policy, in the order of the
// columns of bar.tsv. What the goods are says the rest.
var bars = []string{OK, Sale, Forbidden}

// policy names what keeps the goods from being shared; the worst item decides.
// It is a label for people: matching.Screen judges for itself.
func (m *message) policy(today month) string {
	switch m.intent {
	case Cancel, Query, Chatter:
		return OK
	}
	share := map[string]bool{}
	liquid, tablets := len(m.kept) == 0, len(m.kept) == 0
	for _, found := range m.kept {
		it := m.meant(m.book.names.all[found.name], found)
		share[it.Share] = true
		liquid = liquid || isLiquid(it)
		tablets = tablets || it.Kind == catalogue.KindDrug || it.Kind == catalogue.KindClass
	}
	switch {
	case share[catalogue.ShareNever], m.bar == Forbidden && (liquid || tablets):
		return Forbidden
	case (liquid || m.line.hasAny("糖浆", "口服液", "喷雾", "滴剂")) && len(m.kept) > 0 && m.half(),
		m.intent != Fulfilled && m.said.has("opened") && !m.sealed() && (liquid || m.line.hasAny("糖浆", "口服液", "混悬", "喷雾", "滴剂", "喝过", "喝了", "喷过", "滴过")) && len(m.kept) > 0 && m.openedGoods(),
		m.said.has("loose") && tablets && (len(m.kept) > 0 || m.said.has("goods")):
		return Forbidden
	case m.intent == Sell, m.paying(), m.bar == Sale && !(m.said.has("fee") && !m.line.paid()):
		return Sale
	case share[catalogue.ShareDoctor]:
		return Rx
	case m.expiry != nil && *m.expiry < today, m.expired(today):
		return Expired
	}
	return OK
}

// half: half a bottle is an opened one.
func (m *message) half() bool {
	for _, q := range m.quantities {
		if q.half && m.intent != Fulfilled && !(m.intent == Request && q.have) {
			return true
		}
	}
	return false
}

// paying: money from the side that asks. A delivery fee is none.
func (m *message) paying() bool {
	if m.said.has("free") || m.intent != Request {
		return m.intent == Fulfilled && m.said.mentions("转了M", "M转", "付了M", "红包") && !m.said.mentions("红包退", "退红包", "红包不", "不收红包", "退了红包", "不要红包")
	}
	if m.said.has("buy") {
		return !m.said.has("fee") || m.said.mentions("M") || !m.onlyFee()
	}
	return m.line.paid() && !m.said.mentions("买不", "卖到M", "涨到M", "卖M", "炒到M")
}

// onlyFee: the words of money all belong to a fee.
func (m *message) onlyFee() bool {
	for _, h := range m.said.by["buy"] {
		if !containsAny(string(m.said.skeleton[h.from:min(len(m.said.skeleton), h.to+6)]), "费") && !containsAny(string(m.said.skeleton[max(0, h.from-6):h.to]), "费") {
			return false
		}
	}
	return true
}

// sealed: 没拆; but 拆封没用过 was opened all the same.
func (m *message) sealed() bool {
	broken := false
	for _, h := range m.said.by["opened"] {
		broken = broken || containsAny(string(m.said.skeleton[h.from:h.to]), "拆", "开封", "启封", "开盖")
	}
	for _, h := range m.said.by["sealed"] {
		if !broken || !containsAny(string(m.said.skeleton[h.from:h.to]), "没用", "未使用", "没喝", "没有用", "没有喝", "没喷", "没动") {
			return true
		}
	}
	return false
}

// openedGoods: an asker who speaks of what she drank tells of no goods.
func (m *message) openedGoods() bool {
	if m.intent != Request {
		return true
	}
	for _, h := range m.said.by["opened"] {
		text := string(m.said.skeleton[h.from:min(len(m.said.skeleton), h.to+6)])
		if strings.Contains(text, "的X") || containsAny(text, "也行", "也要", "都行", "也可", "都可", "也好", "的也", "也没", "没关系", "不介意", "都要", "也能") {
			return true
		}
	}
	return false
}

// expired: the text itself says so of the goods.
func (m *message) expired(today month) bool {
	if !m.said.has("expired") || m.expiry != nil && *m.expiry > today {
		return false
	}
	if m.expiry != nil && *m.expiry == today && !m.said.mentions("已经过期", "过期了", "已过期", "刚过期", "昨天过期", "前天过期") {
		return false
	}
	if m.intent == Request {
		if _, behind, ok := strings.Cut(m.said.text, "过期"); ok && containsAny(behind, "也认", "都收", "也收", "也要", "都吃", "也吃", "不挑", "无所谓", "不嫌") {
			return true // 过期一年以内的芬必得我也认
		}
		return m.said.mentions("过期的也", "过期也", "日期过了", "过期都", "过期的都", "过期了也", "过期了都", "过期没关系", "过期没事", "过期不要紧", "不介意过期", "过期的行", "过期可以", "过期的可以", "过期的药也", "过期无所谓", "过期一点", "过期几", "过期药也", "过期的没关系", "过期的没事", "刚过期", "过期N", "过期的就", "过期的", "过期不久", "过期没", "过了期")
	}
	return true
}

// isLiquid: what cannot be vouched for once it was opened.
func isLiquid(it catalogue.Item) bool {
	for _, form := range []string{"混悬", "滴剂", "滴眼", "口服液", "糖浆", "溶液", "喷", "气雾", "煎膏", "酊", "合剂", "液体", "凝胶", "乳膏", "吸入", "注射", "鼻喷"} {
		if strings.Contains(it.Forms, form) && (it.BaseUnit == "瓶" || it.BaseUnit == "支") {
			return true
		}
	}
	return it.BaseUnit == "瓶" && !containsAny(it.Forms, "片", "胶囊", "丸") && it.Kind != catalogue.KindSupply || strings.Contains(it.Name, "喷") || strings.Contains(it.Name, "糖浆")
}
