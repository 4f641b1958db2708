package pgtemp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	buildLock = 7_305_808 // of all processes that want something built
	buildWait = 2 * time.Minute
)

// Recipe is how a database comes about that many tests want, each for itself.
type Recipe struct {
	Key string // what is kept on the server under it was built like this
	// Build makes it of an empty one: once, by whichever process comes first.
	Build func(url string) error
	// Clean empties it after a test for the next, because to make a database of
	// hundreds of files takes longer than most tests. With an error it is dropped.
	Clean func(url string) error
}

// idle are clean databases of this process, by recipe. They end with the server.
var idle struct {
	sync.Mutex
	urls map[string][]string
}

// Copy is the URL of a database as the recipe makes it, for this test alone.
func Copy(t testing.TB, r Recipe) string {
	t.Helper()
	url := r.take()
	if url == "" {
		admin, err := server()
		if err == nil {
			err = built(admin, "like_"+r.Key, r.Build)
		}
		if err != nil {
			t.Fatal(err)
		}
		url = create(t, " TEMPLATE like_"+r.Key)
	}
	t.Cleanup(func() {
		if err := r.Clean(url); err != nil {
			drop(t, url)
			return
		}
		idle.Lock()
		defer idle.Unlock()
		if idle.urls == nil {
			idle.urls = map[string][]string{}
		}
		idle.urls[r.Key] = append(idle.urls[r.Key], url)
	})
	return url
}

func (r Recipe) take() string {
	idle.Lock()
	defer idle.Unlock()
	all := idle.urls[r.Key]
	if len(all) == 0 {
		return ""
	}
	url := all[len(all)-1]
	idle.urls[r.Key] = all[:len(all)-1]
	return url
}

// known are the databases that this process has seen whole.
var known struct {
	sync.Mutex
	names map[string]bool
}

// built sees to it that a database is there as build makes it. It gets its name
// only when it is whole, so that a process that died half way leaves nothing that
// looks like it.
func built(admin, name string, build func(url string) error) error {
	known.Lock()
	defer known.Unlock()
	if known.names[name] {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), buildWait)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // and with it the lock goes
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", buildLock); err != nil {
		return err
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err != nil {
		return err
	}
	if !there {
		if err := raise(ctx, conn, admin, name, build); err != nil {
			return err
		}
	}
	if known.names == nil {
		known.names = map[string]bool{}
	}
	known.names[name] = true
	return nil
}

func raise(ctx context.Context, conn *pgx.Conn, admin, name string, build func(url string) error) error {
	half := fresh("half")
	url, err := at(admin, half)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+half); err != nil {
		return err
	}
	if err := build(url); err != nil {
		_, dropped := conn.Exec(ctx, "DROP DATABASE "+half+" WITH (FORCE)")
		return errors.Join(err, dropped)
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+half+" RENAME TO "+name)
	return err
}
