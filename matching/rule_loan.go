package matching

import "linli/models"

// Only what the catalogue lends is lent and comes back. Source: catalogue.md,
// column `lend`.
var ruleLoan = rule{
	name: "loan", codes: []string{"not_lent"},
	check: func(f facts) []finding {
		if f.line.Lot.Kind != models.LotLoan || f.item.Lend {
			return nil
		}
		return one(OutcomeRefused, toAll("not_lent"), "")
	},
}
