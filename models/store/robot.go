package store

import (
	"time"

	"linli/models"
	"linli/models/store/seal"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

var robotChanging = []string{"name", "platform", "settings", "state", "gather_minutes", "digest_hour", "digest_at", "next_at"}

// SaveRobot writes what people decide of a robot; what its queue has come to is
// written by TakeQueue, GiveQueueBack and their like.
func (tx *Tx) SaveRobot(r *models.Robot) error { return tx.versioned(r, &r.Version, robotChanging) }

// LockRobot takes the robot's row to the end of this transaction: whoever moves
// its cursors, tellings or queue comes one after the other. What is read after it
// is as the last one left it.
func (tx *Tx) LockRobot(id models.ID) error { return tx.dialect.lockRow(tx.db, "robots", id) }

// RobotByPerson reads the robot that signs in as a person.
func RobotByPerson(person models.ID, into *[]models.Robot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND state <> 'removed'", person).Find(into)
	}
}

// RobotsWithin reads the robots of which a grid lies at or below one of the paths,
// oldest first; without a path none.
func RobotsWithin(paths []string, limit int, into *[]models.Robot) Read {
	return func(db *gorm.DB) *gorm.DB {
		reach := db.Session(&gorm.Session{NewDB: true}).Where("1 = 0")
		for _, path := range paths {
			reach = reach.Or("substr(grid_path, 1, ?) = ?", len(path), path)
		}
		bound := db.Session(&gorm.Session{NewDB: true}).Model(&models.RobotGrid{}).Select("robot_id").Where(reach)
		return fresh(db, into).Where("state <> 'removed' AND id IN (?)", bound).Order("created_at, id").Limit(limit).Find(into)
	}
}

// RobotsOn reads every robot that listens.
func RobotsOn(into *[]models.Robot) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("state = 'on'").Order("id").Find(into) }
}

// GridsOfRobots reads what robots are bound to, by path.
func GridsOfRobots(robots []models.ID, into *[]models.RobotGrid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id IN ?", robots).Order("robot_id, grid_path").Find(into)
	}
}

// BindRobot binds a robot to these grids and to no others: it follows the
// micro-grids from what has happened up to now.
func (tx *Tx) BindRobot(robot models.ID, grids []models.Grid, micro []models.ID) error {
	bound := make([]models.RobotGrid, len(grids))
	for i, g := range grids {
		bound[i] = models.RobotGrid{RobotID: robot, GridID: g.ID, GridPath: g.Path}
	}
	if err := many(tx.db).Where("robot_id = ?", robot).Delete(&models.RobotGrid{}).Error; err != nil {
		return err
	}
	if err := createAll(tx, bound); err != nil {
		return err
	}
	if err := many(tx.db).Where("robot_id = ? AND grid_id NOT IN ?", robot, micro).Delete(&models.RobotCursor{}).Error; err != nil {
		return err
	}
	var known []models.RobotCursor
	var counters []models.GridSeq
	if err := tx.Load(CursorsOf(robot, &known), Counters(micro, &counters)); err != nil {
		return err
	}
	has := map[models.ID]bool{}
	for _, c := range known {
		has[c.GridID] = true
	}
	var fresh []models.RobotCursor
	for _, c := range counters {
		if !has[c.GridID] {
			fresh = append(fresh, models.RobotCursor{RobotID: robot, GridID: c.GridID, Seq: c.Seq})
		}
	}
	return createAll(tx, fresh)
}

// SilenceRobot pauses a robot, unless somebody has changed it meanwhile.
func (tx *Tx) SilenceRobot(r models.Robot) error {
	return many(tx.db).Model(&models.Robot{}).Where("id = ? AND version = ? AND state = 'on'", r.ID, r.Version).
		Updates(map[string]any{"state": models.RobotPaused, "digest_at": nil, "version": r.Version + 1}).Error
}

// SeatRobot moves the person as whom a robot signs in: no neighbour, of whom no grid
// is told.
func (tx *Tx) SeatRobot(r models.Robot, grid models.ID) error {
	return tx.db.Model(&models.Person{}).Where("id = ?", r.PersonID).
		Updates(map[string]any{"grid_id": grid, "version": gorm.Expr("version + 1")}).Error
}

// ForgetRobot takes away all that a removed robot knew, and what it would still
// have said; what it said stays.
func (tx *Tx) ForgetRobot(r models.Robot) error {
	for _, statement := range []string{
		"UPDATE robots SET settings = NULL, leased_until = NULL, fence = fence + 1 WHERE id = ?",
		"DELETE FROM robot_grids WHERE robot_id = ?",
		"DELETE FROM robot_cursors WHERE robot_id = ?",
		"DELETE FROM robot_members WHERE robot_id = ?",
		"DELETE FROM tellings WHERE robot_id = ?",
		"DELETE FROM deliveries WHERE robot_id = ? AND state = 'queued'",
	} {
		if err := many(tx.db).Exec(statement, r.ID).Error; err != nil {
			return err
		}
	}
	return tx.RevokeSessions(r.PersonID)
}

