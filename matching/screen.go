package matching

import (
	"sort"
	"strconv"

	"linli/matching/catalogue"
	"linli/models"
)

// Matcher decides with one catalogue. It holds no state: one serves all
// callers at once.
type Matcher struct {
	catalogue *catalogue.Catalogue
	classes   map[models.ItemID]models.ItemID // the class that an item is a member of
}

// New gives a Matcher over that catalogue.
func New(c *catalogue.Catalogue) Matcher {
	m := Matcher{catalogue: c, classes: map[models.ItemID]models.ItemID{}}
	for _, class := range c.Items() {
		if class.Kind != catalogue.KindClass {
			continue
		}
		for _, member := range allMembers(c, class.ID) {
			if _, known := m.classes[member]; !known {
				m.classes[member] = class.ID
			}
		}
	}
	return m
}

// Outcome is what Screen says of a line, worst first.
type Outcome string

// The outcomes. Only OK may be matched; Ask needs answers first and is never
// matched by guessing.
const (
	OutcomeDanger  Outcome = "danger"  // 120 first; a worker is alerted; held
	OutcomeDoctor  Outcome = "doctor"  // a doctor today, no match
	OutcomeRefused Outcome = "refused" // not here; Go says where instead
	OutcomeAsk     Outcome = "ask"     // Questions must be answered
	OutcomeOK      Outcome = "ok"
)

// severity orders the outcomes.
var severity = map[Outcome]int{OutcomeDanger: 4, OutcomeDoctor: 3, OutcomeRefused: 2, OutcomeAsk: 1, OutcomeOK: 0}

// Where to go instead.
const (
	GoEmergency = "emergency" // 120
	GoDoctor    = "doctor"    // family doctor or clinic
	GoRecovery  = "recovery"  // 回收点: pharmacy or health centre
	GoWorker    = "worker"
)

// Line is what is screened: a need (Patient set), a lot (Lot set), or the two
// together when a plan or a hand-over pairs them. Item is what was asked or
// offered; a class that was asked may be paired with a lot of a member.
type Line struct {
	Item    models.ItemID
	Units   int
	Patient *models.Patient
	Lot     *models.Lot
}

// Question is asked of the person before a line may be matched. Key is what
// Patient.Answers holds ("liver", "taking:APAP"); "age" asks for Patient.Age.
type Question struct {
	Key string
	// Blocks: a yes means doctor; otherwise it only warns.
	Blocks bool
}

// Verdict is the answer of Screen.
type Verdict struct {
	Outcome Outcome
	// Reasons say why, the most important first.
	Reasons []models.Reason
	// Go is where to go instead: emergency, doctor, recovery, worker, "" for nowhere.
	Go        string
	Questions []Question
	Warnings  []models.Reason
	// Items are what may be given for this line: the item itself, or the
	// members of a class that fit the person.
	Items []models.ItemID
	// Ceiling is the most units of one request, 0 where none is known.
	Ceiling int
}

// NeedLine is the line of a need with what is still open. Signs that a person
// has cleared no longer count.
func NeedLine(n models.Need) Line {
	patient := n.Patient
	if n.ClearedBy != nil {
		patient.Signs = keepDoctorSigns(patient.Signs)
	}
	return Line{Item: n.ItemID, Units: n.Open, Patient: &patient}
}

// LotLine is the line of a lot by itself.
func LotLine(l models.Lot) Line { return Line{Item: l.ItemID, Units: l.Offered, Lot: &l} }

// Drug reports whether an item is medicine; what is unknown is taken for it.
func (m Matcher) Drug(id models.ItemID) bool {
	item, known := m.catalogue.Item(id)
	return !known || item.Kind == "drug"
}

// Screen says what may be, by the lists of rules.go: first about the person,
// then about the thing, then about the pack.
func (m Matcher) Screen(line Line, today models.Date) Verdict {
	asked, ok := m.catalogue.Item(line.Item)
	if !ok {
		return Verdict{Outcome: OutcomeRefused, Go: GoWorker, Reasons: []models.Reason{toAll("unknown_item")}}
	}
	f := facts{catalogue: m.catalogue, item: asked, asked: asked, line: line, today: today}
	found := f.apply(nil, lineRules)
	if line.Patient != nil {
		found = f.apply(found, personRules)
	}
	if asked.Kind == catalogue.KindClass && line.Patient != nil {
		found, f.fits = f.expand(found)
	} else {
		found, f.fits = f.apply(found, itemRules), []models.ItemID{line.Item}
	}
	found = f.apply(found, quantityRules)
	if line.Lot != nil {
		if f.item, ok = m.catalogue.Item(line.Lot.ItemID); !ok {
			f.item = asked // told as not asked below, or by the item's own rules
		}
		found = f.apply(found, lotRules)
	}
	return f.verdict(found)
}

// verdict puts the findings together: the worst decides, the others that
// refuse are told beside it, and nothing is asked when the answer is no.
func (f facts) verdict(found []finding) Verdict {
	v := Verdict{Outcome: OutcomeOK, Ceiling: ceilingOf(f.catalogue, f.fits)}
	sort.SliceStable(found, func(i, j int) bool { return severity[found[i].outcome] > severity[found[j].outcome] })
	if len(found) > 0 {
		v.Outcome = found[0].outcome
	}
	if severity[v.Outcome] < severity[OutcomeRefused] {
		v.Items = f.fits
	}
	told := map[string]bool{}
	for _, x := range found {
		if x.outcome == OutcomeAsk && v.Outcome != OutcomeAsk {
			continue
		}
		if x.question != nil && !told[x.question.Key] {
			told[x.question.Key] = true
			v.Questions = append(v.Questions, *x.question)
		}
		switch {
		case told[x.reason.Code]:
		case x.outcome == OutcomeOK:
			v.Warnings = append(v.Warnings, x.reason)
		default:
			v.Reasons = append(v.Reasons, x.reason)
		}
		told[x.reason.Code] = true
		if v.Go == "" && x.outcome == v.Outcome {
			v.Go = x.instead
		}
	}
	return v
}

func count(n int) string { return strconv.Itoa(n) }
