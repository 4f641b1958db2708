package matching

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// DangerSigns are answered with 120 before anything else. Their words stand
// in models/words as sign.<code>. Source: catalogue.md, "Danger signs".
var DangerSigns = []string{"cannot_breathe", "breathless", "low_oxygen", "chest_pain", "convulsion",
	"cannot_wake", "confused", "blue_lips", "vomits_all", "stiff_neck"}

// DoctorSigns want a doctor today. Source: catalogue.md, "A doctor today".
var DoctorSigns = []string{"child_dry"}

// signWords are how people write it, in Chinese (Sichuan words too) and English.
var signWords = map[string][]string{
	"cannot_breathe": {"喘不上气", "喘不过气", "喘不过来", "透不过气", "上不来气", "出不赢气", "出不到气", "不能呼吸", "没法呼吸",
		"呼吸不了", "呼吸不过来", "呼吸困难", "cannot breathe", "can't breathe", "cant breathe", "trouble breathing",
		"difficulty breathing", "hard to breathe", "struggling to breathe", "gasping for"},
	"breathless": {"喘得厉害", "喘得凶", "喘得很", "坐着也喘", "坐着都喘", "躺着也喘", "躺着都喘", "不动也喘", "不动都喘", "呼吸急促",
		"气紧", "气促", "breathless", "short of breath", "shortness of breath"},
	"low_oxygen": {"血氧低", "血氧过低", "血氧掉", "低血氧", "low oxygen", "oxygen is low"},
	"chest_pain": {"胸痛", "胸疼", "胸口痛", "胸口疼", "胸口好痛", "胸口很痛", "胸口闷痛", "心口痛", "心口疼", "心绞痛", "chest pain",
		"chest hurts", "pain in my chest", "pain in his chest", "pain in her chest", "pain in the chest"},
	"convulsion": {"抽搐", "惊厥", "抽风", "抽筋", "翻白眼", "口吐白沫", "convulsion", "convulsing", "seizure"},
	"cannot_wake": {"叫不醒", "喊不醒", "摇不醒", "叫不应", "喊不答应", "昏迷", "昏睡不醒", "不省人事", "昏过去", "晕过去", "晕倒", "昏倒",
		"没有意识", "没意识了", "失去意识", "unconscious", "cannot be woken", "can't be woken", "cannot wake", "can't wake", "won't wake",
		"passed out"},
	"confused": {"意识不清", "意识模糊", "神志不清", "神志模糊", "神智不清", "说胡话", "胡言乱语", "认不得人", "不认人", "不认得人", "烧糊涂",
		"烧迷糊", "confused", "delirious"},
	"blue_lips": {"嘴唇发紫", "嘴唇发青", "嘴唇发乌", "嘴唇紫", "嘴唇青", "嘴唇乌", "嘴巴发乌", "嘴巴乌", "嘴皮乌", "口唇发绀", "发绀",
		"脸色发紫", "脸色青紫", "blue lips", "lips are blue", "lips turned blue", "lips turning blue"},
	"vomits_all": {"吃啥吐啥", "吃什么吐什么", "喝水都吐", "喝水也吐", "喝啥吐啥", "喝什么吐什么", "吐个不停", "不停地吐", "不停呕吐",
		"反复呕吐", "一直呕吐", "一直在吐", "一直吐", "全吐了", "keeps vomiting", "vomits everything", "vomiting everything",
		"throws up everything", "keep anything down"},
	"stiff_neck": {"脖子硬", "脖子发硬", "脖子僵", "脖子很硬", "颈项强直", "颈强直", "低不下头", "stiff neck", "neck is stiff"},
	"child_dry": {"不喝水不", "一点水不喝", "不肯喝水", "喝不进水", "不吃奶", "拒奶", "没有尿", "没尿", "不小便", "没小便", "没有小便",
		"尿很少", "小便很少", "no wet diaper", "no wet nappies", "no urine", "not drinking", "won't drink", "refuses to drink"},
}

// harmless are phrases that hold a sign's word and mean something else.
var harmless = strings.NewReplacer("腿抽筋", " ", "脚抽筋", " ", "脚杆抽筋", " ", "血氧仪", " ", "指夹血氧", " ", "吐痰", " ")

// denied ends the text before a word that is said not to be.
var denied = regexp.MustCompile(`(没有|没得|莫得|并没|也没|没|无|未|不|\b(no|not|without|never|isn't|not being|don't have|doesn't have|no more)\s+(any\s+)?)$`)

// DangerIn reads the signs that a note tells of, danger signs and doctor
// signs alike, in the order of the lists; Screen tells the two apart. It errs
// towards the sign: only a denial right before the word is taken for one.
func DangerIn(note string) []string {
	text := harmless.Replace(plain(note))
	told := map[string]bool{}
	for at, r := range text {
		for _, w := range signsBy[r] {
			if !told[w.sign] && strings.HasPrefix(text[at:], w.word) && !denied.MatchString(text[:at]) {
				told[w.sign] = true
			}
		}
	}
	if lowOxygen(text) {
		told["low_oxygen"] = true
	}
	var signs []string
	for _, sign := range slices.Concat(DangerSigns, DoctorSigns) {
		if told[sign] {
			signs = append(signs, sign)
		}
	}
	return signs
}

// signsBy holds the words by the character that they begin with: a note is read once,
// however many words there are.
var signsBy = func() map[rune][]signWord {
	by := map[rune][]signWord{}
	for sign, words := range signWords {
		for _, word := range words {
			first, _ := utf8.DecodeRuneInString(word)
			by[first] = append(by[first], signWord{sign, word})
		}
	}
	return by
}()

type signWord struct{ sign, word string }

// At 93 % or below it is 120; below 50 the figure is something else.
const (
	lowestOxygen     = 50
	lowestSafeOxygen = 94
)

var (
	// what stands behind the word, up to the next thing that is told
	oxygen        = regexp.MustCompile(`(?:血氧|spo2|oxygen)([^,。;\n体心]{0,24})`)
	percent       = regexp.MustCompile(`[0-9]{2,3}`)
	oxygenInWords = regexp.MustCompile(`血氧[^0-9,。;\n]{0,12}([五六七八]十|九十([一二三]|[^一二三四五六七八九]|$))`)
)

func lowOxygen(text string) bool {
	if !strings.Contains(text, "血氧") && !strings.Contains(text, "spo2") && !strings.Contains(text, "oxygen") {
		return false // most notes: spare them the patterns
	}
	for _, m := range oxygen.FindAllStringSubmatch(text, -1) {
		for _, figure := range percent.FindAllString(m[1], -1) {
			if value, err := strconv.Atoi(figure); err == nil && value >= lowestOxygen && value < lowestSafeOxygen {
				return true
			}
		}
	}
	return oxygenInWords.MatchString(text)
}

// plain is the text in half-width lower case, with straight apostrophes.
func plain(note string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		case r == '’':
			return '\''
		}
		return r
	}, note))
}

// keepDoctorSigns drops the danger signs that a person has cleared.
func keepDoctorSigns(signs []string) []string {
	var kept []string
	for _, sign := range signs {
		if slices.Contains(DoctorSigns, sign) {
			kept = append(kept, sign)
		}
	}
	return kept
}

func signCodes(signs []string) []string {
	codes := make([]string, 0, len(signs))
	for _, sign := range signs {
		codes = append(codes, "sign."+sign)
	}
	return codes
}
