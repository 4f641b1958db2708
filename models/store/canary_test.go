package store_test

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

// everyByte is all that somebody finds who steals the disk: SQLite's file and
// its log, or every value of PostgreSQL's tables, and the backup in both cases.
func everyByte(t *testing.T, b storetest.Bench) []byte {
	t.Helper()
	var all bytes.Buffer
	all.WriteString(unpacked(backup(t, b)))
	db := b.Bare(t)
	for _, table := range b.Tables(t, db) {
		rawRows(t, db, table, &all)
	}
	if !b.OnPostgres() {
		for _, file := range []string{"", "-wal", "-shm"} {
			content, err := os.ReadFile(b.Database + file)
			must(t, err)
			all.Write(content)
		}
	}
	return all.Bytes()
}

func rawRows(t *testing.T, db *sql.DB, table string, into *bytes.Buffer) {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	for rows.Next() {
		values, targets := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		must(t, rows.Scan(targets...))
		into.Write(bytes.Join(bytesOf(values), []byte("\x00")))
	}
	must(t, rows.Err())
}

func bytesOf(values []sql.RawBytes) [][]byte {
	out := make([][]byte, len(values))
	for i, v := range values {
		out[i] = bytes.Clone(v)
	}
	return out
}

// spellings are the ways in which a text could stand in clear: as it is, in
// hex, as JSON escapes it, and in base64 at each of three offsets.
func spellings(text string) []string {
	ways := []string{text, hex.EncodeToString([]byte(text)), strings.Trim(fmt.Sprintf("%+q", text), `"`)}
	for offset := range 3 {
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, offset), text...))
		ways = append(ways, coded[4:len(coded)-4])
	}
	return ways
}

func standsIn(all []byte, text string) string {
	for _, way := range spellings(text) {
		if bytes.Contains(all, []byte(way)) {
			return way
		}
	}
	return ""
}

