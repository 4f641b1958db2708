package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The three tables by their columns. A table ends where the next begins, so an
// overlay may hold all three in one file under one signature.
var (
	itemColumns = []string{"id", "canonical", "name_en", "kind", "category", "ingredients", "forms", "aliases",
		"min_age_months", "avoid", "audience", "rx_class", "class_conf", "share", "share_reason", "evidence", "lend", "units",
		"pack", "base", "sub_class", "dup_group", "notes"}
	memberColumns = []string{"class", "member", "who"}
	pairColumns   = []string{"from", "to", "who", "question_zh", "question_en", "source_or_reason"}
)

// What a file may hold at most; a cell is text for one screen.
const (
	maxRows = 5000
	maxCell = 1000
)

// row is one line of a table: its cells by column, and where it stands.
type row struct {
	line  string
	cells map[string]string
}

func (r row) bad(column string) error {
	return fmt.Errorf("%s: column %s cannot be %q", r.line, column, r.cells[column])
}

type tables struct{ items, members, pairs []row }

// readTables reads a text of one or more tables; whatever is no row of a known
// table is an error with its line.
func readTables(name, text string) (tables, error) {
	var t tables
	var want []string
	var into *[]row
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells, where := strings.Split(line, "\t"), fmt.Sprintf("%s line %d", name, i+1)
		switch {
		case slices.Equal(cells, itemColumns):
			want, into = itemColumns, &t.items
			continue
		case slices.Equal(cells, memberColumns):
			want, into = memberColumns, &t.members
			continue
		case slices.Equal(cells, pairColumns):
			want, into = pairColumns, &t.pairs
			continue
		case into == nil:
			return tables{}, fmt.Errorf("%s: want the columns %s, or those of members or substitutes", where, strings.Join(itemColumns, ", "))
		case len(cells) != len(want):
			return tables{}, fmt.Errorf("%s: %d cells, want %d", where, len(cells), len(want))
		case len(t.items)+len(t.members)+len(t.pairs) == maxRows:
			return tables{}, fmt.Errorf("%s: more than %d rows", where, maxRows)
		}
		r := row{where, make(map[string]string, len(want))}
		for j, column := range want {
			r.cells[column] = strings.TrimSpace(cells[j])
			if !plain(r.cells[column]) {
				return tables{}, r.bad(column)
			}
		}
		*into = append(*into, r)
	}
	return t, nil
}

// plain text has no control characters and an end.
func plain(cell string) bool {
	return utf8.ValidString(cell) && utf8.RuneCountInString(cell) <= maxCell &&
		!strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError })
}

// readItem gives the item of a row and checks what the row alone can show:
// unknown words are refused, never guessed.
func readItem(r row) (Item, error) {
	c := r.cells
	item := Item{ID: c["id"], Name: c["canonical"], NameEN: c["name_en"], Kind: c["kind"], Category: c["category"],
		Ingredients: c["ingredients"], Forms: c["forms"], Aliases: list(c["aliases"], "|"), Avoid: list(c["avoid"], "|"),
		Audience: c["audience"], RxClass: c["rx_class"], Confidence: c["class_conf"], Share: c["share"],
		ShareReason: c["share_reason"], Evidence: c["evidence"], Lend: c["lend"] == "yes", Units: list(c["units"], "/"),
		BaseUnit: c["base"], SubClass: c["sub_class"], DupGroups: list(c["dup_group"], ","), Notes: c["notes"]}
	var err error
	if item.MinAgeMonths, err = strconv.Atoi(c["min_age_months"]); err != nil {
		return Item{}, r.bad("min_age_months")
	}
	if item.Packs, err = packs(c["pack"], item.BaseUnit); err != nil {
		return Item{}, r.bad("pack")
	}
	if column := wrong(item, c["lend"]); column != "" {
		return Item{}, r.bad(column)
	}
	return item, nil
}

// packs reads "盒=24粒|板=12粒"; sizes are in base units.
func packs(text, base string) ([]Pack, error) {
	var all []Pack
	for _, part := range list(text, "|") {
		unit, size, found := strings.Cut(part, "=")
		number, counted := strings.CutSuffix(size, base)
		n, err := strconv.Atoi(number)
		if !found || !counted || err != nil || n < 1 || n > 1000 {
			return nil, fmt.Errorf("%q is not like 盒=24%s", part, base)
		}
		all = append(all, Pack{Unit: unit, Size: n})
	}
	return all, nil
}

func list(text, by string) []string {
	if text == "" || text == "-" {
		return nil
	}
	parts := strings.Split(text, by)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}
