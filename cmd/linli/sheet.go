package main

import (
	"context"
	"errors"
	"os"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/models/words"
	"linli/server/config"
	"linli/server/exchange"
	"linli/server/registry"
)

type sheetCmd struct {
	config.Data
	Relay string `required:"" help:"The relay point: its code as in the import, or its id." placeholder:"ID"`
	Out   string `help:"Write the page to this file instead of the terminal." placeholder:"FILE.html" type:"path"`
	Lang  string `enum:"zh,en," default:"" help:"Language of the page: zh or en. The terminal's, if not given."`
}

// Help says what it is for.
func (sheetCmd) Help() string {
	return `One page of A4 with what waits to be handed over at a relay point today, to be printed before a power cut: item and
amount, building and the first sign of the surname, until when it is kept, and room to sign. Codes, doors, phones and full names
are not on it. At most 60 lines; the page says how many are left out. Each printing is noted in the audit chain of the grid.

    linli sheet --relay DJQ-1 --out today.html`
}

// Run prints the page.
func (c *sheetCmd) Run(ctx context.Context) (err error) {
	d, err := open(c.Data, beside, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.ready(ctx); err != nil {
		return err
	}
	var points []models.RelayPoint
	if err := d.Read(ctx, store.RelaysByCode([]string{c.Relay}, &points)); err != nil {
		return err
	}
	id := c.Relay
	if len(points) == 1 {
		id = points[0].ID
	} else if !store.ValidID(id) {
		return complaint("relay_unknown")
	}
	lang := words.Lang(c.Lang)
	if lang == "" {
		lang = terminalLang()
	}
	console := models.Actor{PersonID: registry.Console, System: true}
	sheet, err := exchange.New(d.Store, catalogue.Embedded(), matching.DefaultPolicy).RelaySheet(ctx, console, id,
		func(code string, args map[string]string) string { return words.Say(lang, code, args) })
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = os.Stdout.Write(sheet.HTML)
		return err
	}
	return os.WriteFile(c.Out, sheet.HTML, 0o600)
}
