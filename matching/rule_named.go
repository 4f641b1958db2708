package matching

import "linli/matching/catalogue"

// A lot is one named thing: "fever medicine" is a wish, not a label. Source:
// catalogue.md, "Classes"; china.md §5 safe default 4 (no label).
var ruleNamed = rule{
	name: "named", codes: []string{"name_it"},
	check: func(f facts) []finding {
		if f.item.Kind != catalogue.KindClass {
			return nil
		}
		return one(OutcomeRefused, toAll("name_it"), GoWorker)
	},
}
