package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"linli/matching/route"
	"linli/models/words"
)

type routeCmd struct {
	File string `arg:"" help:"A round as JSON; - reads standard input."`
	Lang string `enum:"zh,en" default:"zh" help:"Language of the answer: zh or en."`
	JSON bool   `name:"json" help:"Print JSON for machines."`
}

// Help tells the format by its shortest example.
func (routeCmd) Help() string {
	return `Nothing is saved and no database is needed. The least that is a round:

  {"stops": [{"name": "家", "at": [0, 0]}, {"name": "西站", "at": [300, 0]}, {"name": "张家", "at": [300, 200], "after": ["西站"]}]}

Places are metres east and north. docs/route-format.md tells every field. Exit 1 when a stop is not reached in time.`
}

// Run orders one round.
func (c *routeCmd) Run() error {
	text, err := readCases(c.File)
	if err != nil {
		return err
	}
	file, p, begin, err := readRound(text)
	if err != nil {
		return c.place(err)
	}
	s, err := route.Solve(p, file.Seed, file.Effort)
	if err != nil { // all else was looked at
		return c.place(flaw("after", "route.order"))
	}
	round := roundText{file, p, s, begin}
	if c.JSON {
		err = round.printJSON(os.Stdout)
	} else {
		round.print(os.Stdout, words.Lang(c.Lang))
	}
	if err == nil && len(s.Skipped) > 0 {
		return c.complaint("route.skipped", "name", file.Stops[s.Skipped[0]].Name)
	}
	return err
}

// place says a flaw in the language of the answer, behind file and field.
func (c *routeCmd) place(err error) error {
	var f *flawed
	if !errors.As(err, &f) {
		return err
	}
	where := c.File + ": "
	if f.path != "" {
		where += f.path + ": "
	}
	return fmt.Errorf("%s%w", where, c.complaint(f.code, f.args...))
}

func (c *routeCmd) complaint(code string, args ...string) error {
	return (&planCmd{Lang: c.Lang}).complaint(code, args...)
}

// roundText is a round that was ordered, for people and for machines.
type roundText struct {
	file  roundFile
	p     route.Problem
	s     route.Solution
	begin time.Duration
}

// at is a time of day; a round after midnight goes on counting hours.
func (r roundText) at(seconds int64) string {
	minutes := int64(r.begin/time.Minute) + seconds/60
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// back is when a closed tour is at its start again.
func (r roundText) back() (seconds int64, closed bool) {
	last := r.s.Order[len(r.s.Order)-1]
	return r.s.Arrival[len(r.s.Arrival)-1] + r.p.Service[last] + r.p.Cost[last][r.p.Start], r.p.End == r.p.Start
}

func (r roundText) print(out io.Writer, lang words.Lang) {
	say := func(code string, args map[string]string) { fmt.Fprintln(out, words.Say(lang, code, args)) }
	for i, x := range r.s.Order {
		say("route.stop", map[string]string{"at": r.at(r.s.Arrival[i]), "name": r.file.Stops[x].Name})
	}
	if seconds, closed := r.back(); closed {
		say("route.back", map[string]string{"at": r.at(seconds), "name": r.file.Stops[r.p.Start].Name})
	}
	for _, x := range r.s.Skipped {
		say("route.skipped", map[string]string{"name": r.file.Stops[x].Name})
	}
	how := "route.searched"
	if r.s.Exact {
		how = "route.exact"
	}
	say("route.made", map[string]string{"minutes": strconv.FormatInt((r.s.Cost+30)/60, 10), "how": words.Say(lang, how, nil)})
}

type roundJSON struct {
	Order   []roundStopJSON `json:"order"`
	Cost    int64           `json:"cost"`
	Back    string          `json:"back,omitempty"`
	Skipped []string        `json:"skipped"`
	Exact   bool            `json:"exact"`
}

type roundStopJSON struct {
	Name    string `json:"name"`
	At      string `json:"at"`
	Arrival int64  `json:"arrival"`
}

func (r roundText) printJSON(out io.Writer) error {
	doc := roundJSON{Order: []roundStopJSON{}, Cost: r.s.Cost, Skipped: []string{}, Exact: r.s.Exact}
	for i, x := range r.s.Order {
		doc.Order = append(doc.Order, roundStopJSON{r.file.Stops[x].Name, r.at(r.s.Arrival[i]), r.s.Arrival[i]})
	}
	if seconds, closed := r.back(); closed {
		doc.Back = r.at(seconds)
	}
	for _, x := range r.s.Skipped {
		doc.Skipped = append(doc.Skipped, r.file.Stops[x].Name)
	}
	to := json.NewEncoder(out)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	return to.Encode(doc)
}
