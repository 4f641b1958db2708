package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"linli/models/store"
	"linli/models/store/seal"
	"linli/server"
	"linli/server/config"
	"linli/server/registry"

	"github.com/gofrs/flock"
)

// data is an open database with its key.
type data struct {
	*store.Store
	lock *flock.Flock
}

// access says how a command stands to a server that may be running.
type access int

const (
	beside access = iota // reads, or writes in one short transaction
	alone                // takes the lock beside an SQLite file
)

// open opens the database of a command. Only serve, migrate and restore may
// make a key or a file.
func open(c config.Data, how access, create bool) (*data, error) {
	return openWith(c, how, create, store.Options{})
}

// openWith takes what a server tunes: its lanes, and its clock.
func openWith(c config.Data, how access, create bool, o store.Options) (*data, error) {
	if c.SQLite() {
		if _, err := os.Stat(c.Database); err != nil && !create {
			return nil, complaint("database_missing").With("path", c.Database)
		}
		if err := os.MkdirAll(filepath.Dir(c.Database), 0o750); err != nil {
			return nil, err
		}
	}
	d := &data{}
	if c.SQLite() && how == alone {
		d.lock = flock.New(c.Database + ".lock")
		if got, err := d.lock.TryLock(); err != nil || !got {
			return nil, complaint("database_in_use").With("path", c.Database)
		}
	}
	keys, err := loadKey(c, create)
	if err != nil {
		return nil, errors.Join(err, d.unlock())
	}
	o.Database, o.Keys, o.NewID = c.Database, keys, server.NewID
	if o.Now == nil {
		o.Now = time.Now
	}
	d.Store, err = store.Open(o)
	if err != nil {
		return nil, errors.Join(err, d.unlock())
	}
	return d, nil
}

func loadKey(c config.Data, create bool) (*seal.Keyring, error) {
	if create {
		if err := os.MkdirAll(filepath.Dir(c.Key()), 0o750); err != nil {
			return nil, err
		}
	}
	keys, created, err := seal.LoadKeyFile(c.Key(), create)
	if errors.Is(err, os.ErrNotExist) {
		return nil, complaint("key_file_missing").With("path", c.Key())
	}
	if created {
		fmt.Fprintln(os.Stderr, say("key_made", "path", c.Key()))
	}
	return keys, err
}

// ready refuses a database of another key or an older schema.
func (d *data) ready(ctx context.Context) error {
	if pending, err := d.Pending(ctx); err != nil {
		return err
	} else if pending {
		return complaint("schema_older")
	}
	return registry.New(d.Store).CheckKey(ctx)
}

// Close closes the database and gives the lock back.
func (d *data) Close() error { return errors.Join(d.Store.Close(), d.unlock()) }

func (d *data) unlock() error {
	if d.lock == nil {
		return nil
	}
	return d.lock.Unlock()
}
