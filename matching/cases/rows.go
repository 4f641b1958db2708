package cases

import (
	"cmp"
	"slices"

	"linli/matching"
	"linli/models"
)

func (b *builder) lot(r record) error {
	home, err := b.at(r.fields["home"])
	if err != nil {
		return err
	}
	what, err := item(b.catalogue, r.fields["item"])
	if err != nil {
		return err
	}
	l := models.Lot{GridID: home.GridID, HouseholdID: home.ID, PersonID: home.ID, ItemID: what.ID, Kind: models.LotGift,
		State: models.LotOffered, Place: models.PlaceHome}
	var errs [6]error
	l.ID, errs[0] = id(r.fields["id"], home.ID, func(id models.ID) bool {
		return slices.ContainsFunc(b.pool.Lots, func(o models.Lot) bool { return o.ID == id })
	})
	l.Remaining, errs[1] = units(what, r.fields["units"])
	l.Offered = l.Remaining
	l.ExpiresOn, errs[2] = expiry(r.fields["expires"], b.pool.Now)
	l.Seal, errs[3] = one(seals, r.fields["seal"], models.SealBox)
	l.CreatedAt, errs[4] = moment(r.fields["at"], b.pool.Now)
	lent, err := isSet(r.fields["loan"])
	if lent {
		l.Kind = models.LotLoan
	}
	inBox, errBox := isSet(r.fields["box"])
	if inBox || home.ID == box {
		l.Place = models.PlaceBox
		if v := r.fields["relay"]; v.text != "" {
			l.RelayID = &v.text
		}
	}
	b.pool.Lots = append(b.pool.Lots, l)
	return cmp.Or(cmp.Or(errs[:]...), err, errBox)
}

// received reads a match of before: of a need of this pool, or of an older one.
func (b *builder) received(r record) error {
	home, err := b.at(r.fields["home"])
	if err != nil {
		return err
	}
	what, err := item(b.catalogue, r.fields["item"])
	if err != nil {
		return err
	}
	m := models.Match{ID: r.place, GridID: here, ReceiverHouseholdID: home.ID, ReceiverID: home.ID, ItemID: what.ID,
		NeedID: "old need " + r.place, LotID: "old lot " + r.place, GiverHouseholdID: "别家"}
	var errs [4]error
	m.Quantity, errs[0] = units(what, r.fields["units"])
	m.State, errs[1] = one(matchStates, r.fields["state"], models.MatchGiven)
	m.CreatedAt, errs[2] = moment(r.fields["at"], b.pool.Now)
	m.Substitute, errs[3] = isSet(r.fields["substitute"])
	missed, errMissed := isSet(r.fields["no_show"])
	if missed {
		m.State, m.EndReason = models.MatchLapsed, models.EndNotBrought
	}
	if v := r.fields["need"]; v.text != "" {
		if !slices.ContainsFunc(b.pool.Needs, func(n models.Need) bool { return n.ID == v.text }) {
			return flaw(v.place, "没有“%s”这份求助", "there is no need %q", v.text)
		}
		m.NeedID = v.text
	}
	if v := r.fields["lot"]; v.text != "" {
		m.LotID = v.text // it may be gone by now
		for _, l := range b.pool.Lots {
			if l.ID == v.text {
				m.GiverHouseholdID = l.HouseholdID
			}
		}
	}
	if v := r.fields["from"]; v.text != "" {
		giver, err := b.at(v)
		if err != nil {
			return err
		}
		m.GiverHouseholdID, m.GiverID = giver.ID, giver.ID
	}
	b.pool.Received = append(b.pool.Received, m)
	return cmp.Or(cmp.Or(errs[:]...), errMissed)
}

func (b *builder) window(r record) error {
	what, err := item(b.catalogue, r.fields["item"])
	if err != nil {
		return err
	}
	closes, err := moment(r.fields["closes"], b.pool.Now)
	b.pool.Windows = append(b.pool.Windows, models.Window{GridID: b.pool.Scope, ItemID: what.ID, ClosesAt: closes})
	return err
}

