package matching_test

import (
	"slices"
	"testing"

	"linli/matching"
)

func TestDangerIn(t *testing.T) {
	t.Parallel()
	for note, want := range map[string][]string{
		"":                               nil,
		"老人发烧38.6，想要6片退烧药":               nil,
		"喘不上气，急":                         {"cannot_breathe"},
		"我妈坐着也喘":                         {"breathless"},
		"屋头老汉儿气紧，胸口痛":                    {"breathless", "chest_pain"},
		"血氧 92":                          {"low_oxygen"},
		"血氧９３":                           {"low_oxygen"},
		"血氧95，后来掉到90":                    nil, // the second figure stands behind a comma: asked, not guessed
		"血氧95掉到90":                       {"low_oxygen"},
		"血氧八十几":                          {"low_oxygen"},
		"血氧九十二":                          {"low_oxygen"},
		"血氧九十六":                          nil,
		"血氧97 体温38":                      nil,
		"想借血氧仪 10 个":                     nil,
		"娃儿抽搐了":                          {"convulsion"},
		"没有抽搐，就是发烧":                      nil,
		"没有药，抽搐了":                        {"convulsion"},
		"腿抽筋":                            nil,
		"烧得抽筋":                           {"convulsion"},
		"叫不醒":                            {"cannot_wake"},
		"说胡话":                            {"confused"},
		"嘴唇发紫":                           {"blue_lips"},
		"吃啥吐啥":                           {"vomits_all"},
		"一直吐痰":                           nil,
		"脖子硬":                            {"stiff_neck"},
		"宝宝一天没尿":                         {"child_dry"},
		"不胸痛，不喘":                         nil,
		"胸痛没有了又胸痛":                       {"chest_pain"},
		"He can’t breathe":               {"cannot_breathe"},
		"no chest pain, just a cough":    nil,
		"Chest pain since noon":          {"chest_pain"},
		"SpO2 91%":                       {"low_oxygen"},
		"oxygen 96":                      nil,
		"She is CONFUSED and won't wake": {"cannot_wake", "confused"},
		"baby is not drinking":           {"child_dry"},
	} {
		if got := matching.DangerIn(note); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", note, got, want)
		}
	}
}
