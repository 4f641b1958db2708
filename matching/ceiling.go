package matching

import (
	"linli/matching/catalogue"
	"linli/models"
)

// leaflet is three days of adult leaflet use in base units of the item. The
// catalogue has no dose column, so the figures were taken from the common
// mainland leaflet (class of dose in the comment) and, where leaflets differ,
// from the smaller one. A bottle, tube or spray counts whole: one lasts three
// days. No pharmacist has reviewed them.
var leaflet = map[models.ItemID]int{
	"M001": 6,  // 布洛芬缓释胶囊 0.3 g: 1, twice a day
	"M004": 12, // 对乙酰氨基酚 0.5 g: 2 g a day (catalogue notes)
	"M011": 1, "M002": 1, "M003": 1, "M005": 1, "M006": 1,
	"M018": 9,  // 退热贴: up to 3 a day
	"M019": 9,  // 感冒灵颗粒: 1 bag, 3 times
	"M021": 9,  // 小儿感冒颗粒: 1 bag, 3 times
	"M022": 6,  // 复方氨酚烷胺: 1, twice
	"M029": 18, // 维C银翘片: 2, 3 times
	"M030": 3,  // 氯雷他定 10 mg: once a day
	"M031": 3,  // 西替利嗪 10 mg: once a day
	"M032": 9,  // 氯苯那敏 4 mg: 1, 3 times
	"M033": 9,  // 氨溴索 30 mg: 1, 3 times
	"M035": 9,  // 乙酰半胱氨酸 0.2 g: 1, 3 times
	"M036": 9,  // 愈创甘油醚 0.2 g: 1, 3 times
	"M037": 9,  // 羧甲司坦 10 ml: 1, 3 times
	"M039": 1, "M040": 1,
	"M041": 9,                                                                   // 复方鲜竹沥液 20 ml: 1, 3 times
	"M042": 6,                                                                   // 橘红丸: 1 pack, twice
	"M043": 12,                                                                  // 小儿肺热咳喘 10 ml: 1, 4 times
	"M054": 36,                                                                  // 连花清瘟胶囊: 4, 3 times
	"M055": 6,                                                                   // 藿香正气口服液 10 ml: 1, twice
	"M056": 6,                                                                   // 藿香正气水 10 ml: 1, twice
	"M057": 9, "M058": 9, "M063": 9, "M064": 9, "M068": 9, "M069": 9, "M070": 9, // 1 bag or vial, 3 times
	"M059": 6,  // 感冒清热颗粒: 1 bag, twice
	"M060": 24, // 银翘解毒片: 4, twice
	"M061": 18, // 双黄连口服液 10 ml: 2, 3 times
	"M071": 18, // 蓝芩口服液 10 ml: 2, 3 times
	"M073": 24, // 西瓜霜润喉片: about 8 a day
	"M074": 15, // 西地碘含片: 1, 3 to 5 times
	"M075": 18, // 金嗓子喉片: 1, 6 times
	"M076": 1, "M078": 1, "M079": 1,
	"M077": 24, // 地喹氯铵含片: about 8 a day
	"M084": 9,  // 蒙脱石散: 1 bag, 3 times
	"M085": 12, // 口服补液盐III: about 4 bags a day
	"M088": 18, // 小檗碱 0.1 g: 2, 3 times
	"M090": 12, // 布拉氏酵母菌: 2 bags, twice
	"M091": 6,  // 枯草杆菌二联活菌: 1 bag, twice
	"M092": 12, // 铝碳酸镁: 1 to 2, 3 to 4 times; the smaller
	"M093": 27, // 健胃消食片 0.8 g: 3, 3 times
	"M094": 3,  // 开塞露: 1 a day
	"M095": 9,  // 维生素C 100 mg: 1, 3 times

	"M096": 6, "M097": 6,
	"M123": 10,                                     // 抗原: three people, every day
	"M124": 15, "M125": 30, "M126": 15, "M137": 30, // masks and gloves: generous
	"M127": 1, "M128": 1, "M129": 1, "M133": 1, // lent, one a household
	"M136": 2, "M138": 3, "M139": 4,
}

// otherwise is the ceiling of what the table does not name, for an overlay's
// new rows: the stricter reading.
const otherwise = 3

// CeilingDays of leaflet use are the ceiling.
const CeilingDays = 3

// Ceiling is the most base units of an item that one household may ask for,
// and receive within seven days. 0: the item is no thing that is given.
func Ceiling(item catalogue.Item) int {
	if item.Kind == catalogue.KindClass || item.Share != catalogue.ShareYes {
		return 0
	}
	if units, ok := leaflet[item.ID]; ok {
		return units
	}
	return otherwise
}

// firstPack is the small pack of an item that every household gets before any
// gets more: one day's use.
func firstPack(item catalogue.Item) int { return (Ceiling(item) + CeilingDays - 1) / CeilingDays }
