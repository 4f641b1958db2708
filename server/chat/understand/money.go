package understand

// money finds prices and marks them: 30元, ¥50, 120买的, 100出, 50一盒,
// 原价99, 50/盒. A delivery fee is no price.
func (l *line) money() {
	for i := 0; i < len(l.r); i++ {
		sign := l.r[i] == '¥' || l.r[i] == '￥' || l.r[i] == '$'
		if l.kinds[i] != plain || !sign && !numeral(l.r[i]) || l.r[i] == '拾' && l.before(i, "收") || i > 0 && l.insideNumber(i) {
			continue
		}
		at := i
		if sign {
			at++
		}
		n, ok := l.numberSimple(at)
		if !ok || !n.known {
			continue
		}
		if end := l.priceEnd(i, at, n, sign); end > 0 {
			k := price
			if containsAny(l.near(i, 6), "跑腿", "运费", "配送", "车费", "路费", "邮费", "油费", "腿费", "快递费", "闪送", "押金") ||
				l.after(end, "跑腿", "运费", "配送", "车费", "路费", "邮费", "快递费", "油费") {
				k = other
			}
			l.mark(i, end, k)
			i = end - 1
		}
	}
}

func (l *line) priceEnd(from, at int, n number, sign bool) int {
	end := n.end
	words := l.oneOf(end, "块钱", "元钱", "多块钱", "多块", "多元", "元", "块", "rmb", "大洋", "米一", "米拿", "米出", "米带", "米包", "米收", "米转", "米给", "毛钱", "毛一", "r")
	if l.has(end, "r") && isLatin(l.rune(end+1)) {
		words = 0
	}
	switch {
	case words == 2 && (l.has(end, "米") || l.has(end, "毛一")): // 50米一盒
		return end + 1
	case words > 0:
		end += words
		if d := hanDigits[l.rune(end)]; d > 1 && !l.countedNext(end+1) { // 两块五
			return end + 1
		}
		return end
	case sign:
		return end
	case n.value < 2:
		return 0
	case l.after(end, "一盒", "一支", "一个", "一瓶", "一板", "一包", "一袋", "一台", "一只", "一粒", "一片", "一份", "一颗", "一套", "一罐", "一把", "一条", "/盒", "/支", "/个", "/瓶", "/板", "/包", "/袋", "/粒", "/片", "/份", "每盒", "每支", "每个", "每瓶", "每板", "每包", "每袋", "每片", "每粒", "1盒", "包邮", "抱走", "带走", "拉走", "处理", "归你", "不过分", "的本", "入的", "让,", "让，", "出", "不议价", "不讲价", "不还价", "拿走", "转让", "转", "卖", "就出", "就卖", "就转", "就给", "给你", "给大家", "转给", "买的", "买来", "入手", "收的", "收入", "不刀", "可刀", "打包", "要的", "一口价", "都要", "自提", "给你", "左右可", "成交", "求", "收"):
		if l.after(end, "求", "收", "要的", "打包", "都要", "给你", "拿走") && n.value < 10 && !l.before(from, "红包") || l.after(end, "收到", "出门", "出院", "转院", "转发", "转阴", "出去", "出来", "求助") {
			return 0
		}
		return end
	case l.before(from, "出") && n.value >= 5 && (end == len(l.r) || pauses(l.rune(end))):
		return end // 要两盒连花，出50
	case l.before(from, "原价", "卖", "价格", "价", "只要", "售价", "单价", "现价", "特价", "团购价", "成本", "收", "仅", "一口价", "成本价", "市价", "转账", "转", "红包", "低至", "只卖", "花了", "收来", "放出去", "v我", "微信转我", "便宜卖了,", "开价", "进价", "底价", "优惠价", "一律", "价钱", "打包", "打包价", "全部", "一起") && n.value >= 5 && !l.countedNext(end):
		return end
	case (l.before(from, "一盒", "一支", "一个", "一瓶", "一板", "一包", "一袋", "一台", "每盒", "每支", "每个", "每瓶", "每板", "每包", "每袋", "1盒", "1支", "1瓶", "1个", "1台", "各")) && n.value >= 5 && !l.countedNext(end) && !l.before(from, "各"):
		return end
	case n.value >= 20 && from > 0 && (l.kinds[from-1] == item || l.rune(from-1) == '货') && pauses(l.rune(end)) && l.hasAny("先到先得", "手慢", "速来", "要的", "用的来", "私", "微信", "自提", "不退", "有意", "需要的", "抢") && !l.hasAny("支", "盒", "免费", "送"):
		return end // 美林80，先到先得
	case l.before(from, "租") && n.value >= 5 && l.after(end, "一天", "每天", "/天", "一晚", "一周", "一月", "一个月"):
		return end // 租20一天
	case n.han && n.value >= 100 && (end == len(l.r) || pauses(l.rune(end))) && l.hasAny("转让", "出", "卖", "闲置"):
		return end
	case n.value >= 10 && pauses(l.rune(from-1)) && l.rune(from-1) != '、' && (end == len(l.r) || pauses(l.rune(end))) && l.rune(end) != '、' &&
		(n.value >= 100 && int(n.value)%50 == 0 && !l.hasAny("栋", "单元", "室", "楼") || l.hasAny("全新", "成新", "闲置", "转让", "有货", "现货", "不白", "钱", "出手", "带走", "诚心", "价", "转给", "转手")):
		return end // 九成新，1500
	case n.value >= 10 && from > 0 && (l.kinds[from-1] == item || l.rune(from-1) == '货') && (end == len(l.r) || pauses(l.rune(end))) && l.hasAny("现货", "出售", "转让", "私聊", "原价", "价", "卖", "包邮", "闲置", "扫码", "收钱", "收款", "运费自理", "邮费自理", "运费另", "邮费另"):
		return end
	}
	return 0
}

func (l *line) countedNext(at int) bool {
	return l.after(at, "盒", "支", "个", "瓶", "板", "包", "袋", "粒", "片", "颗", "人", "份", "只", "台", "号", "栋", "岁", "度", "天", "年", "月", "日", "点", "%", "双", "贴", "条", "套", "楼", "单元", "-", "小时", "分钟", "ml", "mg")
}

// paid reports whether a price was named.
func (l *line) paid() bool {
	for _, k := range l.kinds {
		if k == price {
			return true
		}
	}
	return false
}
