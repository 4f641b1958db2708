package matching

import "linli/matching/catalogue"

// soonDays before its end a pack is shared with a warning.
const soonDays = 30

// In date through the course; a date nobody knows counts as over. A label that
// names a month runs to its last day (models.ParseDate). Things for which
// nothing has to be seen (evidence none: masks, thermometers) need no date.
// Source: design §5.2; catalogue.md, `evidence`; china.md §5 safe default 2.
var ruleExpiry = rule{
	name: "expiry", codes: []string{"expiry_unknown", "expired", "expires_too_soon", "expires_soon"},
	check: func(f facts) []finding {
		end := f.line.Lot.ExpiresOn
		if end == "" {
			if f.item.Evidence == catalogue.EvidenceNone && !medicine(f.item) {
				return nil
			}
			return one(OutcomeRefused, toAll("expiry_unknown"), GoWorker)
		}
		left := end.DaysAfter(f.today)
		switch {
		case left < 0:
			return one(OutcomeRefused, toAll("expired"), GoRecovery)
		case left < DefaultPolicy.CourseDays && medicine(f.item):
			return one(OutcomeRefused, toAll("expires_too_soon"), GoRecovery)
		case left <= soonDays:
			return one(OutcomeOK, with(toAll("expires_soon"), "days", count(left)), "")
		}
		return nil
	},
}
