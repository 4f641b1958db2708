package matching_test

import (
	"slices"
	"testing"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/words"
)

const today models.Date = "2026-11-23"

// The items that the cases name.
const (
	ibuprofen    models.ItemID = "M001"
	meilin       models.ItemID = "M002" // 布洛芬混悬液 美林
	paracetamol  models.ItemID = "M004"
	feverDrops   models.ItemID = "M006" // 对乙酰氨基酚混悬滴剂
	suppository  models.ItemID = "M007"
	coolingPatch models.ItemID = "M018"
	coldGranules models.ItemID = "M019" // 感冒灵颗粒
	liquorice    models.ItemID = "M047" // 复方甘草片
	lianhua      models.ItemID = "M054"
	smectite     models.ItemID = "M084"
	coldChain    models.ItemID = "M089"
	amoxicillin  models.ItemID = "M105"
	antigen      models.ItemID = "M123"
	kn95         models.ItemID = "M124"
	surgicalMask models.ItemID = "M125"
	thermometer  models.ItemID = "M127"
	alcohol75    models.ItemID = "M134"
	mercury      models.ItemID = "M147"
	anyFever     models.ItemID = "M140" // 退烧药
	childFever   models.ItemID = "M141" // 儿童退烧药
	anyCold      models.ItemID = "M142" // 感冒药
	anyCough     models.ItemID = "M143" // 止咳药
)

func matcher() matching.Matcher { return matching.New(catalogue.Embedded()) }

// no is the answer to all the questions named.
func no(keys ...string) map[string]models.Answer { return answers(models.No, keys...) }

func answers(a models.Answer, keys ...string) map[string]models.Answer {
	all := map[string]models.Answer{}
	for _, key := range keys {
		all[key] = a
	}
	return all
}

// but changes one answer.
func but(all map[string]models.Answer, key string, a models.Answer) map[string]models.Answer {
	all[key] = a
	return all
}

func forParacetamol() map[string]models.Answer {
	return no("liver", "alcohol", "taking:APAP", "pregnant")
}

func forIbuprofen() map[string]models.Answer {
	return no("pregnant", "nursing", "ulcer", "kidney", "liver", "anticoagulant", "hypertension", "asthma", "alcohol", "taking:NSAID")
}

func forFever() map[string]models.Answer { return but(forIbuprofen(), "taking:APAP", models.No) }

func codes(reasons []models.Reason) []string {
	all := []string{}
	for _, r := range reasons {
		all = append(all, r.Code)
	}
	return all
}

func keys(questions []matching.Question) []string {
	all := []string{}
	for _, q := range questions {
		all = append(all, q.Key)
	}
	slices.Sort(all)
	return all
}

// box is a good lot; tests spoil it.
func box(item models.ItemID, units int) models.Lot {
	return models.Lot{ID: "lot", ItemID: item, Seal: models.SealBlister, Kind: models.LotGift, ExpiresOn: "2027-08-31",
		Offered: units, Remaining: units, State: models.LotOffered, Place: models.PlaceHome}
}

// verdictIs is what a case expects: the outcome, the first reason, where to go.
type verdictIs struct {
	outcome matching.Outcome
	reason  string
	instead string
}

