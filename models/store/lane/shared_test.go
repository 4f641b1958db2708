package lane

import (
	"errors"
	"testing"

	"gorm.io/gorm"
)

func TestRefusalDropsOnlyItsPart(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		refused := appending("a", "refused", nil)
		staging := refused.decide
		refused.decide = func(tx *gorm.DB) error { return errors.Join(staging(tx), errRefused) }
		expect(t, together(t, l, appending("a", "1", nil), refused, appending("a", "2", nil), appending("b", "3", nil)),
			nil, errRefused, nil, nil)
		expect(t, []error{refused.run(l)}, errRefused)
		onlyThere(t, l, "1", "2", "3")
	})
}

func TestPanicDropsOnlyItsPart(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		panicking := appending("a", "panicked", nil)
		staging := panicking.decide
		panicking.decide = func(tx *gorm.DB) error { _ = staging(tx); panic("no such luck") }
		answers := together(t, l, appending("a", "1", nil), panicking, appending("b", "2", nil))
		answers = append(answers, panicking.run(l))
		for i := range answers {
			var p *PanicError
			if panicked := errors.As(answers[i], &p); panicked != (i%2 == 1) || panicked && p.Value != "no such luck" {
				t.Errorf("answer %d: %v", i, answers[i])
			}
		}
		onlyThere(t, l, "1", "2")
	})
}

func TestDuplicateOfOneMemberLeavesTheOthersStored(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		expect(t, []error{appending("c", "there", nil).run(l)}, nil)
		expect(t, together(t, l, appending("a", "1", nil), appending("a", "there", nil), appending("a", "2", nil), appending("b", "3", nil)),
			nil, gorm.ErrDuplicatedKey, nil, nil)
		onlyThere(t, l, "there", "1", "2", "3")
	})
}

func TestStaleUpdateWritesNothing(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		stale := func(id string) call {
			return appending("a", id, func(tx *gorm.DB) error {
				return tx.Model(&counter{}).Where("grid_id = ? AND seq = ?", "b", 77).Update("seq", 78).Error
			})
		}
		twice := appending("a", "twice", func(tx *gorm.DB) error {
			return tx.Where("grid_id IN ?", []string{"b", "c"}).Delete(&counter{}).Error
		})
		expect(t, []error{stale("x").run(l), twice.run(l)}, ErrStale, ErrStale)
		expect(t, together(t, l, appending("a", "1", nil), stale("y"), appending("b", "2", nil)), nil, ErrStale, nil)
		onlyThere(t, l, "1", "2")
	})
}

func TestWriteMeantForManyMayMeetAnyNumber(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		for _, id := range []string{"x", "y"} {
			if err := l.DB().Create(&box{ID: id, GridID: "a", Units: 1}).Error; err != nil {
				t.Fatal(err)
			}
		}
		err := appending("a", "1", func(tx *gorm.DB) error {
			return errors.Join(
				Many(tx).Model(&box{}).Where("grid_id = ?", "a").Update("units", 5).Error,
				Many(tx).Where("grid_id = ?", "nowhere").Delete(&box{}).Error)
		}).run(l)
		var n int64
		expect(t, []error{err, l.DB().Model(&box{}).Where("units = 5").Count(&n).Error}, nil, nil)
		if n != 2 {
			t.Errorf("%d boxes changed, want 2", n)
		}
	})
}

// A refusal that was decided upon what another member had staged is void when
// that member is turned down.
func TestWhoWasRefusedBecauseOfAFailedNeighbourIsAskedAgain(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		if err := l.DB().Create(&box{ID: "last", GridID: "a", Units: 1}).Error; err != nil {
			t.Fatal(err)
		}
		taking := func(id string, also func(tx *gorm.DB) error) call {
			var b box
			c := appending("a", id, func(tx *gorm.DB) error {
				if b.Units == 0 {
					return errRefused
				}
				err := tx.Model(&box{}).Where("id = ?", b.ID).Update("units", b.Units-1).Error
				if also != nil {
					err = errors.Join(err, also(tx))
				}
				return err
			})
			c.reads = append(c.reads, func(tx *gorm.DB) *gorm.DB { return tx.Where("id = ?", "last").Take(&b) })
			return c
		}
		// Nobody sees before COMMIT that the promise cannot be kept.
		failing := taking("failing", func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO promises (id, grid_id) VALUES ('p', 'zzz')").Error
		})
		answers := together(t, l, failing, taking("neighbour", nil))
		// Alone the two may come in either order, so the first may also hear that none is left.
		if err := answers[0]; !errors.Is(err, gorm.ErrForeignKeyViolated) && !errors.Is(err, errRefused) {
			t.Errorf("the promise: %v", err)
		}
		expect(t, answers[1:], nil)
		onlyThere(t, l, "neighbour")
	})
}
