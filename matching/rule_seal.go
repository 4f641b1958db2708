package matching

import (
	"linli/matching/catalogue"
	"linli/models"
)

// What is given must be whole: an unopened box or an intact blister. Only a
// lent device may have been used. Source: catalogue.md, column `evidence`;
// china.md §5 safe default 4.
var ruleSeal = rule{
	name: "seal", codes: []string{"opened_bottle", "opened", "used_lend_it", "seal_unknown"},
	check: func(f facts) []finding {
		if f.line.Lot.Kind == models.LotLoan && f.item.Lend {
			return nil
		}
		switch f.line.Lot.Seal {
		case models.SealBox, models.SealBlister:
			return nil
		case models.SealOpened:
			if f.item.Lend {
				return one(OutcomeRefused, toAll("used_lend_it"), "")
			}
			return one(OutcomeRefused, toAll(openedCode(f.item)), GoRecovery)
		}
		return one(OutcomeRefused, toAll("seal_unknown"), GoWorker)
	},
}

func openedCode(item catalogue.Item) string {
	if item.BaseUnit == "瓶" {
		return "opened_bottle"
	}
	return "opened"
}