var needCases = map[string]struct {
	item    models.ItemID
	units   int
	patient models.Patient
	want    verdictIs
}{
	"elder, paracetamol, all answered": {paracetamol, 6, models.Patient{Age: models.AgeElder, Answers: no("liver", "alcohol", "taking:APAP"), Fever: true, FeverDays: 1},
		verdictIs{outcome: matching.OutcomeOK}},
	"elder, any fever medicine": {anyFever, 6, models.Patient{Age: models.AgeElder, Answers: no("liver", "alcohol", "taking:APAP")},
		verdictIs{outcome: matching.OutcomeOK}},
	"nobody knows for whom": {paracetamol, 6, models.Patient{Answers: forFever()}, verdictIs{matching.OutcomeAsk, "needs_answer", ""}},
	"阿莫西林":                  {amoxicillin, 6, models.Patient{Age: models.AgeAdult}, verdictIs{matching.OutcomeDoctor, "rx", matching.GoDoctor}},
	"退热栓":                   {suppository, 1, models.Patient{Age: models.Age2Years}, verdictIs{matching.OutcomeDoctor, "ask_doctor", matching.GoDoctor}},
	"复方甘草片":                 {liquorice, 6, models.Patient{Age: models.AgeAdult}, verdictIs{matching.OutcomeRefused, "controlled", matching.GoDoctor}},
	"双歧杆菌 needs a fridge":   {coldChain, 1, models.Patient{Age: models.AgeAdult}, verdictIs{matching.OutcomeRefused, "cold_chain", matching.GoDoctor}},
	"酒精 is the worker's":    {alcohol75, 1, models.Patient{}, verdictIs{matching.OutcomeRefused, "worker_supply", matching.GoWorker}},
	"水银体温计":                 {mercury, 1, models.Patient{}, verdictIs{matching.OutcomeRefused, "mercury", matching.GoWorker}},
	"布洛芬, pregnant":         {ibuprofen, 4, models.Patient{Age: models.AgeAdult, Answers: but(forIbuprofen(), "pregnant", models.Yes)}, verdictIs{matching.OutcomeDoctor, "pregnant_fever", matching.GoDoctor}},
	"any fever medicine, pregnant": {anyFever, 4, models.Patient{Age: models.AgeAdult, Answers: but(forFever(), "pregnant", models.Yes)},
		verdictIs{matching.OutcomeDoctor, "pregnant_fever", matching.GoDoctor}},
	"paracetamol, perhaps pregnant": {paracetamol, 4, models.Patient{Age: models.AgeAdult, Answers: no("liver", "alcohol", "taking:APAP")},
		verdictIs{matching.OutcomeAsk, "needs_answer", ""}},
	"美林 for a baby of two months":     {meilin, 1, models.Patient{Age: models.AgeUnder3Months, Answers: forIbuprofen()}, verdictIs{matching.OutcomeDoctor, "baby_fever", matching.GoDoctor}},
	"儿童退烧药 for a baby of two months":  {childFever, 1, models.Patient{Age: models.AgeUnder3Months}, verdictIs{matching.OutcomeDoctor, "baby_fever", matching.GoDoctor}},
	"儿童退烧药 at nine months":            {childFever, 1, models.Patient{Age: models.Age6To11Months, Answers: forFever()}, verdictIs{matching.OutcomeDoctor, "which_one", matching.GoDoctor}},
	"退烧药 at nine years":               {anyFever, 4, models.Patient{Age: models.Age6To11Years, Answers: forFever()}, verdictIs{matching.OutcomeDoctor, "which_one", matching.GoDoctor}},
	"滴剂 at eleven months":             {feverDrops, 1, models.Patient{Age: models.Age6To11Months, Answers: no("liver", "taking:APAP")}, verdictIs{matching.OutcomeDoctor, "too_young", matching.GoDoctor}},
	"滴剂 at one year":                  {feverDrops, 1, models.Patient{Age: models.Age1Year, Answers: no("liver", "kidney", "taking:APAP")}, verdictIs{outcome: matching.OutcomeOK}},
	"a mask for a two-year-old":       {kn95, 1, models.Patient{Age: models.Age2Years}, verdictIs{matching.OutcomeRefused, "too_young_for_this", matching.GoWorker}},
	"a mask for nobody named":         {kn95, 1, models.Patient{}, verdictIs{matching.OutcomeAsk, "needs_answer", ""}},
	"抗原 asks nothing":                 {antigen, 2, models.Patient{}, verdictIs{outcome: matching.OutcomeOK}},
	"体温计 asks nothing":                {thermometer, 1, models.Patient{}, verdictIs{outcome: matching.OutcomeOK}},
	"蒙脱石散 for a newborn":              {smectite, 3, models.Patient{Age: models.AgeUnder3Months}, verdictIs{outcome: matching.OutcomeOK}},
	"fever of three days":             {paracetamol, 4, models.Patient{Age: models.AgeAdult, Answers: forParacetamol(), FeverDays: 3}, verdictIs{outcome: matching.OutcomeOK}},
	"fever of four days":              {paracetamol, 4, models.Patient{Age: models.AgeAdult, Answers: forParacetamol(), FeverDays: 4}, verdictIs{matching.OutcomeDoctor, "long_fever", matching.GoDoctor}},
	"cold remedy, fever of four days": {coldGranules, 3, models.Patient{Age: models.AgeAdult, FeverDays: 4}, verdictIs{matching.OutcomeDoctor, "long_fever", matching.GoDoctor}},
	"a test, fever of four days":      {antigen, 1, models.Patient{FeverDays: 4}, verdictIs{outcome: matching.OutcomeOK}},
	"a child that hardly drinks": {meilin, 1, models.Patient{Age: models.Age2Years, Answers: forIbuprofen(), Signs: []string{"child_dry"}},
		verdictIs{matching.OutcomeDoctor, "sign.child_dry", matching.GoDoctor}},
	"liver disease":      {paracetamol, 4, models.Patient{Age: models.AgeElder, Answers: but(forParacetamol(), "liver", models.Yes)}, verdictIs{matching.OutcomeDoctor, "avoid.liver", matching.GoDoctor}},
	"liver not answered": {paracetamol, 4, models.Patient{Age: models.AgeElder, Answers: no("alcohol", "taking:APAP")}, verdictIs{matching.OutcomeAsk, "needs_answer", ""}},
	"a cold remedy taken": {paracetamol, 4, models.Patient{Age: models.AgeElder, Answers: but(forParacetamol(), "taking:APAP", models.Yes)},
		verdictIs{matching.OutcomeDoctor, "taking.APAP", matching.GoDoctor}},
	"alcohol warns":           {paracetamol, 4, models.Patient{Age: models.AgeElder, Answers: but(forParacetamol(), "alcohol", models.Yes)}, verdictIs{outcome: matching.OutcomeOK}},
	"alcohol not answered":    {paracetamol, 4, models.Patient{Age: models.AgeElder, Answers: no("liver", "taking:APAP")}, verdictIs{matching.OutcomeAsk, "needs_answer", ""}},
	"too many tablets":        {paracetamol, 13, models.Patient{Age: models.AgeElder, Answers: forParacetamol()}, verdictIs{matching.OutcomeRefused, "over_ceiling", ""}},
	"twelve tablets":          {paracetamol, 12, models.Patient{Age: models.AgeElder, Answers: forParacetamol()}, verdictIs{outcome: matching.OutcomeOK}},
	"no units":                {antigen, 0, models.Patient{}, verdictIs{matching.OutcomeRefused, "units_out_of_range", ""}},
	"negative units":          {antigen, -1, models.Patient{}, verdictIs{matching.OutcomeRefused, "units_out_of_range", ""}},
	"units out of range":      {antigen, models.MaxUnits + 1, models.Patient{}, verdictIs{matching.OutcomeRefused, "units_out_of_range", ""}},
	"an item nobody knows":    {"M999", 1, models.Patient{}, verdictIs{matching.OutcomeRefused, "unknown_item", matching.GoWorker}},
	"a danger sign":           {paracetamol, 4, models.Patient{Age: models.AgeElder, Answers: forParacetamol(), Signs: []string{"breathless"}}, verdictIs{matching.OutcomeDanger, "call_120", matching.GoEmergency}},
	"danger with masks":       {surgicalMask, 4, models.Patient{Age: models.AgeElder, Signs: []string{"chest_pain"}}, verdictIs{matching.OutcomeDanger, "call_120", matching.GoEmergency}},
	"danger before a refusal": {amoxicillin, 4, models.Patient{Age: models.AgeElder, Signs: []string{"confused"}}, verdictIs{matching.OutcomeDanger, "call_120", matching.GoEmergency}},
	"a sign nobody knows":     {antigen, 1, models.Patient{Signs: []string{"something"}}, verdictIs{matching.OutcomeDanger, "call_120", matching.GoEmergency}},
}

