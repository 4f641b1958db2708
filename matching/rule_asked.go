package matching

import "slices"

// A lot answers a need only with what was asked and fits the person. A
// substitute is screened under its own name, after its question. Source:
// design §5.2, "Substitution is closed by default".
var ruleAsked = rule{
	name: "asked", codes: []string{"not_asked"},
	check: func(f facts) []finding {
		if f.line.Patient == nil || len(f.fits) == 0 || slices.Contains(f.fits, f.line.Lot.ItemID) {
			return nil
		}
		return one(OutcomeRefused, toAll("not_asked"), "")
	},
}
