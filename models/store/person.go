package store

import (
	"linli/models"

	"gorm.io/gorm"
)

var personChanging = []string{"grid_id", "household_id", "name", "phone", "phone_index", "state"}

// SavePerson writes the person. People have no exchange: the change of a claim
// is an event of the grid only where the caller holds its lock.
func (tx *Tx) SavePerson(p *models.Person, kind string, to models.Audience) error {
	if err := tx.versioned(p, &p.Version, personChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingPerson, ThingID: p.ID, Version: p.Version,
		State: string(p.State), Audience: to}, p.GridID)
	return nil
}

// UnderWay counts what of a person others wait for.
type UnderWay struct{ Needs, Lots, Matches, Loans int }

// UnderWayOf counts a person's live needs, lots that still lie with her, live
// matches on either side, and what she has borrowed.
func UnderWayOf(person models.ID, into *[]UnderWay) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Raw("SELECT (SELECT COUNT(*) FROM needs WHERE person_id = ? AND state IN ('open','matched')) AS needs,"+
			" (SELECT COUNT(*) FROM lots WHERE person_id = ? AND state <> 'closed' AND place = 'home') AS lots,"+
			// By way of her needs and lots, which are found by her name; matches are not.
			" (SELECT COUNT(*) FROM matches m JOIN needs n ON n.id = m.need_id WHERE n.person_id = ? AND m.state IN "+live+")"+
			" + (SELECT COUNT(*) FROM matches m JOIN lots l ON l.id = m.lot_id WHERE l.person_id = ? AND m.state IN "+live+") AS matches,"+
			" (SELECT COUNT(*) FROM loans WHERE receiver_id = ? AND state = 'out') AS loans",
			person, person, person, person, person).Find(into)
	}
}

// EmptyPosts takes out of a person's posts what only concerned her, also the
// photos that she took and those of her door, ends her roles and sessions, lets
// her WeChat account go, and forgets the results of her calls, which tell the same.
func (tx *Tx) EmptyPosts(person models.ID) error {
	for _, statement := range []string{
		"UPDATE requests SET note = NULL WHERE person_id = ?",
		"UPDATE offers SET note = NULL WHERE person_id = ?",
		"UPDATE needs SET patient = NULL, urgency_why = NULL WHERE person_id = ?",
		"UPDATE loans SET note = NULL WHERE receiver_id = ?",
		"UPDATE reviews SET note = NULL, reply = NULL WHERE person_id = ?",
		"UPDATE handovers SET collector = NULL, closed_why = NULL, sample_note = NULL WHERE receiver_id = ?",
		"DELETE FROM idempotency_keys WHERE person_id = ?",
		"DELETE FROM robot_members WHERE person_id = ?",
		"DELETE FROM pairings WHERE person_id = ?",
		// A leaflet shows nothing of who took it, and those who received of it need it.
		"DELETE FROM photos WHERE person_id = ? AND kind <> 'leaflet'",
		"DELETE FROM photos WHERE kind = 'bag' AND thing_id IN (SELECT id FROM handovers WHERE receiver_id = ?)",
	} {
		if err := many(tx.db).Exec(statement, person).Error; err != nil {
			return err
		}
	}
	err := many(tx.db).Model(&models.Role{}).Where("person_id = ? AND revoked_at IS NULL", person).Update("revoked_at", tx.Now).Error
	if err != nil {
		return err
	}
	if err := tx.UnbindWechat(person); err != nil {
		return err
	}
	return tx.RevokeSessions(person)
}

// CreatePeople inserts people of whom no event tells: personas and test people.
func (tx *Tx) CreatePeople(people []models.Person) error { return createAll(tx, people) }

// PersonByID reads one person.
func PersonByID(id models.ID, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("id = ?", id).Find(into) }
}

// ReceiverOf reads for whom a handover is.
func ReceiverOf(handover models.ID, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("id = (SELECT receiver_id FROM handovers WHERE id = ?)", handover).Find(into)
	}
}

// Personas reads the demo people with these keys.
func Personas(keys []string, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("persona IN ? AND persona <> ''", keys).Order("persona").Find(into)
	}
}

// ApprovedOf reads the approved members of a household, longest there first.
func ApprovedOf(household models.ID, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("household_id = ? AND state = 'approved'", household).Order("created_at, id").Find(into)
	}
}

// ApprovedByPhone reads the approved people with these keyed hashes of a phone.
func ApprovedByPhone(indexes [][]byte, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("phone_index IN ? AND state = 'approved'", indexes).Order("created_at, id").Find(into)
	}
}

// PendingOf reads up to limit of those who claim to belong to a household.
func PendingOf(household models.ID, limit int, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("household_id = ? AND state = 'pending'", household).Limit(limit).Find(into)
	}
}

// Claims reads those who wait at or below one of the paths, newest first,
// older than the cursor.
func Claims(paths []string, before *Cursor, limit int, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return before.page(fresh(db, into).Where("state = 'pending' AND grid_id IN (?)", below(db, paths))).
			Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// below asks for the grids at or below one of the paths; without one for none.
func below(db *gorm.DB, paths []string) *gorm.DB {
	reach := db.Session(&gorm.Session{NewDB: true}).Where("1 = 0")
	for _, path := range paths {
		reach = reach.Or("substr(path, 1, ?) = ?", len(path), path)
	}
	return db.Session(&gorm.Session{NewDB: true}).Model(&models.Grid{}).Select("id").Where(reach)
}

// CountPeople counts all people, so that a new city knows that it is new.
func CountPeople(into *int64) Read {
	return func(db *gorm.DB) *gorm.DB { return db.Model(&models.Person{}).Count(into) }
}

// AllPersonas reads every demo person; there are none in a real place.
func AllPersonas(into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("persona <> ''").Order("persona").Find(into) }
}
