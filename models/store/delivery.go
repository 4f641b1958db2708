package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// TellingsOf reads what a robot's group has been told of some needs.
func TellingsOf(robot models.ID, needs []models.ID, into *[]models.Telling) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id = ? AND need_id IN ?", robot, needs).Order("need_id").Find(into)
	}
}

// TellingsLive reads what a robot's group knows of a grid that is not over; in all
// its grids where none is named.
func TellingsLive(robot, grid models.ID, into *[]models.Telling) Read {
	return func(db *gorm.DB) *gorm.DB {
		db = fresh(db, into).Where("robot_id = ? AND state <> 'over'", robot)
		if grid != "" {
			db = db.Where("grid_id = ?", grid)
		}
		return db.Order("need_id").Find(into)
	}
}

// TellingsDue reads up to limit of a robot's that a card is due for, the longest
// due first.
func TellingsDue(robot models.ID, now time.Time, limit int, into *[]models.Telling) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id = ? AND due_at <= ?", robot, now).Order("due_at, at, need_id").Limit(limit).Find(into)
	}
}

// RobotsToTell reads the robots that a card is due for.
func RobotsToTell(now time.Time, into *[]models.ID) Read {
	return func(db *gorm.DB) *gorm.DB {
		*into = nil
		return db.Model(&models.Robot{}).Select("id").
			Where("state = 'on' AND id IN (SELECT robot_id FROM tellings WHERE due_at <= ?)", now).Order("id").Find(into)
	}
}

// SaveTellings writes them, new or known, under the robot's lock.
func (tx *Tx) SaveTellings(tellings []models.Telling) error {
	if len(tellings) == 0 {
		return nil
	}
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "robot_id"}, {Name: "need_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"state", "urgent", "due_at", "told_at", "at"})}).Create(&tellings).Error
}

// CreateDelivery puts a message into its robot's queue.
func (tx *Tx) CreateDelivery(d *models.Delivery) error {
	d.ID, d.Rank, d.State, d.CreatedAt = tx.NewID(), d.Kind.Rank(), models.DeliveryQueued, tx.Now
	return tx.db.Create(d).Error
}

// QueuesDue reads the robots whose next message may go out now.
func QueuesDue(now time.Time, into *[]models.ID) Read {
	return func(db *gorm.DB) *gorm.DB {
		*into = nil
		return db.Model(&models.Robot{}).Select("id").
			Where("state = 'on' AND next_at <= ? AND (leased_until IS NULL OR leased_until <= ?)", now, now).
			Where("EXISTS (SELECT 1 FROM deliveries d WHERE d.robot_id = robots.id AND d.state = 'queued' AND d.due_at <= ?)", now).
			Order("id").Find(into)
	}
}

// Head reads the first of a robot's queue that is due: what was never tried before
// what is tried again, so that no old message keeps a new one waiting.
func Head(robot models.ID, now time.Time, into *[]models.Delivery) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id = ? AND state = 'queued' AND due_at <= ?", robot, now).
			Order("rank, CASE WHEN tries = 0 THEN 0 ELSE 1 END, id").Limit(1).Find(into)
	}
}

// TakeQueue leases a robot's queue for its head under the next number: whoever
// held it before may write nothing any more. It runs under the robot's lock.
func (tx *Tx) TakeQueue(r *models.Robot, d *models.Delivery, until time.Time) error {
	err := tx.db.Model(&models.Robot{}).Where("id = ? AND fence = ?", r.ID, r.Fence).
		Updates(map[string]any{"fence": r.Fence + 1, "leased_until": until}).Error
	if err != nil {
		return err
	}
	r.Fence++
	r.LeasedUntil = &until
	d.Fence, d.Tries, d.TriedAt = r.Fence, d.Tries+1, &tx.Now
	return tx.db.Model(&models.Delivery{}).Where("id = ? AND state = 'queued'", d.ID).
		Updates(map[string]any{"fence": d.Fence, "tries": d.Tries, "tried_at": d.TriedAt}).Error
}

// GiveQueueBack writes what became of the head and of the robot's health; a number
// that is no longer the queue's is refused.
func (tx *Tx) GiveQueueBack(r *models.Robot, d *models.Delivery) error {
	err := tx.db.Model(&models.Robot{}).Where("id = ? AND fence = ?", r.ID, d.Fence).
		Updates(map[string]any{"leased_until": nil, "next_at": r.NextAt, "failures": r.Failures, "failure": r.Failure,
			"failed_at": r.FailedAt, "sent_at": r.SentAt}).Error
	if err != nil {
		return err
	}
	return tx.closeDelivery(d, "fence = ?", d.Fence)
}

