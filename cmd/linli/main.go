// Command linli is the one program of Linli: it serves a community, and keeps
// its data.
//
// Each subcommand stands in a file of its own: flags in, a call, an answer out.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"linli/models/fault"
	"linli/models/words"
	"linli/server"

	"github.com/alecthomas/kong"
)

type program struct {
	Serve      serveCmd      `cmd:"" help:"Serve a community. With --demo: an example that anybody can try on this machine."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the database's schema up to date (serve does it by itself)."`
	Import     importCmd     `cmd:"" help:"Bring in grids, households, relay points or walking distances from CSV or XLSX."`
	Grids      gridsCmd      `cmd:"" help:"List grids with their ids."`
	Sheet      sheetCmd      `cmd:"" help:"Print a relay point's hand-overs of today on one page, for a power cut."`
	Token      tokenCmd      `cmd:"" help:"Make people who can sign in, or end a session."`
	Doctor     doctorCmd     `cmd:"" help:"Check the laws on one snapshot; exit 1 when one is broken."`
	Backup     backupCmd     `cmd:"" help:"Write everything into one portable file."`
	Restore    restoreCmd    `cmd:"" help:"Fill an empty database from a backup, SQLite or PostgreSQL."`
	Plan       planCmd       `cmd:"" help:"Try a pool by hand: who gets what, and why. Needs no database."`
	Route      routeCmd      `cmd:"" help:"Try a round by hand: in which order, and when where. Needs no database."`
	Simulate   simulateCmd   `cmd:"" help:"Replay a surge and compare policies."`
	Understand understandCmd `cmd:"" help:"Read group chat messages: what is meant, which goods, for whom. Needs no database."`
	OpenAPI    openAPICmd    `cmd:"" name:"openapi" help:"Print the published OpenAPI document."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var p program
	parser := kong.Must(&p, kong.Name("linli"), kong.ShortUsageOnError(),
		kong.Description("Linli 邻里药箱: neighbours help each other with medicine, safely.\n\n"+
			"Try it:  linli serve --demo, then open http://localhost:8080\n\n"+
			"Every flag has an environment variable (LINLI_…), shown beside it."))
	command, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "linli: %v (linli --help tells more)\n", err)
		os.Exit(2)
	}
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "linli: "+explain(err))
		os.Exit(1)
	}
}

// explain says an error in the language of the terminal, with what is wrong
// with each flag or field.
func explain(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) || !words.Known(f.Reason) || f.Code == fault.Internal || f.Code == fault.Unavailable {
		return err.Error()
	}
	text := words.Say(terminalLang(), f.Reason, f.Args)
	for _, field := range f.Fields {
		text += "; " + field.Path + ": " + words.Say(terminalLang(), field.Reason, field.Args)
	}
	return text
}

// complaint is something that the program will not do.
func complaint(reason string) *fault.Error { return fault.New(fault.Refused, reason) }

// say gives a sentence in the language of the terminal; args are pairs.
func say(code string, args ...string) string {
	named := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	return words.Say(terminalLang(), code, named)
}

func terminalLang() words.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if len(v) >= 2 && v[:2] == "zh" {
				return words.ZH
			}
			return words.EN
		}
	}
	return words.EN
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("linli", server.Version)
	return nil
}
