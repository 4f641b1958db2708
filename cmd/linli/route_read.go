package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"linli/matching/route"
)

// roundFile is a round written by hand; docs/route-format.md tells its fields.
type roundFile struct {
	Begin  string      `json:"begin"`
	Start  string      `json:"start"`
	End    *string     `json:"end"`
	Detour *float64    `json:"detour"`
	Pace   *float64    `json:"pace"`
	Stops  []roundStop `json:"stops"`
	Cost   [][]int64   `json:"cost"`
	Seed   uint64      `json:"seed"`
	Effort int         `json:"effort"`
}

type roundStop struct {
	Name  string    `json:"name"`
	At    []float64 `json:"at"`
	Open  []string  `json:"open"`
	Stay  float64   `json:"stay"`
	After []string  `json:"after"`
}

// What a round by hand may hold; more is a slip of the pen.
const (
	maxMetres  = 1_000_000
	maxMinutes = 1440
	maxSeconds = 10_000_000
)

// flawed is what is wrong with a round, at which field.
type flawed struct {
	path, code string
	args       []string
}

func (f *flawed) Error() string { return f.path + ": " + f.code }

func flaw(path, code string, args ...string) error { return &flawed{path, code, args} }

// readRound reads a file and makes a problem of it, in seconds after begin.
func readRound(text string) (f roundFile, p route.Problem, begin time.Duration, err error) {
	if len(text) > 1<<20 {
		return f, p, 0, flaw("", "route.too_long")
	}
	if err := decodeRound(text, &f); err != nil {
		return f, p, 0, err
	}
	if f.Begin == "" {
		f.Begin = "08:30"
	}
	begin, ok := readClock(f.Begin)
	if !ok {
		return f, p, 0, flaw("begin", "route.clock")
	}
	p, err = f.problem(begin)
	return f, p, begin, err
}

func decodeRound(text string, f *roundFile) error {
	in := json.NewDecoder(bytes.NewReader([]byte(text)))
	in.DisallowUnknownFields()
	err := in.Decode(f)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil && in.More():
		return flaw("", "route.trailing")
	case err == nil:
		return nil
	case errors.As(err, &kind):
		return flaw(kind.Field, "route.kind", "want", kind.Type.String())
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return flaw(strings.Trim(name, `"`), "route.unknown")
	}
	return flaw("", "route.unread")
}

func (f *roundFile) problem(begin time.Duration) (p route.Problem, err error) {
	n := len(f.Stops)
	if n == 0 || n > route.MaxStops {
		return p, flaw("stops", "route.count", "most", strconv.Itoa(route.MaxStops))
	}
	named := map[string]int{}
	for i, s := range f.Stops {
		if _, twice := named[s.Name]; twice || s.Name == "" {
			return p, flaw(fmt.Sprintf("stops[%d].name", i), "route.name")
		}
		named[s.Name] = i
	}
	p.End = route.Anywhere
	find := func(path, name string) (int, error) {
		i, ok := named[name]
		if !ok {
			return 0, flaw(path, "route.no_stop", "name", name)
		}
		return i, nil
	}
	if f.Start != "" {
		if p.Start, err = find("start", f.Start); err != nil {
			return p, err
		}
	}
	if f.End != nil {
		if p.End, err = find("end", *f.End); err != nil {
			return p, err
		}
	}
	for i, s := range f.Stops {
		path := fmt.Sprintf("stops[%d]", i)
		for k, name := range s.After {
			first, err := find(fmt.Sprintf("%s.after[%d]", path, k), name)
			if err != nil {
				return p, err
			}
			p.Before = append(p.Before, [2]int{first, i})
		}
		if s.Stay < 0 || s.Stay > maxMinutes {
			return p, flaw(path+".stay", "route.number", "most", strconv.Itoa(maxMinutes))
		}
		window, ok := s.window(begin)
		if !ok {
			return p, flaw(path+".open", "route.clock")
		}
		p.Service, p.Window = append(p.Service, int64(s.Stay*60)), append(p.Window, window)
	}
	if f.Effort < 0 || f.Effort > maxMetres {
		return p, flaw("effort", "route.number", "most", strconv.Itoa(maxMetres))
	}
	p.Cost, err = f.walks()
	return p, err
}

// window is when a stop may be reached, in seconds after begin.
func (s roundStop) window(begin time.Duration) (w [2]int64, ok bool) {
	if len(s.Open) == 0 {
		return route.AnyTime, true
	}
	if len(s.Open) != 2 {
		return w, false
	}
	for i, text := range s.Open {
		at, ok := readClock(text)
		if !ok {
			return w, false
		}
		w[i] = int64((at - begin) / time.Second)
	}
	return w, w[0] <= w[1]
}

func readClock(text string) (time.Duration, bool) {
	at, err := time.Parse("15:04", text)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, err == nil
}

// walks are the seconds from stop to stop: those that are given, or the distance
// as the crow flies, a detour, and a pace.
func (f *roundFile) walks() ([][]int64, error) {
	n := len(f.Stops)
	if f.Cost != nil {
		bad := flaw("cost", "route.matrix", "n", strconv.Itoa(n), "most", strconv.Itoa(maxSeconds))
		if len(f.Cost) != n {
			return nil, bad
		}
		for _, row := range f.Cost {
			if len(row) != n {
				return nil, bad
			}
			for _, c := range row {
				if c < 0 || c > maxSeconds {
					return nil, bad
				}
			}
		}
	}
	detour, pace := 1.3, 70.0
	if f.Detour != nil {
		detour = *f.Detour
	}
	if f.Pace != nil {
		pace = *f.Pace
	}
	if detour < 1 || detour > 10 {
		return nil, flaw("detour", "route.number", "most", "10")
	}
	if pace < 1 || pace > 1000 {
		return nil, flaw("pace", "route.number", "most", "1000")
	}
	cost := make([][]int64, n)
	for a, s := range f.Stops {
		if (f.Cost == nil) != (len(s.At) == 2) || len(s.At) == 1 || len(s.At) > 2 {
			return nil, flaw(fmt.Sprintf("stops[%d].at", a), "route.place")
		}
		for _, x := range s.At {
			if math.Abs(x) > maxMetres {
				return nil, flaw(fmt.Sprintf("stops[%d].at", a), "route.number", "most", strconv.Itoa(maxMetres))
			}
		}
	}
	if f.Cost != nil {
		return f.Cost, nil
	}
	for a, s := range f.Stops {
		for _, t := range f.Stops {
			metres := math.Hypot(s.At[0]-t.At[0], s.At[1]-t.At[1]) * detour
			cost[a] = append(cost[a], int64(metres/pace*60+0.5))
		}
	}
	return cost, nil
}
