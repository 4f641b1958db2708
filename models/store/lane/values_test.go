package lane

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

type kind string

// kept has the kinds of columns that models use. Its serializer needs a key
// from the context.
type kept struct {
	ID     string         `gorm:"primaryKey"`
	Tags   []string       `gorm:"serializer:json"`
	Scores map[string]int `gorm:"serializer:json"`
	Made   time.Time
	Ended  *time.Time
	Note   *string
	Amount *int64
	Kind   kind
	Raw    []byte
	Flag   bool
	Empty  []byte `gorm:"serializer:keyed"`
}

func (kept) TableName() string { return "values_kept" }

type keyOf struct{}

// keyed adds a byte from the context to every byte, as sealing would.
type keyed struct{}

func (keyed) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, value any) error {
	key, ok := ctx.Value(keyOf{}).(byte)
	if !ok {
		return errors.New("no key in the context")
	}
	sealed, _ := value.([]byte)
	open := make([]byte, len(sealed))
	for i, b := range sealed {
		open[i] = b - key
	}
	field.ReflectValueOf(ctx, dst).SetBytes(open)
	return nil
}

func (keyed) Value(ctx context.Context, _ *schema.Field, _ reflect.Value, value any) (any, error) {
	key, ok := ctx.Value(keyOf{}).(byte)
	if !ok {
		return nil, errors.New("no key in the context")
	}
	var sealed []byte
	for _, b := range value.([]byte) {
		sealed = append(sealed, b+key)
	}
	return sealed, nil
}

func init() { schema.RegisterSerializer("keyed", keyed{}) }

func samples() []kept {
	made := time.Date(2026, 11, 23, 8, 30, 0, 120_000_000, time.FixedZone("Chongzhou", 8*3600))
	note, amount := "粒 \x27\"$1?", int64(1<<53+1)
	return []kept{
		{
			ID: "full", Tags: []string{"退烧药", "片"}, Scores: map[string]int{"a": 1}, Made: made, Ended: &made,
			Note: &note, Amount: &amount, Kind: "open", Raw: []byte{0, 1, 255}, Flag: true, Empty: []byte("door code"),
		},
		{ID: "nil", Made: made, Kind: "", Raw: nil, Empty: []byte{}},
	}
}

func same(t *testing.T, got []kept) {
	t.Helper()
	want := samples()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		for _, at := range []*time.Time{&g.Made, g.Ended} {
			if at != nil && at.Location() != time.UTC {
				t.Errorf("%s: time in %v, want UTC", g.ID, at.Location())
			}
		}
		if !g.Made.Equal(w.Made) || (g.Ended == nil) != (w.Ended == nil) || g.Ended != nil && !g.Ended.Equal(*w.Ended) {
			t.Errorf("%s: times %v %v, want %v %v", g.ID, g.Made, g.Ended, w.Made, w.Ended)
		}
		g.Made, g.Ended, w.Made, w.Ended = time.Time{}, nil, time.Time{}, nil
		if !reflect.DeepEqual(g, w) {
			t.Errorf("%s:\n got %+v\nwant %+v", g.ID, g, w)
		}
	}
}

func TestValuesSurviveEveryDoor(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		ctx := context.WithValue(context.Background(), keyOf{}, byte(7))
		all := func(got *[]kept) Read {
			return func(tx *gorm.DB) *gorm.DB { return tx.Order("id").Find(got) }
		}
		check := func(door string) {
			var announced, asked []kept
			err := l.InGrids(ctx, []string{"a"}, []Read{all(&announced)}, func(tx *gorm.DB) error { return all(&asked)(tx).Error })
			if err != nil {
				t.Fatalf("%s: %v", door, err)
			}
			same(t, announced)
			same(t, asked)
			var viewed []kept
			if err := l.View(ctx, func(tx *gorm.DB) error { return all(&viewed)(tx).Error }); err != nil {
				t.Fatalf("%s: %v", door, err)
			}
			same(t, viewed)
			if err := Many(l.DB()).Where("1 = 1").Delete(&kept{}).Error; err != nil {
				t.Fatal(err)
			}
		}
		write := func(tx *gorm.DB) error {
			rows := samples()
			full, empty := rows[0], kept{ID: "nil", Kind: "changed", Raw: []byte("old"), Note: rows[0].Note, Made: time.Unix(0, 0)}
			if err := errors.Join(tx.Create(&full).Error, tx.Create(&empty).Error); err != nil {
				return err
			}
			// What is staged has the values of this moment.
			full.Tags[0], *full.Note, full.Raw[0], *full.Ended = "changed", "changed", 9, time.Now()
			return tx.Model(&rows[1]).Select("*").Updates(&rows[1]).Error
		}
		if err := l.InGrids(ctx, []string{"a"}, nil, write); err != nil {
			t.Fatal(err)
		}
		check("InGrids")
		if err := l.InTx(ctx, write); err != nil {
			t.Fatal(err)
		}
		check("InTx")
	})
}

func TestMapsAndPlainTargetsCanBeAnnounced(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		var rows []map[string]any
		var ids []string
		var n int64
		err := l.InGrids(context.Background(), []string{"a"}, []Read{
			func(tx *gorm.DB) *gorm.DB { return tx.Table("counters").Order("grid_id").Find(&rows) },
			func(tx *gorm.DB) *gorm.DB { return tx.Model(&counter{}).Order("grid_id").Pluck("grid_id", &ids) },
			func(tx *gorm.DB) *gorm.DB { return tx.Model(&counter{}).Where("grid_id > ?", "a").Count(&n) },
		}, func(*gorm.DB) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 3 || rows[1]["grid_id"] != "b" || !reflect.DeepEqual(ids, []string{"a", "b", "c"}) || n != 2 {
			t.Errorf("%v %v %d", rows, ids, n)
		}
	})
}