func TestScreen_Needs(t *testing.T) {
	t.Parallel()
	for name, c := range needCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := matcher().Screen(matching.Line{Item: c.item, Units: c.units, Patient: &c.patient}, today)
			if v.Outcome != c.want.outcome || v.Go != c.want.instead {
				t.Errorf("%s, go %q, want %+v: %+v", v.Outcome, v.Go, c.want, v)
			}
			if c.want.reason != "" && (len(v.Reasons) == 0 || v.Reasons[0].Code != c.want.reason) {
				t.Errorf("reasons %v, want %s first", codes(v.Reasons), c.want.reason)
			}
			if (v.Outcome == matching.OutcomeOK) != (len(v.Reasons) == 0) {
				t.Errorf("%s with reasons %v", v.Outcome, codes(v.Reasons))
			}
			if (v.Outcome == matching.OutcomeAsk) != (len(v.Questions) > 0) {
				t.Errorf("%s with questions %v", v.Outcome, keys(v.Questions))
			}
		})
	}
}

func TestScreen_Lots(t *testing.T) {
	t.Parallel()
	opened := func(l *models.Lot) { l.Seal = models.SealOpened }
	ends := func(d models.Date) func(*models.Lot) { return func(l *models.Lot) { l.ExpiresOn = d } }
	for name, c := range map[string]struct {
		item    models.ItemID
		spoil   func(*models.Lot)
		outcome matching.Outcome
		reason  string
		instead string
	}{
		"a sealed blister":           {paracetamol, func(*models.Lot) {}, matching.OutcomeOK, "", ""},
		"an opened 美林":               {meilin, opened, matching.OutcomeRefused, "opened_bottle", matching.GoRecovery},
		"opened tablets":             {paracetamol, opened, matching.OutcomeRefused, "opened", matching.GoRecovery},
		"opened tests":               {antigen, opened, matching.OutcomeRefused, "opened", matching.GoRecovery},
		"seal not said":              {paracetamol, func(l *models.Lot) { l.Seal = "" }, matching.OutcomeRefused, "seal_unknown", matching.GoWorker},
		"an expired box":             {lianhua, ends("2026-11-22"), matching.OutcomeRefused, "expired", matching.GoRecovery},
		"its last day":               {lianhua, ends("2026-11-23"), matching.OutcomeRefused, "expires_too_soon", matching.GoRecovery},
		"two days left":              {lianhua, ends("2026-11-25"), matching.OutcomeRefused, "expires_too_soon", matching.GoRecovery},
		"three days left":            {lianhua, ends("2026-11-26"), matching.OutcomeOK, "", ""},
		"a test on its last day":     {antigen, ends("2026-11-23"), matching.OutcomeOK, "", ""},
		"an expired test":            {antigen, ends("2026-11-22"), matching.OutcomeRefused, "expired", matching.GoRecovery},
		"no date on a drug":          {paracetamol, ends(""), matching.OutcomeRefused, "expiry_unknown", matching.GoWorker},
		"no date on a test":          {antigen, ends(""), matching.OutcomeRefused, "expiry_unknown", matching.GoWorker},
		"no date on a mask":          {kn95, ends(""), matching.OutcomeOK, "", ""},
		"阿莫西林":                       {amoxicillin, func(*models.Lot) {}, matching.OutcomeRefused, "rx", matching.GoRecovery},
		"复方甘草片":                      {liquorice, func(*models.Lot) {}, matching.OutcomeRefused, "controlled", matching.GoRecovery},
		"酒精":                         {alcohol75, func(*models.Lot) {}, matching.OutcomeRefused, "worker_supply", matching.GoWorker},
		"a class is no thing":        {anyFever, func(*models.Lot) {}, matching.OutcomeRefused, "name_it", matching.GoWorker},
		"a drug is not lent":         {paracetamol, func(l *models.Lot) { l.Kind = models.LotLoan }, matching.OutcomeRefused, "not_lent", ""},
		"a used thermometer is lent": {thermometer, func(l *models.Lot) { l.Kind, l.Seal = models.LotLoan, models.SealOpened }, matching.OutcomeOK, "", ""},
		"and not given":              {thermometer, func(l *models.Lot) { l.Seal = models.SealOpened }, matching.OutcomeRefused, "used_lend_it", ""},
		"a thermometer is":           {thermometer, func(l *models.Lot) { l.Kind = models.LotLoan }, matching.OutcomeOK, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lot := box(c.item, 10)
			c.spoil(&lot)
			v := matcher().Screen(matching.LotLine(lot), today)
			if v.Outcome != c.outcome || v.Go != c.instead || c.reason != "" && (len(v.Reasons) == 0 || v.Reasons[0].Code != c.reason) {
				t.Errorf("%s %v go %q, want %s %s go %q", v.Outcome, codes(v.Reasons), v.Go, c.outcome, c.reason, c.instead)
			}
		})
	}
}

