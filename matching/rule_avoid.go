package matching

import "linli/models"

// conditions for which neighbours do not give an item: some only warn, some
// are asked of the grown only.
var conditions = map[string]struct{ warns, grown bool }{
	"pregnant": {grown: true}, "nursing": {grown: true},
	"ulcer": {}, "kidney": {}, "liver": {}, "anticoagulant": {}, "hypertension": {}, "asthma": {},
	"g6pd": {}, "iodine": {}, "thyroid": {},
	"driving": {warns: true}, "alcohol": {warns: true},
}

// A known condition → doctor; an unanswered question = ask, never match.
// Pregnant and nursing are asked from 12 years on, and of nobody of 60 and
// over. Source: catalogue.md, column `avoid`.
var ruleAvoid = rule{
	name:  "avoid",
	codes: append([]string{"needs_answer"}, avoidCodes()...),
	check: func(f facts) []finding {
		if f.line.Patient == nil || !medicine(f.item) {
			return nil
		}
		var found []finding
		for _, condition := range f.item.Avoid {
			c := conditions[condition]
			switch answer := f.answer(condition); {
			case c.warns || answer == models.No:
			case answer == models.Yes:
				found = append(found, one(OutcomeDoctor, toHer("avoid."+condition), GoDoctor)...)
			case c.grown && !f.mayBePregnant():
			default:
				found = append(found, ask(condition))
			}
		}
		return found
	},
}

func avoidCodes() []string {
	var codes []string
	for condition, c := range conditions {
		if !c.warns {
			codes = append(codes, "avoid."+condition)
		}
	}
	return codes
}
