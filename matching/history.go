package matching

import (
	"cmp"
	"slices"

	"linli/models"
)

// history is what the planner must know of what went before.
type history struct {
	received map[homeItem]int              // units that count against the ceiling
	items    map[models.ID][]models.ItemID // of these, by home; some twice
	classes  map[homeItem]int              // the same by class, for first packs
	settled  map[models.ID]models.ItemID   // what a need has got a part of already
	tried    map[[2]models.ID]bool         // need and lot that were paired before
	refused  map[needItem]bool             // substitutes that a need said no to
	gave     map[models.ID]int             // matches that a household has given to
	brought  map[models.ID]int             // of what it had promised and brought, within the window
	missed   map[models.ID]int             // and did not
}

type homeItem struct {
	home models.ID
	item models.ItemID
}

type needItem struct {
	need models.ID
	item models.ItemID
}

func (m Matcher) history(pool Pool) history {
	h := history{received: map[homeItem]int{}, items: map[models.ID][]models.ItemID{}, classes: map[homeItem]int{}, settled: map[models.ID]models.ItemID{},
		tried: map[[2]models.ID]bool{}, refused: map[needItem]bool{}, gave: map[models.ID]int{},
		brought: map[models.ID]int{}, missed: map[models.ID]int{}}
	since := pool.Now.AddDate(0, 0, -pool.Policy.CeilingWindowDays)
	// In the order of time, so that the latest part settles what a need gets.
	rows := make([]*models.Match, len(pool.Received))
	for i := range pool.Received {
		rows[i] = &pool.Received[i]
	}
	slices.SortFunc(rows, func(a, b *models.Match) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, match := range rows {
		// Live: at most one match per need and lot. Ended: whoever said no, or
		// did not come, is not asked the same again.
		if match.State != models.MatchGiven {
			h.tried[[2]models.ID{match.NeedID, match.LotID}] = true
		}
		if !match.CreatedAt.Before(since) {
			h.promised(match)
		}
		if !match.Live() && match.State != models.MatchGiven {
			if match.Substitute {
				h.refused[needItem{match.NeedID, match.ItemID}] = true
			}
			continue
		}
		if match.Over() { // she has it no longer, and may borrow again
			h.gave[match.GiverHouseholdID]++
			continue
		}
		h.settled[match.NeedID] = match.ItemID
		if !match.Live() && match.CreatedAt.Before(since) {
			continue
		}
		h.received[homeItem{match.ReceiverHouseholdID, match.ItemID}] += match.Quantity
		h.items[match.ReceiverHouseholdID] = append(h.items[match.ReceiverHouseholdID], match.ItemID)
		h.classes[homeItem{match.ReceiverHouseholdID, m.classOf(match.ItemID)}] += match.Quantity
		h.gave[match.GiverHouseholdID]++
	}
	return h
}

// promised counts what a household was to bring. What was declined in time, or is
// still to come, is no promise broken; what nobody collected was brought.
func (h *history) promised(m *models.Match) {
	switch m.State {
	case models.MatchMoving, models.MatchReady, models.MatchGiven, models.MatchReturned:
		h.brought[m.GiverHouseholdID]++
	case models.MatchLapsed:
		if m.EndReason == models.EndNotBrought {
			h.missed[m.GiverHouseholdID]++
		}
	}
}
