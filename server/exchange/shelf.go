package exchange

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// useSoonDays is how long before its last day a lot is to be given first.
const useSoonDays = 30

// ShelfState is what may be done with what lies in a box.
type ShelfState string

// 可配, 先用, 留给, 停发; and what nobody has checked yet.
const (
	ShelfFree      ShelfState = "free"
	ShelfSoon      ShelfState = "soon"
	ShelfKept      ShelfState = "kept"
	ShelfStopped   ShelfState = "stopped"
	ShelfUnchecked ShelfState = "unchecked"
)

// ShelfPart is so many units of a lot in one state.
type ShelfPart struct {
	State    ShelfState
	Units    int
	Building string // for whom it is kept, "" where that is not known
	Why      string // why it is stopped
}

// ShelfLot is a lot that lies in the box.
type ShelfLot struct {
	models.Lot
	Units int // that lie there
	Parts []ShelfPart
	// Back says that its giver may have back what is stopped.
	Back bool
}

// Shelf is what lies in a box, by expiry. The counts are lots of the whole box.
type Shelf struct {
	Relay  models.RelayPoint
	Lots   []ShelfLot
	Next   string
	All    int
	Counts map[ShelfState]int
	Bags   int // that wait to be brought, or lie open
}

// ShelfQuery picks from a shelf: by item or part of a batch, and by state.
type ShelfQuery struct {
	Item, Batch string
	State       ShelfState
	Cursor      string
	Limit       int
}

// Shelf shows what lies in a box to those who keep it.
func (s *Service) Shelf(ctx context.Context, actor models.Actor, relay models.ID, q ShelfQuery) (Shelf, error) {
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return Shelf{}, err
	}
	after, err := parseShelfCursor(q.Cursor)
	if err != nil {
		return Shelf{}, err
	}
	shelf := Shelf{Relay: b.relay, Lots: []ShelfLot{}, Counts: map[ShelfState]int{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var bags []models.Bag
		if err := tx.Load(store.BagsAt(relay, bagsAtOnce, &bags)); err != nil {
			return err
		}
		shelf.Bags = len(bags)
		lots, err := shelfLots(tx, b)
		if err != nil {
			return err
		}
		slices.SortFunc(lots, func(a, b ShelfLot) int { return strings.Compare(shelfKey(a), shelfKey(b)) })
		for _, l := range lots {
			shelf.All++
			for _, state := range statesOf(l) {
				shelf.Counts[state]++
			}
			if !q.picks(l) || shelfKey(l) <= after {
				continue
			}
			if len(shelf.Lots) == q.Limit {
				if shelf.Next == "" {
					shelf.Next = base64.RawURLEncoding.EncodeToString([]byte(shelfKey(shelf.Lots[q.Limit-1])))
				}
				continue
			}
			shelf.Lots = append(shelf.Lots, l)
		}
		return nil
	})
	return shelf, err
}

// shelfKey sorts by the last day of use; what has none comes last.
func shelfKey(l ShelfLot) string { return cmp.Or(string(l.ExpiresOn), "9999-12-31") + "|" + l.ID }

func parseShelfCursor(text string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if day, id, found := strings.Cut(string(raw), "|"); text != "" && (err != nil || !found || len(day) != 10 || !store.ValidID(id)) {
		return "", fault.InvalidField("cursor", "cursor_unknown")
	}
	return string(raw), nil
}

func statesOf(l ShelfLot) []ShelfState {
	var all []ShelfState
	for _, p := range l.Parts {
		if !slices.Contains(all, p.State) {
			all = append(all, p.State)
		}
	}
	return all
}

func (q ShelfQuery) picks(l ShelfLot) bool {
	return (q.Item == "" || q.Item == l.ItemID) && (q.State == "" || slices.Contains(statesOf(l), q.State)) &&
		strings.Contains(models.BatchKey(l.Batch), models.BatchKey(q.Batch))
}

// shelfLots reads everything that lies in a box, in a fixed number of queries.
func shelfLots(tx *store.Tx, b box) ([]ShelfLot, error) {
	var lying []store.Lying
	var recalls []models.Recall
	if err := tx.Load(store.LyingIn(b.relay.ID, &lying), store.RecallsOver(b.home.AncestorPaths(), &recalls)); err != nil || len(lying) == 0 {
		return nil, err
	}
	lotIDs := ids(lying, func(l store.Lying) models.ID { return l.LotID })
	var lots []models.Lot
	var matches []models.Match
	var custody []models.Custody
	var homes []models.Household
	if err := tx.Load(store.ByID(lotIDs, &lots), store.MatchesOfLots(lotIDs, &matches), store.CustodyOf(lotIDs, &custody)); err != nil {
		return nil, err
	}
	if err := tx.Load(store.HouseholdsPlain(distinct(ids(matches, func(m models.Match) models.ID { return m.ReceiverHouseholdID })), &homes)); err != nil {
		return nil, err
	}
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	building := func(m models.Match) string {
		if home := at[m.ReceiverHouseholdID]; home != nil {
			return home.Building
		}
		return ""
	}
	today := models.DateOf(tx.Now)
	all := make([]ShelfLot, 0, len(lots))
	for _, l := range lots {
		of := slices.DeleteFunc(slices.Clone(custody), func(c models.Custody) bool { return c.LotID != l.ID })
		row := shelfLot(l, matches, of, b.relay.ID, today, building)
		row.Back = row.Back && !recalled(recalls, l)
		all = append(all, row)
	}
	return all, nil
}

func shelfLot(l models.Lot, matches []models.Match, chain []models.Custody, relay models.ID, today models.Date, building func(models.Match) string) ShelfLot {
	usable, stopped := lies(l, matches, chain, relay)
	row := ShelfLot{Lot: l, Units: usable + stopped, Parts: []ShelfPart{}}
	free := ShelfFree
	switch {
	case l.CheckedAt == nil:
		free = ShelfUnchecked
	case l.ExpiresOn != "" && l.ExpiresOn.DaysAfter(today) <= useSoonDays:
		free = ShelfSoon
	}
	if usable > 0 {
		for _, m := range matches {
			if m.LotID == l.ID && m.Live() && !out(m, chain) {
				row.Parts = append(row.Parts, ShelfPart{State: ShelfKept, Units: m.Quantity, Building: building(m)})
			}
		}
		if l.Remaining > 0 {
			row.Parts = append(row.Parts, ShelfPart{State: free, Units: l.Remaining})
		}
	}
	if stopped > 0 {
		row.Parts = append(row.Parts, ShelfPart{State: ShelfStopped, Units: stopped, Why: cmp.Or(l.CloseReason, models.ReasonRecalled)})
		row.Back = mayGoBack(l)
	}
	return row
}

// mayGoBack: a neighbour may have back what she gave and nobody may use, but for
// what was recalled or spoiled; the community's own goes to a recovery point.
func mayGoBack(l models.Lot) bool {
	return !l.OfPoint() && l.CloseReason != models.ReasonRecalled && l.CloseReason != models.WhySpoiled && l.CloseReason != ""
}
