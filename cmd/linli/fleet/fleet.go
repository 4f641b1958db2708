// Package fleet runs several instances of the program as a city would: a
// PostgreSQL, a NATS cluster and processes of linli, all on loopback.
//
// A built program and a folder flow in; addresses flow out. Everything can be
// killed and started again on its address. It is for trying and for testing:
// what it keeps goes with it.
package fleet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"linli/models/store/storetest/pgtemp"
)

// Options of a fleet.
type Options struct {
	Program   string // the built linli
	Dir       string // for the key and what the instances say
	Instances int
	Demo      bool
	Env       []string // more settings of the instances
}

// Fleet is what runs.
type Fleet struct {
	Postgres  *pgtemp.Cluster
	NATS      *NATS
	Instances []*Instance
	o         Options
}

// nodes of NATS: with three, one may go.
const nodes = 3

// Start starts PostgreSQL and NATS and prepares the instances; see Serve.
func Start(o Options) (*Fleet, error) {
	f := &Fleet{o: o}
	var err error
	if f.Postgres, err = pgtemp.Start(pgtemp.Options{Loopback: true}); err != nil {
		return nil, err
	}
	if f.NATS, err = newNATS(nodes); err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	if err := f.NATS.Start(); err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	addrs, err := freeAddrs(o.Instances)
	if err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	for n, addr := range addrs {
		f.Instances = append(f.Instances, &Instance{Addr: addr, program: o.Program, demo: o.Demo,
			env: append(f.Env(), append(o.Env, "LINLI_ADDR="+addr)...), said: filepath.Join(o.Dir, fmt.Sprintf("instance-%d.log", n+1))})
	}
	return f, nil
}

// Env is what a subcommand needs to work on the fleet's database.
func (f *Fleet) Env() []string {
	return []string{"LINLI_DATABASE=" + f.Postgres.URL("postgres"), "LINLI_KEY_FILE=" + f.Key(),
		"LINLI_NATS=" + strings.Join(f.NATS.URLs(), ",")}
}

// Key is the file of the key that all instances share.
func (f *Fleet) Key() string { return filepath.Join(f.o.Dir, "linli.key") }

// Serve starts the instances: the first alone, because it prepares the database.
func (f *Fleet) Serve(ctx context.Context) error {
	for _, i := range f.Instances {
		if err := i.Start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Stop lets the instances drain, and then ends everything.
func (f *Fleet) Stop() error {
	var err error
	for _, i := range f.Instances {
		err = errors.Join(err, i.Stop())
	}
	if f.NATS != nil {
		f.NATS.Stop()
	}
	f.Postgres.Stop()
	return err
}

// freeAddrs finds so many addresses. All are held until the last is found, or
// one would be given twice.
func freeAddrs(count int) ([]string, error) {
	var addrs []string
	for range count {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		addrs = append(addrs, l.Addr().String())
	}
	return addrs, nil
}
