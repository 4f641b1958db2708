package group

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Message is one message of a group as it was pasted; Sender is "" where the paste
// does not tell.
type Message struct{ Sender, Text string }

// The ways in which the apps of WeChat write who wrote when. A name of somebody is
// at most nameMost runes long, which is WeChat's own limit with room for a remark.
const nameMost = 32

const (
	clock = `(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?[AaPp][Mm])?`
	day   = `(?:(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?|昨天|前天|今天|星期[一二三四五六日天]|周[一二三四五六日天])`
)

var (
	onlyTime = regexp.MustCompile(`^[\s—–\-=_]*(?:` + day + `(?:\s*星期.)?(?:\s*` + clock + `)?|` + clock + `)[\s—–\-=_]*$`)
	timed    = regexp.MustCompile(`^(.{1,60}?)[\s:：,，(（]+(?:` + day + `\s*)?` + clock + `[)）]?[:：]?$`)
	quoted   = regexp.MustCompile(`^「[^」]*」$`)
	rule     = regexp.MustCompile(`^[\s\-—–=_]{3,}$`)
	shown    = regexp.MustCompile(`^\[(?:图片|语音|视频|动画表情|表情|链接|文件|位置|小程序|聊天记录|红包|微信红包|转账|通话|名片|音乐|卡片|接龙|Photo|Image|Voice|Video|Sticker|Link|File|Location|Mini Program)[^\]]*\]\s*\S{0,40}$`)
	told     = regexp.MustCompile(`(撤回了一条消息|加入了?群聊|移出了?群聊|退出了?群聊|修改群名为|拍了拍|^以下为新消息$|^以上是.*消息$|^查看更多消息$|recalled a message|joined the group chat)`)
)

// labels lead a message and are nobody's name: 求：布洛芬6粒, 地址：3栋.
var labels = []string{"求", "急求", "求助", "求药", "求购", "急", "急需", "紧急", "需要", "需", "想要", "要", "缺", "有", "现有", "家里有", "我有", "可以给", "可给", "可送", "送", "免费送", "赠送", "分享", "多余",
	"出", "转", "转让", "换", "借", "想借", "地址", "位置", "住址", "门牌", "房号", "楼栋", "电话", "手机", "联系方式", "联系电话", "姓名", "名字", "备注", "注", "说明", "数量", "品名", "药名", "药品", "规格", "有效期", "效期", "症状",
	"年龄", "体温", "通知", "温馨提示", "提示", "提醒", "转发", "接龙", "群公告", "公告", "原因", "问", "请问", "答", "回复", "共", "合计", "目前", "另外", "还有", "ps", "need", "offer", "wanted", "address", "phone", "note"}

// Split parts a paste into messages, in order, each once. It knows the forms in
// which WeChat copies them: a name with its time on a line of its own, a name with a
// colon before the text or on the line above, a name above its text, and plain lines.
// says tells whether a line of its own would be understood as about goods.
func Split(text string, says func(string) bool) []Message {
	lines := clean(text)
	s := splitter{says: says}
	if pairs := stacked(lines, says); pairs != nil {
		s.all = pairs
		return s.each()
	}
	for i := range lines {
		s.line(lines, i)
	}
	s.end()
	return s.each()
}

