package route_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"linli/matching/route"
)

// A street: stop a is a·10 from Start.
func street(n int) route.Problem {
	p := route.Problem{End: route.Anywhere}
	for a := range n {
		var row []int64
		for b := range n {
			row = append(row, 10*int64(max(a, b)-min(a, b)))
		}
		p.Cost = append(p.Cost, row)
	}
	return p
}

func TestAlong_TellsHowLate(t *testing.T) {
	t.Parallel()
	p := street(4)
	p.Window = [][2]int64{route.AnyTime, {0, 25}, route.AnyTime, {50, 60}}
	p.Service = []int64{5, 1, 2, 3}
	s, err := route.Along(p, []int{0, 2, 1})
	want := route.Solution{Order: []int{0, 2, 1}, Cost: 30, Arrival: []int64{5 + 20, 25 + 2 + 10}, Skipped: []int{3}}
	want.Arrival = append([]int64{0}, want.Arrival...)
	if err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("got %+v, %v, want %+v", s, err, want)
	}
}

func TestInsert_PutsAStopWhereItCostsLeast(t *testing.T) {
	t.Parallel()
	late := [2]int64{0, 9}
	for name, c := range map[string]struct {
		change func(*route.Problem)
		want   []int
	}{
		"between":                {func(*route.Problem) {}, []int{0, 1, 2, 3, 4}},
		"after its fetch":        {func(p *route.Problem) { p.Before = [][2]int{{4, 2}} }, []int{0, 1, 3, 4, 2}},
		"in time":                {func(p *route.Problem) { p.Window = anyTimes(5); p.Window[2] = [2]int64{45, 99} }, []int{0, 1, 2, 3, 4}},
		"nobody becomes late":    {func(p *route.Problem) { p.Window, p.Service = anyTimes(5), []int64{0, 0, 1, 0, 0}; p.Window[4][1] = 40 }, []int{0, 1, 3, 4, 2}},
		"who is late stays late": {func(p *route.Problem) { p.Window = anyTimes(5); p.Window[4][1] = 9 }, []int{0, 1, 2, 3, 4}},
		"nowhere":                {func(p *route.Problem) { p.Window = anyTimes(5); p.Window[2] = late }, []int{0, 1, 3, 4}},
		"its fetch is missing":   {func(p *route.Problem) { *p = street(6); p.Before = [][2]int{{5, 2}} }, []int{0, 1, 3, 4}},
		"before the end":         {func(p *route.Problem) { p.End = 4; p.Before = [][2]int{{3, 2}} }, []int{0, 1, 3, 2, 4}},
	} {
		p := street(5)
		c.change(&p)
		s, err := route.Insert(p, []int{0, 1, 3, 4}, 2)
		if err != nil || !reflect.DeepEqual(s.Order, c.want) {
			t.Errorf("%s: %+v, %v, want %v", name, s, err, c.want)
		}
	}
}

func anyTimes(n int) [][2]int64 { return slices.Repeat([][2]int64{route.AnyTime}, n) }

// Taking a stop out and putting it in again is never dearer, and leaves the
// others as they were.
func TestInsert_IsNoDearerThanBefore(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 100 {
		p := draw(r, 2+r.IntN(20))
		s := solve(t, p, 1, 20)
		x := s.Order[r.IntN(len(s.Order))]
		without := slices.DeleteFunc(slices.Clone(s.Order), func(y int) bool { return y == x })
		if _, err := route.Along(p, without); err != nil { // Start, or a fetch
			continue
		}
		again, err := route.Insert(p, without, x)
		if err != nil {
			t.Fatalf("%v: %+v", err, p)
		}
		others := slices.DeleteFunc(slices.Clone(again.Order), func(y int) bool { return y == x })
		fits := slices.Contains(again.Order, x)
		if !slices.Equal(others, without) || fits && again.Cost > s.Cost || !fits && allInTime(p, without) {
			t.Fatalf("%d into %v: %+v, was %+v", x, without, again, s)
		}
	}
}

// allInTime tells whether nobody in an order comes late: only who was late
// already may be the reason why a stop finds its old place shut.
func allInTime(p route.Problem, order []int) bool {
	s, err := route.Along(p, order)
	return err == nil && flawOf(p, s) == ""
}

