package understand

import (
	"slices"
	"strings"
)

// The kinds of private facts a message may hold.
const (
	Phone  = "phone"
	IDCard = "idcard"
	WeChat = "wechat"
)

// hide finds private facts and marks them, so that no other rule reads their
// digits; masked shows the text without them.
func (l *line) hide() []string {
	found := []string{}
	note := func(what string) {
		if !slices.Contains(found, what) {
			found = append(found, what)
		}
	}
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != plain || isHan(l.r[i]) && l.r[i] != '微' && l.r[i] != '薇' && l.r[i] != '威' && l.r[i] != '加' {
			continue
		}
		if isDigit(l.r[i]) && !isDigit(l.rune(i-1)) {
			if end := l.idCard(i); end > 0 {
				l.mark(i, end, private)
				note(IDCard)
				i = end - 1
				continue
			}
			if end := l.phone(i); end > 0 {
				l.mark(i, end, private)
				note(Phone)
				i = end - 1
				continue
			}
		}
		if from, end := l.wechat(i); end > 0 {
			l.mark(from, end, private)
			note(WeChat)
			i = end - 1
		}
	}
	return found
}

// phone reads a mainland mobile number, ^1[3-9]\d{9}$, with spaces, dashes or
// a mask in it; +86 before it stays.
func (l *line) phone(i int) int {
	if l.r[i] == '8' && l.rune(i+1) == '6' {
		i += 2
		for l.rune(i) == ' ' || l.rune(i) == '-' {
			i++
		}
	}
	if l.rune(i) != '1' || l.rune(i+1) < '3' || l.rune(i+1) > '9' {
		return 0
	}
	digits, gaps := 0, 0
	for ; i < len(l.r) && digits < 11; i++ {
		switch r := l.r[i]; {
		case isDigit(r) || digits >= 3 && (r == '*' || r == 'x'):
			digits++
			gaps = 0
		case (r == ' ' || r == '-') && gaps == 0 && digits >= 3:
			gaps++
		default:
			return 0
		}
	}
	if digits < 11 || isDigit(l.rune(i)) {
		return 0
	}
	return i
}

// idCard reads 17 digits and a check figure; a wrong check figure is still
// somebody's number with a slip in it. GB 11643.
func (l *line) idCard(i int) int {
	end := i
	for end < len(l.r) && isDigit(l.r[end]) {
		end++
	}
	switch n := end - i; {
	case n == 18:
		return end
	case n == 17 && l.rune(end) == 'x':
		return end + 1
	}
	return 0
}

var wechatWords = []string{"微信号", "微信", "薇信", "威信", "v信", "vx", "wx", "wechat", "加v", "+v", "加微", "+微", "加我", "v:", "v：", "weixin", "v❤", "薇❤"}

var wechatBegins = setOf("微薇威vw加+")

// wechat reads a WeChat name after a word for it: a letter, then 5 to 19
// letters, digits, _ or -.
func (l *line) wechat(i int) (from, end int) {
	if !wechatBegins[l.r[i]] {
		return 0, 0
	}
	for _, w := range wechatWords {
		if !l.has(i, w) || isLatin(rune(w[0])) && isLatin(l.rune(i-1)) {
			continue
		}
		at := i + len([]rune(w))
		for n := 0; n < 5 && (strings.ContainsRune(" :：号是我v信", l.rune(at)) && l.rune(at) != 0); n++ {
			if l.rune(at) == 'v' && isLatin(l.rune(at+1)) {
				break
			}
			at++
		}
		if !isLatin(l.rune(at)) {
			continue
		}
		end := at
		for end < len(l.r) && (isLatin(l.r[end]) || isDigit(l.r[end]) || l.r[end] == '_' || l.r[end] == '-') {
			end++
		}
		if n := end - at; n >= 6 && n <= 20 {
			return at, end
		}
	}
	return 0, 0
}

// masked is the message as it may be shown.
func (l *line) masked() string {
	var out strings.Builder
	last := 0
	for i := 0; i < len(l.r); i++ {
		if l.kinds[i] != private {
			continue
		}
		end := i
		for end < len(l.r) && l.kinds[end] == private {
			end++
		}
		out.WriteString(l.raw[last:l.at[i]])
		shown := []rune(l.raw[l.at[i]:l.at[end]])
		for k, r := range shown {
			if k < 3 && len(shown) >= 9 || k >= len(shown)-2 {
				out.WriteRune(r)
			} else {
				out.WriteByte('*')
			}
		}
		last = l.at[end]
		i = end - 1
	}
	out.WriteString(l.raw[last:])
	return out.String()
}
