package exchange

import (
	"math"
	"slices"

	"linli/models"
)

// unknownMetres says that a household or a point has no position.
const unknownMetres = -1

// nearestRelay gives the open point with the shortest walk from a household.
func nearestRelay(relays []models.RelayPoint, homes []models.Household, household models.ID) (*models.RelayPoint, int) {
	var from models.Household
	for _, h := range homes {
		if h.ID == household {
			from = h
		}
	}
	var best *models.RelayPoint
	least := math.MaxInt
	for _, r := range relays {
		if r.State != models.RelayOpen {
			continue
		}
		if m := models.Metres(from.Lat, from.Lon, r.Lat, r.Lon); best == nil || m < least {
			best, least = &r, m
		}
	}
	if best == nil || from.Lat == 0 || best.Lat == 0 {
		return best, unknownMetres
	}
	return best, least
}

func relayByID(relays []models.RelayPoint, id *models.ID) *models.RelayPoint {
	for _, r := range relays {
		if id != nil && r.ID == *id {
			return &r
		}
	}
	return nil
}

func sortedNeeds(all map[models.ID]*models.Need) []models.Need {
	return sortedRows(all, func(n models.Need) models.ID { return n.ID })
}

func sortedLots(all map[models.ID]*models.Lot) []models.Lot {
	return sortedRows(all, func(l models.Lot) models.ID { return l.ID })
}

// sortedMatches lists the matches of a desk oldest first: ids grow with time.
func sortedMatches(all map[models.ID]*models.Match) []models.Match {
	return sortedRows(all, func(m models.Match) models.ID { return m.ID })
}

func sortedRows[T any](all map[models.ID]*T, id func(T) models.ID) []T {
	list := make([]T, 0, len(all))
	for _, row := range all {
		list = append(list, *row)
	}
	slices.SortFunc(list, func(a, b T) int {
		if id(a) < id(b) {
			return -1
		}
		return 1
	})
	return list
}
