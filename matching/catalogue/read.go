package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Conditions are the words that the avoid column may hold.
var Conditions = []string{"pregnant", "nursing", "ulcer", "kidney", "liver", "anticoagulant", "hypertension", "asthma",
	"driving", "alcohol", "g6pd", "iodine", "thyroid"}

var columns = []string{"id", "canonical", "name_en", "kind", "category", "ingredients", "forms", "aliases",
	"min_age_months", "avoid", "audience", "rx_class", "class_conf", "share", "share_reason", "evidence", "lend", "units",
	"pack", "base", "sub_class", "dup_group", "notes"}

// table is a TSV text as rows by column name; a row that is too short or too
// long is an error with its line.
func table(name, text string, want []string) ([]map[string]string, error) {
	lines := strings.Split(strings.TrimPrefix(strings.TrimRight(text, "\n"), "\ufeff"), "\n")
	if !slices.Equal(strings.Split(strings.TrimRight(lines[0], "\r"), "\t"), want) {
		return nil, fmt.Errorf("%s line 1: want the columns %s", name, strings.Join(want, ", "))
	}
	var rows []map[string]string
	for i, line := range lines[1:] {
		cells := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if len(cells) != len(want) {
			return nil, fmt.Errorf("%s line %d: %d cells, want %d", name, i+2, len(cells), len(want))
		}
		row := make(map[string]string, len(want))
		for j, column := range want {
			row[column] = strings.Trim(strings.TrimSpace(cells[j]), `"`)
		}
		row["line"] = fmt.Sprintf("%s line %d", name, i+2)
		rows = append(rows, row)
	}
	return rows, nil
}

// readItem checks a row: unknown words are refused, never guessed.
func readItem(row map[string]string) (Item, error) {
	fail := func(column string) (Item, error) {
		return Item{}, fmt.Errorf("%s: column %s cannot be %q", row["line"], column, row[column])
	}
	item := Item{ID: row["id"], Name: row["canonical"], NameEN: row["name_en"], Kind: row["kind"],
		Category: row["category"], Ingredients: row["ingredients"], Forms: row["forms"], Aliases: list(row["aliases"], "|"),
		Avoid: list(row["avoid"], "|"), Audience: row["audience"], RxClass: row["rx_class"], Confidence: row["class_conf"],
		Share: row["share"], ShareReason: row["share_reason"], Evidence: row["evidence"], Lend: row["lend"] == "yes",
		Units: list(row["units"], "/"), BaseUnit: row["base"], SubClass: row["sub_class"], DupGroups: list(row["dup_group"], ","),
		Notes: row["notes"]}
	words := []struct {
		column  string
		allowed []string
	}{
		{"kind", []string{KindDrug, KindDevice, KindSupply, KindClass}},
		{"share", []string{ShareYes, ShareDoctor, ShareNever, ShareWorker}},
		{"evidence", []string{EvidenceSeal, EvidenceOTC, EvidenceNone}},
		{"lend", []string{"yes", "no"}},
		{"class_conf", []string{"h", "m", "l"}},
	}
	for _, w := range words {
		if !slices.Contains(w.allowed, row[w.column]) {
			return fail(w.column)
		}
	}
	for _, a := range item.Avoid {
		if !slices.Contains(Conditions, a) {
			return fail("avoid")
		}
	}
	if len(item.ID) != 4 || item.ID[0] != 'M' {
		return fail("id")
	}
	if item.Name == "" || item.NameEN == "" {
		return fail("canonical")
	}
	if !slices.Contains(item.Units, item.BaseUnit) {
		return fail("base")
	}
	var err error
	if item.MinAgeMonths, err = strconv.Atoi(row["min_age_months"]); err != nil || item.MinAgeMonths < 0 || item.MinAgeMonths > 1200 {
		return fail("min_age_months")
	}
	if item.Packs, err = packs(row["pack"], item.BaseUnit); err != nil {
		return fail("pack")
	}
	return item, nil
}

// packs reads "盒=24粒|板=12粒"; sizes are in base units.
func packs(text, base string) ([]Pack, error) {
	var all []Pack
	for _, part := range list(text, "|") {
		unit, size, found := strings.Cut(part, "=")
		n, err := strconv.Atoi(strings.TrimSuffix(size, base))
		if !found || err != nil || n < 1 || !strings.HasSuffix(size, base) {
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
