package matching

import (
	"slices"

	"linli/matching/catalogue"
	"linli/models"
)

// classCodes are the codes of this rule, which has a face of its own: it says
// what fits, too.
var classCodes = []string{"which_one", "needs_answer"}

// expand: a class stands for its members that fit the person; without one the answer
// is "which one did the doctor say?", never a guess. What the class row itself
// says holds for every member. Each member's own questions are asked as well;
// a member that an answer excludes drops out and takes its questions with it;
// when all are out, the reasons of all are told. Source: catalogue.md,
// "Classes" and column `avoid`.
func (f facts) expand(found []finding) ([]finding, []models.ItemID) {
	if f.asked.Share != catalogue.ShareYes {
		return f.apply(found, itemRules), nil
	}
	if f.months() < 0 {
		return append(found, ask("age")), nil
	}
	// The class's youngest age is not asked apart: who is too young has no member.
	own := f.apply(nil, []rule{ruleAvoid})
	var fits []models.ItemID
	var said, out []finding
	for _, id := range f.catalogue.Members(f.asked.ID, group(f.months())) {
		member, ok := f.catalogue.Item(id)
		if !ok {
			continue
		}
		g := f
		g.item = member
		of := g.apply(nil, itemRules)
		if slices.ContainsFunc(of, excludes) {
			out = append(out, of...)
			continue
		}
		fits, said = append(fits, id), append(said, of...)
	}
	if len(fits) > 0 {
		return append(append(found, own...), said...), fits
	}
	if len(out) == 0 {
		out = one(OutcomeDoctor, toHer("which_one"), GoDoctor)
	}
	return append(append(found, own...), out...), nil
}

func excludes(x finding) bool { return severity[x.outcome] >= severity[OutcomeRefused] }

// allMembers of a class, whoever they are for.
// Named lists what goes by a name: the item itself and, of a class, whatever may
// stand for it for anybody.
func (m Matcher) Named(item models.ItemID) []models.ItemID {
	return append([]models.ItemID{item}, allMembers(m.catalogue, item)...)
}

func allMembers(c *catalogue.Catalogue, class models.ItemID) []models.ItemID {
	var all []models.ItemID
	for _, who := range []string{catalogue.Infant, catalogue.Child, catalogue.Teen, catalogue.Adult, catalogue.Elder} {
		for _, id := range c.Members(class, who) {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

// group names the age as the two files do.
func group(months int) string {
	switch {
	case months < 24:
		return catalogue.Infant
	case months < 144:
		return catalogue.Child
	case months < 216:
		return catalogue.Teen
	case months < 720:
		return catalogue.Adult
	}
	return catalogue.Elder
}
