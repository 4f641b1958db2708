package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"time"

	"linli/matching/catalogue"
	"linli/models/store"
	"linli/server"
	"linli/server/config"
	"linli/server/demo"
	"linli/server/registry"
)

type serveCmd struct{ config.Serve }

// Memory is cheaper than collecting it twice as often. More than that leaves what
// sockets keep for hours strewn among what a handshake drops: at 10,000 of them an
// idle socket held 16 KB at 400 and 12 at 200 (pushbench). The limit keeps a surge
// from growing without end. GOGC and GOMEMLIMIT in the environment win.
const (
	gcPercent   = 200
	memoryLimit = 2 << 30
)

func (c *serveCmd) Run(ctx context.Context) (err error) {
	if err := c.Check(); err != nil {
		return err
	}
	tuneMemory()
	if c.Catalogue == "" {
		go catalogue.Embedded() // read once, and here while the database opens
	}
	clock := func() time.Time { return time.Now().Add(c.Ahead) }
	d, err := openWith(c.Data, alone, true, store.Options{Lanes: c.Lanes, Now: clock})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := prepare(ctx, d, c.Demo); err != nil {
		return err
	}
	srv, err := server.New(c.Serve, d.Store, newLog(c.LogJSON))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	if at, ok := listener.Addr().(*net.TCPAddr); c.Demo && (!ok || !at.IP.IsLoopback()) { // a name may lead anywhere
		return errors.Join(complaint("demo_not_loopback").With("address", c.Addr), listener.Close())
	}
	fmt.Fprintf(os.Stderr, "Linli 邻里药箱 is ready: %s\n", c.Base())
	return srv.Run(ctx, listener)
}

// prepare migrates, checks the key and, for a demo, loads the example; a real
// place and an example never share a database.
func prepare(ctx context.Context, d *data, asDemo bool) error {
	if _, _, err := d.Migrate(ctx); err != nil {
		return err
	}
	r := registry.New(d.Store)
	if err := r.Prepare(ctx); err != nil {
		return err
	}
	isDemo, err := r.IsDemo(ctx)
	if err != nil {
		return err
	}
	switch {
	case !asDemo && isDemo:
		return complaint("is_a_demo")
	case !asDemo:
		return nil
	}
	bar := newProgress("Loading Chongzhou 崇州 (example)")
	defer bar.finish()
	if err := demo.Load(ctx, r, bar.step); err != nil {
		return err
	}
	if !isDemo {
		debug.FreeOSMemory() // the import is over: give back what it took
	}
	return nil
}

func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

func newLog(asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}