func TestMalformedInputIsRefused(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*route.Problem){
		"Cost is empty":                  func(p *route.Problem) { p.Cost = nil },
		"1001 stops, at most 1000":       func(p *route.Problem) { p.Cost = make([][]int64, 1001) },
		"Start -1 is no stop (4)":        func(p *route.Problem) { p.Start = -1 },
		"Start 4 is no stop":             func(p *route.Problem) { p.Start = 4 },
		"End 4 is no stop":               func(p *route.Problem) { p.End = 4 },
		"End -2 is no stop":              func(p *route.Problem) { p.End = -2 },
		"Cost[2] has 3 columns, want 4":  func(p *route.Problem) { p.Cost[2] = p.Cost[2][:3] },
		"Cost[1][2] -1 is not from 0":    func(p *route.Problem) { p.Cost[1][2] = -1 },
		"Cost[1][2] 2199023255552 is no": func(p *route.Problem) { p.Cost[1][2] = 2 * route.Limit },
		"3 windows for 4 stops":          func(p *route.Problem) { p.Window = anyTimes(3) },
		"Window[1] closes at 2 before":   func(p *route.Problem) { p.Window = anyTimes(4); p.Window[1] = [2]int64{3, 2} },
		"Window[1] opens at 21990232": func(p *route.Problem) {
			p.Window = anyTimes(4)
			p.Window[1] = [2]int64{2 * route.Limit, 3 * route.Limit}
		},
		"5 services for 4 stops":         func(p *route.Problem) { p.Service = make([]int64, 5) },
		"Service[3] -7 is not from 0":    func(p *route.Problem) { p.Service = []int64{0, 0, 0, -7} },
		"Before[0] [1 4] names what is":  func(p *route.Problem) { p.Before = [][2]int{{1, 4}} },
		"puts a stop before Start":       func(p *route.Problem) { p.Before = [][2]int{{1, 2}, {1, 0}} },
		"puts a stop after End":          func(p *route.Problem) { p.Before, p.End = [][2]int{{3, 1}}, 3 },
		"round in a circle through stop": func(p *route.Problem) { p.Before = [][2]int{{1, 2}, {2, 3}, {3, 1}} },
		"circle through stop 2":          func(p *route.Problem) { p.Before = [][2]int{{2, 2}, {2, 3}} },
		"20001 pairs in Before":          func(p *route.Problem) { p.Before = make([][2]int, 20001) },
	} {
		p := street(4)
		spoil(&p)
		s, err := route.Solve(p, 1, 0)
		if err == nil || !strings.HasPrefix(err.Error(), "route: ") || !strings.Contains(err.Error(), want) || s.Order != nil {
			t.Errorf("%s: %v", want, err)
		}
		if _, along := route.Along(p, []int{0}); along == nil {
			t.Errorf("%s: a fixed order is not refused", want)
		}
	}
	for _, effort := range []int{-1, route.MaxEffort + 1} {
		if _, err := route.Solve(street(3), 1, effort); err == nil || !strings.Contains(err.Error(), "effort") {
			t.Errorf("effort %d: %v", effort, err)
		}
	}
}

func TestMalformedOrdersAreRefused(t *testing.T) {
	t.Parallel()
	p := street(5)
	p.Before, p.End = [][2]int{{1, 2}}, 4
	for want, order := range map[string][]int{
		"does not begin with Start 0":  {1, 2},
		"begin with Start":             {},
		"order[1] 5 is no stop":        {0, 5},
		"order[1] -1 is no stop":       {0, -1},
		"order[2] 1 is in the order":   {0, 1, 1},
		"order[1] is End 4 and not":    {0, 4, 3},
		"has 2 without 1 before it (B": {0, 2, 1},
		"order has 2 without 1":        {0, 2},
	} {
		if _, err := route.Along(p, order); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, x := range []int{-1, 5, 0, 3} {
		if _, err := route.Insert(p, []int{0, 3}, x); err == nil || !strings.Contains(err.Error(), "stop") && !strings.Contains(err.Error(), "already") {
			t.Errorf("stop %d: %v", x, err)
		}
	}
}

// FuzzSolve_AnyNumbers makes a problem of any bytes: it is refused, or its
// answer keeps the rules.
func FuzzSolve_AnyNumbers(f *testing.F) {
	f.Add([]byte("any numbers will do, as long as there are enough"), uint8(4), uint64(0))
	f.Add([]byte{1, 0, 2, 255, 3, 0, 3, 9, 9, 9, 9, 1}, uint8(16), uint64(9))
	f.Add([]byte{0}, uint8(1), uint64(1))
	f.Fuzz(func(t *testing.T, data []byte, n uint8, seed uint64) {
		at := 0
		next := func() int64 {
			if len(data) == 0 {
				return 0
			}
			at++
			b := int64(data[at%len(data)])
			return b << (b % 7 * int64(at%5)) / 3
		}
		p := route.Problem{Start: int(next() % 20), End: int(next()%20) - 2}
		for a := range int(n % 24) {
			p.Cost = append(p.Cost, nil)
			for range n % 24 {
				p.Cost[a] = append(p.Cost[a], next())
			}
			from := next()
			p.Window = append(p.Window, [2]int64{from - 9, from + next()})
			p.Service = append(p.Service, next())
			if next()%3 == 0 {
				p.Before = append(p.Before, [2]int{int(next() % 20), a})
			}
		}
		s, err := route.Solve(p, seed, 30)
		if err != nil {
			return
		}
		if flaw := flawOf(p, s); flaw != "" {
			t.Fatalf("%s: %+v of %+v", flaw, s, p)
		}
		if again, err := route.Along(p, s.Order); err != nil || again.Cost != s.Cost || !reflect.DeepEqual(again.Arrival, s.Arrival) {
			t.Fatalf("along: %+v, %v, solved %+v", again, err, s)
		}
	})
}
