package matching

import (
	"linli/matching/catalogue"
	"linli/models"
)

// warns tells the conditions that only warn (rule_caution.go).
func warns(condition string) bool {
	return condition == catalogue.Driving || condition == catalogue.Alcohol
}

// ofGrown tells those that are asked of the grown only.
func ofGrown(condition string) bool {
	return condition == catalogue.Pregnant || condition == catalogue.Nursing
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
			switch answer := f.answer(condition); {
			case warns(condition) || answer == models.No:
			case answer == models.Yes:
				found = append(found, one(OutcomeDoctor, toHer("avoid."+condition), GoDoctor)...)
			case ofGrown(condition) && !f.mayBePregnant():
			default:
				found = append(found, ask(condition))
			}
		}
		return found
	},
}

func avoidCodes() []string {
	var codes []string
	for _, condition := range catalogue.Conditions {
		if !warns(condition) {
			codes = append(codes, "avoid."+condition)
		}
	}
	return codes
}
