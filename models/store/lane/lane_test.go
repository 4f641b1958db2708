package lane

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gorm.io/gorm"
)

func TestNumbersAreGaplessUnder32Callers(t *testing.T) {
	for _, batch := range []int{1, 32} {
		t.Run(fmt.Sprintf("batch %d", batch), func(t *testing.T) {
			onBoth(t, Options{Batch: batch, Conns: 8}, func(t *testing.T, l *Lanes) {
				const callers, each = 32, 8
				var wg sync.WaitGroup
				for c := range callers {
					wg.Go(func() {
						for i := range each {
							grid := string("abc"[(c+i)%3])
							if err := appending(grid, fmt.Sprintf("%d-%d", c, i), nil).run(l); err != nil {
								t.Error(err)
							}
						}
					})
				}
				wg.Wait()
				if got := len(stored(t, l)); got != callers*each {
					t.Errorf("%d stored, want %d", got, callers*each)
				}
			})
		})
	}
}

func TestOfTenTakersOfTheLastUnitOneWins(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		if err := l.DB().Create(&box{ID: "last", GridID: "a", Units: 1}).Error; err != nil {
			t.Fatal(err)
		}
		var won, refused atomic.Int32
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				var b box
				taking := appending("a", fmt.Sprint(i), func(tx *gorm.DB) error {
					if b.Units == 0 {
						return errRefused
					}
					return tx.Model(&box{}).Where("id = ? AND units >= 1", b.ID).
						Update("units", gorm.Expr("units - 1")).Error
				})
				taking.reads = append(taking.reads, func(tx *gorm.DB) *gorm.DB { return tx.Where("id = ?", "last").Take(&b) })
				switch err := taking.run(l); {
				case err == nil:
					won.Add(1)
				case errors.Is(err, errRefused):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || refused.Load() != 9 || len(stored(t, l)) != 1 {
			t.Errorf("%d won, %d refused", won.Load(), refused.Load())
		}
	})
}

func TestWorkOnSeveralGridsMovesUnitsWithoutDeadlock(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		for _, grid := range []string{"a", "b", "c"} {
			if err := l.DB().Create(&box{ID: grid, GridID: grid, Units: 100}).Error; err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for i := range 24 {
			from, to := string("abc"[i%3]), string("cab"[i%3])
			wg.Go(func() {
				var both []box
				err := l.InGrids(context.Background(), []string{from, to, from},
					[]Read{func(tx *gorm.DB) *gorm.DB { return tx.Where("grid_id IN ?", []string{from, to}).Find(&both) }},
					func(tx *gorm.DB) error {
						for _, b := range both {
							units := b.Units - 1
							if b.ID == to {
								units = b.Units + 1
							}
							if err := tx.Model(&box{}).Where("id = ? AND units = ?", b.ID, b.Units).Update("units", units).Error; err != nil {
								return err
							}
						}
						return nil
					})
				if err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if err := appending(from, fmt.Sprint(i), nil).run(l); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var total int64
		if err := l.DB().Model(&box{}).Select("sum(units)").Scan(&total).Error; err != nil || total != 300 {
			t.Errorf("%d units of 300, %v", total, err)
		}
		if got := len(stored(t, l)); got != 24 {
			t.Errorf("%d stored, want 24", got)
		}
	})
}

func TestCallerWhoLeftBeforeTheStartIsNotStarted(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		left := appending("a", "left", func(*gorm.DB) error { t.Error("decide ran"); return nil })
		left.ctx = ctx
		expect(t, []error{left.run(l)}, context.Canceled)
		expect(t, together(t, l, left, appending("a", "stayed", nil)), context.Canceled, nil)
		onlyThere(t, l, "stayed")
	})
}

func TestCallerWhoLeavesDuringDecideIsAnsweredByTheLane(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		ctx, cancel := context.WithCancel(context.Background())
		leaving := appending("a", "leaving", func(*gorm.DB) error { cancel(); return nil })
		leaving.ctx = ctx
		expect(t, []error{leaving.run(l)}, nil)
		onlyThere(t, l, "leaving")
	})
}

func TestQuestionInsideDecideSeesWhatWasStaged(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		asking := func(id string) call {
			return appending("a", id, func(tx *gorm.DB) error {
				if err := tx.Create(&box{ID: id, GridID: "a", Units: 3}).Error; err != nil {
					return err
				}
				var units int
				if err := tx.Model(&box{}).Where("id = ?", id).Select("units").Row().Scan(&units); err != nil {
					return err
				}
				var found []box
				if err := tx.Where("id = ?", id).Find(&found).Error; err != nil {
					return err
				}
				if units != 3 || len(found) != 1 {
					return fmt.Errorf("read %d units and %d boxes", units, len(found))
				}
				return nil
			})
		}
		expect(t, []error{asking("lone").run(l)}, nil)
		expect(t, together(t, l, appending("a", "before", nil), asking("shared"), appending("a", "after", nil)), nil, nil, nil)
		onlyThere(t, l, "lone", "before", "shared", "after")
	})
}

func TestRefusalAfterAQuestionLeavesNothing(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		err := appending("a", "never", func(tx *gorm.DB) error {
			var n int64
			err := errors.Join(tx.Create(&box{ID: "x", GridID: "a"}).Error, tx.Model(&box{}).Count(&n).Error)
			if err != nil || n != 1 {
				return fmt.Errorf("%d boxes, %w", n, err)
			}
			return errRefused
		}).run(l)
		expect(t, []error{err}, errRefused)
		var n int64
		if err := l.DB().Model(&box{}).Count(&n).Error; err != nil || n != 0 {
			t.Errorf("%d boxes, %v", n, err)
		}
	})
}

