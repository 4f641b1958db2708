package understand

import (
	"slices"
	"strings"

	"linli/matching/catalogue"
)

// message is what was found, while it is put together.
type message struct {
	*heard
	intent string
	unsure bool   // whether something is wanted or given
	bar    string // what the words alone tell of its policy: OK, Sale, or Forbidden of goods that were opened
	expiry *month
	barter bool
	kept   []mention
}

// The classes of the catalogue that other rules know by name.
const (
	suspensionIbuprofen   = "布洛芬混悬液"
	dropsIbuprofen        = "布洛芬混悬滴剂"
	suspensionParacetamol = "对乙酰氨基酚混悬液"
	dropsParacetamol      = "对乙酰氨基酚混悬滴剂"
	feverChild            = "儿童退烧药"
	thermometer           = "电子体温计"
	mercury               = "水银体温计"
	generic               = "境外仿制新冠药"
)

// items are the goods that the message is about, in the order of their first
// mention, each once.
func (m *message) items() []Item {
	m.kept = m.about()
	whole := m.line.share(m.names, m.kept, m.usable())
	for i := 1; i < len(whole); i++ { // 小儿感冒颗粒（三九的）3包
		if whole[i-1] == nil && (m.line.remark(m.names[i]) || m.described(i)) {
			whole[i-1] = whole[i]
		}
		if whole[i] == nil && m.described(i-1) { // 4片退热贴，冰宝贴那个牌子
			whole[i] = whole[i-1]
		}
	}
	of := make([]*quantity, 0, len(m.kept))
	for i, found := range m.names {
		if slices.Contains(m.kept, found) {
			of = append(of, whole[i])
		}
	}
	items := []Item{}
	m.kindNamed(of)
	for i, found := range m.kept {
		nm := m.book.names.all[found.name]
		it := m.meant(nm, found)
		next := Item{Canonical: it.Name, ID: it.ID, Said: string(m.line.r[found.from:found.to]), Unsure: nm.loose}
		if q := of[i]; q != nil {
			next.Qty = q.value
			if q.unit != "" {
				unit := q.unit
				next.Unit = &unit
			}
			next.Units = units(it, q)
		}
		at := slices.IndexFunc(items, func(o Item) bool { return o.Canonical == next.Canonical })
		switch {
		case at < 0:
			items = append(items, next)
		case next.Qty != nil && items[at].Qty != nil && items[at].Said != next.Said && m.intent != Query:
			items = append(items, next) // 1盒感康、2盒快克
		case items[at].Qty == nil && items[at].Unit == nil:
			items[at].Qty, items[at].Unit, items[at].Units = next.Qty, next.Unit, next.Units
		case of[i] != nil && of[i].left && next.Qty != nil && m.intent != Request:
			items[at].Qty, items[at].Unit, items[at].Units = next.Qty, next.Unit, next.Units
		}
	}
	return m.withoutBare(items)
}

// kindNamed: 儿童退烧药一瓶，泰诺林混悬液; 要退烧药的嘛，我有托恩一瓶: who gives
// names what the kind is; the quantity is of the name, and the kind is left out.
func (m *message) kindNamed(of []*quantity) {
	if m.intent != Offer && m.intent != Sell || len(m.kept) != 2 || (of[0] == nil) == (of[1] == nil) || of[0] != nil && of[0].each || of[1] != nil && of[1].each {
		return
	}
	kind := m.meant(m.book.names.all[m.kept[0].name], m.kept[0])
	it := m.meant(m.book.names.all[m.kept[1].name], m.kept[1])
	if kind.Kind != catalogue.KindClass || it.Kind == catalogue.KindClass || kind.Category != it.Category || m.line.has(m.kept[1].from-1, "和") || m.line.has(m.kept[1].from-1, "、") ||
		of[0] != nil && !pauses(m.line.rune(m.kept[1].from-1)) || of[0] == nil && !strings.ContainsFunc(string(m.line.r[m.kept[0].to:m.kept[1].from]), pausesHard) {
		return
	}
	if of[1] == nil {
		of[1] = of[0]
	}
	m.kept[0], of[0] = m.kept[1], of[1]
}

