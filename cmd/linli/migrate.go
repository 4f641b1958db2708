package main

import (
	"context"
	"errors"
	"fmt"

	"linli/server/config"
	"linli/server/registry"
)

type migrateCmd struct{ config.Data }

func (c *migrateCmd) Run(ctx context.Context) (err error) {
	d, err := open(c.Data, alone, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	version, ran, err := d.Migrate(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("schema %d, %d migrations ran\n", version, ran)
	return registry.New(d.Store).Prepare(ctx)
}
