package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"linli/matching/lab"
)

type simulateCmd struct {
	Scenario string   `arg:"" default:"street" help:"One of: street, quiet, night, shortage, chongzhou."`
	Policy   []string `help:"Play only these: groupchat, greedy, linli." placeholder:"NAME"`
	Seed     uint64   `default:"1" help:"The same seed gives the same people, and the same report."`
	JSON     bool     `name:"json" help:"Print JSON for machines."`
	Report   string   `help:"Write a page with plots to this file." placeholder:"FILE.html" type:"path"`
}

// Help says what it is for.
func (simulateCmd) Help() string {
	return `A surge is replayed in virtual time through the planner that serves, beside what a chat group and a simple greedy
would have done for the same people, and beside a limit that nobody can beat. No database is needed and nothing is kept.
The scenarios and the reasons of their figures are matching/lab/scenarios/*.tsv.`
}

// Run plays the scenario.
func (c *simulateCmd) Run() error {
	s, err := lab.Named(c.Scenario)
	if err != nil {
		return err
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