func TestAnnouncedReadThatCannotWorkIsRefused(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		decide := func(*gorm.DB) error { t.Error("decide ran"); return nil }
		run := func(read Read) error {
			return l.InGrids(context.Background(), []string{"a"}, []Read{read}, decide)
		}
		var hooked []hookedBox
		var n int
		for name, read := range map[string]Read{
			"no query":   func(tx *gorm.DB) *gorm.DB { return tx.Where("id = 1") },
			"raw scan":   func(tx *gorm.DB) *gorm.DB { return tx.Raw("SELECT 1").Scan(&n) },
			"after find": func(tx *gorm.DB) *gorm.DB { return tx.Find(&hooked) },
			"not there":  func(tx *gorm.DB) *gorm.DB { return tx.Table("nowhere").Find(&hooked) },
		} {
			if err := run(read); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		expect(t, []error{run(func(tx *gorm.DB) *gorm.DB { return tx.Where("grid_id = ?", "zzz").Take(&counter{}) })},
			gorm.ErrRecordNotFound)
		if err := l.InGrids(context.Background(), nil, nil, decide); err == nil {
			t.Error("no grid: no error")
		}
	})
}

type hookedBox struct{ box }

func (hookedBox) TableName() string         { return "boxes" }
func (*hookedBox) AfterFind(*gorm.DB) error { return nil }

func TestTargetsOfReadsAreEmptiedBeforeASecondRun(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		if err := l.DB().Create(&box{ID: "x", GridID: "a", Units: 1}).Error; err != nil {
			t.Fatal(err)
		}
		var all []box
		var one box
		var n int64
		empty := call{grids: []string{"a"}, reads: []Read{
			func(tx *gorm.DB) *gorm.DB { return tx.Where("units > 0").Find(&all) },
			func(tx *gorm.DB) *gorm.DB { return tx.Where("units > 0").Limit(1).Find(&one) },
			func(tx *gorm.DB) *gorm.DB { return tx.Model(&box{}).Where("units > 0").Count(&n) },
		}, decide: func(tx *gorm.DB) error {
			return tx.Model(&box{}).Where("id = ?", "x").Update("units", len(all)-1).Error
		}}
		again := call{grids: []string{"a"}, reads: empty.reads, decide: func(*gorm.DB) error {
			if len(all) != 0 || one.ID != "" || n != 0 {
				return fmt.Errorf("left over: %v %v %d", all, one, n)
			}
			return nil
		}}
		expect(t, together(t, l, empty, again), nil, nil)
	})
}

func TestRefusedStatementsHaveOneNameOnBoth(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		for name, c := range map[string]struct {
			also func(tx *gorm.DB) error
			want error
			says string
		}{
			"duplicate": {func(tx *gorm.DB) error { return tx.Create(&counter{GridID: "b"}).Error }, gorm.ErrDuplicatedKey, "counters"},
			"foreign":   {func(tx *gorm.DB) error { return tx.Create(&fact{ID: "f", GridID: "zzz", Seq: 1}).Error }, gorm.ErrForeignKeyViolated, ""},
			"check":     {func(tx *gorm.DB) error { return tx.Create(&box{ID: "b", Units: -1}).Error }, gorm.ErrCheckConstraintViolated, "boxes_units_check|units >= 0"},
			"late foreign": {func(tx *gorm.DB) error {
				return tx.Exec("INSERT INTO promises (id, grid_id) VALUES ('p', 'zzz')").Error
			}, gorm.ErrForeignKeyViolated, ""},
		} {
			err := appending("a", "never", c.also).run(l)
			expect(t, []error{err}, c.want)
			named := c.says == ""
			for word := range strings.SplitSeq(c.says, "|") {
				named = named || strings.Contains(fmt.Sprint(err), word)
			}
			if !named {
				t.Errorf("%s: %v does not say %s", name, err, c.says)
			}
			inTx := l.InTx(context.Background(), c.also)
			expect(t, []error{inTx}, c.want)
		}
		onlyThere(t, l)
	})
}

func TestErrorThatDecideSwallowsStillRefusesTheCommit(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		swallowing := func(tx *gorm.DB) error {
			tx.Create(&counter{GridID: "b"})
			return tx.Create(&box{ID: "x"}).Error
		}
		expect(t, []error{appending("a", "never", func(tx *gorm.DB) error { _ = swallowing(tx); return nil }).run(l)}, gorm.ErrDuplicatedKey)
		expect(t, []error{l.InTx(context.Background(), func(tx *gorm.DB) error { _ = swallowing(tx); return nil })}, gorm.ErrDuplicatedKey)
		onlyThere(t, l)
	})
}

func TestClosedLanesRefuse(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		entered, leave := make(chan struct{}), make(chan struct{})
		answer := make(chan error, 1)
		go func() {
			answer <- appending("a", "late", func(*gorm.DB) error { close(entered); <-leave; return nil }).run(l)
		}()
		<-entered
		closed := make(chan error, 1)
		go func() { closed <- l.Close() }()
		for l.enter() { // until Close has said so
			l.callers.Done()
		}
		expect(t, []error{appending("a", "never", nil).run(l), l.View(context.Background(), nil), l.InTx(context.Background(), nil)},
			ErrClosed, ErrClosed, ErrClosed)
		close(leave)
		expect(t, []error{<-answer, <-closed, l.Close()}, nil, nil, nil)
	})
}
