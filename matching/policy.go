package matching

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/models"
)

// Policy holds the figures of a plan; policy.tsv says why each is what it is.
// Every match names the version that made it. What keeps people safe is no
// policy: it stands with its rule.
type Policy struct {
	Version string
	// CourseDays a drug must still be good for when it is handed over.
	CourseDays int
	// CeilingWindowDays is how long what a household received counts against
	// its ceiling, its first packs and its givers' turn.
	CeilingWindowDays int
	// NearMetres is as far as "near" is said, and what a substitute costs.
	NearMetres int
	// NoShowMetres is how far a giver is moved away who never brings what she said.
	NoShowMetres int
	// RaiseAfter is the wait that raises a need by one step of urgency, so
	// that nobody starves.
	RaiseAfter time.Duration
	// SameMoment is the wait that makes one of two equal needs the earlier one:
	// it goes by need, not by speed of hand.
	SameMoment time.Duration
	// UrgentContact is after how long a worker contacts whoever needs it now.
	UrgentContact time.Duration
	// ContactHour of the day, in Shanghai, is when a worker contacts the others.
	ContactHour int
	// Window is how long the needs of a scarce class are gathered; scarce is
	// what WindowHomes households want more of than there is.
	Window      time.Duration
	WindowHomes int
	// Widen is the age at which a need looks in the node so many levels above
	// its micro-grid, by urgency; never where negative.
	Widen map[models.Urgency][]time.Duration
	// QuietFrom and QuietTo are the hours between which, in Shanghai, nothing
	// is widened and nobody asked but for what is needed now.
	QuietFrom, QuietTo int
	// LendDays is for how many days a thing is lent of which its owner says nothing.
	LendDays int
	// AsksFirst neighbours are asked for a need, AsksAtOnce for one that is
	// needed now; each waits AskPatience; nobody hears more than AsksPerDay, and
	// after AsksInAll it is the worker's turn. Who said no is not asked for the same
	// again within AskAgain.
	AsksFirst, AsksAtOnce, AsksInAll, AsksPerDay int
	AskPatience, AskAgain                        time.Duration
	// WalkMinute is how many metres somebody with bags walks in a minute; the others
	// are how long she stays at each kind of stop of a round.
	WalkMinute                                            int
	StopRelay, StopFetch, StopBring, StopLeave, StopVisit time.Duration
}

// PolicyFile is the policy of a fresh installation, as it may be copied and
// changed.
//
//go:embed policy.tsv
var PolicyFile string

// DefaultPolicy is the one that a fresh installation runs.
var DefaultPolicy = func() Policy {
	p, err := ParsePolicy(PolicyFile)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return p
}()

const never = time.Duration(-1)

// ParsePolicy reads a file like policy.tsv. Every figure must be there, once,
// and within what a sane policy can say; the error names the line.
func ParsePolicy(text string) (Policy, error) {
	p := Policy{Widen: map[models.Urgency][]time.Duration{}}
	rows := policyRows(&p)
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "name\t") {
			continue
		}
		name, rest, _ := strings.Cut(line, "\t")
		value, _, _ := strings.Cut(rest, "\t")
		set, known := rows[name]
		if !known || seen[name] {
			return Policy{}, fmt.Errorf("policy line %d: %q is unknown or there twice", i+1, name)
		}
		seen[name] = true
		if err := set(strings.TrimSpace(value)); err != nil {
			return Policy{}, fmt.Errorf("policy line %d: %s: %w", i+1, name, err)
		}
	}
	for name := range rows {
		if !seen[name] {
			return Policy{}, fmt.Errorf("policy: %s is missing", name)
		}
	}
	return p, nil
}

