package pgtemp_test

import (
	"context"
	"testing"

	"linli/models/store/storetest/pgtemp"

	"github.com/jackc/pgx/v5"
)

func TestEachTestGetsAnEmptyDatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	one, other := pgtemp.DSN(t), pgtemp.DSN(t)
	if one == other {
		t.Fatal("two tests share", one)
	}
	for _, dsn := range []string{one, other} {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE only_here (n int)"); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStoppedClusterIsGone(t *testing.T) {
	t.Parallel()
	c, err := pgtemp.Start(pgtemp.Options{Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	url := c.URL("postgres")
	c.Stop()
	if conn, err := pgx.Connect(context.Background(), url); err == nil {
		_ = conn.Close(context.Background())
		t.Fatal("the server still answers")
	}
}

func TestRestartedClusterKeepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, err := pgtemp.Start(pgtemp.Options{Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	old, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Exec(ctx, "CREATE TABLE kept (n int)"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Ping(ctx); err == nil {
		t.Error("a connection outlives the server")
	}
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "SELECT n FROM kept"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
}
