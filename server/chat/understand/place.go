package understand

import "strings"

// Place is an address as far as it was said.
type Place struct {
	Building *string `json:"building"`
	Unit     *string `json:"unit"`
	Room     *string `json:"room"`
}

// place finds the parts of an address and marks them. The first that is named
// counts; later parts fill only what it left open.
func (l *line) place() *Place {
	var all Place
	for i := 0; i < len(l.r); {
		p, end := l.placeAt(i)
		if end <= i {
			i++
			continue
		}
		l.mark(i, end, address)
		i = end
		same := p.Building != nil && all.Building != nil && *p.Building == *all.Building
		if p.Building != nil && !same && (all.Building != nil || all.Room != nil && all.Unit != nil) {
			continue
		}
		if all.Building == nil {
			all.Building = p.Building
		}
		if all.Unit == nil {
			all.Unit = p.Unit
		}
		if all.Room == nil {
			all.Room = p.Room
		}
	}
	if all == (Place{}) {
		return nil
	}
	return &all
}

func (l *line) placeAt(i int) (Place, int) {
	if l.kinds[i] != plain || !numeral(l.r[i]) && !isLatin(l.r[i]) || l.insideNumber(i) {
		return Place{}, i
	}
	start := i
	if word := l.oneOf(i, "building ", "bldg ", "unit ", "room ", "apt "); word > 0 && !isLatin(l.rune(i-1)) {
		return l.english(i, i+word)
	}
	letter := ""
	if isLatin(l.r[i]) && !isLatin(l.rune(i-1)) {
		letter = strings.ToUpper(string(l.r[i]))
		i++
	}
	digits, end := l.numeralAt(i)
	han := end > i && !isDigit(l.rune(i))
	if len(digits) > 4 || digits == "" && letter == "" || isLatin(l.rune(end)) && !l.latinBuilding(end) {
		return Place{}, start
	}
	if digits != "" && isLatin(l.rune(end)) { // 5a栋
		letter, digits, end = digits+strings.ToUpper(string(l.r[end])), "", end+1
	}
	label := letter + digits
	var p Place
	switch word := l.oneOf(end, "号楼", "栋楼", "号栋", "#楼", "楼栋", "栋", "幢", "座", "#", "棟"); {
	case word > 0 && (len(digits) <= 3) && !l.wholeHouse(start, end):
		p.Building = &label
		end += word
		end = l.unitAndRoom(&p, end)
		return p, end
	case digits == "" && l.rune(end) == '-' && isDigit(l.rune(end+1)): // A-3-1204
		if p, to := l.dashed(label, digits, end, '-'); to > 0 && p.Room != nil {
			return p, to
		}
		return Place{}, start
	case digits == "":
		return Place{}, start
	case l.after(end, "单元", "门洞"):
		if len(digits) <= 2 {
			p.Unit = &label
			end += 2
			return p, l.room(&p, end)
		}
	case l.has(end, "号") && letter == "" && l.unitAfter(end+1): // 8号1单元
		p.Building = &label
		return p, l.unitAndRoom(&p, end+1)
	case l.rune(end) == '-' || l.rune(end) == '/' && !han:
		if p, to := l.dashed(label, digits, end, l.rune(end)); to > 0 {
			return p, to
		}
	}
	if letter == "" && l.isRoom(digits, start, end) {
		p.Room = &label
		return p, end + l.oneOf(end, "号房", "室", "号", "户", "房")
	}
	return Place{}, start
}

// english reads building 3, unit 2, room 501.
func (l *line) english(i, at int) (p Place, end int) {
	digits, end := l.numeralAt(at)
	switch {
	case digits == "" || len(digits) > 4:
		return Place{}, i
	case l.r[i] == 'b':
		p.Building = &digits
	case l.r[i] == 'u':
		p.Unit = &digits
	default:
		p.Room = &digits
	}
	return p, end
}

// insideNumber: an address does not begin in the middle of a figure.
func (l *line) insideNumber(i int) bool {
	prev := l.rune(i - 1)
	if isDigit(l.r[i]) {
		return isDigit(prev) || prev == '.' && isDigit(l.rune(i-2)) || isLatin(prev) && l.kinds[i-1] == plain
	}
	_, digit := hanDigits[prev]
	_, power := hanPowers[prev]
	return (digit || power) && i > 0 && l.kinds[i-1] == plain && !isLatin(l.r[i])
}

func (l *line) latinBuilding(end int) bool {
	return !isLatin(l.rune(end+1)) && l.oneOf(end+1, "号楼", "栋", "幢", "座", "#") > 0
}

// oneOf gives the length of the first of the words that stands at i, or 0.
func (l *line) oneOf(i int, words ...string) int {
	for _, w := range words {
		if l.has(i, w) {
			return len([]rune(w))
		}
	}
	return 0
}

// wholeHouse: 这一栋, 整栋楼, 一栋楼都阳了 name no building.
func (l *line) wholeHouse(from, at int) bool {
	return l.before(from, "这", "那", "整", "每", "哪", "同", "同一", "上") && at-from == 1 && l.rune(from) == '一' ||
		at-from == 1 && l.rune(from) == '一' && (l.has(at, "栋楼") || l.after(at+1, "都", "全", "人"))
}

func (l *line) unitAfter(i int) bool {
	_, end := l.numeralAt(i)
	return end > i && l.has(end, "单元")
}

