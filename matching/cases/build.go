package cases

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
)

// builder lays the rows of a sheet into a pool, one kind after the other, so
// that the order in which they were written does not matter.
type builder struct {
	catalogue *catalogue.Catalogue
	pool      matching.Pool
	homes     map[models.ID]bool
}

// box is the giver's name of what lies in the box of the relay point and whose
// giver does not matter.
const box = "药箱"

func build(c *catalogue.Catalogue, s sheet) (Case, error) {
	b := builder{catalogue: c, homes: map[models.ID]bool{box: true}}
	if len(s.records) > MaxRows {
		return Case{}, flaw(s.place, "最多 %d 行", "%d rows at most", MaxRows)
	}
	start, _ := moment(value{text: defaultNow}, time.Time{})
	var err error
	if b.pool.Now, err = moment(s.now, start); err != nil {
		return Case{}, err
	}
	scope, err := grid(s.scope, here)
	if err != nil {
		return Case{}, err
	}
	b.pool.Scope, b.pool.Grids = scope.ID, slices.Clone(town)
	steps := []struct {
		kind string
		add  func(record) error
	}{{"homes", b.home}, {"needs", b.need}, {"lots", b.lot}, {"received", b.received}, {"windows", b.window}, {"asks", b.ask},
		{"neighbours", b.neighbour}, {"elsewhere", b.elsewhere}, {"relays", b.relay}}
	policy := matching.PolicyFile
	for _, r := range s.records {
		if r.kind.key == "policy" {
			policy = override(policy, r)
		}
	}
	if b.pool.Policy, err = matching.ParsePolicy(policy); err != nil {
		return Case{}, flaw(s.place, "规则写错了：%v", "the policy is wrong: %v", err)
	}
	for _, step := range steps {
		if step.kind == "relays" && !slices.ContainsFunc(s.records, func(r record) bool { return r.kind.key == step.kind }) {
			b.pool.Relays = []models.RelayPoint{{ID: "中转站", GridID: here, ServesID: here, State: models.RelayOpen, Lat: originLat, Lon: originLon}}
		}
		for _, r := range s.records {
			if r.kind.key != step.kind {
				continue
			}
			if err := step.add(r); err != nil {
				return Case{}, err
			}
		}
	}
	b.settle()
	elsewhere(&b.pool)
	built := Case{Title: s.title, Why: s.why, Place: s.place, Pool: b.pool}
	for _, v := range s.expect {
		e, err := expectation(c, built.Pool, v)
		if err != nil {
			return Case{}, err
		}
		built.Expect = append(built.Expect, e)
	}
	return built, nil
}

// settle makes a relay of every box lot's, and the sums of needs and lots whole:
// what is written is what is open and what is free.
func (b *builder) settle() {
	for i := range b.pool.Lots {
		l := &b.pool.Lots[i]
		if l.Place == models.PlaceBox && l.RelayID == nil && len(b.pool.Relays) > 0 {
			id := b.pool.Relays[0].ID
			l.RelayID = &id
		}
		for _, m := range b.pool.Received {
			if m.LotID == l.ID && m.Live() {
				l.Reserved += m.Quantity
				l.Offered += m.Quantity
			}
		}
	}
	for i := range b.pool.Needs {
		n := &b.pool.Needs[i]
		for _, m := range b.pool.Received {
			switch {
			case m.NeedID != n.ID:
			case m.Live():
				n.Matched, n.Requested = n.Matched+m.Quantity, n.Requested+m.Quantity
			case m.State == models.MatchGiven:
				n.Fulfilled, n.Requested = n.Fulfilled+m.Quantity, n.Requested+m.Quantity
			}
		}
	}
}

// override writes new figures into the text of policy.tsv; a name that the file
// does not have is added, so that its reader refuses it.
func override(file string, r record) string {
	lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
	for key, v := range r.fields {
		row := key + "\t" + strings.ReplaceAll(strings.Join(v.many(), ","), "\n", " ") + "\t-\t-"
		at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, key+"\t") && !strings.HasPrefix(line, "#") })
		if at < 0 {
			lines = append(lines, row)
			continue
		}
		lines[at] = row
	}
	return strings.Join(lines, "\n") + "\n"
}

func (b *builder) home(r record) error {
	name := r.fields["name"]
	if err := named(name); err != nil {
		return err
	}
	if b.homes[name.text] {
		return flaw(name.place, "“%s”写了两次", "the home %q stands twice", name.text)
	}
	h := models.Household{ID: name.text}
	var err, errCare, errGrid error
	h.Lat, h.Lon, err = where(r.fields["where"])
	h.Care, errCare = one(cares, r.fields["care"], models.CareNone)
	in, errGrid := grid(r.fields["grid"], here)
	h.GridID = in.ID
	b.homes[h.ID] = true
	b.pool.Households = append(b.pool.Households, h)
	return cmp.Or(err, errCare, errGrid)
}

// at gives the home that a row names, and makes one at the corner where it was
// not written before.
func (b *builder) at(v value) (models.Household, error) {
	if err := named(v); err != nil {
		return models.Household{}, err
	}
	if !b.homes[v.text] {
		b.homes[v.text] = true
		b.pool.Households = append(b.pool.Households, models.Household{ID: v.text, GridID: here, Lat: originLat, Lon: originLon})
	}
	for _, h := range b.pool.Households {
		if h.ID == v.text {
			return h, nil
		}
	}
	return models.Household{ID: v.text, GridID: here}, nil // the box
}

func named(v value) error {
	if v.text == "" || len(v.text) > 60 || strings.ContainsAny(v.text, " ,，、=") || !models.CleanText(v.text) {
		return flaw(v.place, "要写名字，20 字以内，不带空格和逗号：“%s”", "want a name of up to 20 characters without blanks and commas, not %q", v.text)
	}
	return nil
}

// id is the name of a row: its own, or its home's, with a number where taken.
func id(own value, home models.ID, taken func(models.ID) bool) (models.ID, error) {
	if own.place != "" {
		if err := named(own); err != nil {
			return "", err
		}
		if taken(own.text) {
			return "", flaw(own.place, "“%s”写了两次", "%q stands twice", own.text)
		}
		return own.text, nil
	}
	name := home
	for n := 2; taken(name); n++ {
		name = home + strconv.Itoa(n)
	}
	return name, nil
}
