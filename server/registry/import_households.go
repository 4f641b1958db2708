package registry

import (
	"regexp"
	"strconv"
	"strings"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
)

// householdColumns is the household file: one row a door. A column that is left
// out says nothing of what is known; a cell that is left empty empties it. The
// position is WGS-84. The ledger's 照护 is sealed and never shown to neighbours.
var householdColumns = []column{
	{name: "grid", headers: []string{"微网格编码", "grid_code"}, required: true},
	{name: "building", headers: []string{"楼栋", "building"}, required: true},
	{name: "unit", headers: []string{"单元", "unit"}},
	{name: "room", headers: []string{"房号", "room"}, required: true},
	{name: "lat", headers: []string{"纬度", "lat"}},
	{name: "lon", headers: []string{"经度", "lon"}},
	{name: "care", headers: []string{"照护", "care"}},
	{name: "door", headers: []string{"门牌码", "door_code"}},
}

var cares = map[string]models.Care{
	"": models.CareNone, "无": models.CareNone, "none": models.CareNone,
	"alone": models.CareAlone, "独居老人": models.CareAlone, "独居": models.CareAlone, "空巢老人": models.CareAlone,
	"frail": models.CareFrail, "失能老人": models.CareFrail, "失能": models.CareFrail, "残疾人": models.CareFrail, "特困人员": models.CareFrail,
}

// givenDoor is a door code that the city has printed already. It must be too
// long to guess; what it says is not looked at.
var givenDoor = regexp.MustCompile(`^[0-9A-Z]{26,64}$`)

type householdRow struct {
	line                 int
	grid                 string
	building, unit, room string
	lat, lon             float64
	care                 models.Care
	door                 []byte // hash of a given door code, nil for none
	address              []byte // keyed hash
}

func (s *Service) readHouseholds(sheet *Sheet, paper *paper) (func(*job) error, error) {
	at, err := sheet.bind(householdColumns)
	if err != nil {
		return nil, err
	}
	r := newReader(paper, at, householdColumns)
	rows := make([]householdRow, 0, sheet.Rows())
	addresses, doors := map[string]int{}, map[string]int{}
	err = sheet.each(func(line int, cells []string) error {
		r.row(line, cells)
		row, ok := householdOf(r)
		if !ok {
			return nil
		}
		row.address = addressKey(s.store.Keys(), row.grid, row.building, row.unit, row.room)
		if r.twice(addresses, string(row.address), "room") || row.door != nil && r.twice(doors, string(row.door), "door") {
			return nil
		}
		rows = append(rows, row)
		return nil
	})
	facts := heldFacts{position: at.has("lat") && at.has("lon"), care: at.has("care")}
	return func(j *job) error { return j.households(rows, facts) }, err
}

func householdOf(r *reader) (householdRow, bool) {
	row := householdRow{line: r.line}
	before := r.bad()
	row.grid = r.code("grid", true)
	row.building, _ = r.text("building", true)
	row.unit, _ = r.text("unit", false)
	row.room, _ = r.text("room", true)
	row.building, row.unit, row.room = asWritten(row.building), bare(row.unit, "单元"), bare(row.room, "室")
	row.lat, row.lon = r.position()
	care, _ := r.text("care", false)
	var ok bool
	if row.care, ok = cares[strings.ToLower(care)]; !ok {
		r.wrong("care", "care_unknown")
	}
	if door, _ := r.text("door", false); door != "" {
		code := models.DoorText(door)
		if !givenDoor.MatchString(code) {
			r.wrong("door", "door_code_short")
		}
		row.door = seal.Hash(code)
	}
	return row, r.bad() == before
}

// position is WGS-84, rounded to the building: four decimals are ten metres.
func (r *reader) position() (lat, lon float64) {
	lat, lon = r.number("lat", -90, 90), r.number("lon", -180, 180)
	if (lat == 0) != (lon == 0) {
		r.wrong("lat", "position_half")
	}
	return round4(lat), round4(lon)
}

// heldFacts says which columns the file has: what it does not speak of stays.
type heldFacts struct{ position, care bool }

func (j *job) households(rows []householdRow, facts heldFacts) error {
	const atOnce = 500
	known, err := gridsByCode(j.tx)
	if err != nil {
		return err
	}
	for done := 0; done < len(rows); done += atOnce {
		batch := rows[done:min(done+atOnce, len(rows))]
		if err := j.someHouseholds(batch, known, facts); err != nil {
			return err
		}
		j.progress(done+len(batch), len(rows))
	}
	if !j.good() || j.report.Created == 0 {
		return nil
	}
	return j.tx.CountHomes()
}

