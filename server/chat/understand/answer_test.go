package understand

import (
	"strings"
	"testing"

	"linli/models/words"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"布洛芬和泰诺能一起吃吗":      "布洛芬里有布洛芬一类的止痛药\n酚麻美敏片里有对乙酰氨基酚、氯苯那敏、伪麻黄碱、右美沙芬\n能不能吃、怎么吃、吃多少，请问医生或药师",
		"感冒灵和泰诺林可以一起吃不":    "感冒灵颗粒里有对乙酰氨基酚、氯苯那敏、咖啡因\n对乙酰氨基酚里有对乙酰氨基酚\n感冒灵颗粒、对乙酰氨基酚里都有对乙酰氨基酚，不能叠着吃\n能不能吃、怎么吃、吃多少，请问医生或药师",
		"布洛芬一次吃几颗？":        "布洛芬里有布洛芬一类的止痛药\n能不能吃、怎么吃、吃多少，请问医生或药师",
		"外婆喘不上气，能吃布洛芬吗":    "请马上打 120，不要等药",
		"用抗原换两颗布洛芬，大人吃":    "不用换，直接送\n听到了，要布洛芬2粒，这就去问邻居",
		"出两盒布洛芬，100一盒":     "谢谢你想着大家。这里只送不卖，愿意送的话再说一声",
		"求布洛芬，家里老人发烧":      "布洛芬要多少？",
		"求点退烧药":            "给谁用？多大年纪？",
		"宝宝8个月发烧求退烧药一瓶":    "医生说的是哪一种？请写药名，或问医生",
		"求慢严舒柠一盒，大人吃":      "慢严舒柠有好几种，请把盒上的全名写来，或拍给网格员看",
		"有两盒布洛芬没拆，谁要":      "布洛芬的有效期到哪年哪月？",
		"有多的蒙脱石散，谁要":       "蒙脱石散有多少可以给？",
		"求阿莫西林一盒":          "这种要医生或药师定，不能互相给",
		"布洛芬6粒":            "是想要，还是有多的可以给？",
		"抗原两支，3栋":          "是想要，还是有多的可以给？",
		"安定两片谁要":           "为了安全，不能收",
		"布洛芬收到了，谢谢":        "好的，记下收到了，平安就好",
		"布洛芬不要了，谢谢大家":      "好的，这就撤下来",
		"今天天气真好":           "",
		"防疫包什么时候发":         "这个请问网格员",
		"愿意出钱求抗原两支":        "不用出钱，邻居直接送\n听到了，要抗原试剂盒2支，这就去问邻居",
		"有两盒布洛芬2022年10月到期": "过期了，不能给人，请交给中转站处理",
	} {
		if got := Embedded().Answer(Embedded().Understand(message, messageDay), words.ZH); got != want {
			t.Errorf("%s\n got %q\nwant %q", message, got, want)
		}
	}
}

// TestAnswer_NeverNamesADose: whatever is asked about a medicine, no figure
// is answered.
func TestAnswer_NeverNamesADose(t *testing.T) {
	t.Parallel()
	for _, it := range Embedded().book.names.items {
		for _, question := range []string{"%一次吃几颗", "%娃儿3岁吃多少", "%和布洛芬能一起吃吗", "%隔多久吃一次？"} {
			u := Embedded().Understand(strings.ReplaceAll(question, "%", it.Name), messageDay)
			answer := Embedded().Answer(u, words.ZH)
			for _, i := range u.Items {
				answer = strings.ReplaceAll(answer, i.Canonical, "")
			}
			if u.Intent != Query || strings.ContainsAny(answer, "0123456789") {
				t.Errorf("%s %s: %s", u.Intent, it.Name, answer)
			}
		}
	}
}

func TestUnderstand_TellsWhatItDoesNotLabel(t *testing.T) {
	t.Parallel()
	u := Embedded().Understand("孕妇有胃溃疡，用口罩换泰诺林两盒连花一盒，血氧91", messageDay)
	if len(u.Danger) != 1 || u.Danger[0] != "low_oxygen" || !u.Barter || len(u.Avoid) != 2 || u.Avoid[0] != "pregnant" || u.Avoid[1] != "ulcer" {
		t.Errorf("%+v", u)
	}
	if len(u.Items) != 2 || u.Items[0].Units != 0 || u.Items[1].Units != 24 {
		t.Errorf("%+v", u.Items)
	}
}

func TestMasked_ShowsNoPrivateFact(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]struct{ pii, secret string }{
		"联系13800000014":           {"phone", "13800000014"},
		"电话１３８ ００００ ００１４哈":        {"phone", "００００"},
		"+86-138-0000-0014":       {"phone", "0000-0014"},
		"138****0014":             {"phone", "0014"},
		"身份证51018419900101123X登记": {"idcard", "19900101"},
		"加v: test_kangyuan 备注楼栋号": {"wechat", "test_kangyuan"},
		"微信号linli-2022，求连花":       {"wechat", "linli-2022"},
	} {
		u := Embedded().Understand(message, messageDay)
		if strings.Join(u.PII, ",") != want.pii || strings.Contains(u.Text, want.secret) {
			t.Errorf("%s: %v %s", message, u.PII, u.Text)
		}
	}
}
