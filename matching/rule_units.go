package matching

import "linli/models"

// A line asks or offers 1 to MaxUnits base units. Source: reliability.md §5.
var ruleUnits = rule{
	name: "units", codes: []string{"units_out_of_range"},
	check: func(f facts) []finding {
		if f.line.Units >= 1 && f.line.Units <= models.MaxUnits {
			return nil
		}
		return one(OutcomeRefused, with(toAll("units_out_of_range"), "max", count(models.MaxUnits)), "")
	},
}
