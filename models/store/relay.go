package store

import (
	"linli/models"

	"gorm.io/gorm"
)

var relayChanging = []string{"grid_id", "serves_id", "name", "address", "contact", "phone", "host_id", "deputy_id",
	"hours", "exceptions", "capacity", "lat", "lon", "state", "pause_reason"}

// waits are the states of a handover that is not over, as the indexes name them.
const waits = "('awaiting','checking','ready','out')"

// RelaysServing reads the relay points that serve a grid: of the node itself
// or of one above it.
func RelaysServing(grid models.ID, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).
			Joins("JOIN grids serves ON serves.id = relay_points.serves_id").
			Joins("JOIN grids home ON home.id = ? AND substr(home.path, 1, length(serves.path)) = serves.path", grid).
			Order("relay_points.code").Find(into)
	}
}

// RelaysIn reads the relay points whose box belongs to a micro-grid.
func RelaysIn(grid models.ID, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("grid_id = ?", grid).Order("code").Find(into) }
}

// RelaysKeptBy reads the points of which a person is host or deputy.
func RelaysKeptBy(person models.ID, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("host_id = ? OR deputy_id = ?", person, person).Order("code").Find(into)
	}
}

// AllRelays reads every relay point.
func AllRelays(into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Order("code").Find(into) }
}

// RelaysByCode reads the relay points with these codes.
func RelaysByCode(codes []string, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("code IN ?", codes).Find(into) }
}

// RelaysOfHandovers reads the points through which some handovers go, wherever
// they are.
func RelaysOfHandovers(handovers []models.ID, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("id IN (SELECT relay_id FROM handovers WHERE id IN ?)", handovers).Order("code").Find(into)
	}
}

// RelayLoad is what of a relay point changes by the minute: whether it takes goods,
// how much room it has, and how many parcels lie there or are to be brought.
type RelayLoad struct {
	ID       models.ID
	State    models.RelayState
	Version  int
	Capacity int
	Parcels  int
}

// RelayLoads reads the loads of relay points in id order. A parcel is a lot in the
// box, or a handover that a giver has still to bring.
func RelayLoads(relays []models.ID, into *[]RelayLoad) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Raw("SELECT r.id, r.state, r.version, r.capacity,"+
			" (SELECT COUNT(*) FROM lots l WHERE l.relay_id = r.id AND l.place = 'box' AND l.state <> 'closed')"+
			" + (SELECT COUNT(*) FROM handovers h WHERE h.relay_id = r.id AND h.state IN "+waits+" AND h.state = 'awaiting'"+
			" AND h.giver_household_id IS NOT NULL) AS parcels FROM relay_points r WHERE r.id IN ? ORDER BY r.id", relays).Find(into)
	}
}

// SaveRelay writes a relay point and tells nobody: an import.
func (tx *Tx) SaveRelay(r *models.RelayPoint) error {
	if r.Exceptions == nil {
		r.Exceptions = []models.HoursException{}
	}
	return tx.versioned(r, &r.Version, relayChanging)
}

// GridsAtRelay reads where those live who have something to do with a point: they
// are to collect there, or to bring something.
func GridsAtRelay(relay models.ID, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("id IN (SELECT grid_id FROM handovers WHERE relay_id = ? AND state IN "+waits+
			" UNION SELECT m.lot_grid_id FROM matches m JOIN handovers h ON h.id = m.handover_id WHERE h.relay_id = ? AND h.state IN "+waits+
			" AND m.state IN "+live+" UNION SELECT grid_id FROM bags WHERE relay_id = ? AND state IN ('waiting','open'))", relay, relay, relay).
			Order("id").Find(into)
	}
}

// ChangeRelay writes a relay point and its event. Its grid hears it, whom it serves
// through the node that it serves, and the grids of those who wait for something
// there, as far as they are locked.
func (tx *Tx) ChangeRelay(r *models.RelayPoint, kind string, waiting ...models.ID) error {
	if err := tx.SaveRelay(r); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingRelay, ThingID: r.ID, Version: r.Version, State: string(r.State),
		Audience: models.Audience{Grid: true, Workers: true}, Quantities: map[string]int{"capacity": r.Capacity}}, r.GridID)
	tx.also(append(waiting, r.ServesID)...)
	return nil
}
