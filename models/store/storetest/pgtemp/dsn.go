package pgtemp

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Env names a server to use instead of starting one: a postgres:// URL whose
// user may create databases.
const Env = "LINLI_TEST_POSTGRES"

// server is started once for all tests of a process; it ends with the process.
var server = sync.OnceValues(func() (string, error) {
	if url := os.Getenv(Env); url != "" {
		return url, nil
	}
	c, err := Start(Options{})
	if err != nil {
		return "", err
	}
	return c.URL("postgres"), nil
})

// DSN is the URL of a fresh, empty database that goes with the test.
func DSN(t testing.TB) string {
	t.Helper()
	url := create(t, "")
	t.Cleanup(func() { drop(t, url) })
	return url
}

// create makes a database, as the rest of the statement says.
func create(t testing.TB, like string) string {
	t.Helper()
	admin, err := server()
	if err != nil {
		t.Fatal(err)
	}
	name := fresh("test")
	if err := run(admin, "CREATE DATABASE "+name+like); err != nil {
		t.Fatal(err)
	}
	u, err := at(admin, name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func drop(t testing.TB, url string) {
	t.Helper()
	admin, err := server()
	if err == nil {
		err = run(admin, "DROP DATABASE "+url[strings.LastIndex(url, "/")+1:]+" WITH (FORCE)")
	}
	if err != nil {
		t.Log(err)
	}
}

func fresh(what string) string { return what + "_" + strings.ReplaceAll(uuid.NewString(), "-", "") }

// at is the URL of another database of the same server.
func at(admin, name string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("%s: %w", Env, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

func run(admin, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}
