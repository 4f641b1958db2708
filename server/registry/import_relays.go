package registry

import (
	"math"
	"reflect"
	"strings"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
)

// relayColumns is the relay point file. 微网格编码 is where the box lies, 服务网格编码
// whom it serves (the same where it is left out); contact and phone are the
// published line; host and deputy are named by the phone under which they signed in.
// 例外日 are days that are not like the week, as Exceptions reads them; 容量 is how many
// parcels there is room for.
var relayColumns = []column{
	{name: "code", headers: []string{"中转站编码", "code"}, required: true},
	{name: "name", headers: []string{"名称", "name"}, required: true},
	{name: "grid", headers: []string{"微网格编码", "grid_code"}, required: true},
	{name: "serves", headers: []string{"服务网格编码", "serves_code"}},
	{name: "address", headers: []string{"地址", "address"}, required: true},
	{name: "contact", headers: []string{"联系人", "contact"}, required: true},
	{name: "phone", headers: []string{"联系电话", "phone"}, required: true},
	{name: "hours", headers: []string{"开放时间", "hours"}, required: true},
	{name: "exceptions", headers: []string{"例外日", "exceptions"}},
	{name: "capacity", headers: []string{"容量", "capacity"}},
	{name: "lat", headers: []string{"纬度", "lat"}},
	{name: "lon", headers: []string{"经度", "lon"}},
	{name: "state", headers: []string{"状态", "state"}},
	{name: "host", headers: []string{"负责人手机", "host_phone"}},
	{name: "deputy", headers: []string{"副手手机", "deputy_phone"}},
}

var relayStates = map[string]models.RelayState{"": models.RelayOpen, "open": models.RelayOpen, "开放": models.RelayOpen,
	"paused": models.RelayPaused, "暂停": models.RelayPaused}

type relayRow struct {
	line         int
	grid, serves string
	host, deputy []byte // keyed hashes of phones, nil for none
	at           bound
	relay        models.RelayPoint
}

func (s *Service) readRelays(sheet *Sheet, paper *paper) (func(*job) error, error) {
	at, err := sheet.bind(relayColumns)
	if err != nil {
		return nil, err
	}
	r := newReader(paper, at, relayColumns)
	var rows []relayRow
	first := map[string]int{}
	err = sheet.each(func(line int, cells []string) error {
		r.row(line, cells)
		if row, ok := relayOf(r, s.store.Keys()); ok && !r.twice(first, row.relay.Code, "code") {
			rows = append(rows, row)
		}
		return nil
	})
	return func(j *job) error { return j.relays(rows) }, err
}

func relayOf(r *reader, keys *seal.Keyring) (relayRow, bool) {
	row := relayRow{line: r.line, at: r.at}
	before := r.bad()
	p := &row.relay
	p.Code = r.code("code", true)
	p.Name, _ = r.text("name", true)
	p.Address, _ = r.text("address", true)
	p.Contact, _ = r.text("contact", true)
	p.Phone, _ = r.text("phone", true)
	row.grid = r.code("grid", true)
	if row.serves = r.code("serves", false); row.serves == "" {
		row.serves = row.grid
	}
	if text, ok := r.text("hours", true); ok {
		if p.Hours, ok = Hours(text); !ok {
			r.wrong("hours", "hours_unreadable")
		}
	}
	if text, ok := r.text("exceptions", false); ok {
		var wrong string
		if p.Exceptions, wrong = Exceptions(text); wrong != "" {
			r.wrong("exceptions", wrong)
		}
	}
	capacity := r.number("capacity", 0, 100_000)
	if p.Capacity = int(capacity); float64(p.Capacity) != capacity || math.Signbit(capacity) {
		r.wrong("capacity", "cell_number", "low", "0", "high", "100000")
	}
	p.Lat, p.Lon = r.position()
	state, _ := r.text("state", false)
	var known bool
	if p.State, known = relayStates[strings.ToLower(state)]; !known {
		r.wrong("state", "relay_state_unknown")
	}
	row.host, row.deputy = r.phoneIndex("host", keys), r.phoneIndex("deputy", keys)
	return row, r.bad() == before
}

