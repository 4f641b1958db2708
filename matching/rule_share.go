package matching

import "linli/matching/catalogue"

// Only share = yes goes from neighbour to neighbour: doctor → the family
// doctor, never → refused, worker → the worker's own supply. What lies in a
// drawer already goes to a recovery point. Source: catalogue.md, column
// `share`; china.md §5 safe defaults 3 and 4.
var ruleShare = rule{
	name: "share",
	codes: []string{"rx", "ask_doctor", "controlled", "cold_chain", "mercury", "unapproved",
		"never_shared", "worker_supply"},
	check: func(f facts) []finding {
		offered := f.line.Patient == nil
		switch f.item.Share {
		case catalogue.ShareYes:
			return nil
		case catalogue.ShareDoctor:
			if offered {
				return one(OutcomeRefused, toAll(doctorCode(f.item)), GoRecovery)
			}
			return one(OutcomeDoctor, toAll(doctorCode(f.item)), GoDoctor)
		case catalogue.ShareWorker:
			return one(OutcomeRefused, toAll("worker_supply"), GoWorker)
		}
		return one(OutcomeRefused, toAll(neverCode(f.item)), f.insteadOfNever(offered))
	},
}

// insteadOfNever: what is offered is handed in, who asked for it is ill.
func (f facts) insteadOfNever(offered bool) string {
	switch {
	case offered:
		return GoRecovery
	case medicine(f.item):
		return GoDoctor
	}
	return GoWorker
}

func doctorCode(item catalogue.Item) string {
	if item.RxClass == "Rx" {
		return "rx"
	}
	return "ask_doctor"
}

// neverCodes say why by the group that the catalogue puts the item in.
var neverCodes = map[string]string{
	"antitussive_controlled": "controlled", "controlled": "controlled",
	"cold_chain": "cold_chain", "probiotic_coldchain": "cold_chain",
	"thermometer_mercury": "mercury", "illegal_import": "unapproved",
}

func neverCode(item catalogue.Item) string {
	if code, ok := neverCodes[item.SubClass]; ok {
		return code
	}
	return "never_shared"
}
