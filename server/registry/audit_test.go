package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/registry"
)

// tamper changes the tables behind the program's back.
func tamper(t *testing.T, b storetest.Bench, statement string) {
	t.Helper()
	_, err := b.Bare(t).Exec(statement)
	must(t, err)
}

func TestVerifyAudit_FindsEveryKindOfTampering(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statement string
		seq       int64
		what      string
	}{
		"nothing":   {"", 0, ""},
		"changed":   {"UPDATE audits SET reason = 'other' WHERE seq = 3", 3, "changed"},
		"actor":     {"UPDATE audits SET actor_id = thing_id WHERE seq = 2", 2, "changed"},
		"time":      {"UPDATE audits SET at = '2026-12-18 12:12:01+00:00' WHERE seq = 4", 4, "changed"},
		"removed":   {"DELETE FROM audits WHERE seq = 3", 3, "missing"},
		"first":     {"DELETE FROM audits WHERE seq = 1", 1, "missing"},
		"last":      {"DELETE FROM audits WHERE seq = 5", 5, "cut"},
		"all":       {"DELETE FROM audits", 1, "cut"},
		"reordered": {"UPDATE audits SET seq = CASE seq WHEN 2 THEN 13 WHEN 3 THEN 12 ELSE seq END WHERE seq IN (2,3); UPDATE audits SET seq = seq - 10 WHERE seq > 10", 2, "changed"},
		"added":     {"INSERT INTO audits SELECT grid_id, 6, actor_id, action, thing, thing_id, reason, at, hash, prev_hash FROM audits WHERE seq = 5", 6, "changed"},
		"end gone":  {"DELETE FROM meta WHERE name LIKE 'audit/%'", 6, "cut"},
		"end moved": {"UPDATE meta SET value = replace(value, '5 ', '4 ') WHERE name LIKE 'audit/%'", 6, "cut"},
		"renewed":   {"UPDATE audits SET reason = 'other', hash = prev_hash WHERE seq = 5", 5, "changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w town) {
				for _, reason := range []string{"a", "b", "c", "d", "e"} {
					must(t, w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, nil, func(tx *store.Tx) error {
						return tx.Audit(w.Micro.ID, models.Audit{ActorID: w.City.ID, Action: "contact.read",
							Thing: "match", ThingID: w.Beside.ID, Reason: reason})
					}))
				}
				if c.statement != "" {
					tamper(t, w.Bench, c.statement)
				}
				links, flaws, err := w.VerifyAudit(t.Context())
				must(t, err)
				switch {
				case c.what == "" && (links != 5 || len(flaws) != 0):
					t.Errorf("a sound chain of %d links shows %v", links, flaws)
				case c.what != "" && (len(flaws) != 1 || flaws[0].Seq != c.seq || flaws[0].What != c.what || flaws[0].GridID != w.Micro.ID):
					t.Errorf("want link %d %s, got %v", c.seq, c.what, flaws)
				}
			})
		})
	}
}

func TestVerifyAudit_AChainHangsOnItsGridAndGoesOverPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		const links = 1001 // one more than is read at once
		must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
			for range links {
				if err := tx.Audit(w.Micro.ID, models.Audit{ActorID: w.City.ID, Action: "test", Thing: "grid", ThingID: w.City.ID}); err != nil {
					return err
				}
			}
			return nil
		}))
		if n, flaws, err := w.VerifyAudit(t.Context()); err != nil || n != links || len(flaws) != 0 {
			t.Errorf("%d links, %v, %v", n, flaws, err)
		}
		tamper(t, w.Bench, fmt.Sprintf("UPDATE audits SET grid_id = '%s'; UPDATE meta SET name = 'audit/%[1]s' WHERE name LIKE 'audit/%%'", w.Beside.ID))
		_, flaws, err := w.VerifyAudit(t.Context())
		if err != nil || len(flaws) != 1 || flaws[0] != (registry.AuditFlaw{GridID: w.Beside.ID, Seq: 1, What: "changed"}) {
			t.Errorf("a chain of another grid shows %v, %v", flaws, err)
		}
	})
}