// clean drops what WeChat writes about messages, and what a paste cannot mean.
func clean(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u00a0", " ", "\u2005", " ", "\u200b", "", "\ufeff", "").Replace(text)
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text)
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if quoted.MatchString(line) || shown.MatchString(line) || told.MatchString(line) || rule.MatchString(line) && line != "" {
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

type splitter struct {
	says func(string) bool

	all     []Message
	now     Message
	open    bool // the message goes on
	inline  bool // it began behind a name and a colon
	heading bool // its name stood alone: what follows is its text
}

// line takes the next line.
func (s *splitter) line(lines []string, i int) {
	line := lines[i]
	next := ""
	if i+1 < len(lines) {
		next = lines[i+1]
	}
	if line == "" {
		if !s.heading {
			s.open = s.open && s.now.Sender != "" && !s.inline
		}
		return
	}
	if onlyTime.MatchString(line) {
		if !s.heading {
			s.end()
		}
		return
	}
	if name, ok := timedName(line); ok {
		s.begin(name, "")
		return
	}
	if name, text, ok := named(line); ok && !(s.heading && text == "") {
		s.begin(name, text)
		return
	}
	if onlyTime.MatchString(next) && isName(line) && !s.heading {
		s.begin(line, "") // its time is on the line below
		return
	}
	s.add(line)
}

func (s *splitter) begin(name, text string) {
	s.end()
	s.now, s.open, s.inline, s.heading = Message{Sender: name, Text: text}, true, text != "", text == ""
}

// add gives the line to the message that is open, or begins one of nobody known. A
// line that says something itself, below one that did too, is another message.
func (s *splitter) add(line string) {
	switch {
	case s.open && s.heading:
	case s.open && s.now.Sender != "" && !(s.inline && s.says(line) && s.says(s.now.Text)):
	default:
		s.end()
		s.open = false
		s.now = Message{Text: line}
		s.end()
		return
	}
	if s.now.Text != "" {
		line = s.now.Text + "\n" + line
	}
	s.now.Text, s.heading = line, false
}

func (s *splitter) end() {
	if strings.TrimSpace(s.now.Text) != "" {
		s.all = append(s.all, s.now)
	} else if s.now.Sender != "" && s.says(s.now.Sender) {
		s.all = append(s.all, Message{Text: s.now.Sender}) // it was no name after all
	}
	s.now, s.open, s.inline, s.heading = Message{}, false, false, false
}

// each is every message once: the end of a group is often copied twice.
func (s *splitter) each() []Message {
	seen := map[Message]bool{}
	each := []Message{}
	for _, m := range s.all {
		if !seen[m] {
			seen[m] = true
			each = append(each, m)
		}
	}
	return each
}

// timedName reads "王师傅 2022/12/20 14:03:22".
func timedName(line string) (string, bool) {
	found := timed.FindStringSubmatch(line)
	if found == nil {
		return "", false
	}
	name := strings.TrimRight(strings.TrimSpace(found[1]), ":：")
	return name, isName(name) && !onlyTime.MatchString(name)
}

// named reads "王师傅：我有布洛芬" and "王师傅:" alone.
func named(line string) (name, text string, ok bool) {
	at := strings.IndexAny(line, ":：")
	if at < 1 {
		return "", "", false
	}
	_, size := utf8.DecodeRuneInString(line[at:])
	name, text = strings.TrimSpace(line[:at]), strings.TrimSpace(line[at+size:])
	if !isName(name) || isLabel(name) {
		return "", "", false
	}
	last, _ := utf8.DecodeLastRuneInString(name)
	first, _ := utf8.DecodeRuneInString(text)
	if unicode.IsDigit(last) && unicode.IsDigit(first) && !strings.Contains(name, "-") || strings.HasPrefix(text, "//") { // 14:03, 1:1, https://
		return "", "", false
	}
	return name, text, true
}

func isLabel(name string) bool {
	name = strings.ToLower(strings.Trim(name, " 【】[]*#@!！"))
	for _, l := range labels {
		if name == l {
			return true
		}
	}
	return false
}

// isName: a name is short and no sentence. Neighbours put their door and what they
// need into it.
func isName(text string) bool {
	n := utf8.RuneCountInString(text)
	return n > 0 && n <= nameMost && !strings.ContainsAny(text, "，。！？；、!?;,\n「」")
}

// stacked pairs names with the texts below them, if that is what a paste is: no line
// has a colon or a time, they pair up, and the upper ones say nothing, or begin with
// a door. Else it is nil.
func stacked(lines []string, says func(string) bool) []Message {
	var full []string
	for _, line := range lines {
		if line == "" {
			continue
		}
		if strings.ContainsAny(line, ":：") || onlyTime.MatchString(line) {
			return nil
		}
		full = append(full, line)
	}
	if len(full) < 2 || len(full)%2 != 0 {
		return nil
	}
	var pairs []Message
	said := false
	for i := 0; i < len(full); i += 2 {
		if !isName(full[i]) || says(full[i]) && !startsWithDoor(full[i]) {
			return nil
		}
		said = said || says(full[i+1])
		pairs = append(pairs, Message{full[i], full[i+1]})
	}
	if !said {
		return nil
	}
	return pairs
}

func startsWithDoor(name string) bool {
	return name[0] >= '0' && name[0] <= '9' && strings.ContainsAny(name, "-栋幢#")
}
