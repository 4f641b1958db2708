package lane

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"gorm.io/gorm"
)

func TestViewIsOneSnapshotAndWritesNothing(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		err := l.View(context.Background(), func(tx *gorm.DB) error {
			var before, after int64
			if err := tx.Model(&fact{}).Count(&before).Error; err != nil {
				return err
			}
			if err := appending("a", "meanwhile", nil).run(l); err != nil {
				return err
			}
			if err := tx.Model(&fact{}).Count(&after).Error; err != nil {
				return err
			}
			if before != 0 || after != 0 {
				return fmt.Errorf("saw %d and %d facts", before, after)
			}
			return nil
		})
		expect(t, []error{err}, nil)
		if err := l.View(context.Background(), func(tx *gorm.DB) error { return tx.Create(&counter{GridID: "z"}).Error }); err == nil {
			t.Error("a view wrote")
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		expect(t, []error{l.View(ctx, func(*gorm.DB) error { return nil })}, context.Canceled)
		onlyThere(t, l, "meanwhile")
	})
}

func TestReadsTravelTogetherAndMeetTheSameRules(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		ctx := context.Background()
		var all []counter
		var hooked []hookedBox
		read := func(reads ...Read) error { return l.Read(ctx, reads) }
		everything := func(tx *gorm.DB) *gorm.DB { return tx.Order("grid_id").Find(&all) }
		missing := func(tx *gorm.DB) *gorm.DB { return tx.Where("grid_id = ?", "zzz").Take(&counter{}) }
		expect(t, []error{read(everything), read(missing, everything)}, nil, gorm.ErrRecordNotFound)
		if len(all) != 3 || all[2].GridID != "c" {
			t.Errorf("read %v", all)
		}
		if err := read(func(tx *gorm.DB) *gorm.DB { return tx.Find(&hooked) }); err == nil {
			t.Error("a hook that would not run was accepted")
		}
		if err := read(func(tx *gorm.DB) *gorm.DB { return tx.Table("nowhere").Find(&all) }); err == nil {
			t.Error("no error from a table that is not there")
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		cancel()
		expect(t, []error{read(everything), appending("a", "after", nil).run(l)}, context.Canceled, nil)
		onlyThere(t, l, "after")
	})
}

func TestOrdinaryTransactionIsAllOrNothing(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		two := func(end func() error) error {
			return l.InTx(context.Background(), func(tx *gorm.DB) error {
				err := tx.Create(&fact{ID: "1", GridID: "a", Seq: 1}).Error
				changed := tx.Model(&counter{}).Where("grid_id = ?", "a").Update("seq", 1)
				if changed.RowsAffected != 1 {
					t.Errorf("%d rows changed, want 1", changed.RowsAffected)
				}
				return errors.Join(err, changed.Error, end())
			})
		}
		expect(t, []error{two(func() error { return errRefused })}, errRefused)
		var p *PanicError
		if err := two(func() error { panic("oh") }); !errors.As(err, &p) {
			t.Errorf("panic: %v", err)
		}
		stale := l.InTx(context.Background(), func(tx *gorm.DB) error {
			tx.Create(&fact{ID: "2", GridID: "a", Seq: 1})
			tx.Model(&counter{}).Where("grid_id = ? AND seq = ?", "a", 9).Update("seq", 10)
			return nil
		})
		expect(t, []error{stale}, ErrStale)
		ctx, cancel := context.WithCancel(context.Background())
		left := l.InTx(ctx, func(tx *gorm.DB) error {
			tx.Create(&fact{ID: "3", GridID: "a", Seq: 1})
			cancel()
			return nil
		})
		expect(t, []error{left}, context.Canceled)
		onlyThere(t, l)
		expect(t, []error{two(func() error { return nil })}, nil)
		onlyThere(t, l, "1")
	})
}

func TestOrdinaryHandleDoesNotCollideWithTheLane(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				var err error
				switch i % 4 {
				case 0:
					err = appending("a", fmt.Sprint(i), nil).run(l)
				case 1:
					err = l.DB().Create(&box{ID: fmt.Sprint(i)}).Error
				case 2:
					err = l.DB().Transaction(func(tx *gorm.DB) error {
						var all []box
						return errors.Join(tx.Find(&all).Error, tx.Create(&box{ID: fmt.Sprint(i)}).Error)
					})
				case 3:
					err = l.InTx(context.Background(), func(tx *gorm.DB) error { return tx.Create(&box{ID: fmt.Sprint(i)}).Error })
				}
				if err != nil {
					t.Error(i, err)
				}
			})
		}
		wg.Wait()
		var boxes int64
		if err := l.DB().Model(&box{}).Count(&boxes).Error; err != nil || boxes != 30 || len(stored(t, l)) != 10 {
			t.Errorf("%d boxes, %v", boxes, err)
		}
		db, err := l.DB().DB()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("CREATE TABLE more (id text PRIMARY KEY)"); err != nil {
			t.Error(err)
		}
	})
}

// More texts than a connection remembers, and a text whose rows are still being
// read, must not disturb each other.
func TestRememberedStatementsCanBeManyAndNested(t *testing.T) {
	t.Parallel()
	l := openSQLite(t, Options{Conns: 1})
	for i := range 3 * remembered {
		var n int
		if err := l.DB().Raw(fmt.Sprintf("SELECT %d", i%(2*remembered))).Scan(&n).Error; err != nil || n != i%(2*remembered) {
			t.Fatal(i, n, err)
		}
	}
	err := l.View(context.Background(), func(tx *gorm.DB) error {
		seen := 0
		var walk func(depth int) error
		walk = func(depth int) error {
			rows, err := tx.Model(&counter{}).Where("grid_id > ?", "").Rows()
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				seen++
				if depth > 0 {
					if err := walk(depth - 1); err != nil {
						return err
					}
				}
			}
			return rows.Err()
		}
		if err := walk(2); err != nil || seen != 3+9+27 {
			return fmt.Errorf("saw %d rows: %w", seen, err)
		}
		return nil
	})
	expect(t, []error{err}, nil)
}
