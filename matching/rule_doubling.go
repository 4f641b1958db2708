package matching

import (
	"linli/matching/catalogue"
	"linli/models"
)

// Ingredients must not be doubled: paracetamol hides in 999感冒灵, 感康, 维C银翘
// and more. Already taken → doctor, the stricter reading; not answered = ask.
// Source: catalogue.md, column `dup_group`; china.md §5 safe default 6.
var ruleDoubling = rule{
	name:  "doubling",
	codes: append([]string{"needs_answer"}, doublingCodes("taking.")...),
	check: func(f facts) []finding {
		if f.line.Patient == nil || f.item.Kind != catalogue.KindDrug {
			return nil
		}
		var found []finding
		for _, group := range f.item.DupGroups {
			switch f.answer("taking:" + group) {
			case models.No:
			case models.Yes:
				found = append(found, one(OutcomeDoctor, toHer("taking."+group), GoDoctor)...)
			default:
				found = append(found, ask("taking:"+group))
			}
		}
		return found
	},
}

func doublingCodes(prefix string) []string {
	var codes []string
	for _, group := range catalogue.DupGroups {
		codes = append(codes, prefix+group.Code)
	}
	return codes
}