func (l *line) skipJoint(i int) int {
	for n := 0; n < 2; n++ {
		if r := l.rune(i); r == '-' || r == ' ' || r == '的' || r == ',' || r == '，' || r == '/' || r == '_' || r == '.' {
			i++
		}
	}
	return i
}

// unitAndRoom reads what follows a building.
func (l *line) unitAndRoom(p *Place, end int) int {
	at := l.skipJoint(end)
	digits, to := l.numeralAt(at)
	if digits == "" && isLatin(l.rune(at)) && l.has(at+1, "单元") {
		digits, to = strings.ToUpper(string(l.r[at])), at+1
	}
	switch {
	case digits == "":
		return end
	case l.after(to, "单元", "门洞") && len(digits) <= 2:
		p.Unit = &digits
		return l.room(p, to+2)
	case l.rune(to) == '-' && len(digits) <= 2:
		if room, after := l.numeralAt(to + 1); len(room) >= 3 && len(room) <= 4 {
			p.Unit, p.Room = &digits, &room
			return after + l.oneOf(after, "号房", "室", "号", "户")
		}
		return end
	}
	return l.room(p, end)
}

// room reads a door number after a unit or a building; a floor may stand
// between them.
func (l *line) room(p *Place, end int) int {
	at := l.skipJoint(end)
	digits, to := l.numeralAt(at)
	if len(digits) > 0 && len(digits) <= 2 && l.after(to, "楼", "层") {
		at = l.skipJoint(to + 1)
		digits, to = l.numeralAt(at)
	}
	if len(digits) < 3 || len(digits) > 4 || isLatin(l.rune(to)) || l.rune(to) == '.' && isDigit(l.rune(to+1)) || l.after(to, "元", "块", "米", "个", "盒", "支", "年") {
		return end
	}
	p.Room = &digits
	return to + l.oneOf(to, "号房", "室", "号", "户", "房")
}

// dashed reads 3-2-501, 5-1802, B2-1-602 and 3-2单元501.
func (l *line) dashed(building, digits string, dash int, joint rune) (Place, int) {
	if len(digits) > 2 && len(building) > 2 {
		return Place{}, 0
	}
	second, end := l.numeralAt(dash + 1)
	if second == "" {
		return Place{}, 0
	}
	p := Place{Building: &building}
	if len(second) <= 2 && l.has(end, "单元") {
		p.Unit = &second
		return p, l.room(&p, end+2)
	}
	if len(second) <= 2 && l.rune(end) == joint {
		if third, to := l.numeralAt(end + 1); (len(third) == 3 || len(third) == 4) && !isDigit(l.rune(to)) && !isLatin(l.rune(to)) {
			p.Unit, p.Room = &second, &third
			return p, to + l.oneOf(to, "号房", "室", "号", "户")
		}
		return Place{}, 0
	}
	if (len(second) == 3 || len(second) == 4) && joint == '-' && !l.after(end, "元", "块", ".", "-", "ml", "mg") {
		p.Room = &second
		return p, end + l.oneOf(end, "号房", "室", "号", "户")
	}
	return Place{}, 0
}

// mostDoors is how many doors a floor has at most.
const mostDoors = "12"

// isRoom: a bare number is a door only beside a word of doors.
func (l *line) isRoom(digits string, from, end int) bool {
	if len(digits) < 3 || len(digits) > 4 {
		return false
	}
	for i := from; i < end; i++ {
		if _, power := hanPowers[l.r[i]]; power {
			return false // 三百
		}
	}
	if last := digits[len(digits)-2:]; last > "00" && last < "30" && (l.before(from, "谢") || l.after(end, "送的", "给的", "匀的", "想要", "的大哥", "的大姐", "的哥", "的姐", "的叔", "的嬢")) {
		return true // 401送的; and not 300收
	}
	if from == 0 && digits[len(digits)-2:] > "00" && digits[len(digits)-2:] <= mostDoors &&
		l.after(l.skipJoint(end), "求", "急需", "急求", "跪求", "需要", "缺", "想要", "谁有", "谁家", "有没有", "有多", "可以给", "能给", "能匀", "报名") {
		return true // 302 求退烧药; and not 120 打不通, 2022 要过完了
	}
	if l.after(end, "室", "号房", "门口", "房间", "住户", "户", "门上", "门把", "门外", "号门", "家门", "的门", "敲门", "房") {
		return true
	}
	if l.before(from, "谢谢", "感谢", "多谢", "谢过") && (l.has(end, "的") || end == len(l.r)) || l.after(end, "的姐", "的哥", "的阿姨", "的叔", "的邻居", "的大姐", "的大哥") && l.before(from, "谢", "给", "是", "到", "找") ||
		l.before(from, "交到", "送到", "拿到", "放到", "公寓", "宿舍") && (end == len(l.r) || pauses(l.rune(end)) || l.has(end, "了")) {
		return true
	}
	return l.before(from, "房号", "门牌", "门牌号", "我住", "我家住", "家住", "住在", "房间号", "室号", "房间", "楼栋号", "楼") ||
		l.after(end, "的邻居", "家", "邻居", "自取", "来拿", "拿", "的要", "的住户", "收") && !l.after(end, "拿走") && !l.before(from, "才", "花", "卖", "出", "收来") ||
		l.before(from, "我是", "我在", "放到", "送到", "来", "放在", "@") && (end == len(l.r) || pauses(l.rune(end)) || l.has(end, "的"))
}
