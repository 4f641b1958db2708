package matching

// The band's lower end must be at least the youngest age on the label; no band
// = ask. Devices and supplies ask for the age only where the label names one.
// Source: catalogue.md, column `min_age_months` and "Age bands".
var ruleAge = rule{
	name: "age", codes: []string{"too_young", "too_young_for_this", "needs_answer"},
	check: func(f facts) []finding {
		if f.line.Patient == nil || !medicine(f.item) && f.item.MinAgeMonths == 0 {
			return nil
		}
		switch months := f.months(); {
		case months < 0:
			return []finding{ask("age")}
		case months >= f.item.MinAgeMonths:
			return nil
		case medicine(f.item):
			return one(OutcomeDoctor, toHer("too_young"), GoDoctor)
		}
		return one(OutcomeRefused, toHer("too_young_for_this"), GoWorker)
	},
}
