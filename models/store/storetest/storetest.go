// Package storetest opens stores for tests: the same test on SQLite and on a
// real PostgreSQL, with a clock that stands until it is moved and ids that can
// be told beforehand.
//
// A test flows in; a migrated, empty store of its own flows out. It is never
// part of the program.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"linli/migrations"
	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/models/store/storetest/pgtemp"
)

// Start is the moment at which every test clock begins: a December night in
// Chongzhou, 20:12 local time.
var Start = time.Date(2026, 12, 18, 12, 12, 0, 0, time.UTC)

// Clock is a clock that stands still until Add moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time on it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves it.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// IDs counts ids up: 00000000-0000-7000-8000-000000000001 and so on.
func IDs() func() models.ID {
	var mu sync.Mutex
	n := 0
	return func() models.ID {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
	}
}

// Key is the keyring of every test store.
func Key(t testing.TB) *seal.Keyring {
	t.Helper()
	k, err := key()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func key() (*seal.Keyring, error) {
	return seal.NewKeyring([]byte("a key for tests, 32 bytes long.."))
}

// Bench is one store with its clock.
type Bench struct {
	Store    *store.Store
	Clock    *Clock
	Database string
}

// Each runs the test on both databases, side by side; under the race detector on
// PostgreSQL (race.go).
func Each(t *testing.T, test func(t *testing.T, b Bench)) {
	t.Helper()
	if !watched {
		t.Run("sqlite", func(t *testing.T) {
			t.Parallel()
			test(t, SQLite(t))
		})
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// SQLite opens a new file.
func SQLite(t testing.TB) Bench {
	t.Helper()
	whole, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "linli.db")
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, file)
}

// Postgres opens an empty database on a real server.
func Postgres(t testing.TB) Bench {
	t.Helper()
	schema, err := migrations.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, pgtemp.Copy(t, pgtemp.Recipe{Key: schema, Build: buildPostgres, Clean: cleanPostgres}))
}

// migratedFile is a file whose migrations have run: they take longer than most
// tests, and do the same each time.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "linli-storetest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "linli.db")
	if err := migrate(file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// migrate runs the migrations of an empty database.
func migrate(database string) error {
	k, err := key()
	if err != nil {
		return err
	}
	s, err := store.Open(store.Options{Database: database, Keys: k, Now: time.Now, NewID: IDs()})
	if err != nil {
		return err
	}
	_, _, err = s.Migrate(context.Background())
	return errors.Join(err, s.Close())
}

// Open opens and migrates a database; it is closed with the test.
func Open(t testing.TB, database string) Bench {
	t.Helper()
	b := open(t, database)
	if _, _, err := b.Store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

func open(t testing.TB, database string) Bench {
	t.Helper()
	clock := &Clock{now: Start}
	s, err := store.Open(store.Options{Database: database, Keys: Key(t), Now: clock.Now, NewID: IDs()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return Bench{Store: s, Clock: clock, Database: database}
}
