package store

import (
	"context"
	"time"

	"linli/migrations"
	"linli/models/fault"
)

// TakeLease gives a job to a holder for a while, if nobody else has it, and
// prolongs what the holder has already. It answers the fencing number, which
// grows with each new holder, and 0 while somebody else is at it.
//
// The database's clock decides, because those of two machines differ. SQLite
// has one process, which the lock beside the file sees to: there the last to
// ask has the lease.
func (s *Store) TakeLease(ctx context.Context, job, holder string, life time.Duration) (fence int64, err error) {
	if taken, err := s.takenByOther(ctx, job, holder); err != nil || taken {
		return 0, err // looked at first: asking in vain must write nothing
	}
	err = s.InTx(ctx, func(tx *Tx) error {
		fence = 0
		until, over := tx.dialect.leaseTerms()
		at := []any{job, holder, life.Seconds()}
		if s.Alone() {
			at[2] = tx.Now.Add(life)
		}
		return tx.db.Raw("INSERT INTO leases (name, holder, fence, until) VALUES (?, ?, 1, "+until+")"+
			" ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,"+
			" fence = leases.fence + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END"+
			" WHERE leases.holder = excluded.holder OR "+over+" RETURNING fence", at...).Scan(&fence).Error
	})
	return fence, err
}

func (s *Store) takenByOther(ctx context.Context, job, holder string) (taken bool, err error) {
	err = s.View(ctx, func(tx *Tx) error {
		_, over := tx.dialect.leaseTerms()
		var n int64
		err := tx.db.Raw("SELECT count(*) FROM leases WHERE name = ? AND holder <> ? AND NOT ("+over+")", job, holder).Scan(&n).Error
		taken = n > 0
		return err
	})
	return taken, err
}

// EndLease gives a job back, so that the next need not wait.
func (s *Store) EndLease(ctx context.Context, job, holder string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		until, _ := tx.dialect.leaseTerms()
		var at any = 0.0
		if s.Alone() {
			at = tx.Now
		}
		return many(tx.db).Exec("UPDATE leases SET until = "+until+" WHERE name = ? AND holder = ?", at, job, holder).Error
	})
}

// Fenced refuses what is done under a fencing number that is no longer the
// job's, and keeps the job where it is until this transaction has ended.
func (tx *Tx) Fenced(job string, fence int64) error {
	var held []int64
	if err := tx.db.Raw("SELECT fence FROM leases WHERE name = ?"+tx.dialect.shared(), job).Scan(&held).Error; err != nil {
		return err
	}
	if len(held) != 1 || held[0] != fence {
		return fault.New(fault.Conflict, "stale")
	}
	return nil
}

// Alone reports whether no other process can serve this database.
func (s *Store) Alone() bool { return s.dialect.name == migrations.SQLite }
