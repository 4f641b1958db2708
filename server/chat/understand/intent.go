package understand

import "strings"

// intent decides what is meant. Information before goods, a withdrawal before
// both, a hand-over before all; asking and giving are weighed.
func (b *book) intent(l *line, s *said, names []mention, alarm bool) string {
	goods := len(names) > 0 || s.has("goods") || s.has("want") && s.mentions("求") && s.mentionsN() && !s.has("talk")
	question := s.question()
	ask := s.weigh("ask", 3)
	if ask == 3 && s.sharesOut() {
		ask = 0
	}
	give := max(s.weigh("give", 3), s.weigh("spare", 2), s.weigh("have", 1))
	paid := l.paid()
	free := s.has("free") && !s.mentions("不白送", "不白给", "不免费", "非免费", "不是免费", "不是白送", "没有免费", "非白送")
	talk := s.has("talk") && !(len(names) > 0 && s.mentionsN() && s.softTalk())
	switch {
	case s.has("undone"):
		return Query
	case (s.has("done") && !((ask == 3 || give == 3) && s.willReturn()) || goods && s.handedOver()) && !s.handedTalk(names) && !(question && !s.has("thanks")):
		return Fulfilled
	case s.has("buy") && !free && s.weigh("buy", 1) > 0 && s.mentions("想买", "求购", "收X", "收N", "高价", "愿意买", "买你", "买您") && !s.mentions("哪里", "在哪", "哪家", "药店"):
		return Request
	case s.has("cancel") && (goods || s.mentions("求助", "登记", "需求", "申请", "帖", "消息", "接龙", "订单", "上面", "刚才", "之前", "我家", "报名", "救助", "已经", "那条", "这条", "上条", "上一条", "发错", "误发", "误点")) && !((give == 3 || paid) && s.onlyWeakCancel()) && !(len(names) == 0 && s.mentions("通知", "公告")) && !s.asksAnew():
		return Cancel
	case s.has("kept") && ask < 3 && give < 2 && goods && !question && !s.has("inform") && !s.has("where"):
		return Cancel
	case len(names) == 0 && !goods && ask < 3 && !s.has("inform") && !s.has("sell"):
		if question && !s.mentions("拼车", "一起去", "拼个车") && s.mentions("T", "血氧", "快递", "烧", "药", "网格", "社区", "物业", "封", "核酸", "医院", "卫生院", "登记", "发烧", "阳", "抗原", "疫苗") {
			return Query
		}
		return Chatter
	case s.has("where") && s.shopAsked():
		return Query
	case len(names) > 0 && ask < 3 && alarm && s.onlyWhere():
		return Request
	case s.has("inform") && (ask < 3 || s.onlyWeakAsk() || s.strongQuestion() && s.strongAsks() == 0) && !s.sells(l, paid) && !(give == 3 && (!question || s.doubts())):
		if (talk || s.onlyFits()) && !question && !s.strongQuestion() {
			break
		}
		return Query
	}
	if s.has("where") && (question && ask < 3 && !(give == 3 && s.mentionsN()) || s.shopAsked()) {
		return Query
	}
	switch {
	case s.has("buy") && !free && !s.strongSell():
		return Request
	case ask == 3 && (talk && s.calmTalk(names)):
		return Chatter
	case (s.has("sell") || paid && ask < 3) && !free && (paid || !talk || len(names) > 0) && (ask < 3 || s.strongSell()):
		if goods || paid || s.strongSell() {
			return Sell
		}
	}
	switch {
	case ask == 3 && (give < 3 || s.first("ask") <= s.first("give") || question || s.mentions("用X换", "拿X换", "换N", "换X")):
		return Request
	case talk && len(names) == 0 && !free && !s.mentionsN() && ask < 3:
		return Chatter
	case give == 3 && len(names)+len(s.by["goods"]) > 0 && !(talk && give < 3):
		if talk && s.mentions("@所有人", "通知", "听说", "转发", "提醒", "辟谣", "公告", "网传") && !s.mentionsN() && !s.has("spare") {
			return Chatter
		}
		return Offer
	case talk:
		return Chatter
	case ask == 3:
		return Request
	case give == 2 && goods:
		if s.has("want") && s.weigh("spare", 2) == 2 && s.mentions("只剩", "就剩") {
			return Request
		}
		return Offer
	case s.has("want") && goods:
		return Request
	case give > 0 && len(names) > 0:
		if question {
			return Query
		}
		return Offer
	case (question || s.strongQuestion()) && goods:
		return Query
	case len(names) > 0:
		switch {
		case s.has("thanks") && s.mentions("了") && !s.mentions("了,谢", "了，谢") && give == 0 && ask == 0 && !s.mentionsN():
			return Fulfilled // 吃了8栋送来的药，血压下来了，感谢
		case s.has("opened") || s.has("expired") || s.has("loose") || s.mentions("D", "到期", "舍不得", "没拆", "未拆"):
			return Offer
		case s.has("urgent") || !s.mentions("谁", "哪个", "哪家", "的来", "的拿", "的可", "给") && (s.mentions("T") && l.hasAny("度", "℃", "体温") || s.mentions("烧", "痛", "咳", "拉肚", "拉稀", "拉得", "拉水", "拉脱", "疼", "便秘", "吐", "头晕", "难受", "不舒服", "失眠", "喘", "鼻塞", "鼻涕", "痒", "犯了", "发炎", "肿", "化脓")):
			return Request
		case s.mentionsN():
			return Offer
		}
	}
	return Chatter
}