func policyRows(p *Policy) map[string]func(string) error {
	return map[string]func(string) error{
		"version": func(v string) error {
			p.Version = v
			if v == "" || len(v) > 40 {
				return fmt.Errorf("a version has 1 to 40 letters, not %q", v)
			}
			return nil
		},
		"course_days":         number(&p.CourseDays, 1, 30),
		"ceiling_window_days": number(&p.CeilingWindowDays, 1, 60),
		"near_metres":         number(&p.NearMetres, 0, substituteLimit),
		"no_show_metres":      number(&p.NoShowMetres, 0, noShowLimit),
		"raise_after":         length(&p.RaiseAfter),
		"same_moment":         length(&p.SameMoment),
		"urgent_contact":      length(&p.UrgentContact),
		"contact_hour":        number(&p.ContactHour, 0, 23),
		"window":              length(&p.Window),
		"window_homes":        number(&p.WindowHomes, 2, 1000),
		"widen_now":           p.steps(models.UrgencyNow),
		"widen_today":         p.steps(models.UrgencyToday),
		"widen_days":          p.steps(models.UrgencyDays),
		"quiet_from":          number(&p.QuietFrom, 0, 23),
		"quiet_to":            number(&p.QuietTo, 0, 23),
		"lend_days":           number(&p.LendDays, models.MinLendDays, models.MaxLendDays),
		"asks_first":          number(&p.AsksFirst, 0, asksLimit),
		"asks_at_once":        number(&p.AsksAtOnce, 0, asksLimit),
		"asks_in_all":         number(&p.AsksInAll, 0, 100),
		"ask_patience":        length(&p.AskPatience),
		"ask_again":           length(&p.AskAgain),
		"asks_per_day":        number(&p.AsksPerDay, 0, 20),
		"walk_minute":         number(&p.WalkMinute, 20, 200),
		"stop_relay":          length(&p.StopRelay),
		"stop_fetch":          length(&p.StopFetch),
		"stop_bring":          length(&p.StopBring),
		"stop_leave":          length(&p.StopLeave),
		"stop_visit":          length(&p.StopVisit),
	}
}

// asksLimit is no policy: a need is never a reason to wake more at once.
// Source: design §5.7.
const asksLimit = 7

func number(into *int, least, most int) func(string) error {
	return func(v string) (err error) {
		if *into, err = strconv.Atoi(v); err != nil || *into < least || *into > most {
			return fmt.Errorf("a number from %d to %d, not %q", least, most, v)
		}
		return nil
	}
}

func length(into *time.Duration) func(string) error {
	return func(v string) (err error) {
		if *into, err = duration(v); err != nil || *into <= 0 || *into > 60*24*time.Hour {
			return fmt.Errorf("a length of time up to 60d, not %q", v)
		}
		return nil
	}
}

func duration(v string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(v, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(v)
}

// steps reads one age per level above the micro-grid, none before the last.
func (p *Policy) steps(of models.Urgency) func(string) error {
	return func(v string) error {
		parts := strings.Split(v, ",")
		if len(parts) != len(models.LevelsAbove) {
			return fmt.Errorf("%d ages, not %q", len(models.LevelsAbove), v)
		}
		last := time.Duration(0)
		for _, part := range parts {
			if part = strings.TrimSpace(part); part == "-" {
				p.Widen[of] = append(p.Widen[of], never)
				continue
			}
			at, err := duration(part)
			if err != nil || at < last || at > 60*24*time.Hour {
				return fmt.Errorf("ages that grow, up to 60d, not %q", v)
			}
			last = at
			p.Widen[of] = append(p.Widen[of], at)
		}
		return nil
	}
}

// Quiet reports whether people sleep at that time, in Shanghai.
func (p Policy) Quiet(at time.Time) bool { return p.quiet(at.In(models.Shanghai).Hour()) }

// quiet reports whether people sleep.
func (p Policy) quiet(hour int) bool {
	if p.QuietFrom <= p.QuietTo {
		return hour >= p.QuietFrom && hour < p.QuietTo
	}
	return hour >= p.QuietFrom || hour < p.QuietTo
}
