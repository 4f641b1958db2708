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
	Paths       importPaths  `cmd:"" help:"Import walking distances between buildings and relay points, where the map is wrong."`
}

type importFile struct {
	config.Data
	File string `arg:"" type:"existingfile" help:"A CSV (UTF-8 or GB18030) or XLSX file."`
}

type (
	importGrids  struct{ importFile }
	importHomes  struct{ importFile }
	importRelays struct{ importFile }
	importPaths  struct{ importFile }
)

func (c *importGrids) Run(ctx context.Context) error  { return c.run(ctx, registry.ImportGrids) }
func (c *importHomes) Run(ctx context.Context) error  { return c.run(ctx, registry.ImportHouseholds) }
func (c *importRelays) Run(ctx context.Context) error { return c.run(ctx, registry.ImportRelays) }
func (c *importPaths) Run(ctx context.Context) error  { return c.run(ctx, registry.ImportPaths) }

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
func (importGrids) Help() string { return columnHelp(registry.ImportGrids) }
func (importHomes) Help() string { return columnHelp(registry.ImportHouseholds) }
func (importRelays) Help() string {
	return columnHelp(registry.ImportRelays) + "\n\n例外日 / exceptions are days that are not like the week, parted by semicolons: " +
		"2027-02-15至2027-02-21 休 春节; 2027-02-14 9:00-12:00 除夕. Hours stand instead of the usual ones; 休 / closed shuts the point; " +
		"the reason is what residents read. 容量 / capacity counts parcels: a lot in the box is one, and so is a hand-over still to be brought; " +
		"a full point is passed over. 负责人手机 and 副手手机 / host_phone and deputy_phone name staff who have signed in. A file without the columns " +
		"exceptions, capacity or deputy_phone leaves what was changed in the app."
}
func (importPaths) Help() string {
	return columnHelp(registry.ImportPaths) + "\n\nA place is a building of a micro-grid, 510184107001002007/3 栋 (the grid's code, a slash, the building as the " +
		"household file has it), or a relay point, relay:DJQ-1. A row counts both ways unless the way back has one of its own. What no row names is " +
		"walked by the map: the straight line times 1.3."
}

func columnHelp(kind string) string {
	return "The first line names the columns, in Chinese or English; * must be there:\n\n" + registry.ColumnsOf(kind) +
		"\n\nOne bad row refuses the whole file and is reported with its line. The same file may be imported again: nothing is doubled."
}
