package models_test

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"

	"pgregory.net/rapid"
)

// step is one command about units: from which counter to which.
type step[T any] struct {
	name string
	do   func(row *T, units int) error
	from func(row *T) *int
	to   func(row *T) *int
	why  string // the reason that the row keeps, where the step gives one
}

var needSteps = []step[models.Need]{
	{"reserve", (*models.Need).Reserve, needOpen, needMatched, ""},
	{"release", (*models.Need).Release, needMatched, needOpen, ""},
	{"fulfil", (*models.Need).Fulfil, needMatched, needFulfilled, ""},
	{"drop", func(n *models.Need, units int) error { return n.Drop(units, "asker") }, needOpen, needCancelled, "asker"},
	{"out of time", func(n *models.Need, units int) error { return n.Drop(units, models.ReasonOutOfTime) }, needOpen, needCancelled, models.ReasonOutOfTime},
	{"uncollected", func(n *models.Need, units int) error { return n.DropMatched(units, "uncollected") }, needMatched, needCancelled, "uncollected"},
}

func needOpen(n *models.Need) *int      { return &n.Open }
func needMatched(n *models.Need) *int   { return &n.Matched }
func needFulfilled(n *models.Need) *int { return &n.Fulfilled }
func needCancelled(n *models.Need) *int { return &n.Cancelled }

var lotSteps = []step[models.Lot]{
	{"reserve", (*models.Lot).Reserve, lotRemaining, lotReserved, ""},
	{"release", (*models.Lot).Release, lotReserved, lotRemaining, ""},
	{"give", (*models.Lot).Give, lotReserved, lotGiven, ""},
	{"lend", (*models.Lot).Lend, lotReserved, lotLent, ""},
	{"take back", (*models.Lot).TakeBack, lotLent, lotRemaining, ""},
	{"lose", func(l *models.Lot, units int) error { return l.Lose(units, "lost") }, lotLent, lotWithdrawn, "lost"},
	{"withdraw", func(l *models.Lot, units int) error { return l.Withdraw(units, "refused") }, lotRemaining, lotWithdrawn, "refused"},
}

func lotRemaining(l *models.Lot) *int { return &l.Remaining }
func lotReserved(l *models.Lot) *int  { return &l.Reserved }
func lotLent(l *models.Lot) *int      { return &l.Lent }
func lotGiven(l *models.Lot) *int     { return &l.Given }
func lotWithdrawn(l *models.Lot) *int { return &l.Withdrawn }

// units are drawn near what there is, and from where arithmetic ends.
func units(t *rapid.T) int {
	return rapid.OneOf(rapid.IntRange(-2, 12), rapid.SampledFrom([]int{0, models.MaxUnits, math.MaxInt, math.MinInt})).Draw(t, "units")
}

// walk takes one step and holds the laws of moving: so many units go from one
// counter to the other and nothing else changes, or nothing changes at all.
func walk[T any](t *rapid.T, row *T, s step[T], n int, keep func(row *T, reason string)) {
	was := *row
	want := was
	err := s.do(row, n)
	if possible := n > 0 && n <= *s.from(&was); !possible {
		if f := fault.From(err); err == nil || f.Code != fault.Conflict || f.Reason != "not_enough" {
			t.Fatalf("%s of %d: %v", s.name, n, err)
		}
	} else {
		if err != nil {
			t.Fatalf("%s of %d: %v", s.name, n, err)
		}
		*s.from(&want) -= n
		*s.to(&want) += n
		keep(&want, s.why)
	}
	if !reflect.DeepEqual(*row, want) {
		t.Fatalf("%s of %d:\n got %+v\nwant %+v", s.name, n, *row, want)
	}
}

func TestNeed_UnitsMoveAndNeverGetLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.IntRange(1, 12).Draw(t, "asked")
		n := models.Need{ID: "n", Requested: asked, Open: asked, State: models.NeedOpen, Version: 3}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			walk(t, &n, rapid.SampledFrom(needSteps).Draw(t, "step"), units(t), func(n *models.Need, reason string) {
				if reason != "" {
					n.CancelReason = reason
				}
				n.State = needState(*n)
			})
			if err := n.Check(); err != nil || n.State != needState(n) {
				t.Fatalf("%v, %+v", err, n)
			}
		}
	})
}

