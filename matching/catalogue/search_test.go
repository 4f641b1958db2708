package catalogue

import (
	"slices"
	"strings"
	"testing"
)

// The brand traps of china.md §6 stand in pairs.
func TestSearch_KeepsBrandsApart(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"泰诺": "酚麻美敏片", "泰诺林": "对乙酰氨基酚", "tylenol": "对乙酰氨基酚", "Tylenol": "对乙酰氨基酚", "泰诺林滴剂": "对乙酰氨基酚混悬滴剂",
		"泰诺林混悬液": "对乙酰氨基酚混悬液", "维C银翘片": "维C银翘片", "VC银翘": "维C银翘片", "银翘解毒片": "银翘解毒片", "银翘片": "银翘解毒片",
		"感冒清热": "感冒清热颗粒", "感冒灵": "感冒灵颗粒", "999": "感冒灵颗粒", "小儿感冒颗粒": "小儿感冒颗粒", "小儿感冒灵颗粒": "小儿感冒灵颗粒",
		"999小儿感冒颗粒": "小儿感冒颗粒", "999小儿感冒灵": "小儿感冒灵颗粒", "川贝枇杷膏": "蜜炼川贝枇杷膏", "枇杷膏": "蜜炼川贝枇杷膏",
		"强力枇杷露": "强力枇杷露", "强力枇杷膏": "强力枇杷露", "藿香正气水": "藿香正气水", "藿香正气口服液": "藿香正气液", "藿香正气": "藿香正气液",
		"体温计": "电子体温计", "水银体温计": "水银体温计", "美林": "布洛芬混悬液", "小美林": "布洛芬混悬滴剂", "美林滴剂": "布洛芬混悬滴剂",
		"强的松": "泼尼松", "强的松龙": "泼尼松龙", "阿司匹林": "阿司匹林", "拜阿": "阿司匹林肠溶片", "扶他林": "双氯芬酸二乙胺乳胶剂", "扶他林片": "双氯芬酸钠",
		"退烧药": "退烧药", "儿童退烧药": "儿童退烧药", "消炎药": "消炎药", "口罩": "医用外科口罩",
	} {
		hits := Embedded().Search(query, 8)
		if len(hits) == 0 || hits[0].Item.Name != want || !hits[0].Whole || hits[0].Near {
			t.Errorf("%s finds %v, want %s", query, names(hits), want)
		}
	}
}

func TestSearch_FindsHowPeopleWrite(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"ｂｌ芬": "布洛芬", "BLF": "布洛芬", "布洛分": "布洛芬", "莲花清瘟": "连花清瘟", "LHQW": "连花清瘟", "血痒仪": "血氧仪", "Ｎ９５": "KN95口罩",
		"n95 口罩": "KN95口罩", "KANGYUAN": "抗原试剂盒", "抗元": "抗原试剂盒", " 布 洛 芬 ": "布洛芬", "布洛芬（缓释胶囊）": "布洛芬",
		"口服补液盐Ⅲ": "口服补液盐III", "白+黑": "氨酚伪麻美芬片", "布洛芬缓释胶囊0.3g": "布洛芬", "ibuprofen": "布洛芬", "tsy": "退烧药",
	} {
		hits := Embedded().Search(query, 8)
		if len(hits) == 0 || hits[0].Item.Name != want || hits[0].Near {
			t.Errorf("%s finds %v, want %s", query, names(hits), want)
		}
	}
}

func TestSearch_ShowsWhatIsEasilyMistaken(t *testing.T) {
	t.Parallel()
	for query, others := range map[string][]string{
		"美林": {"布洛芬混悬液", "布洛芬混悬滴剂"}, "泰诺": {"酚麻美敏片", "对乙酰氨基酚"}, "退烧": {"退烧药", "儿童退烧药", "退热贴"}, "感冒": {"感冒药", "感冒灵颗粒", "感冒清热颗粒"},
	} {
		found := names(Embedded().Search(query, 8))
		for _, name := range others {
			if !slices.Contains(found, name) {
				t.Errorf("%s finds %v, not %s", query, found, name)
			}
		}
	}
	if found := names(Embedded().Search("退烧", 8)); found[0] != "退烧药" {
		t.Errorf("the class comes first: %v", found)
	}
}

// Other medicines whose names sound like one of ours are never taken for it.
func TestSearch_AnotherProductIsNotTheWholeName(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"EVE止痛药", "复方草珊瑚含片", "慢严舒柠", "桂林西瓜霜", "川贝枇杷糖浆", "橘红痰咳液", "史达功", "惠菲宣", "托恩", "吉浩", "恬倩", "口炎喷雾"} {
		for _, hit := range Embedded().Search(query, 8) {
			if hit.Whole {
				t.Errorf("%s is taken for %s", query, hit.Item.Name)
			}
		}
	}
}

func TestSearch_SaysWhenNothingFits(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"布洛坊", "对乙先氨基分"} {
		hits := Embedded().Search(query, 8)
		if len(hits) == 0 || len(hits) > 3 || slices.ContainsFunc(hits, func(h Hit) bool { return !h.Near || h.Whole }) {
			t.Errorf("%s: %v", query, names(hits))
		}
	}
	if hits := Embedded().Search("布洛坊", 8); !slices.Contains(names(hits), "布洛芬") {
		t.Errorf("%v", names(hits))
	}
	for _, query := range []string{"", "  ", "！？", "\xff", "🙏"} {
		if hits := Embedded().Search(query, 8); len(hits) != 0 {
			t.Errorf("%q finds %v", query, names(hits))
		}
	}
	if hits := Embedded().Search("布洛芬", 0); hits != nil {
		t.Errorf("none was wanted: %v", names(hits))
	}
}

func TestSearch_ReadsNoMoreThanItsLimit(t *testing.T) {
	t.Parallel()
	tail := strings.Repeat("汽", maxQuery-3) + "布洛芬"
	if hits := Embedded().Search(tail+"强力枇杷露", 8); len(hits) == 0 || hits[0].Item.Name != "布洛芬" {
		t.Errorf("%v", names(hits))
	}
	if hits := Embedded().Search("汽"+tail, 8); slices.Contains(names(hits), "布洛芬") {
		t.Error("what stands behind the limit was read")
	}
}

func names(hits []Hit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Item.Name)
	}
	return all
}

func BenchmarkSearch_Unknown(b *testing.B) {
	c, query := Embedded(), strings.Repeat("未知的药", 16)
	for b.Loop() {
		c.Search(query, 8)
	}
}

func BenchmarkSearch_Brand(b *testing.B) {
	c := Embedded()
	for b.Loop() {
		c.Search("美林", 8)
	}
}