// shopAsked: 哪家药店有 asks for a shop, not a neighbour.
func (s *said) shopAsked() bool {
	for _, h := range s.by["where"] {
		if endsAny(string(s.skeleton[:h.from]), "哪家", "哪个", "哪些", "哪里的", "附近", "哪间", "哪里有", "附近的", "附近哪家", "哪所") ||
			startsAny(string(s.skeleton[h.to:]), "有没有", "还有", "有卖", "有吗", "还卖", "能买", "买得到", "有不", "可以买", "里有", "里还有", "今天有", "今天还有", "现在有", "现在还有") && !s.mentions("谁有", "匀", "求X", "借") {
			return true
		}
	}
	return false
}

// onlyWhere: 哪里有 in an emergency asks for the thing itself.
func (s *said) onlyWhere() bool {
	for _, h := range s.by["inform"] {
		if !containsAny(string(s.skeleton[h.from:h.to]), "哪里有", "哪里还有", "医院有", "药店有") {
			return false
		}
	}
	return s.has("inform") && s.mentions("哪里有X", "X哪里有", "哪里还有X")
}

func (s *said) weigh(meaning string, weight int) int {
	if s.has(meaning) {
		return weight
	}
	return 0
}

func (s *said) first(meaning string) int {
	if len(s.by[meaning]) == 0 {
		return len(s.skeleton) + 1
	}
	return s.by[meaning][0].from
}

func (s *said) mentions(words ...string) bool { return containsAny(s.text, words...) }
func (s *said) mentionsN() bool               { return s.mentions("N") }

// question reports whether something is asked, by its mark or its last word.
func (s *said) question() bool {
	if s.mentions("别问", "别再问", "莫问", "不要问", "不用问") {
		return false
	}
	if s.mentions("要不要", "会不会", "是不是", "该不该", "好不好", "准不准", "行不行", "要紧不", "可不可以", "能不能", "几天", "怎么吃", "怎么用", "多少钱", "什么时候", "啥时候") || s.mentions("多久") && !s.mentions("没多久", "没过多久", "不多久", "没用多久") {
		return true
	}
	for i, r := range s.skeleton {
		if r == '?' || r == '？' {
			return true
		}
		end := i+1 == len(s.skeleton) || pauses(s.skeleton[i+1]) || s.skeleton[i+1] == '$'
		if end && (r == '吗' || r == '么' && i > 0 && s.skeleton[i-1] != '什' || r == '没' || r == '不' || r == '嘛' && i > 0 && s.skeleton[i-1] == '得') {
			return true
		}
	}
	return false
}

func (s *said) strongQuestion() bool {
	return s.mentions("怎么", "咋", "多少", "哪里", "谁知道", "请问", "什么时候", "啥时候", "几点")
}

// doubts: 不晓得还能不能吃，要的拿走 asks nobody.
func (s *said) doubts() bool {
	return s.mentionsN() && s.mentions("不知道", "不确定", "不清楚", "拿不准") && !s.mentions("?", "？")
}

// onlyWeakAsk: 有没有人知道, 请问, 求助 ask for an answer.
func (s *said) onlyWeakAsk() bool {
	for _, h := range s.by["ask"] {
		text := string(s.skeleton[h.from:h.to])
		if !containsAny(text, "请问", "想问", "问问", "问一下", "问下", "问哈", "有人有", "还有X", "哪里", "需要几", "有没有谁", "有没有人有", "X有没有", "X有吗", "想要", "有没有哪", "想弄", "要几", "能用") {
			return false
		}
	}
	return true
}

// onlyFits: 适合小孩 without a question praises the goods.
func (s *said) onlyFits() bool {
	for _, h := range s.by["inform"] {
		if !containsAny(string(s.skeleton[h.from:h.to]), "适合", "包含", "搭配") {
			return false
		}
	}
	return true
}

// onlyWeakCancel: 不要了, 不用了 may be said of a thing that is given away.
func (s *said) onlyWeakCancel() bool {
	for _, h := range s.by["cancel"] {
		text := string(s.skeleton[h.from:h.to])
		if strings.Contains(text, "X") || strings.Contains(text, "不用再") || !containsAny(text, "不要了", "不用了", "不需要", "不用", "用不着", "不能", "不必", "别来") {
			return false
		}
	}
	return !s.mentions("取消", "登记", "之前", "上次", "昨天", "刚才", "求助", "我说")
}