// needState says in words of its own what the units mean.
func needState(n models.Need) models.NeedState {
	switch {
	case n.Open > 0:
		return models.NeedOpen
	case n.Matched > 0:
		return models.NeedMatched
	case n.Fulfilled > 0:
		return models.NeedFulfilled
	case n.CancelReason == "out_of_time":
		return models.NeedUnmet
	}
	return models.NeedCancelled
}

func TestLot_UnitsMoveAndNeverGetLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		offered := rapid.IntRange(1, 12).Draw(t, "offered")
		l := models.Lot{ID: "l", Offered: offered, Remaining: offered, State: models.LotOffered, Version: 3}
		expire := step[models.Lot]{"expire", func(l *models.Lot, _ int) error { return l.Expire() }, lotRemaining,
			func(l *models.Lot) *int { return &l.Expired }, "expired"}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			// What remains expires at once, whatever number is drawn; seldom, or little would be left to do.
			if rapid.IntRange(0, 9).Draw(t, "expires") == 0 {
				walk(t, &l, expire, l.Remaining, keepLot)
			} else {
				walk(t, &l, rapid.SampledFrom(lotSteps).Draw(t, "step"), units(t), keepLot)
			}
			if err := l.Check(); err != nil || l.State != lotState(l) {
				t.Fatalf("%v, %+v", err, l)
			}
		}
	})
}

func keepLot(l *models.Lot, reason string) {
	if reason != "" {
		l.CloseReason = reason
	}
	l.State = lotState(*l)
}

func lotState(l models.Lot) models.LotState {
	switch {
	case l.Remaining > 0:
		return models.LotOffered
	case l.Reserved+l.Lent > 0:
		return models.LotTaken
	}
	return models.LotClosed
}

// TestPairs_TheUnitsOfBothSidesAreThoseOfTheirMatches: several needs and lots,
// matched, given, declined and left lying in any order.
func TestPairs_TheUnitsOfBothSidesAreThoseOfTheirMatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		needs, lots := make([]models.Need, 3), make([]models.Lot, 3)
		for i := range needs {
			asked, offered := rapid.IntRange(1, 9).Draw(t, "asked"), rapid.IntRange(1, 9).Draw(t, "offered")
			needs[i] = models.Need{Requested: asked, Open: asked, State: models.NeedOpen}
			lots[i] = models.Lot{Offered: offered, Remaining: offered, State: models.LotOffered}
		}
		type pair struct {
			models.Match
			need, lot int
		}
		var matches []pair
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			if live := slices.IndexFunc(matches, func(p pair) bool { return p.Live() }); live >= 0 && rapid.Bool().Draw(t, "end one") {
				p := &matches[live]
				var err error
				switch rapid.IntRange(0, 2).Draw(t, "how") {
				case 0:
					p.State, err = models.MatchGiven, first(needs[p.need].Fulfil(p.Quantity), lots[p.lot].Give(p.Quantity))
				case 1:
					p.State, err = models.MatchDeclined, first(needs[p.need].Release(p.Quantity), lots[p.lot].Release(p.Quantity))
				case 2:
					p.State, err = models.MatchReturned, first(needs[p.need].DropMatched(p.Quantity, "uncollected"), lots[p.lot].Release(p.Quantity))
				}
				if err != nil {
					t.Fatalf("what was reserved is not there: %v", err)
				}
			} else {
				p := pair{models.Match{State: models.MatchAgreed}, rapid.IntRange(0, 2).Draw(t, "need"), rapid.IntRange(0, 2).Draw(t, "lot")}
				p.Quantity = min(needs[p.need].Open, lots[p.lot].Remaining, rapid.IntRange(0, 9).Draw(t, "quantity"))
				if needs[p.need].Reserve(p.Quantity) == nil && lots[p.lot].Reserve(p.Quantity) == nil {
					matches = append(matches, p)
				}
			}
			for i := range needs {
				live, given, held, gone := 0, 0, 0, 0
				for _, p := range matches {
					switch {
					case p.need == i && p.Live():
						live += p.Quantity
					case p.need == i && p.State == models.MatchGiven:
						given += p.Quantity
					}
					switch {
					case p.lot == i && p.Live():
						held += p.Quantity
					case p.lot == i && p.State == models.MatchGiven:
						gone += p.Quantity
					}
				}
				if needs[i].Matched != live || needs[i].Fulfilled != given || lots[i].Reserved != held || lots[i].Given != gone {
					t.Fatalf("%+v\n%+v\n%+v", needs[i], lots[i], matches)
				}
				if err := first(needs[i].Check(), lots[i].Check()); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestLot_WantedBackIsNotOfferedAgain: what comes free of it leaves the exchange.
func TestLot_WantedBackIsNotOfferedAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reserved, lent := rapid.IntRange(0, 9).Draw(t, "reserved"), rapid.IntRange(0, 9).Draw(t, "lent")
		l := models.Lot{ID: "l", Offered: reserved + lent, Reserved: reserved, Lent: lent, Kind: models.LotLoan, WantBackAt: new(time.Time)}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if n := units(t); rapid.Bool().Draw(t, "comes back") {
				walk(t, &l, step[models.Lot]{"take back", (*models.Lot).TakeBack, lotLent, lotWithdrawn, "giver"}, n, keepLot)
			} else {
				walk(t, &l, step[models.Lot]{"release", (*models.Lot).Release, lotReserved, lotWithdrawn, "giver"}, n, keepLot)
			}
			if err := l.Check(); err != nil || l.Remaining > 0 {
				t.Fatalf("%v, %+v", err, l)
			}
		}
	})
}