func TestScreen_WarnsOfWhatEndsSoon(t *testing.T) {
	t.Parallel()
	lot := box(paracetamol, 10)
	lot.ExpiresOn = "2026-12-23"
	v := matcher().Screen(matching.LotLine(lot), today)
	if v.Outcome != matching.OutcomeOK || len(v.Warnings) != 1 || v.Warnings[0].Code != "expires_soon" || v.Warnings[0].Args["days"] != "30" {
		t.Errorf("%+v", v)
	}
}

// At the counter the class that was asked meets a lot of a member.
func TestScreen_PairsAClassWithItsMembersOnly(t *testing.T) {
	t.Parallel()
	patient := models.Patient{Age: models.AgeElder, Answers: forFever()}
	for item, want := range map[models.ItemID]matching.Outcome{
		paracetamol: matching.OutcomeOK,
		ibuprofen:   matching.OutcomeRefused, // elders get ibuprofen by name only
		lianhua:     matching.OutcomeRefused,
		"M999":      matching.OutcomeRefused,
	} {
		lot := box(item, 10)
		v := matcher().Screen(matching.Line{Item: anyFever, Units: 6, Patient: &patient, Lot: &lot}, today)
		if v.Outcome != want {
			t.Errorf("%s: %s %v, want %s", item, v.Outcome, codes(v.Reasons), want)
		}
	}
}