// TestSealed_NothingPersonalStandsInClear plants words of its own by each verb
// that writes something personal, anew and as a change, and then looks for them
// in all that is stored.
func TestSealed_NothingPersonalStandsInClear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		var planted []string
		canary := func(what string) string {
			text := fmt.Sprintf("金丝雀%s-%03d-canary", what, len(planted))
			planted = append(planted, text)
			return text
		}
		openlyPlaced := "看得见的楼栋-visible"
		d := s.agree(t, 2, 2, 1)
		s.in(t, func(tx *store.Tx) error {
			home := models.Household{ID: tx.NewID(), GridID: s.Micro.ID, Building: openlyPlaced, Unit: canary("unit"), Room: canary("room"),
				Care: models.Care(canary("care")), AddressKey: b.Store.Keys().Index("address", planted[0]), Version: 1, CreatedAt: tx.Now}
			person := models.Person{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: &home.ID, Name: canary("name"), Phone: canary("phone"),
				PhoneIndex: b.Store.Keys().Index("phone", planted[4]), State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
			request := models.Request{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: home.ID, PersonID: person.ID, PostedBy: person.ID,
				Way: models.WayRelay, Note: canary("note"), CreatedAt: tx.Now}
			offer := models.Offer{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: home.ID, PersonID: person.ID, Way: models.WayRelay,
				Note: canary("note"), CreatedAt: tx.Now}
			need := d.need
			need.ID, need.RequestID, need.PersonID, need.HouseholdID, need.Version = tx.NewID(), request.ID, person.ID, home.ID, 0
			need.UrgencyWhy, need.Patient = canary("why"), illOf(canary)
			photo := models.Photo{ID: tx.NewID(), Thing: models.ThingLot, ThingID: d.lot.ID, Kind: models.PhotoPack, PersonID: person.ID,
				Width: 1, Height: 1, Bytes: 1, CreatedAt: tx.Now, Image: []byte("\xff\xd8" + canary("photo") + "\x00\xff\xd9")}
			err := first(tx.CreatePhoto(&photo), tx.CreateHouseholds([]models.Household{home}), tx.CreatePeople([]models.Person{person}), tx.CreateRequest(&request),
				tx.CreateOffer(&offer), tx.SaveNeed(&need, "need.opened", everybody))
			loan := models.Loan{ID: tx.NewID(), GridID: s.Micro.ID, MatchID: tx.NewID(), LotID: d.lot.ID, ReceiverID: person.ID, HouseholdID: home.ID,
				ItemID: "M128", Quantity: 1, DueOn: "2026-12-21", State: models.LoanOut, Note: canary("loan"), CreatedAt: tx.Now}
			err = first(err, tx.SaveLoan(&loan, "loan.out", everybody, s.Micro.ID, s.Micro.ID))
			openid := canary("openid")
			err = first(err, tx.BindWechat(&models.WechatBinding{PersonID: person.ID, OpenID: openid,
				OpenIDIndex: b.Store.Keys().Index("openid", openid), CreatedAt: tx.Now}),
				tx.CreateWechatTicket(&models.WechatTicket{ID: tx.NewID(), Kind: models.WechatBind, Hash: []byte{1}, OpenID: canary("openid"),
					CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(time.Hour)}))
			notice := models.Notice{ID: tx.NewID(), GridID: s.Micro.ID, SentBy: person.ID, Text: canary("notice"), State: models.NoticeOpen,
				CreatedAt: tx.Now, DueAt: tx.Now.Add(time.Hour)}
			err = first(err, tx.SaveNotice(&notice, "notice.posted"))
			notice.Text = canary("notice")
			err = first(err, tx.SaveNotice(&notice, "notice.corrected"))
			home.Room, home.Unit, home.Care = canary("room"), canary("unit"), models.Care(canary("care"))
			person.Name, person.Phone = canary("name"), canary("phone")
			need.UrgencyWhy, need.Patient = canary("why"), illOf(canary)
			return first(err, tx.SaveHousehold(&home), tx.SavePerson(&person, "person.changed", everybody),
				tx.SaveNeed(&need, "need.changed", everybody))
		})
		s.robots(t, d, canary("secret"))
		actor := s.elder.Actor
		actor.Call = models.Call{Key: "key", Route: "POST /requests", Hash: "h"}
		_, err := store.Register(t.Context(), b.Store, actor, func(*store.Tx) (models.Patient, error) { return illOf(canary), nil })
		must(t, err)
		s.wait(time.Minute)
		all := everyByte(t, b)
		if standsIn(all, openlyPlaced) == "" {
			t.Fatal("the search finds nothing at all")
		}
		for _, text := range planted {
			if way := standsIn(all, text); way != "" {
				t.Errorf("%s stands in clear as %q", text, way)
			}
		}
		if len(planted) < 20 {
			t.Errorf("only %d were planted", len(planted))
		}
	})
}

func illOf(canary func(string) string) models.Patient {
	return models.Patient{Age: models.AgeElder, Signs: []string{canary("sign")},
		Answers: map[string]models.Answer{canary("illness"): models.Answer(canary("answer"))}}
}

// TestSealed_AValueIsReadOnlyInItsOwnRow: whoever can write the database cannot
// show one home's phone to another by moving the bytes.
func TestSealed_AValueIsReadOnlyInItsOwnRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		execute(t, b.Bare(t), fmt.Sprintf("UPDATE people SET phone = (SELECT phone FROM people WHERE id = %s) WHERE id = %s",
			quoted(s.elder.PersonID), quoted(s.giver.PersonID)))
		var people []models.Person
		read := func(b storetest.Bench, id models.ID) error {
			return b.Store.View(t.Context(), func(tx *store.Tx) error { return tx.Load(store.PersonByID(id, &people)) })
		}
		if err := read(b, s.giver.PersonID); err == nil {
			t.Errorf("a phone moved from another row is read: %v", people)
		}
		must(t, read(b, s.elder.PersonID))
		if err := read(otherKey(t, b), s.elder.PersonID); err == nil {
			t.Errorf("another key reads %v", people)
		}
	})
}