// asksAnew: 喉咙药就不用了，直接求一盒含片 asks after all.
func (s *said) asksAnew() bool {
	last := 0
	for _, h := range s.by["ask"] {
		if containsAny(string(s.skeleton[h.from:h.to]), "求", "谁有", "匀我", "借我") {
			last = h.from
		}
	}
	cancels := s.by["cancel"]
	return last > cancels[len(cancels)-1].to && s.onlyWeakCancel()
}

// strongSell: words that only somebody who sells says.
func (s *said) strongSell() bool {
	for _, h := range s.by["sell"] {
		text := string(s.skeleton[h.from:h.to])
		if !containsAny(text, "卖", "出X", "出N", "出一", "出几", "出个", "出点", "出些", "半价", "付款", "扫码", "定金", "跟团", "现货", "包邮", "卖X", "卖N", "收费", "微信转账", "支付宝", "批发") && !(s.has("ask") && strings.Contains(text, "议")) {
			return true
		}
	}
	return false
}

func (s *said) sells(l *line, paid bool) bool {
	return s.has("sell") && (paid || s.strongSell()) && !s.question()
}

// handedTalk: 收到 that only answers a notice.
func (s *said) handedTalk(names []mention) bool {
	return len(names) == 0 && (s.mentions("转发") || s.mentions("通知", "短信", "消息", "文件") || len(s.skeleton) <= 6 && !s.has("thanks") && !s.has("goods") && s.mentions("^收到"))
}

// handedOver: 送给楼下阿姨了 is done; 送给有需要的 is not.
func (s *said) handedOver() bool {
	for i, r := range s.skeleton {
		if r != '给' || !s.at(i-1, "送分匀拿借还捐转") || s.at(i-2, "别不没未") || s.inside("cancel", i) {
			continue
		}
		for k := i + 1; k < len(s.skeleton) && k < i+10 && !pauses(s.skeleton[k]); k++ {
			if s.skeleton[k] == '了' && (k+1 == len(s.skeleton) || s.skeleton[k+1] == '$' || pauses(s.skeleton[k+1])) {
				return !containsAny(string(s.skeleton[i:k]), "需要", "想要", "谁", "大家", "好", "用", "别给", "怕", "算")
			}
		}
	}
	return false
}

// willReturn: 用完归还 is a promise of who borrows.
func (s *said) willReturn() bool {
	for _, h := range s.by["done"] {
		text := string(s.skeleton[h.from:h.to])
		if !containsAny(text, "归还", "还给", "还回", "还你", "还您", "还到") || containsAny(text, "已", "了") || s.at(h.to, "了") || s.at(h.from-1, "已经") {
			return false
		}
	}
	return true
}

// sharesOut: 单位发了两盒，够用，匀一盒 and 两样都有，各匀4支 give; only 匀 alone
// asks.
func (s *said) sharesOut() bool {
	if !s.has("spare") && !s.has("have") || s.has("want") || s.question() {
		return false
	}
	for _, h := range s.by["ask"] {
		text := string(s.skeleton[h.from:h.to])
		if h.from < min(s.first("spare"), s.first("have")) || !startsAny(text, "匀", "分") || containsAny(text, "我", "吗", "能") {
			return false
		}
	}
	return true
}

// softTalk: kind words beside goods do not make a message talk.
func (s *said) softTalk() bool {
	for _, h := range s.by["talk"] {
		if !containsAny(string(s.skeleton[h.from:h.to]), "哈哈", "祝", "平安", "辛苦", "加油", "羡慕", "早日康复", "注意休息", "喝水", "热水", "早上好", "晚安", "笑死", "效果好", "亲测", "管用") {
			return false
		}
	}
	return true
}

// inside reports whether a cue of a meaning covers i.
func (s *said) inside(meaning string, i int) bool {
	for _, h := range s.by[meaning] {
		if h.from <= i && i < h.to {
			return true
		}
	}
	return false
}

// at reports whether one of the runes stands at i.
func (s *said) at(i int, runes string) bool {
	return i >= 0 && i < len(s.skeleton) && strings.ContainsRune(runes, s.skeleton[i])
}

// calmTalk: who reports or warns does not ask, even in words of asking.
func (s *said) calmTalk(names []mention) bool {
	return s.mentions("@所有人", "通知", "转发", "提醒", "辟谣", "我家也没", "我也没", "网传", "听说", "谨防", "当心", "警惕", "统计") && s.strongAsks() == 0
}

func (s *said) strongAsks() int {
	n := 0
	for _, h := range s.by["ask"] {
		if containsAny(string(s.skeleton[h.from:h.to]), "求", "谁有", "有没有", "匀我", "给我", "借我", "分我", "吗") {
			n++
		}
	}
	return n
}
