package matching

import "slices"

// Danger signs come before anything else: 120 at once, the worker is alerted,
// no match until a person clears it. Source: catalogue.md, "Danger signs";
// design §5.1.
var ruleDanger = rule{
	name:  "danger",
	codes: append([]string{"call_120"}, signCodes(DangerSigns)...),
	check: func(f facts) []finding {
		var found []finding
		for _, sign := range f.line.Patient.Signs {
			if slices.Contains(DoctorSigns, sign) {
				continue
			}
			if found == nil {
				found = one(OutcomeDanger, toHer("call_120"), GoEmergency)
			}
			// A sign that is not on the list still counts, as the stricter reading.
			if slices.Contains(DangerSigns, sign) {
				found = append(found, finding{outcome: OutcomeDanger, reason: toHer("sign." + sign), instead: GoEmergency})
			}
		}
		return found
	},
}
