package exchange

import (
	"slices"

	"linli/models"
)

// nearestRelay gives the point with the shortest walk from a household, an open one
// where there is one: a paused one is better than nobody to call.
func nearestRelay(relays []models.RelayPoint, walks models.Walks, from models.Spot) (*models.RelayPoint, int) {
	var best *models.RelayPoint
	least := models.UnknownMetres
	for _, r := range relays {
		m := walks.Metres(from, r.Spot())
		closer := m >= 0 && (least < 0 || m < least)
		if best == nil || best.State != models.RelayOpen && r.State == models.RelayOpen || best.State == r.State && closer {
			best, least = &r, m
		}
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