// closeDelivery writes the end of a delivery that is still queued, or its failure
// and when it is tried again.
func (tx *Tx) closeDelivery(d *models.Delivery, also string, args ...any) error {
	return tx.db.Model(&models.Delivery{}).Where("id = ? AND state = 'queued'", d.ID).Where(also, args...).
		Updates(map[string]any{"state": d.State, "failure": d.Failure, "closed_at": d.ClosedAt, "due_at": d.DueAt}).Error
}

// DropDelivery takes a message out of the queue that there is nothing to say by.
func (tx *Tx) DropDelivery(d *models.Delivery) error {
	d.State, d.ClosedAt = models.DeliveryDropped, &tx.Now
	return tx.closeDelivery(d, "1 = 1")
}

// Requeue lets a dead delivery be tried again, as if it were new.
func (tx *Tx) Requeue(id models.ID) error {
	return tx.db.Model(&models.Delivery{}).Where("id = ? AND state = 'dead'", id).
		Updates(map[string]any{"state": models.DeliveryQueued, "tries": 0, "failure": "", "closed_at": nil, "created_at": tx.Now, "due_at": tx.Now}).Error
}

// OpenQueue lets a robot's next message go out at once.
func (tx *Tx) OpenQueue(robot models.ID) error {
	return tx.db.Model(&models.Robot{}).Where("id = ?", robot).Update("next_at", tx.Now).Error
}

// WakeQueue lets a robot's messages that wait for their next try be tried as soon
// as it may speak.
func (tx *Tx) WakeQueue(robot models.ID) error {
	return many(tx.db).Model(&models.Delivery{}).Where("robot_id = ? AND state = 'queued' AND tries > 0 AND due_at > ?", robot, tx.Now).
		Update("due_at", tx.Now).Error
}

// DeliveriesIn reads a robot's deliveries in one state, newest first, older than
// the cursor.
func DeliveriesIn(robot models.ID, state models.DeliveryState, before *Cursor, limit int, into *[]models.Delivery) Read {
	return func(db *gorm.DB) *gorm.DB {
		return before.page(fresh(db, into).Where("robot_id = ? AND state = ?", robot, state)).
			Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// QueueCount is how many deliveries of a robot stand in a state.
type QueueCount struct {
	RobotID models.ID
	State   models.DeliveryState
	Count   int
}

// QueueCounts counts what waits and what is dead.
func QueueCounts(robots []models.ID, into *[]QueueCount) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Delivery{}).Select("robot_id, state, COUNT(*) AS count").
			Where("robot_id IN ? AND state IN ('queued','dead')", robots).Group("robot_id, state").Find(into)
	}
}

// DropOldDeliveries forgets what was sent or dropped before a time, dead letters
// that nobody retried in four times as long, and tellings that are over.
func (tx *Tx) DropOldDeliveries(kept time.Duration) error {
	before := tx.Now.Add(-kept)
	if err := many(tx.db).Where("state IN ('sent','dropped') AND closed_at < ?", before).Delete(&models.Delivery{}).Error; err != nil {
		return err
	}
	if err := many(tx.db).Where("state = 'dead' AND closed_at < ?", tx.Now.Add(-4*kept)).Delete(&models.Delivery{}).Error; err != nil {
		return err
	}
	if err := many(tx.db).Where("created_at < ?", before).Delete(&models.InboundMessage{}).Error; err != nil {
		return err
	}
	if err := many(tx.db).Where("expires_at < ?", before).Delete(&models.Pairing{}).Error; err != nil {
		return err
	}
	return many(tx.db).Where("state = 'over' AND at < ?", before).Delete(&models.Telling{}).Error
}

// WantedRow is how much of an item is looked for somewhere.
type WantedRow struct {
	ItemID                      models.ItemID
	Needs, Urgent, Units, Homes int
}

// WantedWithin counts what is openly looked for at or below paths, by item.
func WantedWithin(paths []string, into *[]WantedRow) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Need{}).
			Select("item_id, COUNT(*) AS needs, SUM(CASE WHEN urgency = 'now' THEN 1 ELSE 0 END) AS urgent,"+
				" SUM(open) AS units, COUNT(DISTINCT household_id) AS homes").
			Where("state = 'open' AND private = ? AND held = ? AND grid_id IN (?)", false, false, below(db, paths)).
			Group("item_id").Order("item_id").Find(into)
	}
}

// MetWithin counts the lines at or below paths of which something was given since
// a time, private ones too: a count shows nobody.
func MetWithin(paths []string, since time.Time, into *int64) Read {
	return func(db *gorm.DB) *gorm.DB {
		return db.Model(&models.Match{}).Where("state = 'given' AND closed_at >= ? AND grid_id IN (?)", since, below(db, paths)).
			Distinct("need_id").Count(into)
	}
}

// PostponeDelivery lets a message that can wait wait.
func (tx *Tx) PostponeDelivery(id models.ID, until time.Time) error {
	return tx.db.Model(&models.Delivery{}).Where("id = ? AND state = 'queued'", id).Update("due_at", until).Error
}
