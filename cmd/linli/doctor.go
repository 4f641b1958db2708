package main

import (
	"context"
	"errors"
	"fmt"

	"linli/models/store"
	"linli/server/config"
	"linli/server/registry"
)

type doctorCmd struct {
	config.Data
	OnlyWechat bool          `name:"wechat" help:"Say instead what the mini-program still needs, and ask WeChat for a token."`
	BaseURL    string        `env:"LINLI_BASE_URL" help:"With --wechat: the address of the app." placeholder:"URL"`
	Wechat     config.Wechat `embed:"" prefix:"wechat-"`
}

// brokenShown is how many examples a line shows.
const brokenShown = 5

func (c *doctorCmd) Run(ctx context.Context) (err error) {
	if c.OnlyWechat {
		return checkWechat(ctx, c.Wechat, c.BaseURL)
	}
	d, err := open(c.Data, beside, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.ready(ctx); err != nil {
		return err
	}
	broken := 0
	err = d.View(ctx, func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			broken += len(f.Broken)
			fmt.Printf("%-6s I-%-2d %-70s %8d rows", verdict(len(f.Broken) == 0), f.Number, f.Rule, f.Looked)
			for i, id := range f.Broken {
				if i == brokenShown {
					fmt.Printf(" … and %d more", len(f.Broken)-i)
					break
				}
				fmt.Printf(" %s", id)
			}
			fmt.Println()
		}
		return err
	})
	if err != nil {
		return err
	}
	links, flaws, err := registry.New(d.Store).VerifyAudit(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%-6s I-26 %-70s %8d rows\n", verdict(len(flaws) == 0), "the audit chains are whole", links)
	for _, f := range flaws {
		fmt.Printf("       %+v\n", f)
	}
	if broken += len(flaws); broken > 0 {
		return fmt.Errorf("%d violations", broken)
	}
	fmt.Println("good: nothing is broken")
	return nil
}

func verdict(good bool) string {
	if good {
		return "ok"
	}
	return "BROKEN"
}