// TestCheck_FindsEveryBrokenSum by one unit in one counter, and below nothing.
func TestCheck_FindsEveryBrokenSum(t *testing.T) {
	t.Parallel()
	need := models.Need{ID: "n", Requested: 10, Open: 4, Matched: 3, Fulfilled: 2, Cancelled: 1}
	lot := models.Lot{ID: "l", Offered: 21, Remaining: 6, Reserved: 5, Lent: 4, Given: 3, Withdrawn: 2, Expired: 1}
	if err := first(need.Check(), lot.Check()); err != nil {
		t.Fatal(err)
	}
	broken := func(name string, err error, thing string) {
		if f := fault.From(err); err == nil || f.Code != fault.Internal || f.Reason != "law_broken" || f.Args["thing"] != thing {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, field := range []string{"Requested", "Open", "Matched", "Fulfilled", "Cancelled"} {
		for _, by := range []int64{1, -1} {
			n := need
			f := reflect.ValueOf(&n).Elem().FieldByName(field)
			f.SetInt(f.Int() + by)
			broken(field, n.Check(), "need")
			if field != "Requested" { // the sum holds, but a counter is below nothing
				n = need
				reflect.ValueOf(&n).Elem().FieldByName(field).SetInt(-1)
				n.Requested = n.Open + n.Matched + n.Fulfilled + n.Cancelled
				broken("negative "+field, n.Check(), "need")
			}
		}
	}
	for _, field := range []string{"Offered", "Remaining", "Reserved", "Lent", "Given", "Withdrawn", "Expired"} {
		for _, by := range []int64{1, -1} {
			l := lot
			f := reflect.ValueOf(&l).Elem().FieldByName(field)
			f.SetInt(f.Int() + by)
			broken(field, l.Check(), "lot")
			if field != "Offered" {
				l = lot
				reflect.ValueOf(&l).Elem().FieldByName(field).SetInt(-1)
				l.Offered = l.Remaining + l.Reserved + l.Lent + l.Given + l.Withdrawn + l.Expired
				broken("negative "+field, l.Check(), "lot")
			}
		}
	}
}
