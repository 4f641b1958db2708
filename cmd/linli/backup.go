package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"linli/server"
	"linli/server/config"
	"linli/server/registry"
)

type backupCmd struct {
	config.Data
	File string `arg:"" help:"The file to write; it must not be there yet."`
}

// Run writes beside a running server, from one snapshot. The file gets its
// name only when it is whole.
func (c *backupCmd) Run(ctx context.Context) (err error) {
	d, err := open(c.Data, beside, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.ready(ctx); err != nil {
		return err
	}
	if _, err := os.Stat(c.File); err == nil {
		return complaint("file_there_already").With("path", c.File)
	}
	part := c.File + ".part"
	out, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	var rows int64
	err = d.Backup(ctx, out, func(table string, n int64) {
		rows += n
		fmt.Fprintf(os.Stderr, "%-18s %9d rows\n", table, n)
	})
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, c.File); err != nil {
		return err
	}
	fmt.Println(say("backup_written", "path", c.File, "rows", strconv.FormatInt(rows, 10), "key", c.Key()))
	return nil
}

type restoreCmd struct {
	config.Data
	File string `arg:"" type:"existingfile" help:"A file that linli backup wrote, from either database."`
}

// Run fills an empty database in one transaction, with the key that sealed it.
func (c *restoreCmd) Run(ctx context.Context) (err error) {
	in, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := os.Stat(c.Key()); err != nil {
		return complaint("key_file_missing").With("path", c.Key())
	}
	d, err := open(c.Data, alone, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, _, err := d.Migrate(ctx); err != nil {
		return err
	}
	err = d.Restore(ctx, in, server.NewID(), func(table string, rows int64) {
		fmt.Fprintf(os.Stderr, "%9d rows, now %s\n", rows, table)
	})
	if err != nil {
		return err
	}
	fmt.Println(say("restored"))
	return registry.New(d.Store).Prepare(ctx)
}
