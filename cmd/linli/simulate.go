package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"linli/cmd/linli/living"
	"linli/matching/lab"
)

type simulateCmd struct {
	Scenario string   `arg:"" default:"street" help:"One of: street, quiet, night, shortage, chongzhou."`
	Policy   []string `help:"Play only these: groupchat, greedy, linli." placeholder:"NAME"`
	Seed     uint64   `default:"1" help:"The same seed gives the same people, and the same report."`
	JSON     bool     `name:"json" help:"Print JSON for machines."`
	Report   string   `help:"Write a page with plots to this file." placeholder:"FILE.html" type:"path"`
	Against  string   `help:"Play the same people against a running demo server, in real time made faster." placeholder:"URL"`
	Speed    float64  `default:"600" help:"With --against: virtual seconds in a real one; 600 is a day in two and a half minutes."`
	People   int      `default:"12" help:"With --against: how many homes, at most 60."`
}

// Help says what it is for.
func (simulateCmd) Help() string {
	return `A surge is replayed in virtual time through the planner that serves, beside what a chat group and a simple greedy
would have done for the same people, and beside a limit that nobody can beat. No database is needed and nothing is kept.
The scenarios and the reasons of their figures are matching/lab/scenarios/*.tsv.`
}

// Validate refuses what makes no sense before anything begins.
func (c *simulateCmd) Validate() error {
	switch {
	case c.Against == "":
		return nil
	case !strings.HasPrefix(c.Against, "http://") && !strings.HasPrefix(c.Against, "https://"):
		return fmt.Errorf("--against wants an address like http://localhost:8080")
	case !(c.Speed >= 1 && c.Speed <= 100_000):
		return fmt.Errorf("--speed is from 1 to 100000")
	case c.People < 2 || c.People > 60:
		return fmt.Errorf("--people is from 2 to 60")
	case c.JSON || c.Report != "" || len(c.Policy) > 0:
		return fmt.Errorf("--json, --report and --policy compare policies; with --against there is one, the server's")
	}
	return nil
}

// Run plays the scenario.
func (c *simulateCmd) Run(ctx context.Context) error {
	s, err := lab.Named(c.Scenario)
	if err != nil {
		return err
	}
	if c.Against != "" {
		return c.live(ctx, s)
	}
	policies := lab.Policies
	if len(c.Policy) > 0 {
		policies = nil
		for _, p := range c.Policy {
			policies = append(policies, lab.Policy(strings.TrimSpace(p)))
		}
	}
	// The page is tried first: nobody wants to hear after a minute that it cannot be written.
	var page *os.File
	if c.Report != "" {
		if page, err = os.Create(c.Report); err != nil {
			return err
		}
		defer page.Close()
	}
	began := time.Now()
	debug.SetGCPercent(400) // a city is much that stays and much that goes at once
	report, err := lab.Run(s, c.Seed, policies, func(p lab.Policy, day, days int) {
		fmt.Fprintf(os.Stderr, "\r%-10s day %d of %d, %.0f s ", p, day, days, time.Since(began).Seconds())
	})
	fmt.Fprint(os.Stderr, "\r\033[K")
	if err != nil {
		return err
	}
	if page != nil {
		if err := report.HTML(page); err != nil {
			return err
		}
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(report)
	}
	return report.Table(os.Stdout)
}

// live plays the people against a server, until the days are over or Ctrl-C.
func (c *simulateCmd) live(ctx context.Context, s lab.Scenario) error {
	began := time.Now()
	fmt.Printf("Up to %d homes of %s move into the example; a day takes %s. Ctrl-C ends it.\n",
		c.People, s.Name, time.Duration(24*float64(time.Hour)/c.Speed).Round(time.Second))
	sum, err := living.Run(ctx, living.Play{Base: c.Against, Speed: c.Speed, Days: s.Days, People: lab.People(s, c.Seed, c.People), Log: os.Stdout})
	if err != nil {
		return err
	}
	fmt.Printf("\n%d homes joined, asked %d times and offered %d; to questions of the service %d said yes and %d no; %d proposals declined,\n"+
		"%d lots checked in, %d handed over, in %.0f s\n", sum.Joined, sum.Asked, sum.Offered, sum.Yes, sum.No, sum.Declined, sum.CheckedIn,
		sum.HandedOver, time.Since(began).Seconds())
	for _, reason := range slices.Sorted(maps.Keys(sum.Refused)) {
		fmt.Printf("refused by the server: %d × %s\n", sum.Refused[reason], reason)
	}
	return nil
}