// CursorsOf reads how far a robot has read.
func CursorsOf(robot models.ID, into *[]models.RobotCursor) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id = ?", robot).Order("grid_id").Find(into)
	}
}

// BehindRow is a micro-grid in which something has happened since a robot looked.
type BehindRow struct {
	RobotID, GridID     models.ID
	Read, Seq, FirstSeq int64
}

// RobotsBehind reads up to limit of them, robot by robot; with one named, its alone.
func RobotsBehind(robot models.ID, limit int, into *[]BehindRow) Read {
	return func(db *gorm.DB) *gorm.DB {
		db = fresh(db, into).Table("robot_cursors c").Select("c.robot_id, c.grid_id, c.seq AS read, q.seq, q.first_seq").
			Joins("JOIN robots r ON r.id = c.robot_id").Joins("JOIN grid_seq q ON q.grid_id = c.grid_id").
			Where("r.state = 'on' AND q.seq <> c.seq")
		if robot != "" {
			db = db.Where("c.robot_id = ?", robot)
		}
		return db.Order("c.robot_id, c.grid_id").Limit(limit).Find(into)
	}
}

// NeedsInEvents reads the needs, as they are now, of which events of a grid tell
// after a number and up to another.
func NeedsInEvents(grid models.ID, after, upTo int64, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		told := db.Session(&gorm.Session{NewDB: true}).Model(&models.Event{}).Distinct("thing_id").
			Where("grid_id = ? AND seq > ? AND seq <= ? AND thing = 'need'", grid, after, upTo)
		return fresh(db, into).Where("grid_id = ? AND id IN (?)", grid, told).Order("id").Find(into)
	}
}

// MoveCursor notes that a robot has read a grid up to a number; whoever moved it
// meanwhile was quicker.
func (tx *Tx) MoveCursor(b BehindRow) error {
	return tx.db.Model(&models.RobotCursor{}).Where("robot_id = ? AND grid_id = ? AND seq = ?", b.RobotID, b.GridID, b.Read).
		Update("seq", b.Seq).Error
}

// SkipAhead lets a robot begin at the present again in all its grids.
func (tx *Tx) SkipAhead(robot models.ID) error {
	return many(tx.db).Exec("UPDATE robot_cursors SET seq = (SELECT seq FROM grid_seq WHERE grid_seq.grid_id = robot_cursors.grid_id)"+
		" WHERE robot_id = ?", robot).Error
}

// SetDigest sets when the next digest is due.
func (tx *Tx) SetDigest(robot models.ID, at *time.Time) error {
	return tx.db.Model(&models.Robot{}).Where("id = ?", robot).Update("digest_at", at).Error
}

// DigestsDue reads the robots whose digest is due.
func DigestsDue(now time.Time, into *[]models.Robot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'on' AND digest_at <= ?", now).Order("id").Find(into)
	}
}

// MemberBySender reads who somebody of a group is.
func MemberBySender(robot models.ID, sender []byte, into *[]models.RobotMember) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id = ? AND sender = ?", robot, sender).Find(into)
	}
}

// BindMember notes who somebody of a group is, from now on.
func (tx *Tx) BindMember(m models.RobotMember) error {
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "robot_id"}, {Name: "sender"}},
		DoUpdates: clause.AssignmentColumns([]string{"person_id", "created_at"})}).Create(&m).Error
}

// UnbindMember forgets who somebody of a group is.
func (tx *Tx) UnbindMember(robot models.ID, sender []byte) error {
	return many(tx.db).Where("robot_id = ? AND sender = ?", robot, sender).Delete(&models.RobotMember{}).Error
}

// CreatePairing keeps the hash of a pairing code; a new one ends the others.
func (tx *Tx) CreatePairing(p models.Pairing) error {
	if err := many(tx.db).Where("person_id = ?", p.PersonID).Delete(&models.Pairing{}).Error; err != nil {
		return err
	}
	return tx.db.Create(&p).Error
}

// PairingByCode reads whom a typed pairing code stands for.
func PairingByCode(typed string, into *[]models.Pairing) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("hash = ?", seal.Hash(models.DoorText(typed))).Find(into)
	}
}

// UsePairing spends it; whoever comes second meets a conflict.
func (tx *Tx) UsePairing(hash []byte) error {
	return tx.db.Model(&models.Pairing{}).Where("hash = ? AND used_at IS NULL", hash).Update("used_at", tx.Now).Error
}