func TestScreen_AsksOfAClassWhatItsMembersNeed(t *testing.T) {
	t.Parallel()
	ask := func(age models.AgeBand, answers map[string]models.Answer) matching.Verdict {
		return matcher().Screen(matching.Line{Item: anyFever, Units: 4, Patient: &models.Patient{Age: age, Answers: answers}}, today)
	}
	if got, want := keys(ask(models.AgeElder, nil).Questions), []string{"alcohol", "liver", "taking:APAP"}; !slices.Equal(got, want) {
		t.Errorf("an elder is asked %v, want %v", got, want)
	}
	union := []string{"alcohol", "anticoagulant", "asthma", "hypertension", "kidney", "liver", "nursing", "pregnant", "taking:APAP", "taking:NSAID", "ulcer"}
	if got := keys(ask(models.AgeAdult, nil).Questions); !slices.Equal(got, union) {
		t.Errorf("an adult is asked %v, want %v", got, union)
	}
	if got, want := keys(ask(models.AgeAdult, answers(models.Yes, "ulcer")).Questions), []string{"alcohol", "liver", "pregnant", "taking:APAP"}; !slices.Equal(got, want) {
		t.Errorf("with an ulcer ibuprofen drops out: asked %v, want %v", got, want)
	}
	if v := ask(models.AgeAdult, but(forFever(), "asthma", models.Yes)); v.Outcome != matching.OutcomeOK || !slices.Equal(v.Items, []models.ItemID{paracetamol}) {
		t.Errorf("with asthma only paracetamol is left: %+v", v)
	}
	if v := ask(models.AgeAdult, forFever()); v.Outcome != matching.OutcomeOK || !slices.Equal(v.Items, []models.ItemID{paracetamol, ibuprofen}) {
		t.Errorf("nothing against either: %+v", v)
	}
	if v := ask(models.AgeAdult, but(forFever(), "liver", models.Yes)); v.Outcome != matching.OutcomeDoctor || !slices.Contains(codes(v.Reasons), "avoid.liver") || v.Items != nil {
		t.Errorf("with liver disease nothing is left: %+v", v)
	}
}

func TestScreen_MarksWhichAnswersBlock(t *testing.T) {
	t.Parallel()
	v := matcher().Screen(matching.Line{Item: paracetamol, Units: 4, Patient: &models.Patient{Age: models.AgeElder}}, today)
	for _, q := range v.Questions {
		if q.Blocks != (q.Key != "alcohol") {
			t.Errorf("%+v", q)
		}
	}
}

