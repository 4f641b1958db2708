package store

import (
	"slices"
	"time"

	"linli/models"
	"linli/models/store/lane"

	"gorm.io/gorm"
)

// Read is an announced query: it names what to load and where to put it.
type Read = lane.Read

// Tx is one transaction. Now is fixed for all of it.
type Tx struct {
	Now      time.Time
	db       *gorm.DB
	ids      *ids
	dialect  dialect
	counters []models.GridSeq
	events   []models.Event
	strayed  bool // an event is of a grid that is not locked
}

// NewID draws an id; a second run of the same call draws the same ones, so
// that nothing depends on how often decide ran.
func (tx *Tx) NewID() models.ID { return tx.ids.draw() }

// Load runs announced reads at once, for View and InTx.
func (tx *Tx) Load(reads ...Read) error {
	for _, read := range reads {
		if err := read(tx.db.Session(&gorm.Session{NewDB: true})).Error; err != nil {
			return err
		}
	}
	return nil
}

type ids struct {
	make  func() models.ID
	drawn []models.ID
	next  int
}

func newIDs(make func() models.ID) *ids { return &ids{make: make} }

func (i *ids) draw() models.ID {
	if i.next == len(i.drawn) {
		i.drawn = append(i.drawn, i.make())
	}
	i.next++
	return i.drawn[i.next-1]
}

// versioned writes a row of the exchange: a new one (version 0) is inserted,
// a known one is updated only if nobody changed it meanwhile.
func (tx *Tx) versioned(row any, version *int, changing []string) error {
	*version++
	if *version == 1 {
		return tx.db.Create(row).Error
	}
	return tx.db.Model(row).Where("version = ?", *version-1).Select(append(changing, "version")).Updates(row).Error
}

// sorted copies grids in id order without repeats: the order of all locks.
func sorted(grids []models.ID) []models.ID {
	grids = slices.Clone(grids)
	slices.Sort(grids)
	return slices.Compact(grids)
}
