package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/models/store/storetest"
)

// dump reads every row of every table, not through the store, in a form that
// is the same on both databases: sorted, times in UTC, JSON without its spaces.
func dump(t *testing.T, b storetest.Bench) map[string][]string {
	t.Helper()
	db := b.Bare(t)
	all := map[string][]string{}
	for _, table := range b.Tables(t, db) {
		if table != "leases" { // stays where it is, see TestArchive_NamesEveryTable
			all[table] = rowsOf(t, db, table)
		}
	}
	return all
}

func rowsOf(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	texts := []string{}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		must(t, rows.Scan(targets...))
		cells := []string{}
		for i, v := range values {
			cells = append(cells, columns[i]+"="+plain(v))
		}
		texts = append(texts, strings.Join(cells, " "))
	}
	must(t, rows.Err())
	slices.Sort(texts)
	return texts
}

func plain(v any) string {
	switch v := v.(type) {
	case []byte:
		return plain(string(v))
	case string:
		var value any
		if (strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[")) && json.Unmarshal([]byte(v), &value) == nil {
			text, _ := json.Marshal(value)
			return string(text)
		}
		return fmt.Sprintf("%q", v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case bool:
		if v {
			return "1"
		}
		return "0"
	}
	return fmt.Sprint(v)
}

// sameDump complains about every table that differs, but for one row of meta.
func sameDump(t *testing.T, what string, got, want map[string][]string) {
	t.Helper()
	for table := range want {
		g, w := got[table], want[table]
		if table == "meta" {
			g, w = withoutEpoch(g), withoutEpoch(w)
		}
		if slices.Equal(g, w) {
			continue
		}
		t.Errorf("%s: %s has %d rows, not %d", what, table, len(g), len(w))
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Errorf("  first difference:\n  %s\n  %s", g[i], w[i])
				break
			}
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d tables, not %d", what, len(got), len(want))
	}
}

func withoutEpoch(rows []string) []string {
	return slices.DeleteFunc(slices.Clone(rows), func(row string) bool { return strings.Contains(row, `name="epoch"`) })
}
