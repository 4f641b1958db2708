package lab

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Scenario holds the parameters of a surge; the files in scenarios/ say where
// each figure comes from. None was chosen after looking at what a policy made of
// it.
type Scenario struct {
	Name string
	Days int
	// Step is how often what lies beyond a micro-grid is looked at. A server does
	// it every five seconds; within a step each micro-grid plans at every event.
	Step time.Duration
	// Towns, Generals, Ordinaries and Micros are counts of the whole city.
	Towns, Generals, Ordinaries, Micros, Homes int
	// Attack is the share of homes that fall ill within the days, on a bell around
	// PeakDay with a standard deviation of SpreadDays; negative PeakDay: evenly.
	Attack              float64
	PeakDay, SpreadDays float64
	// FromHour and ToHour bound the hours in which needs arise.
	FromHour, ToHour int
	// Lacks is the share of ill homes that look for each thing; Stock scales how
	// many homes have some to spare; Offers is the share of those who say so unasked.
	Lacks, Stock, Offers float64
	// YesWhenAsked, NeverAnswers: of those who have some, and of all who are asked.
	YesWhenAsked, NeverAnswers float64
	// AnswerMinutes, DropOffHours, CollectHours are medians of lognormal waits.
	AnswerMinutes, DropOffHours, CollectHours float64
	// GiverNoShow and ReceiverNoShow never come; Declines say no to a proposal.
	GiverNoShow, ReceiverNoShow, Declines float64
	// Alone and Frail are shares of homes in the ledger.
	Alone, Frail float64
	// WorkerFrom and WorkerTo are her hours; WorkerIll the share of days she is not there.
	WorkerFrom, WorkerTo int
	WorkerIll            float64
	// GroupMemoryHours is how long a call in a chat group is seen before it is
	// scrolled away.
	GroupMemoryHours float64
}

//go:embed scenarios/*.tsv
var files embed.FS

// Scenarios lists the names of the embedded ones.
func Scenarios() []string {
	entries, err := fs.ReadDir(files, "scenarios")
	if err != nil {
		panic(err) // they are part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".tsv"))
	}
	return names
}

// Named gives an embedded scenario.
func Named(name string) (Scenario, error) {
	if !slices.Contains(Scenarios(), name) {
		return Scenario{}, fmt.Errorf("no scenario %q; there are %s", name, strings.Join(Scenarios(), ", "))
	}
	text, err := files.ReadFile("scenarios/" + name + ".tsv")
	if err != nil {
		return Scenario{}, err
	}
	return Parse(name, string(text))
}

// Parse reads a file like those in scenarios/: name, value, why. Every figure
// must be there once; the error names the line.
func Parse(name, text string) (Scenario, error) {
	s := Scenario{Name: name}
	set := s.fields()
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "name\t") {
			continue
		}
		parts := strings.Split(line, "\t")
		into, known := set[parts[0]]
		if !known || seen[parts[0]] || len(parts) < 3 {
			return s, fmt.Errorf("scenario %s line %d: %q is unknown, there twice or without a reason", name, i+1, parts[0])
		}
		seen[parts[0]] = true
		if err := into(strings.TrimSpace(parts[1])); err != nil {
			return s, fmt.Errorf("scenario %s line %d: %s: %w", name, i+1, parts[0], err)
		}
	}
	for field := range set {
		if !seen[field] {
			return s, fmt.Errorf("scenario %s: %s is missing", name, field)
		}
	}
	if s.Towns > s.Generals || s.Generals > s.Ordinaries || s.Ordinaries > s.Micros {
		return s, fmt.Errorf("scenario %s: a level has fewer grids than the one above it", name)
	}
	return s, nil
}

func (s *Scenario) fields() map[string]func(string) error {
	return map[string]func(string) error{
		"days": count(&s.Days, 1, 60), "towns": count(&s.Towns, 1, 100), "generals": count(&s.Generals, 1, 1000),
		"ordinaries": count(&s.Ordinaries, 1, 10_000), "micros": count(&s.Micros, 1, 20_000), "homes": count(&s.Homes, 2, 500),
		"from_hour": count(&s.FromHour, 0, 23), "to_hour": count(&s.ToHour, 1, 24),
		"worker_from": count(&s.WorkerFrom, 0, 23), "worker_to": count(&s.WorkerTo, 1, 24),
		"attack": share(&s.Attack, 1), "lacks": share(&s.Lacks, 1), "stock": share(&s.Stock, 10), "offers": share(&s.Offers, 1),
		"yes_when_asked": share(&s.YesWhenAsked, 1), "never_answers": share(&s.NeverAnswers, 1), "declines": share(&s.Declines, 1),
		"giver_no_show": share(&s.GiverNoShow, 1), "receiver_no_show": share(&s.ReceiverNoShow, 1),
		"alone": share(&s.Alone, 1), "frail": share(&s.Frail, 1), "worker_ill": share(&s.WorkerIll, 1),
		"answer_minutes": share(&s.AnswerMinutes, 1e4), "drop_off_hours": share(&s.DropOffHours, 100),
		"collect_hours": share(&s.CollectHours, 100), "group_memory_hours": share(&s.GroupMemoryHours, 1000),
		"spread_days": share(&s.SpreadDays, 60),
		"peak_day": func(v string) (err error) {
			s.PeakDay, err = strconv.ParseFloat(v, 64)
			return err
		},
		"step": func(v string) (err error) {
			if s.Step, err = time.ParseDuration(v); err == nil && (s.Step < time.Minute || s.Step > 24*time.Hour) {
				err = fmt.Errorf("a length from 1m to 24h, not %q", v)
			}
			return err
		},
	}
}

func count(into *int, least, most int) func(string) error {
	return func(v string) (err error) {
		if *into, err = strconv.Atoi(v); err != nil || *into < least || *into > most {
			return fmt.Errorf("a number from %d to %d, not %q", least, most, v)
		}
		return nil
	}
}

func share(into *float64, most float64) func(string) error {
	return func(v string) (err error) {
		if *into, err = strconv.ParseFloat(v, 64); err != nil || !(*into >= 0 && *into <= most) {
			return fmt.Errorf("a number from 0 to %g, not %q", most, v)
		}
		return nil
	}
}
