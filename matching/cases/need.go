package cases

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/words"
)

func (b *builder) need(r record) error {
	home, err := b.at(r.fields["home"])
	if err != nil {
		return err
	}
	what, err := item(b.catalogue, r.fields["item"])
	if err != nil {
		return err
	}
	n := models.Need{GridID: home.GridID, HouseholdID: home.ID, PersonID: home.ID, ItemID: what.ID, State: models.NeedOpen}
	var errs [5]error
	n.ID, errs[0] = id(r.fields["id"], home.ID, func(id models.ID) bool {
		return slices.ContainsFunc(b.pool.Needs, func(o models.Need) bool { return o.ID == id })
	})
	n.Open, errs[1] = units(what, r.fields["units"])
	n.Requested = n.Open
	n.Urgency, errs[2] = one(urgencies, r.fields["urgency"], models.UrgencyToday)
	n.CreatedAt, errs[3] = moment(r.fields["at"], b.pool.Now)
	n.Patient, errs[4] = b.patient(r)
	if err := cmp.Or(errs[:]...); err != nil {
		return err
	}
	if v := r.fields["reach"]; v.text != "" {
		to, err := grid(v, "")
		if err != nil {
			return err
		}
		n.Reach = to.Path
	}
	worker := "网格员"
	cleared, err := isSet(r.fields["cleared"])
	if cleared {
		n.ClearedBy = &worker
	}
	confirmed, errConfirmed := isSet(r.fields["confirmed"])
	if confirmed {
		n.ConfirmedBy = &worker
	}
	// As in the exchange: a danger sign holds the need until a person clears it.
	n.Held = !cleared && slices.ContainsFunc(n.Patient.Signs, func(sign string) bool { return !slices.Contains(matching.DoctorSigns, sign) })
	b.pool.Needs = append(b.pool.Needs, n)
	return cmp.Or(err, errConfirmed)
}

// patient is an adult who answered every question with no, but for what is
// written: a case by hand should name what matters.
func (b *builder) patient(r record) (models.Patient, error) {
	p := models.Patient{Answers: map[string]models.Answer{}}
	var err error
	if p.Age, err = one(ages, r.fields["age"], models.AgeAdult); err != nil {
		return p, err
	}
	for _, condition := range catalogue.Conditions {
		p.Answers[condition] = models.No
	}
	for _, group := range catalogue.DupGroups {
		p.Answers["taking:"+group.Code] = models.No
	}
	for _, name := range r.fields["yes"].many() {
		key, err := condition(value{text: name, place: r.fields["yes"].place})
		if err != nil {
			return p, err
		}
		p.Answers[key] = models.Yes
	}
	for _, name := range r.fields["taking"].many() {
		groups, err := b.groups(value{text: name, place: r.fields["taking"].place})
		if err != nil {
			return p, err
		}
		for _, group := range groups {
			p.Answers["taking:"+group] = models.Yes
		}
	}
	for _, name := range r.fields["unanswered"].many() {
		v := value{text: strings.TrimPrefix(name, "在吃"), place: r.fields["unanswered"].place}
		switch key, err := condition(v); {
		case v.text == "全部" || v.text == "all":
			clear(p.Answers)
		case err == nil:
			delete(p.Answers, key)
		default:
			groups, err := b.groups(v)
			if err != nil {
				return p, err
			}
			for _, group := range groups {
				delete(p.Answers, "taking:"+group)
			}
		}
	}
	if err := readFever(&p, r.fields["fever"]); err != nil {
		return p, err
	}
	p.Signs, err = signs(r)
	return p, err
}

func readFever(p *models.Patient, v value) error {
	text := strings.TrimPrefix(v.text, "发烧")
	if v.place == "" || text == "no" {
		return nil
	}
	p.Fever = true
	if text == "" || text == "yes" {
		return nil
	}
	days, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(text, "天"), "d"))
	if err != nil || days < 0 || days > 365 {
		return flaw(v.place, "“%s”不是天数，像 发烧4天", "%q is no number of days, like 4", v.text)
	}
	p.FeverDays = days
	return nil
}

// signs are those that are ticked and those that the note tells.
func signs(r record) ([]string, error) {
	found, known := matching.DangerIn(r.fields["says"].text), slices.Concat(matching.DangerSigns, matching.DoctorSigns)
	for _, name := range r.fields["signs"].many() {
		at := slices.IndexFunc(known, func(code string) bool { // their sentences hold commas: the beginning is enough
			return name == code || strings.HasPrefix(words.Say(words.ZH, "sign."+code, nil), name)
		})
		if at < 0 {
			return nil, flaw(r.fields["signs"].place, "不认得“%s”这个危险信号", "%q is no sign on the list", name)
		}
		found = append(found, known[at])
	}
	return found, nil
}

func condition(v value) (string, error) {
	if code, ok := conditions[v.text]; ok {
		return code, nil
	}
	if slices.Contains(catalogue.Conditions, v.text) {
		return v.text, nil
	}
	return "", flaw(v.place, "不认得“%s”，可以写：%s", "%q must be one of: %s", v.text,
		strings.Join(append(slices.Sorted(maps.Keys(conditions)), catalogue.Conditions...), " "))
}

// groups are the ingredients of what is taken: a group by itself, or an item's.
func (b *builder) groups(v value) ([]string, error) {
	for _, group := range catalogue.DupGroups {
		if v.text == group.Code {
			return []string{group.Code}, nil
		}
	}
	what, err := item(b.catalogue, v)
	return what.DupGroups, err
}
