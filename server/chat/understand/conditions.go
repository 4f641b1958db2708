package understand

import "linli/matching/catalogue"

// conditionWords are how people tell what they must not take things with.
var conditionWords = []struct {
	condition string
	words     []string
}{
	{catalogue.Pregnant, []string{"孕妇", "怀孕", "怀着", "孕晚期", "孕中期", "孕早期", "孕期", "孕妈", "有身孕", "pregnant"}},
	{catalogue.Nursing, []string{"哺乳", "喂奶", "坐月子", "产妇", "母乳", "nursing", "breastfeeding"}},
	{catalogue.Ulcer, []string{"胃溃疡", "胃出血", "胃病", "溃疡"}},
	{catalogue.Kidney, []string{"肾病", "肾功能", "肾衰", "尿毒症", "透析"}},
	{catalogue.Liver, []string{"肝病", "肝炎", "乙肝", "肝硬化", "脂肪肝", "肝功能"}},
	{catalogue.Anticoagulant, []string{"华法林", "抗凝", "利伐沙班", "氯吡格雷", "支架"}},
	{catalogue.Hypertension, []string{"高血压", "心脏病", "冠心病", "血压高"}},
	{catalogue.Asthma, []string{"哮喘"}},
	{catalogue.G6PD, []string{"蚕豆病", "g6pd"}},
	{catalogue.Iodine, []string{"碘过敏"}},
	{catalogue.Thyroid, []string{"甲亢", "甲减", "甲状腺"}},
	{catalogue.Alcohol, []string{"喝了酒", "喝酒", "饮酒"}},
	{catalogue.Driving, []string{"要开车", "开车去", "司机"}},
}

// conditions are the words of the catalogue's avoid column that were told.
// Names of items do not count: 高血压药, 哮喘喷雾.
func (l *line) conditions() []string {
	text := make([]rune, len(l.r))
	for i, r := range l.r {
		if l.kinds[i] == item {
			r = 'X'
		}
		text[i] = r
	}
	told := string(text)
	var all []string
	for _, c := range conditionWords {
		if containsAny(told, c.words...) && !containsAny(told, "没怀孕", "没有怀孕", "不是孕妇", "没有胃病", "没胃病") {
			all = append(all, c.condition)
		}
	}
	return all
}