func TestScreen_WarnsBesideWhatIsNoFeverMedicine(t *testing.T) {
	t.Parallel()
	v := matcher().Screen(matching.Line{Item: antigen, Units: 1, Patient: &models.Patient{Age: models.AgeUnder3Months, Fever: true, FeverDays: 5}}, today)
	if v.Outcome != matching.OutcomeOK || !slices.Equal(codes(v.Warnings), []string{"baby_fever", "long_fever"}) {
		t.Errorf("%+v", v)
	}
}

func TestScreen_ClearedSignsNoLongerHold(t *testing.T) {
	t.Parallel()
	worker := models.ID("worker")
	need := models.Need{ItemID: meilin, Open: 1, ClearedBy: &worker,
		Patient: models.Patient{Age: models.Age2Years, Answers: forIbuprofen(), Signs: []string{"convulsion"}}}
	if v := matcher().Screen(matching.NeedLine(need), today); v.Outcome != matching.OutcomeOK {
		t.Errorf("%+v", v)
	}
	need.Patient.Signs = []string{"convulsion", "child_dry"}
	if v := matcher().Screen(matching.NeedLine(need), today); v.Outcome != matching.OutcomeDoctor {
		t.Errorf("a doctor sign still counts: %+v", v)
	}
}

// What is said of a person is for her and her worker.
func TestScreen_KeepsHealthFromOthers(t *testing.T) {
	t.Parallel()
	patient := models.Patient{Age: models.AgeAdult, Answers: but(forIbuprofen(), "pregnant", models.Yes), FeverDays: 9, Signs: []string{"confused", "child_dry"}}
	v := matcher().Screen(matching.Line{Item: ibuprofen, Units: 4, Patient: &patient}, today)
	if len(v.Reasons) < 5 {
		t.Fatalf("%v", codes(v.Reasons))
	}
	for _, r := range append(v.Reasons, v.Warnings...) {
		if r.ReadableBy(models.ReaderAll) {
			t.Errorf("%s is readable by all", r.Code)
		}
	}
}

func TestCodes_HaveSentences(t *testing.T) {
	t.Parallel()
	all := matching.Codes()
	if len(all) < 60 {
		t.Errorf("only %d codes", len(all))
	}
	for _, code := range all {
		if !words.Known(code) {
			t.Errorf("%s has no sentence", code)
		}
	}
}

// The lists of this package know every word that the catalogue uses.
func TestCodes_CoverTheCatalogue(t *testing.T) {
	t.Parallel()
	all := matching.Codes()
	for _, item := range catalogue.Embedded().Items() {
		for _, condition := range item.Avoid {
			if !slices.Contains(all, "question."+condition) {
				t.Errorf("%s: condition %s", item.ID, condition)
			}
		}
		for _, group := range item.DupGroups {
			if !slices.Contains(all, "question.taking."+group) {
				t.Errorf("%s: group %s", item.ID, group)
			}
		}
	}
}

// No reason comes out of Screen that the lists do not name.
func TestScreen_GivesOnlyListedCodes(t *testing.T) {
	t.Parallel()
	m, all := matcher(), matching.Codes()
	for _, item := range catalogue.Embedded().Items() {
		for _, age := range append([]models.AgeBand{""}, models.AgeBands...) {
			for _, a := range []models.Answer{"", models.No, models.Yes} {
				p := models.Patient{Age: age, Answers: answers(a, "pregnant", "nursing", "liver", "alcohol", "driving", "g6pd", "taking:APAP", "taking:CPM"), FeverDays: 4 * len(a)}
				v := m.Screen(matching.Line{Item: item.ID, Units: 1, Patient: &p}, today)
				for _, code := range codes(append(v.Reasons, v.Warnings...)) {
					if !slices.Contains(all, code) {
						t.Errorf("%s gives %s, which no rule lists", item.ID, code)
					}
				}
				if v.Outcome == matching.OutcomeOK && len(v.Items) == 0 || v.Outcome == matching.OutcomeAsk && len(v.Questions) == 0 {
					t.Errorf("%s %s %q: %+v", item.ID, age, a, v)
				}
			}
		}
	}
}