func TestAudit_OneChangeMayAddSeveralLinksAndNoneWithoutTheLock(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		entry := models.Audit{ActorID: w.City.ID, Action: "test", Thing: "grid", ThingID: w.City.ID}
		must(t, w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID, w.Beside.ID}, nil, func(tx *store.Tx) error {
			for _, grid := range []models.ID{w.Micro.ID, w.Beside.ID, w.Micro.ID} {
				if err := tx.Audit(grid, entry); err != nil {
					return err
				}
			}
			return nil
		}))
		if links, flaws, err := w.VerifyAudit(t.Context()); err != nil || links != 3 || len(flaws) != 0 {
			t.Errorf("%d links, %v, %v", links, flaws, err)
		}
		// An ordinary transaction takes the lock by itself; one of other grids does not.
		must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.Audit(w.Micro.ID, entry) }))
		err := w.Store.InGrids(t.Context(), []models.ID{w.Beside.ID}, nil, func(tx *store.Tx) error { return tx.Audit(w.Micro.ID, entry) })
		if err == nil {
			t.Error("a link was added without the lock of its grid")
		}
		var wait sync.WaitGroup
		for i := range 40 {
			wait.Go(func() {
				link := func(tx *store.Tx) error { return tx.Audit(w.Micro.ID, entry) }
				if i%4 != 0 {
					err := w.Store.InTx(t.Context(), link)
					if err != nil {
						t.Error(err)
					}
					return
				}
				if err := w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, nil, link); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if links, flaws, err := w.VerifyAudit(t.Context()); err != nil || links != 44 || len(flaws) != 0 {
			t.Errorf("%d links, %v, %v", links, flaws, err)
		}
	})
}

func TestVerifyAudit_AForgedLinkBreaksTheNextOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		for _, reason := range []string{"a", "b", "c"} {
			must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
				return tx.Audit(w.Micro.ID, models.Audit{ActorID: w.City.ID, Action: "contact.read",
					Thing: "match", ThingID: w.Beside.ID, Reason: reason})
			}))
		}
		var links []models.Audit
		w.view(t, store.AuditsAfter(w.Micro.ID, 0, 10, &links))
		forged := links[1]
		forged.ActorID = w.Beside.ID // somebody else did it
		literal := "X'%x'"
		if w.OnPostgres() {
			literal = "'\\x%x'"
		}
		tamper(t, w.Bench, fmt.Sprintf("UPDATE audits SET actor_id = '%s', hash = "+literal+" WHERE seq = 2",
			forged.ActorID, store.AuditHash(forged)))
		_, flaws, err := w.VerifyAudit(t.Context())
		if err != nil || len(flaws) != 1 || flaws[0].Seq != 3 || flaws[0].What != "changed" {
			t.Errorf("a forged link shows %v, %v", flaws, err)
		}
	})
}

// Who reads doors leaves a link in the chain of each grid shown, and none where
// nothing was shown.
func TestAudit_ReadingDoorsLeavesALink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		worker, stranger := w.Worker(t, w.Micro), w.Worker(t, w.Beside)
		code := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]
		_, err := w.JoinByDoor(ctx, "phone", registry.JoinInput{Code: code, Name: "王小明", Phone: "13800000013"})
		must(t, err)
		read := func() (actions []string) {
			var links []models.Audit
			w.view(t, store.AuditsAfter(w.Micro.ID, 0, 100, &links))
			for _, l := range links {
				if strings.HasSuffix(l.Action, ".read") {
					actions = append(actions, l.Action+" "+l.ActorID)
				}
			}
			return actions
		}

		_, err = w.Claims(ctx, stranger, "", 0) // of another grid: sees nobody
		must(t, err)
		_, err = w.Households(ctx, worker, w.Micro.ID, "no such door")
		must(t, err)
		_, err = w.Households(ctx, stranger, w.Micro.ID, "")
		wantFault(t, err, fault.Forbidden, "not_your_grid")
		if got := read(); len(got) != 0 {
			t.Errorf("nothing was shown, yet %v", got)
		}
		_, err = w.Claims(ctx, worker, "", 0)
		must(t, err)
		_, err = w.Households(ctx, worker, w.Micro.ID, "501")
		must(t, err)
		if got := read(); !slices.Equal(got, []string{"claims.read " + worker.PersonID, "households.read " + worker.PersonID}) {
			t.Errorf("links %v", got)
		}
		if _, flaws, err := w.VerifyAudit(ctx); err != nil || len(flaws) != 0 {
			t.Errorf("%v %v", flaws, err)
		}
	})
}
