package main

import (
	"math/rand/v2"
	"time"

	"linli/matching/route"
	"linli/matching/route/tours"
)

// kind is a kind of random round: what binds it, with which effort it is
// solved, and within which time that should be.
type kind struct {
	name                string
	stops, effort       int
	uneven, tied, timed bool
	goal                time.Duration
}

// The efforts take about two milliseconds on the machine that they were chosen
// on; those of exact rounds do not matter.
var kinds = []kind{
	{name: "40 stops", stops: 40, effort: 100, goal: 2 * time.Millisecond},
	{name: "40 stops, one-way streets", stops: 40, effort: 75, uneven: true, goal: 2 * time.Millisecond},
	{name: "40 stops, fetch before bring", stops: 40, effort: 250, tied: true, goal: 2 * time.Millisecond},
	{name: "40 stops, windows", stops: 40, effort: 200, timed: true, goal: 2 * time.Millisecond},
	{name: "40 stops, windows and before", stops: 40, effort: 170, tied: true, timed: true, goal: 2 * time.Millisecond},
	{name: "12 stops, free", stops: 12, goal: 20 * time.Millisecond},
	{name: "12 stops, fetch before bring", stops: 12, tied: true, goal: 20 * time.Millisecond},
	{name: "12 stops, windows and before", stops: 12, tied: true, timed: true, goal: 20 * time.Millisecond},
}

// round draws one: stops on a square of two kilometres, of which half have a
// window of a third of the day.
func (k kind) round(seed uint64) route.Problem {
	r := rand.New(rand.NewPCG(seed, uint64(k.stops)))
	spots := make([]float64, 2*k.stops)
	for i := range spots {
		spots[i] = r.Float64() * 2000
	}
	p := route.Problem{Cost: tours.Distances(spots), End: []int{0, route.Anywhere, k.stops - 1}[seed%3]}
	if k.uneven {
		for _, row := range p.Cost {
			for b := range row {
				row[b] += row[b] * r.Int64N(30) / 100
			}
		}
	}
	if k.tied {
		order := r.Perm(k.stops - 2)
		for i := 0; i+1 < len(order)*3/4; i += 2 {
			p.Before = append(p.Before, [2]int{order[i] + 1, order[i+1] + 1})
		}
	}
	if k.timed {
		day := int64(k.stops) * 400
		for x := range k.stops {
			p.Service, p.Window = append(p.Service, r.Int64N(200)), append(p.Window, route.AnyTime)
			if x > 0 && x != p.End && r.IntN(2) == 0 {
				opens := r.Int64N(day)
				p.Window[x] = [2]int64{opens, opens + day/3}
			}
		}
	}
	return p
}
