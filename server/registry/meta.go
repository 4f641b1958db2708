package registry

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Prepare makes a migrated database ours: it sets the epoch and the key's id
// where there are none yet, and refuses a database sealed with another key.
func (s *Service) Prepare(ctx context.Context) error {
	known, err := s.facts(ctx, store.MetaKey, store.MetaEpoch)
	if err != nil {
		return err
	}
	if known[store.MetaKey] == "" || known[store.MetaEpoch] == "" {
		err := s.store.InTx(ctx, func(tx *store.Tx) error {
			if err := tx.SetMetaOnce(store.MetaEpoch, tx.NewID()); err != nil {
				return err
			}
			return tx.SetMetaOnce(store.MetaKey, s.store.Keys().ID())
		})
		if err != nil {
			return err
		}
		if known, err = s.facts(ctx, store.MetaKey); err != nil {
			return err
		}
	}
	return s.sameKey(known[store.MetaKey])
}

// CheckKey refuses a database that was sealed with another key; one that was
// never prepared has none.
func (s *Service) CheckKey(ctx context.Context) error {
	known, err := s.facts(ctx, store.MetaKey)
	if err != nil || known[store.MetaKey] == "" {
		return err
	}
	return s.sameKey(known[store.MetaKey])
}

func (s *Service) sameKey(of string) error {
	if own := s.store.Keys().ID(); of != own {
		return fault.New(fault.Refused, "key_mismatch").With("database", of).With("given", own)
	}
	return nil
}

// Epoch names this life of the database; a restore begins a new one.
func (s *Service) Epoch(ctx context.Context) (string, error) {
	known, err := s.facts(ctx, store.MetaEpoch)
	return known[store.MetaEpoch], err
}

// IsDemo reports whether this database is an example.
func (s *Service) IsDemo(ctx context.Context) (bool, error) {
	known, err := s.facts(ctx, store.MetaDemo)
	return known[store.MetaDemo] != "", err
}

// MarkDemo makes an empty database an example for ever; one that holds a real
// place is refused.
func (s *Service) MarkDemo(ctx context.Context, version string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		var known []store.Meta
		var roots []models.Grid
		if err := tx.Load(store.MetaOf([]string{store.MetaDemo}, &known), store.GridRoots(&roots)); err != nil {
			return err
		}
		if len(known) == 0 && len(roots) > 0 {
			return fault.New(fault.Conflict, "not_a_demo")
		}
		return tx.SetMeta(store.MetaDemo, version)
	})
}

// DemoVersion tells which example was loaded last, "" for none.
func (s *Service) DemoVersion(ctx context.Context) (string, error) {
	known, err := s.facts(ctx, store.MetaDemo)
	return known[store.MetaDemo], err
}

func (s *Service) facts(ctx context.Context, names ...string) (map[string]string, error) {
	var rows []store.Meta
	err := s.store.View(ctx, func(tx *store.Tx) error { return tx.Load(store.MetaOf(names, &rows)) })
	known := map[string]string{}
	for _, row := range rows {
		known[row.Name] = row.Value
	}
	return known, err
}