// keep takes over what people change in the app and this file has no column for,
// and why a point is paused, which no file says.
func (row relayRow) keep(want *models.RelayPoint, had models.RelayPoint) {
	if want.State == had.State {
		want.PauseReason = had.PauseReason
	}
	if row.at["exceptions"] < 0 {
		want.Exceptions = had.Exceptions
	}
	if row.at["capacity"] < 0 {
		want.Capacity = had.Capacity
	}
	if row.at["deputy"] < 0 {
		want.DeputyID = had.DeputyID
	}
	if want.Exceptions == nil {
		want.Exceptions = []models.HoursException{}
	}
}

func (r *reader) phoneIndex(column string, keys *seal.Keyring) []byte {
	text, ok := r.text(column, false)
	if !ok || text == "" {
		return nil
	}
	phone, ok := Phone(text)
	if !ok {
		r.wrong(column, "phone_unreadable")
		return nil
	}
	return phoneIndex(keys, phone)
}

func phoneIndex(keys *seal.Keyring, phone string) []byte { return keys.Index("phone", phone) }

func (j *job) relays(rows []relayRow) error {
	known, err := gridsByCode(j.tx)
	if err != nil {
		return err
	}
	var codes []string
	var phones [][]byte
	for _, row := range rows {
		codes = append(codes, row.relay.Code)
		phones = append(phones, row.host, row.deputy)
	}
	var there []models.RelayPoint
	var people []models.Person
	if err := j.tx.Load(store.RelaysByCode(codes, &there), store.ApprovedByPhone(phones, &people)); err != nil {
		return err
	}
	byCode := map[string]models.RelayPoint{}
	for _, p := range there {
		byCode[p.Code] = p
	}
	hosts := map[string]models.ID{}
	for _, p := range people {
		hosts[string(p.PhoneIndex)] = p.ID
	}
	r := newReader(j.paper, nil, relayColumns)
	for i, row := range rows {
		r.line = row.line
		if err := j.relay(row, known, byCode, hosts, r); err != nil {
			return err
		}
		j.progress(i+1, len(rows))
	}
	return nil
}

func (j *job) relay(row relayRow, known map[string]models.Grid, byCode map[string]models.RelayPoint,
	hosts map[string]models.ID, r *reader) error {
	home, ok := microGrid(known, row.grid, r)
	serves, found := known[row.serves]
	if !found {
		r.wrong("serves", "grid_unknown_code", "code", row.serves)
	} else if ok && !home.Within(serves.Path) {
		r.wrong("serves", "relay_outside")
		ok = false
	}
	want := row.relay
	want.HostID, want.DeputyID = hostOf(row.host, hosts, "host", r), hostOf(row.deputy, hosts, "deputy", r)
	if !ok || !found || !j.good() {
		return nil
	}
	want.GridID, want.ServesID = home.ID, serves.ID
	had, exists := byCode[want.Code]
	want.ID, want.Version, want.CreatedAt = had.ID, had.Version, had.CreatedAt
	row.keep(&want, had)
	switch {
	case !exists:
		want.ID, want.CreatedAt = j.tx.NewID(), j.tx.Now
		j.report.Created++
	case reflect.DeepEqual(want, had):
		j.report.Unchanged++
		return nil
	default:
		j.report.Updated++
	}
	return j.tx.SaveRelay(&want)
}

// hostOf finds the person who looks after a relay point: somebody who has
// signed in and was approved.
func hostOf(index []byte, hosts map[string]models.ID, column string, r *reader) *models.ID {
	if index == nil {
		return nil
	}
	id, ok := hosts[string(index)]
	if !ok {
		r.wrong(column, "host_unknown")
		return nil
	}
	return &id
}
