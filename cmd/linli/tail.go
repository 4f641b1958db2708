package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"linli/cmd/linli/follower"
	"linli/models"
	"linli/models/store"
)

type tailCmd struct {
	Grid   string `required:"" help:"Id of the grid to watch (linli grids lists them)."`
	Server string `default:"http://localhost:8080" env:"LINLI_SERVER" help:"Address of the server." placeholder:"URL"`
	Token  string `env:"LINLI_TOKEN" help:"Whose eyes to watch with (linli token mint makes one)." placeholder:"TOKEN"`
	After  int64  `default:"-1" help:"Begin after this number of the grid; without it, with what comes next."`
	JSON   bool   `name:"json" help:"A line of JSON for each event."`
}

// Run prints what happens in a grid until it is interrupted.
func (c *tailCmd) Run(ctx context.Context) error { return c.follow(ctx, os.Stdout, os.Stderr) }

func (c *tailCmd) follow(ctx context.Context, out, aside io.Writer) error {
	if err := c.check(); err != nil {
		return err
	}
	f := follower.Follower{Server: func() string { return c.Server }, Token: c.Token, Grids: []models.ID{c.Grid},
		Open: func(from map[models.ID]int64) {
			fmt.Fprintf(aside, "following %s after number %d\n", c.Grid, from[c.Grid])
		},
		Lost: func(why error, wait time.Duration) {
			fmt.Fprintf(aside, "interrupted: %v; again in %s\n", why, wait.Round(100*time.Millisecond))
		},
		Resync: func(models.ID) {
			fmt.Fprintln(aside, "resync: some events are no longer to be had; look the grid up anew")
		},
		Event: func(e models.Event, raw json.RawMessage) {
			if c.JSON {
				fmt.Fprintf(out, "%s\n", raw)
				return
			}
			fmt.Fprintln(out, eventLine(e))
		}}
	if c.After >= 0 {
		f.From = map[models.ID]int64{c.Grid: c.After}
	}
	return f.Run(ctx)
}

func (c *tailCmd) check() error {
	u, err := url.Parse(c.Server)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.RawQuery != "":
		return fmt.Errorf("--server %q: want http://HOST:PORT", c.Server)
	case !store.ValidID(c.Grid):
		return fmt.Errorf("--grid %q: want the id of a grid; linli grids lists them", c.Grid)
	case c.Token == "" || strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("--token: want a token; linli token mint makes one")
	case c.After < -1:
		return fmt.Errorf("--after %d: want a number of the grid", c.After)
	}
	return nil
}

// eventLine is one event for a person: when, which number, what, and how many.
func eventLine(e models.Event) string {
	var quantities []string
	for _, name := range slices.Sorted(maps.Keys(e.Quantities)) {
		quantities = append(quantities, fmt.Sprintf("%s=%d", name, e.Quantities[name]))
	}
	return strings.TrimRight(fmt.Sprintf("%s  %6d  %-20s %-10s %s  %s", e.At.Local().Format("15:04:05.000"), e.Seq, e.Kind, e.State, e.ThingID,
		strings.Join(quantities, " ")), " ")
}
