package registry_test

import (
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/registry"
)

// town is a small place with the use cases over it.
type town struct {
	*storetest.Place
	*registry.Service
}

func newTown(t *testing.T, b storetest.Bench) town {
	t.Helper()
	place := b.Place(t)
	r := registry.New(b.Store)
	if err := r.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return town{Place: place, Service: r}
}

// each runs a test on a small place on both databases.
func each(t *testing.T, test func(t *testing.T, town town)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) { test(t, newTown(t, b)) })
}

// mint makes one person with a role.
func (w town) mint(t *testing.T, role models.RoleKind, grid models.ID) (string, models.Actor) {
	t.Helper()
	minted, err := w.MintTokens(t.Context(), registry.MintInput{Role: role, GridID: grid, Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	actor, err := w.Actor(t.Context(), minted[0].Token)
	if err != nil {
		t.Fatal(err)
	}
	return minted[0].Token, actor
}

func (w town) view(t *testing.T, reads ...store.Read) {
	t.Helper()
	if err := w.Store.View(t.Context(), func(tx *store.Tx) error { return tx.Load(reads...) }); err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *testing.T, err error, code fault.Code, reason string) {
	t.Helper()
	if got := fault.From(err); err == nil || got.Code != code || reason != "" && got.Reason != reason {
		t.Fatalf("want %s %q, got %v", code, reason, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
