package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"

	"linli/models"
	"linli/models/store"
	"linli/server/config"
)

type gridsCmd struct {
	config.Data
	Level string `enum:",city,town,general,ordinary,micro" default:"" help:"Only grids of this level: city, town, general, ordinary or micro."`
	Under string `help:"Only grids at or below the one with this code." placeholder:"CODE"`
}

// Run prints id, code, level, households and name, parted by tabs: what
// `linli token mint --grid` asks for.
func (c *gridsCmd) Run(ctx context.Context) (err error) {
	d, err := open(c.Data, beside, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	var grids []models.Grid
	if err := d.View(ctx, func(tx *store.Tx) error { return tx.Load(store.AllGrids(&grids)) }); err != nil {
		return err
	}
	paths := map[string]string{}
	for _, g := range grids {
		paths[g.Code] = g.Path
	}
	out := bufio.NewWriter(os.Stdout)
	for _, g := range grids {
		if c.Level != "" && string(g.Level) != c.Level || c.Under != "" && !g.Within(paths[c.Under]) {
			continue
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%d\t%s\n", g.ID, g.Code, g.Level, g.Homes, g.Name)
	}
	return out.Flush()
}
