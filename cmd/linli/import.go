package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"linli/models/words"
	"linli/server/config"
	"linli/server/registry"
)

type importCmd struct {
	Grids       importGrids  `cmd:"" help:"Import the tree of grids."`
	Households  importHomes  `cmd:"" help:"Import households of micro-grids."`
	RelayPoints importRelays `cmd:"" name:"relay-points" help:"Import relay points with their hours and hosts."`
}

type importFile struct {
	config.Data
	File string `arg:"" type:"existingfile" help:"A CSV (UTF-8 or GB18030) or XLSX file."`
}

type (
	importGrids  struct{ importFile }
	importHomes  struct{ importFile }
	importRelays struct{ importFile }
)

func (c *importGrids) Run(ctx context.Context) error  { return c.run(ctx, registry.ImportGrids) }
func (c *importHomes) Run(ctx context.Context) error  { return c.run(ctx, registry.ImportHouseholds) }
func (c *importRelays) Run(ctx context.Context) error { return c.run(ctx, registry.ImportRelays) }

// besideRows is how many rows may be written beside a running server: one
// short transaction. More would hold up everybody else on SQLite.
const besideRows = 5000

func (c *importFile) run(ctx context.Context, kind string) (err error) {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	sheet, err := registry.OpenSheet(c.File, content)
	if err != nil {
		return err
	}
	how := beside
	if sheet.Rows() > besideRows {
		how = alone
	}
	d, err := open(c.Data, how, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.ready(ctx); err != nil {
		return err
	}
	bar := newProgress("Importing")
	report, err := registry.New(d.Store).Import(ctx, kind, sheet, func(done, total int) { bar.step(kind, done, total) })
	bar.finish()
	for _, complaint := range report.Complaints {
		fmt.Fprintf(os.Stderr, "line %d, %s: %s\n", complaint.Line, complaint.Column,
			words.Say(terminalLang(), complaint.Reason, complaint.Args))
	}
	if err != nil {
		return err
	}
	fmt.Printf("%d rows: %d new, %d changed, %d as before\n", report.Rows, report.Created, report.Updated, report.Unchanged)
	return nil
}

// The help of each kind lists its columns, from the table that the import reads by.
func (importGrids) Help() string  { return columnHelp(registry.ImportGrids) }
func (importHomes) Help() string  { return columnHelp(registry.ImportHouseholds) }
func (importRelays) Help() string { return columnHelp(registry.ImportRelays) }

func columnHelp(kind string) string {
	return "The first line names the columns, in Chinese or English; * must be there:\n\n" + registry.ColumnsOf(kind) +
		"\n\nOne bad row refuses the whole file and is reported with its line. The same file may be imported again: nothing is doubled."
}
