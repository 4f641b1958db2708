package store

import (
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"

	"gorm.io/gorm"
)

func readCounters(grids []models.ID, into *[]models.GridSeq) Read {
	return func(db *gorm.DB) *gorm.DB {
		*into = nil
		return db.Where("grid_id IN ?", grids).Order("grid_id").Find(into)
	}
}

// append numbers an event in each grid concerned: same id, own number.
func (tx *Tx) append(e models.Event, grids ...models.ID) {
	e.ID = tx.NewID()
	e.At = tx.Now
	if e.Quantities == nil {
		e.Quantities = map[string]int{} // a person has none; null is no object
	}
	for _, grid := range sorted(grids) {
		tx.strayed = !tx.number(e, grid) || tx.strayed
	}
}

// number gives an event the next number of a grid, if that is locked.
func (tx *Tx) number(e models.Event, grid models.ID) bool {
	for i := range tx.counters {
		if tx.counters[i].GridID == grid {
			tx.counters[i].Seq++
			e.GridID, e.Seq = grid, tx.counters[i].Seq
			tx.events = append(tx.events, e)
			return true
		}
	}
	return false
}

// also tells the last event in grids that are concerned but not changed, as far as
// they are locked; who follows only them reads it when she looks.
func (tx *Tx) also(grids ...models.ID) {
	if len(tx.events) == 0 {
		return
	}
	last := tx.events[len(tx.events)-1]
	for _, grid := range sorted(grids) {
		if !slices.ContainsFunc(tx.events, func(e models.Event) bool { return e.ID == last.ID && e.GridID == grid }) {
			tx.number(last, grid)
		}
	}
}

// Committed lists the events that this transaction will append.
func (tx *Tx) Committed() []models.Event { return tx.events }

// finish writes the events in one statement and moves each counter once; a
// counter that has moved under our lock would be a broken lock, and fails.
func (tx *Tx) finish() error {
	if tx.strayed { // it was moved to a grid that is not locked, before this one was
		return fault.New(fault.Conflict, "stale")
	}
	if len(tx.events) == 0 {
		return nil
	}
	if err := tx.db.Create(&tx.events).Error; err != nil {
		return err
	}
	appended := map[models.ID]int64{}
	for _, e := range tx.events {
		appended[e.GridID]++
	}
	for _, c := range tx.counters {
		n := appended[c.GridID]
		if n == 0 {
			continue
		}
		err := tx.db.Model(&models.GridSeq{}).
			Where("grid_id = ? AND seq = ?", c.GridID, c.Seq-n).
			Update("seq", c.Seq).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// EventsAfter reads a grid's events after a number, oldest first.
func EventsAfter(grid models.ID, seq int64, limit int, into *[]models.Event) Read {
	return func(db *gorm.DB) *gorm.DB {
		return db.Where("grid_id = ? AND seq > ?", grid, seq).Order("seq").Limit(limit).Find(into)
	}
}

// EventsOf reads the events of some things in one grid, oldest first.
func EventsOf(grid models.ID, things []models.ID, into *[]models.Event) Read {
	return func(db *gorm.DB) *gorm.DB {
		return db.Where("grid_id = ? AND thing_id IN ?", grid, things).Order("seq").Find(into)
	}
}

// Counters reads the counters of grids; a grid without a row is left out.
func Counters(grids []models.ID, into *[]models.GridSeq) Read { return readCounters(grids, into) }

// TrimEvents drops up to limit events of the grid older than before and moves
// first_seq, so that a client below it is told to start afresh. It runs under
// the grid's lock.
func (tx *Tx) TrimEvents(grid models.ID, before time.Time, limit int) error {
	var last int64
	err := tx.db.Model(&models.Event{}).Select("COALESCE(MAX(seq), 0)").
		Where("grid_id = ? AND seq IN (?)", grid,
			tx.db.Session(&gorm.Session{NewDB: true}).Model(&models.Event{}).Select("seq").
				Where("grid_id = ? AND at < ?", grid, before).Order("seq").Limit(limit)).
		Scan(&last).Error
	if err != nil || last == 0 {
		return err
	}
	if err := many(tx.db).Where("grid_id = ? AND seq <= ?", grid, last).Delete(&models.Event{}).Error; err != nil {
		return err
	}
	return tx.db.Model(&models.GridSeq{}).Where("grid_id = ?", grid).Update("first_seq", last+1).Error
}

// GridsWithEventsBefore reads grids whose first kept event is older than a
// time. It asks each grid's counter, so that no index of all events by age has
// to be kept on the hot path.
func GridsWithEventsBefore(before time.Time, limit int, into *[]models.GridSeq) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("EXISTS (SELECT 1 FROM events WHERE events.grid_id = grid_seq.grid_id"+
			" AND events.seq = grid_seq.first_seq AND events.at < ?)", before).Order("grid_id").Limit(limit).Find(into)
	}
}
