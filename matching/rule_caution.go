package matching

import (
	"slices"

	"linli/models"
)

// Driving and alcohol only warn. With paracetamol and the NSAIDs alcohol is
// asked all the same, of whoever is 12 or older: a yes warns, no answer waits.
// Source: catalogue.md, column `avoid`; the notes of M001 and M004.
var ruleCaution = rule{
	name: "caution", codes: []string{"caution.driving", "caution.alcohol", "needs_answer"},
	check: func(f facts) []finding {
		if f.line.Patient == nil || !medicine(f.item) || f.months() >= 0 && f.months() < twelveYears {
			return nil
		}
		var found []finding
		if slices.Contains(f.item.Avoid, "driving") && f.answer("driving") != models.No {
			found = append(found, one(OutcomeOK, toHer("caution.driving"), "")...)
		}
		if slices.Contains(f.item.Avoid, "alcohol") {
			answer := f.answer("alcohol")
			if answer != models.No {
				found = append(found, one(OutcomeOK, toHer("caution.alcohol"), "")...)
			}
			if answer == "" && lowersFever(f.catalogue, f.item) {
				question := ask("alcohol")
				question.question.Blocks = false
				found = append(found, question)
			}
		}
		return found
	},
}
