package group

import (
	"slices"
	"strings"
	"testing"
)

func about(line string) bool {
	return strings.Contains(line, "布洛芬") || strings.Contains(line, "抗原") || strings.Contains(line, "退烧药")
}

func TestSplit_KnowsTheFormsInWhichWeChatCopies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paste string
		want  []Message
	}{
		"nothing":             {" \n\r\n\u200b", []Message{}},
		"one plain line":      {"求布洛芬6粒", []Message{{"", "求布洛芬6粒"}}},
		"plain lines":         {"求布洛芬6粒\n我有抗原两支\n\n晚上吃啥", []Message{{"", "求布洛芬6粒"}, {"", "我有抗原两支"}, {"", "晚上吃啥"}}},
		"a name and a colon":  {"王师傅：我有布洛芬，没拆\n小赵: 求抗原", []Message{{"王师傅", "我有布洛芬，没拆"}, {"小赵", "求抗原"}}},
		"a name above":        {"王师傅:\n我有布洛芬\n没拆封的\n\n小赵：\n求抗原", []Message{{"王师傅", "我有布洛芬\n没拆封的"}, {"小赵", "求抗原"}}},
		"desktop":             {"王师傅 2022/12/20 14:03:22\n我有布洛芬\n\n3栋的来拿\n\n小赵 2022/12/20 14:05:01\n求抗原\n", []Message{{"王师傅", "我有布洛芬\n3栋的来拿"}, {"小赵", "求抗原"}}},
		"sent by mail":        {"—————  2022-12-20  —————\n\n\n王师傅  14:03\n\n我有布洛芬\n\n小赵  下午2:05\n\n求抗原", []Message{{"王师傅", "我有布洛芬"}, {"小赵", "求抗原"}}},
		"a time below":        {"王师傅\n12月20日 14:03\n我有布洛芬\n小赵\n昨天 14:05\n求抗原", []Message{{"王师傅", "我有布洛芬"}, {"小赵", "求抗原"}}},
		"times between":       {"14:03\n王师傅：我有布洛芬\n昨天 晚上9:12\n求抗原", []Message{{"王师傅", "我有布洛芬"}, {"", "求抗原"}}},
		"names and texts":     {"王师傅\n我有布洛芬\n小赵\n求抗原", []Message{{"王师傅", "我有布洛芬"}, {"小赵", "求抗原"}}},
		"a name that needs":   {"3-2-501 要退烧药\n谁有啊\n王姐\n我有布洛芬", []Message{{"3-2-501 要退烧药", "谁有啊"}, {"王姐", "我有布洛芬"}}},
		"a door and a colon":  {"3-2-501 要退烧药：谁有啊", []Message{{"3-2-501 要退烧药", "谁有啊"}}},
		"a label is no name":  {"求：布洛芬6粒\n地址：3栋501\n急：抗原2支", []Message{{"", "求：布洛芬6粒"}, {"", "地址：3栋501"}, {"", "急：抗原2支"}}},
		"a ratio and a link":  {"比例1:10兑水\nhttps://a.example/b 求布洛芬", []Message{{"", "比例1:10兑水"}, {"", "https://a.example/b 求布洛芬"}}},
		"a quote":             {"「王师傅：我有布洛芬」\n- - - - - - - - - - - - - - -\n我要，3栋", []Message{{"", "我要，3栋"}}},
		"pictures and knocks": {"王师傅：[图片]\n[动画表情]\n\"小赵\"撤回了一条消息\n李姐：求抗原", []Message{{"王师傅", "[图片]"}, {"李姐", "求抗原"}}},
		"the same twice":      {"小赵：求抗原\n小赵：求抗原\n李姐：求抗原", []Message{{"小赵", "求抗原"}, {"李姐", "求抗原"}}},
		"a line goes on":      {"王师傅：我有布洛芬\n没拆封的，3栋", []Message{{"王师傅", "我有布洛芬\n没拆封的，3栋"}}},
		"another's line":      {"王师傅：我有布洛芬\n求抗原2支", []Message{{"王师傅", "我有布洛芬"}, {"", "求抗原2支"}}},
		"emoji and joiners":   {"👩‍👧 小陈：求抗原🙏🙏", []Message{{"👩‍👧 小陈", "求抗原🙏🙏"}}},
		"marks that hide":     {"\u202e王师傅：求抗原\u0000\u001b[31m", []Message{{"王师傅", "求抗原[31m"}}},
		"windows lines":       {"王师傅：求抗原\r\n小赵：求布洛芬\r\n", []Message{{"王师傅", "求抗原"}, {"小赵", "求布洛芬"}}},
		"only a needy name":   {"3-2-501 要退烧药：", []Message{{"", "3-2-501 要退烧药"}}},
	} {
		if got := Split(c.paste, about); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// Whatever is pasted, no word of it is lost but what is WeChat's own, and no
// message is empty.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"王师傅：我有布洛芬\n求抗原", "王师傅\n14:03\n求抗原", "a:\n\n:\n：：\n", "—\n-\n14:03", strings.Repeat("：", 99), "「」\n王\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, paste string) {
		all := Split(paste, about)
		for _, m := range all {
			if strings.TrimSpace(m.Text) == "" {
				t.Errorf("an empty message of %q", paste)
			}
		}
		if strings.Count(paste, "\n")+1 < len(all) {
			t.Errorf("%d messages of %q", len(all), paste)
		}
	})
}