func (j *job) someHouseholds(rows []householdRow, known map[string]models.Grid, facts heldFacts) error {
	there, err := j.householdsThere(rows)
	if err != nil {
		return err
	}
	r := newReader(j.paper, nil, householdColumns)
	var fresh []models.Household
	var doors []models.Credential
	for _, row := range rows {
		r.line = row.line
		grid, ok := microGrid(known, row.grid, r)
		if !ok {
			continue
		}
		h, isNew, ok := there.fit(row, grid, r)
		if !ok {
			continue
		}
		if isNew {
			h = models.Household{ID: j.tx.NewID(), GridID: grid.ID, Version: 1, CreatedAt: j.tx.Now}
		}
		changed := row.apply(&h, facts)
		if row.door != nil && there.doors[string(row.door)].ID == "" {
			doors = append(doors, models.Credential{ID: j.tx.NewID(), Kind: models.CredentialDoor, Hash: row.door,
				HouseholdID: &h.ID, CreatedAt: j.tx.Now})
			changed = true
		}
		switch {
		case isNew:
			fresh = append(fresh, h)
			j.report.Created++
		case changed:
			if err := j.tx.SaveHousehold(&h); err != nil {
				return err
			}
			j.report.Updated++
		default:
			j.report.Unchanged++
		}
	}
	if !j.good() {
		return nil
	}
	if err := j.tx.CreateHouseholds(fresh); err != nil {
		return err
	}
	return j.tx.CreateCredentials(doors...)
}

// apply writes what the file says into a household and tells whether it differs.
func (row householdRow) apply(h *models.Household, facts heldFacts) bool {
	before := *h
	h.Building, h.Unit, h.Room, h.AddressKey = row.building, row.unit, row.room, row.address
	if facts.position {
		h.Lat, h.Lon = row.lat, row.lon
	}
	if facts.care {
		h.Care = row.care
	}
	return before.Building != h.Building || before.Unit != h.Unit || before.Room != h.Room ||
		string(before.AddressKey) != string(h.AddressKey) ||
		before.Lat != h.Lat || before.Lon != h.Lon || before.Care != h.Care
}

// there is what the database knows of the addresses and doors of some rows.
type thereHouseholds struct {
	byAddress map[string]models.Household
	byID      map[models.ID]models.Household
	doors     map[string]models.Credential
}

func (j *job) householdsThere(rows []householdRow) (thereHouseholds, error) {
	t := thereHouseholds{map[string]models.Household{}, map[models.ID]models.Household{}, map[string]models.Credential{}}
	var addresses, doors [][]byte
	for _, row := range rows {
		addresses = append(addresses, row.address)
		if row.door != nil {
			doors = append(doors, row.door)
		}
	}
	var homes, more []models.Household
	var credentials []models.Credential
	if err := j.tx.Load(store.HouseholdsByAddress(addresses, &homes)); err != nil {
		return t, err
	}
	if len(doors) > 0 {
		if err := j.tx.Load(store.CredentialsByHash(doors, &credentials)); err != nil {
			return t, err
		}
	}
	var ids []models.ID
	for _, c := range credentials {
		t.doors[string(c.Hash)] = c
		if c.HouseholdID != nil {
			ids = append(ids, *c.HouseholdID)
		}
	}
	if len(ids) > 0 {
		if err := j.tx.Load(store.HouseholdsByID(ids, &more)); err != nil {
			return t, err
		}
	}
	for _, h := range append(homes, more...) {
		t.byAddress[string(h.AddressKey)], t.byID[h.ID] = h, h
	}
	return t, nil
}

// fit finds the household of a row: by its door code, else by its address.
func (t thereHouseholds) fit(row householdRow, grid models.Grid, r *reader) (h models.Household, isNew, ok bool) {
	h, found := t.byAddress[string(row.address)]
	if door, given := t.doors[string(row.door)]; given && row.door != nil {
		if door.Kind != models.CredentialDoor || door.HouseholdID == nil || door.RevokedAt != nil {
			r.wrong("door", "door_code_dead")
			return h, false, false
		}
		behind := t.byID[*door.HouseholdID]
		if found && h.ID != behind.ID {
			r.wrong("door", "address_taken")
			return h, false, false
		}
		h, found = behind, true
	}
	if found && h.GridID != grid.ID {
		r.wrong("grid", "household_moved")
		return h, false, false
	}
	return h, !found, true
}

func itoa(n int) string { return strconv.Itoa(n) }
