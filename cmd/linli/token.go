package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"

	"linli/models"
	"linli/server/config"
	"linli/server/registry"
)

type tokenCmd struct {
	Mint   tokenMint   `cmd:"" help:"Make people who can sign in at once; prints person, grid and token, parted by tabs."`
	Revoke tokenRevoke `cmd:"" help:"End the session of a token, or take a role away, at once."`
}

type tokenMint struct {
	config.Data
	Role  string `required:"" enum:"resident,volunteer,worker,leader,doctor,operator" help:"resident, volunteer, worker, leader, doctor or operator."`
	Grid  string `required:"" help:"Id of the grid; a micro-grid for residents."`
	Count int    `default:"1" help:"How many. Test people and households are made where none is free, and marked as such."`
	Name  string `help:"Name of one real person of staff, such as a city's first operator."`
}

func (c *tokenMint) Run(ctx context.Context) (err error) {
	d, err := open(c.Data, beside, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.ready(ctx); err != nil {
		return err
	}
	minted, err := registry.New(d.Store).MintTokens(ctx, registry.MintInput{Role: models.RoleKind(c.Role), GridID: c.Grid,
		Count: c.Count, Name: c.Name})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, m := range minted {
		fmt.Fprintf(out, "%s\t%s\t%s\n", m.PersonID, m.GridID, m.Token)
	}
	return out.Flush()
}

type tokenRevoke struct {
	config.Data
	Token string `arg:"" help:"The token to end."`
	Role  bool   `help:"It is the id of a role, which is taken away."`
}

func (c *tokenRevoke) Run(ctx context.Context) (err error) {
	d, err := open(c.Data, beside, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.ready(ctx); err != nil {
		return err
	}
	if c.Role {
		return registry.New(d.Store).RevokeRole(ctx, c.Token)
	}
	return registry.New(d.Store).RevokeToken(ctx, c.Token)
}
