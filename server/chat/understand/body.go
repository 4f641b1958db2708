package understand

import "linli/matching"

// feverUrgent is the temperature from which a message is urgent.
const feverUrgent = 39

// fever finds temperatures, marks them, and tells whether one is 39 or more.
func (l *line) fever() bool {
	high := false
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != plain || i > 0 && l.insideNumber(i) {
			continue
		}
		n, ok := l.numberSimple(i)
		if !ok || !n.known {
			continue
		}
		value, end := n.value, n.end
		if value < 35 || value >= 43 {
			continue
		}
		degree := l.oneOf(end, "多度", "度多", "度几", "度", "℃", "°c", "°", "摄氏度")
		if degree > 0 {
			end += degree
			if f, ok := l.numberSimple(end); ok && f.value < 10 { // 39度5
				end = f.end
			}
		} else if value == float64(int(value)) && !containsAny(l.near(i, 6), "烧到", "烧", "体温", "高烧", "温度", "发烧", "量了", "升到", "度") ||
			l.after(end, "元", "块", "岁", "个", "盒", "支", "粒", "片", "号", "栋", "楼", "包", "袋", "瓶", "一", "mg", "ml", "人", "天", "分", "-", "/", "m", "米") {
			continue
		} else if value != float64(int(value)) && l.after(end, "出", "收", "包邮", "拿走") {
			continue
		}
		l.mark(i, end, measured)
		high = high || value >= feverUrgent
		i = end - 1
	}
	return high
}

// strengths marks figures of strength and size: 0.3g, 100ml, 75%, 8片装, *20粒.
func (l *line) strengths() {
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != plain || !isDigit(l.r[i]) || l.insideNumber(i) && !isLatin(l.rune(i-1)) {
			continue
		}
		n, ok := l.digitsAt(i)
		if !ok {
			continue
		}
		unit := l.oneOf(n.end, "mg", "ml", "毫克", "毫升", "ug", "μg", "%", "kg", "克", "公斤", "g")
		if unit == 0 || l.has(n.end, "g") && isLatin(l.rune(n.end+1)) {
			continue
		}
		end := n.end + unit
		if l.rune(end) == '*' || l.rune(end) == 'x' { // 0.3g*20粒
			if m, ok := l.digitsAt(end + 1); ok {
				end = m.end
				if !isLatin(l.rune(end)) {
					end += l.oneOf(end, "粒", "片", "袋", "支", "s")
				}
			}
		}
		l.mark(i, end, measured)
		i = end - 1
	}
}

// signs are the danger signs of the message, by the words of matching: one
// list serves the app and the chat.
func (l *line) signs() []string {
	var danger []string
	for _, sign := range matching.DangerIn(string(l.r)) {
		if !isDoctorSign(sign) {
			danger = append(danger, sign)
		}
	}
	return danger
}

func isDoctorSign(sign string) bool {
	for _, s := range matching.DoctorSigns {
		if s == sign {
			return true
		}
	}
	return false
}