func (b *builder) ask(r record) error {
	home, err := b.at(r.fields["home"])
	if err != nil {
		return err
	}
	need := r.fields["need"]
	at := slices.IndexFunc(b.pool.Needs, func(n models.Need) bool { return n.ID == need.text })
	if at < 0 {
		return flaw(need.place, "没有“%s”这份求助", "there is no need %q", need.text)
	}
	n := b.pool.Needs[at]
	a := models.Ask{ID: r.place, GridID: home.GridID, NeedID: n.ID, NeedGridID: n.GridID, ItemID: n.ItemID, Units: n.Open,
		PersonID: home.ID, HouseholdID: home.ID}
	var errs [2]error
	a.State, errs[0] = one(askStates, r.fields["state"], models.AskOpen)
	a.CreatedAt, errs[1] = moment(r.fields["at"], b.pool.Now)
	a.DueAt = a.CreatedAt.Add(b.pool.Policy.AskPatience)
	b.pool.Asks = append(b.pool.Asks, a)
	return cmp.Or(errs[:]...)
}

func (b *builder) neighbour(r record) error {
	home, err := b.at(r.fields["home"])
	if err != nil {
		return err
	}
	n := matching.Neighbour{PersonID: home.ID, HouseholdID: home.ID, GridID: home.GridID}
	if n.Had, err = b.items(r.fields["had"]); err != nil {
		return err
	}
	if n.SaidNo, err = b.items(r.fields["said_no"]); err != nil {
		return err
	}
	var errs [2]error
	n.AskedToday, errs[0] = number(r.fields["today"], 0, 1000, 0)
	n.AtNight, errs[1] = isSet(r.fields["night"])
	b.pool.Neighbours = append(b.pool.Neighbours, n)
	return cmp.Or(errs[:]...)
}

func (b *builder) items(v value) (all []models.ItemID, err error) {
	for _, one := range v.many() {
		what, err := item(b.catalogue, value{text: one, place: v.place})
		if err != nil {
			return nil, err
		}
		all = append(all, what.ID)
	}
	return all, nil
}

func (b *builder) elsewhere(r record) error {
	in, err := grid(r.fields["grid"], "")
	if err != nil {
		return err
	}
	what, err := item(b.catalogue, r.fields["item"])
	if err != nil {
		return err
	}
	n, err := units(what, r.fields["units"])
	b.pool.Elsewhere = append(b.pool.Elsewhere, matching.Free{GridID: in.ID, Item: what.ID, Units: n})
	return err
}

func (b *builder) relay(r record) error {
	name := r.fields["name"]
	if name.text == "无" || name.text == "none" {
		return nil
	}
	if err := named(name); err != nil {
		return err
	}
	p := models.RelayPoint{ID: name.text, Code: name.text, Name: name.text, State: models.RelayOpen}
	in, err := grid(r.fields["grid"], here)
	serves, errServes := grid(r.fields["serves"], here)
	p.GridID, p.ServesID = in.ID, serves.ID
	var errWhere error
	p.Lat, p.Lon, errWhere = where(r.fields["where"])
	paused, errPaused := isSet(r.fields["paused"])
	if paused {
		p.State = models.RelayPaused
	}
	shut, errShut := isSet(r.fields["shut"])
	if shut { // today and tomorrow: longer than any drop-off time
		p.Exceptions = []models.HoursException{{From: models.DateOf(b.pool.Now), Until: models.DateOf(b.pool.Now.AddDate(0, 0, 1))}}
	}
	var errRoom, errParcels error
	p.Capacity, errRoom = number(r.fields["capacity"], 0, 1000, 0)
	load := matching.Load{RelayID: p.ID}
	load.Parcels, errParcels = number(r.fields["parcels"], 0, 1000, 0)
	b.pool.Relays, b.pool.Loads = append(b.pool.Relays, p), append(b.pool.Loads, load)
	return cmp.Or(err, errServes, errWhere, errPaused, errShut, errRoom, errParcels)
}
