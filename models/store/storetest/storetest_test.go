package storetest

import (
	"testing"
)

func TestMigratingAgainDoesNothing(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, b Bench) {
		if _, ran, err := b.Store.Migrate(t.Context()); err != nil || ran != 0 {
			t.Fatalf("%d ran, %v", ran, err)
		}
		if pending, err := b.Store.Pending(t.Context()); err != nil || pending {
			t.Fatalf("pending %v, %v", pending, err)
		}
	})
}
