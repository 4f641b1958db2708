package understand

import "strings"

// Words of Sichuan and of chats beside the standard words they stand for, as
// many characters long. Phrases and messages are put the same way, so that a
// phrase stands in the table once.
var dialect = pairs("没得没有 莫得没有 木有没有 米有没有 冒得没有 晓得知道 屋头家里 屋里家里 咋个怎么 啷个怎么 阔以可以 哪儿哪里 这儿这里 那儿那里 啥子什么 莫送别送 莫找别找 莫给别给 莫来别来 莫要别要 莫问别问 莫再别再")

func pairs(list string) map[[2]rune][2]rune {
	all := map[[2]rune][2]rune{}
	for _, word := range strings.Fields(list) {
		r := []rune(word)
		all[[2]rune{r[0], r[1]}] = [2]rune{r[2], r[3]}
	}
	return all
}

// dialectFirst are the characters with which a word of dialect begins.
var dialectFirst = func() string {
	first := ""
	for word := range dialect {
		first += string(word[0])
	}
	return first
}()

// standard puts a text in standard words, in place.
func standard(r []rune) []rune {
	for i := range r {
		switch r[i] {
		case '咯', '啦', '喽', '啰', '囖': // 拿走咯 says 拿走了
			r[i] = '了'
		}
		if i+1 < len(r) && r[i] > 0x7F && strings.ContainsRune(dialectFirst, r[i]) {
			if to, ok := dialect[[2]rune{r[i], r[i+1]}]; ok {
				r[i], r[i+1] = to[0], to[1]
			}
		}
	}
	return r
}
