package matching

import (
	"slices"

	"linli/matching/catalogue"
	"linli/models"
)

// A rule is one sentence of the house: its name, the reason codes that it can
// give, and the test. To add one, write it in a file rule_<name>.go with its
// source in a comment, name it in the list where it belongs, and give each
// code a sentence in models/words/matching.tsv.
type rule struct {
	name  string
	codes []string
	check func(f facts) []finding
}

// The rules, in the order in which they are told among equals.
var (
	// personRules look at the person: they come before any thing.
	personRules = []rule{ruleDanger, ruleBabyFever, ruleLongFever, ruleDryChild, rulePregnantFever}
	// lineRules look at the line as it was written.
	lineRules = []rule{ruleUnits}
	// itemRules look at the thing that would be given, and whether it fits the
	// person. For a class each member is asked; who fails drops out.
	itemRules = []rule{ruleShare, ruleAge, ruleAvoid, ruleCaution, ruleDoubling}
	// quantityRules look at how much, once it is known what may be given.
	quantityRules = []rule{ruleCeiling}
	// lotRules look at the pack, and whether it is what was asked.
	lotRules = []rule{ruleAsked, ruleNamed, ruleSeal, ruleExpiry, ruleLoan}
)

// facts is what a rule may look at.
type facts struct {
	catalogue *catalogue.Catalogue
	asked     catalogue.Item  // what the line names
	item      catalogue.Item  // what would be given: the same, or a member of the class
	fits      []models.ItemID // what may be given for the line
	line      Line
	today     models.Date
}

// finding is what a rule says. With the outcome OK it is a warning.
type finding struct {
	outcome  Outcome
	reason   models.Reason
	instead  string // where to go
	question *Question
}

func (f facts) apply(found []finding, rules []rule) []finding {
	for _, r := range rules {
		found = append(found, r.check(f)...)
	}
	return found
}

// one is the usual answer of a rule.
func one(outcome Outcome, reason models.Reason, instead string) []finding {
	return []finding{{outcome: outcome, reason: reason, instead: instead}}
}

// ask is an open question: the line waits for the answer.
func ask(key string) finding {
	return finding{outcome: OutcomeAsk, reason: toHer("needs_answer"), question: &Question{Key: key, Blocks: true}}
}

// months is the age of the person, or -1 when it is not known.
func (f facts) months() int {
	if f.line.Patient == nil {
		return -1
	}
	return f.line.Patient.Age.Months()
}

// answer is what the person said; anything but yes and no is no answer.
func (f facts) answer(key string) models.Answer { return f.line.Patient.Answers[key] }

// medicine tells what acts in the body from devices and supplies.
func medicine(item catalogue.Item) bool {
	return item.Kind == catalogue.KindDrug || item.Kind == catalogue.KindClass
}

// toAll is a reason that everybody may read; toHer only she and her worker.
func toAll(code string) models.Reason {
	return models.Reason{Code: code, Readers: []models.Reader{models.ReaderAll}}
}

func toHer(code string) models.Reason {
	return models.Reason{Code: code, Readers: []models.Reader{models.ReaderReceiver, models.ReaderWorker}}
}

// with gives a reason its arguments: name, value, name, value …
func with(r models.Reason, args ...string) models.Reason {
	r.Args = make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[args[i]] = args[i+1]
	}
	return r
}

// Codes lists every reason, sign and question code that rules and plans can
// give; each has a sentence in models/words.
func Codes() []string {
	codes := append([]string{"unknown_item"}, classCodes...)
	for _, list := range [][]rule{lineRules, personRules, itemRules, quantityRules, lotRules} {
		for _, r := range list {
			codes = append(codes, r.codes...)
		}
	}
	codes = append(codes, planCodes...)
	for _, condition := range catalogue.Conditions {
		codes = append(codes, "question."+condition)
	}
	codes = append(codes, "question.age")
	codes = append(codes, doublingCodes("question.taking.")...)
	slices.Sort(codes)
	return slices.Compact(codes)
}
