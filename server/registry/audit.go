package registry

import (
	"bytes"
	"context"
	"slices"

	"linli/models"
	"linli/models/store"
)

// Console is who acts in an audit entry that the program's own command line
// wrote: whoever holds the machine, the database and the key.
const Console models.ID = "00000000-0000-0000-0000-000000000000"

// shown adds to the chain of each grid that somebody read what is not hers: a
// link per grid, in the order in which grids are locked.
func shown(tx *store.Tx, actor models.Actor, action string, grids []models.ID) error {
	grids = slices.Clone(grids)
	slices.Sort(grids)
	for _, grid := range slices.Compact(grids) {
		if err := tx.Audit(grid, models.Audit{ActorID: actor.PersonID, Action: action, Thing: "grid", ThingID: grid}); err != nil {
			return err
		}
	}
	return nil
}

// AuditFlaw names the first link of a grid's chain that does not hold.
type AuditFlaw struct {
	GridID models.ID
	Seq    int64
	What   string // "changed", "missing" or "cut": a link altered, left out, or the last ones gone
}

// VerifyAudit walks every chain in one snapshot and tells how many links it
// saw and where a chain is broken: a changed, removed or reordered row shows.
func (s *Service) VerifyAudit(ctx context.Context) (links int, flaws []AuditFlaw, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		links, flaws, err = verifyAudit(tx)
		return err
	})
	return links, flaws, err
}

func verifyAudit(tx *store.Tx) (links int, flaws []AuditFlaw, err error) {
	ends, err := tx.AuditEnds()
	if err != nil {
		return 0, nil, err
	}
	var grids []models.ID
	if err := tx.Load(store.AuditedGrids(&grids)); err != nil {
		return 0, nil, err
	}
	for grid := range ends { // a chain that is wholly gone has still an end
		grids = append(grids, grid)
	}
	slices.Sort(grids)
	for _, grid := range slices.Compact(grids) {
		n, flaw, err := verifyChain(tx, grid, ends[grid])
		if err != nil {
			return 0, nil, err
		}
		links += n
		if flaw != nil {
			flaws = append(flaws, *flaw)
		}
	}
	return links, flaws, nil
}

func verifyChain(tx *store.Tx, grid models.ID, end store.AuditEnd) (int, *AuditFlaw, error) {
	const atOnce = 1000
	last := store.AuditEnd{Hash: store.AuditSeed(grid)}
	for n := 0; ; {
		var links []models.Audit
		if err := tx.Load(store.AuditsAfter(grid, last.Seq, atOnce, &links)); err != nil {
			return n, nil, err
		}
		for _, a := range links {
			n++
			switch {
			case a.Seq != last.Seq+1:
				return n, &AuditFlaw{grid, last.Seq + 1, "missing"}, nil
			case !bytes.Equal(a.PrevHash, last.Hash), !bytes.Equal(a.Hash, store.AuditHash(a)):
				return n, &AuditFlaw{grid, a.Seq, "changed"}, nil
			}
			last = store.AuditEnd{Seq: a.Seq, Hash: a.Hash}
		}
		if len(links) == atOnce {
			continue
		}
		if last.Seq != end.Seq || !bytes.Equal(last.Hash, end.Hash) {
			return n, &AuditFlaw{grid, last.Seq + 1, "cut"}, nil
		}
		return n, nil, nil
	}
}
