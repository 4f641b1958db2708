package cases

import (
	"regexp"
	"slices"
	"strings"

	"linli/models"
)

// kind is a kind of row: its name in JSON, the word that opens its line, and
// its fields. The first `inOrder` fields stand in a line without their names.
type kind struct {
	key, zh string
	inOrder int
	fields  []field
}

// field has a name in both languages. A word of a line that has no name goes to
// the first field whose bare knows it.
type field struct {
	key, zh string
	bare    func(word string) bool
}

var kinds = []kind{
	{"homes", "户", 1, []field{{"name", "名", nil}, {"care", "照顾", oneOf(cares)}, {"where", "位置", position.MatchString}, {"grid", "网格", nil}}},
	{"needs", "求", 3, []field{{"home", "户", nil}, {"item", "品目", nil}, {"units", "数量", nil}, {"id", "名", nil},
		{"age", "年龄", oneOf(ages)}, {"urgency", "急", oneOf(urgencies)}, {"fever", "发烧", fever.MatchString},
		{"yes", "是", nil}, {"taking", "在吃", nil}, {"unanswered", "未答", nil}, {"says", "说", nil}, {"signs", "危险", nil},
		{"cleared", "看过", flag("网格员看过")}, {"confirmed", "核实", flag("网格员核实")}, {"reach", "扩到", nil}, {"at", "时间", past.MatchString}}},
	{"lots", "有", 3, []field{{"home", "户", nil}, {"item", "品目", nil}, {"units", "数量", nil}, {"id", "名", nil},
		{"expires", "有效期", expires}, {"seal", "包装", oneOf(seals)}, {"loan", "借", flag("借")}, {"box", "药箱", flag("在药箱")},
		{"relay", "站", nil}, {"at", "时间", past.MatchString}}},
	{"received", "曾", 3, []field{{"home", "户", nil}, {"item", "品目", nil}, {"units", "数量", nil}, {"from", "自", nil},
		{"state", "结果", oneOf(matchStates)}, {"need", "求", nil}, {"lot", "份", nil}, {"substitute", "换", flag("换")}, {"no_show", "没送来", flag("没送来")}, {"at", "时间", past.MatchString}}},
	{"windows", "窗", 2, []field{{"item", "品目", nil}, {"closes", "到", nil}}},
	{"asks", "问过", 2, []field{{"need", "求", nil}, {"home", "户", nil}, {"state", "结果", oneOf(askStates)}, {"at", "时间", past.MatchString}}},
	{"neighbours", "邻", 1, []field{{"home", "户", nil}, {"had", "有过", nil}, {"said_no", "说过没有", nil}, {"today", "今天问过", nil}, {"night", "夜里", flag("夜里可问")}}},
	{"elsewhere", "别处", 3, []field{{"grid", "网格", nil}, {"item", "品目", nil}, {"units", "数量", nil}}},
	{"relays", "站", 1, []field{{"name", "名", nil}, {"where", "位置", position.MatchString}, {"grid", "网格", nil}, {"serves", "服务", nil},
		{"paused", "停", flag("停")}, {"capacity", "容量", nil}, {"parcels", "放了", nil}, {"shut", "休", flag("休")}}},
	{"policy", "规", 0, nil}, // its fields are the names of matching/policy.tsv
}

// The words that fields take, in both languages.
var (
	ages = map[string]models.AgeBand{"没说": "", "unknown": "", "0-2个月": models.AgeUnder3Months, "3-5个月": models.Age3To5Months,
		"6-11个月": models.Age6To11Months, "1岁": models.Age1Year, "2岁": models.Age2Years, "3-4岁": models.Age3To4Years, "5岁": models.Age5Years,
		"6-11岁": models.Age6To11Years, "12-17岁": models.Age12To17Years, "成人": models.AgeAdult, "老人": models.AgeElder}
	urgencies = map[string]models.Urgency{"现在就要": models.UrgencyNow, "今天": models.UrgencyToday, "这两天": models.UrgencyDays,
		"now": models.UrgencyNow, "today": models.UrgencyToday, "days": models.UrgencyDays}
	cares = map[string]models.Care{"独居": models.CareAlone, "不便": models.CareFrail, "alone": models.CareAlone, "frail": models.CareFrail}
	seals = map[string]models.Seal{"整盒": models.SealBox, "整板": models.SealBlister, "拆过": models.SealOpened, "没说拆没拆": "",
		"box": models.SealBox, "blister": models.SealBlister, "opened": models.SealOpened, "unknown": ""}
	matchStates = map[string]models.MatchState{"等答应": models.MatchProposed, "说好": models.MatchAgreed, "在路上": models.MatchMoving,
		"到站": models.MatchReady, "已给": models.MatchGiven, "退回": models.MatchReturned, "不要": models.MatchDeclined,
		"取消": models.MatchCancelled, "过时": models.MatchLapsed, "没过检": models.MatchRefused}
	askStates = map[string]models.AskState{"在问": models.AskOpen, "说有": models.AskYes, "说没有": models.AskNo, "没回": models.AskSilent, "作罢": models.AskOver,
		"open": models.AskOpen, "yes": models.AskYes, "no": models.AskNo, "silent": models.AskSilent, "over": models.AskOver}
	// conditions as people say them, and the codes of the catalogue
	conditions = map[string]string{"怀孕": "pregnant", "哺乳": "nursing", "胃溃疡": "ulcer", "肾病": "kidney", "肝病": "liver", "抗凝药": "anticoagulant",
		"高血压": "hypertension", "哮喘": "asthma", "开车": "driving", "喝酒": "alcohol", "蚕豆病": "g6pd", "碘过敏": "iodine", "甲状腺病": "thyroid"}
)

func init() {
	for _, band := range models.AgeBands {
		ages[string(band)] = band
	}
	for _, state := range []models.MatchState{models.MatchProposed, models.MatchAgreed, models.MatchMoving, models.MatchReady, models.MatchGiven,
		models.MatchReturned, models.MatchDeclined, models.MatchCancelled, models.MatchLapsed, models.MatchRefused} {
		matchStates[string(state)] = state
	}
}

var (
	position = regexp.MustCompile(`^@(-?[0-9]{1,6}|\?)m?$`)
	fever    = regexp.MustCompile(`^发烧([0-9]{1,3}天)?$`)
	past     = regexp.MustCompile(`^[0-9].*前$`)
)

func expires(word string) bool { return strings.HasSuffix(word, "到期") }

func flag(name string) func(string) bool { return func(word string) bool { return word == name } }

func oneOf[V any](words map[string]V) func(string) bool {
	return func(word string) bool { _, ok := words[word]; return ok }
}

// kindNamed finds a kind by the name of its list or the word of its line.
func kindNamed(name string) *kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.key == name || k.zh == name })
	if i < 0 {
		return nil
	}
	return &kinds[i]
}

// add puts a value into a record, under the key or the Chinese name of its field.
func (r *record) add(name string, v value) error {
	key := ""
	for _, f := range r.kind.fields {
		if f.key == name || f.zh == name {
			key = f.key
		}
	}
	if r.kind.key == "policy" {
		key = name
	}
	if key == "" {
		return flaw(v.place, "这里没有“%s”这一栏", "%q is no field here", name)
	}
	if _, twice := r.fields[key]; twice {
		return flaw(v.place, "“%s”写了两次", "%q stands twice", name)
	}
	r.fields[key] = v
	return nil
}