// withoutBare drops a bare 口罩 that only leads to another mask.
func (m *message) withoutBare(items []Item) []Item {
	other := slices.ContainsFunc(items, func(o Item) bool { return strings.HasSuffix(o.Canonical, "口罩") && o.Said != "口罩" })
	if !other || m.intent != Request {
		return items
	}
	return slices.DeleteFunc(items, func(o Item) bool {
		return o.Said == "口罩" && o.Unit == nil && m.line.hasAny("要求", "都要口罩", "要口罩", "戴口罩", "带口罩", "自备口罩")
	})
}

// sameUnits are measure words for the same amount; what is told is the word
// that was said.
var sameUnits = map[string]string{"副": "双", "对": "双", "部": "台", "架": "台", "排": "板", "根": "支", "听": "罐", "筒": "支"}

// units is the quantity in base units, by the catalogue's packs; 0 where it
// is not a whole number of them, or nobody can know it.
func units(it catalogue.Item, q *quantity) int {
	if q.value == nil {
		return 0
	}
	size, unit := 0.0, q.unit
	if same, ok := sameUnits[unit]; ok {
		unit = same
	}
	if unit == it.BaseUnit {
		size = 1
	}
	for _, p := range it.Packs {
		if p.Unit == unit {
			size = float64(p.Size)
		}
	}
	total := *q.value * size
	if total != float64(int(total)) || total > 1e6 {
		return 0
	}
	return int(total)
}

// usable leaves out what the asker says she has herself.
func (m *message) usable() []quantity {
	var all []quantity
	for i, q := range m.quantities {
		if m.intent == Request && q.have && containsAny(lastWords(m.line.near(q.from, 6)), "只剩", "就剩", "只有", "还剩", "剩", "家里就", "屋头就", "我家就", "就只", "家就", "手头就") {
			continue
		}
		if m.intent == Cancel && m.line.before(q.from, "翻出", "找到", "找出", "留", "买了", "买到", "又买了", "买到了", "发了", "给了", "送了", "寄了", "有了", "送来") {
			continue
		}
		if m.intent == Query && q.value == nil {
			continue
		}
		if next := m.line.rune(q.to); m.intent == Request && (next == '换' || next == '→') &&
			(i+1 < len(m.quantities) && m.quantities[i+1].from == q.to+1 || len(m.names) > 0 && m.names[0].from > q.to) {
			continue // 1板换1盒; 沃柑一箱换退热贴
		}
		all = append(all, q)
	}
	return all
}

// meant is the item a name stands for: with a child some names mean the
// child's form, and a mercury thermometer cannot be given.
func (m *message) meant(nm name, found mention) catalogue.Item {
	it := m.book.names.items[nm.id]
	rename := func(to string) {
		for _, o := range m.book.names.items {
			if o.Name == to {
				it = o
				return
			}
		}
	}
	young := m.who.most()
	if m.intent != Fulfilled && (young == Infant || young == Child) && !m.who.bands[Adult] && !m.who.bands[Elder] {
		switch nm.bare {
		case bareIbuprofen:
			if !startsAny(string(m.line.r[found.to:]), "缓释", "胶囊", "片") {
				rename(suspensionIbuprofen)
			}
		case bareFever:
			rename(feverChild)
		case bareParacetamol:
			if young == Infant {
				rename(dropsParacetamol)
			} else {
				rename(suspensionParacetamol)
			}
		}
	}
	if it.Name == suspensionIbuprofen && startsAny(headClause(string(m.line.r[found.to:min(len(m.line.r), found.to+6)])), "滴", "的滴", "那种滴", "(滴", "（滴", "婴儿滴") {
		rename(dropsIbuprofen)
	}
	if (it.Name == "奈玛特韦利托那韦" || it.Name == "莫诺拉韦") && m.line.hasAny("印度", "孟加拉", "老挝", "仿制", "仿版", "绿盒", "蓝盒", "平替") && !m.line.hasAny("不是印度", "不要印度", "非印度", "不是仿", "不要仿") {
		rename(generic)
	}
	if it.Name == thermometer || it.Name == mercury {
		switch {
		case m.intent == Request || m.intent == Query || m.intent == Cancel:
			rename(thermometer)
		case m.line.hasAny("水银", "玻璃"):
			rename(mercury)
		}
	}
	return it
}
