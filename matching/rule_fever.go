package matching

import (
	"slices"

	"linli/matching/catalogue"
	"linli/models"
)

// A doctor today, no match for fever medicine: a baby under three months, a
// fever of more than three days, a pregnant woman, a child who hardly drinks
// or passes water. For other things it is said as a warning. Source:
// catalogue.md, "A doctor today"; china.md §5 safe default 7.

const (
	threeMonths = 3
	twelveYears = 12 * 12
	sixtyYears  = 60 * 12
	// feverDays is how long a fever may last before a doctor has to see it.
	feverDays = 3
)

// Whoever asks fever medicine for such a baby says that it has fever.
var ruleBabyFever = rule{
	name: "baby fever", codes: []string{"baby_fever"},
	check: func(f facts) []finding {
		baby := f.months() >= 0 && f.months() < threeMonths
		if !baby || !f.line.Patient.Fever && !f.feverMedicine() {
			return nil
		}
		return f.doctorToday("baby_fever")
	},
}

var ruleLongFever = rule{
	name: "long fever", codes: []string{"long_fever"},
	check: func(f facts) []finding {
		if f.line.Patient.FeverDays <= feverDays {
			return nil
		}
		return f.doctorToday("long_fever")
	},
}

var ruleDryChild = rule{
	name: "dry child", codes: signCodes(DoctorSigns),
	check: func(f facts) []finding {
		var found []finding
		for _, sign := range f.line.Patient.Signs {
			if slices.Contains(DoctorSigns, sign) {
				found = append(found, f.doctorToday("sign."+sign)...)
			}
		}
		return found
	},
}

// Paracetamol does not name pregnancy among its conditions, so the question
// has to come from here: unknown means ask.
var rulePregnantFever = rule{
	name: "pregnant fever", codes: []string{"pregnant_fever", "needs_answer"},
	check: func(f facts) []finding {
		pregnant := f.answer("pregnant")
		switch {
		case pregnant == models.Yes && (f.feverMedicine() || f.line.Patient.Fever):
			return f.doctorToday("pregnant_fever")
		case pregnant != models.No && f.feverMedicine() && f.mayBePregnant():
			return []finding{ask("pregnant")}
		}
		return nil
	},
}

// doctorToday stops fever medicine and warns beside anything else.
func (f facts) doctorToday(code string) []finding {
	if f.feverMedicine() {
		return one(OutcomeDoctor, toHer(code), GoDoctor)
	}
	return one(OutcomeOK, toHer(code), "")
}

// mayBePregnant: asked from 12 years on (catalogue.md), and of nobody of 60.
func (f facts) mayBePregnant() bool { return f.months() >= twelveYears && f.months() < sixtyYears }

// feverMedicine reports whether what is asked lowers fever, by itself or as a
// part of a cold remedy.
func (f facts) feverMedicine() bool { return lowersFever(f.catalogue, f.asked) }

func lowersFever(c *catalogue.Catalogue, item catalogue.Item) bool {
	switch item.Kind {
	case catalogue.KindClass:
		for _, id := range allMembers(c, item.ID) {
			if member, ok := c.Item(id); ok && lowersFever(c, member) {
				return true
			}
		}
		return false
	case catalogue.KindDrug:
		return slices.Contains(item.DupGroups, "APAP") || slices.Contains(item.DupGroups, "NSAID") && item.SubClass != "topical_nsaid"
	}
	return false
}
