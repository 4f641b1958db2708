package lane

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"gorm.io/gorm"
)

func TestMergedText_NumbersTheRowsOn(t *testing.T) {
	var m mergedTexts
	for _, c := range []struct {
		sql   string
		args  int
		times int
		want  string
	}{
		{`INSERT INTO "t" ("a","b") VALUES ($1,$2)`, 2, 3, `INSERT INTO "t" ("a","b") VALUES ($1,$2),($3,$4),($5,$6)`},
		{`INSERT INTO "t" ("a") VALUES ($1),($2)`, 2, 2, `INSERT INTO "t" ("a") VALUES ($1),($2),($3),($4)`},
		{`INSERT INTO "t" ("a","b") VALUES ($1,$2),($3,$4),($5,$6),($7,$8),($9,$10)`, 10, 2,
			`INSERT INTO "t" ("a","b") VALUES ($1,$2),($3,$4),($5,$6),($7,$8),($9,$10),($11,$12),($13,$14),($15,$16),($17,$18),($19,$20)`},
	} {
		for range 2 { // made, and remembered
			if got := m.rows(c.sql, c.args, c.times); got != c.want {
				t.Errorf("%s", got)
			}
		}
	}
}

func TestIsInsert_OnlyOfPlainRows(t *testing.T) {
	for sql, want := range map[string]bool{
		`INSERT INTO "t" ("a") VALUES ($1)`:                                      true,
		`INSERT INTO "t" ("a") VALUES ($1),($2)`:                                 true,
		`INSERT INTO "t" ("a") VALUES ($1) ON CONFLICT DO NOTHING`:               false,
		`INSERT INTO "t" ("a") VALUES ($1) RETURNING "id"`:                       false,
		`INSERT INTO "t" ("a") VALUES (now())`:                                   false,
		`INSERT INTO "t" ("a") SELECT $1`:                                        false,
		`UPDATE "t" SET "a" = $1`:                                                false,
		`WITH w AS (INSERT INTO "t" ("a") VALUES ($1) RETURNING 1) SELECT 1 / 1`: false,
	} {
		if got := isInsert(statement{sql: sql, args: []any{1}}); got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
	if isInsert(statement{sql: `INSERT INTO "t" ("a") VALUES ($1)`, args: []any{1}, one: true}) {
		t.Error("a statement that must count for itself was merged")
	}
}

// sent lists what a talk has queued, without its BEGIN.
func sent(t *talk) (texts []string) {
	for _, q := range t.batch.QueuedQueries[1:] {
		texts = append(texts, fmt.Sprint(q.SQL, q.Arguments))
	}
	return texts
}

// Alike parts travel statement by statement, inserts by twos and fours; who
// writes something else travels as before; the order within each stays.
func TestMerge_KeepsTheOrderOfEveryMember(t *testing.T) {
	insert, update := `INSERT INTO "t" ("a") VALUES ($1)`, `WITH w AS (…) SELECT`
	alike := func(n int) *part {
		return &part{staged: []statement{{insert, []any{n}, false}, {update, []any{n}, true}, {insert, []any{n * 10}, false}}}
	}
	other := &part{staged: []statement{{update, []any{9}, true}, {insert, []any{9}, false}}}
	talk := newTalk(t.Context(), nil)
	talk.merge([]*part{alike(1), alike(2), other, alike(3)})
	two := `INSERT INTO "t" ("a") VALUES ($1),($2)`
	want := []string{two + "[1 2]", insert + "[3]", update + "[1]", update + "[2]", update + "[3]", two + "[10 20]", insert + "[30]",
		update + "[9]", insert + "[9]"}
	if got := sent(talk); !slices.Equal(got, want) || talk.writes != len(want) {
		t.Errorf("%d writes: %q", talk.writes, got)
	}
}

// A merged insert that the server refuses costs nobody else anything.
func TestMerge_DuplicateInAMergedInsertLeavesTheOthersStored(t *testing.T) {
	onBoth(t, Options{}, func(t *testing.T, l *Lanes) {
		expect(t, []error{appending("c", "there", nil).run(l)}, nil)
		expect(t, together(t, l, appending("a", "1", nil), appending("b", "there", nil), appending("c", "2", nil)),
			nil, gorm.ErrDuplicatedKey, nil)
		onlyThere(t, l, "there", "1", "2")
		refused := appending("b", "refused", nil)
		staging := refused.decide
		refused.decide = func(tx *gorm.DB) error { return errors.Join(staging(tx), errRefused) }
		expect(t, together(t, l, appending("a", "3", nil), refused, appending("c", "4", nil)), nil, errRefused, nil)
		onlyThere(t, l, "there", "1", "2", "3", "4")
	})
}
