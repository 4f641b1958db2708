package catalogue

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestRows_KeepTheRulesOfSharing(t *testing.T) {
	t.Parallel()
	items := Embedded().Items()
	if len(items) != 150 {
		t.Errorf("%d items, DIFFERENCES.md says 150", len(items))
	}
	for _, item := range items {
		medicine := item.Kind == KindDrug || item.Kind == KindClass
		if rxClasses[item.RxClass] && item.Share == ShareYes {
			t.Errorf("%s %s is %s and shared", item.ID, item.Name, item.RxClass)
		}
		if medicine && item.Share == ShareYes && item.Evidence != EvidenceOTC {
			t.Errorf("%s %s is a medicine and its OTC mark need not be seen", item.ID, item.Name)
		}
		if slices.Contains(item.DupGroups, "NSAID") && !slices.Contains(item.Avoid, Pregnant) {
			t.Errorf("%s %s: an NSAID that pregnant women are not asked about", item.ID, item.Name)
		}
		if slices.Contains(item.DupGroups, "APAP") && !slices.Contains(item.Avoid, Liver) {
			t.Errorf("%s %s holds paracetamol and does not ask about the liver", item.ID, item.Name)
		}
		if slices.Contains(item.DupGroups, "EPH") && !slices.Contains(item.Avoid, Hypertension) {
			t.Errorf("%s %s holds ephedra and does not ask about blood pressure", item.ID, item.Name)
		}
		for _, herb := range []string{"金银花", "人工牛黄", "小檗碱"} {
			if strings.Contains(item.Ingredients, herb) && !slices.Contains(item.Avoid, G6PD) {
				t.Errorf("%s %s holds %s and does not ask about G6PD deficiency", item.ID, item.Name, herb)
			}
		}
	}
}

// A child under 12 gets only what is made for one child's dose; a row that
// mixes forms or strengths starts at 12 (DIFFERENCES.md).
func TestRows_ForYoungChildrenAreOfOneForm(t *testing.T) {
	t.Parallel()
	oneDose := map[ID]string{"M030": "6 to 11: half a tablet or one", "M031": "6 to 11: half a tablet or one",
		"M043": "bottles of one strength; granules are named apart", "M084": "only bags are taken"}
	for _, item := range Embedded().Items() {
		if item.Kind == KindDrug && item.Share == ShareYes && item.MinAgeMonths < 144 &&
			strings.Contains(item.Forms, "/") && oneDose[item.ID] == "" {
			t.Errorf("%s %s: %s from %d months", item.ID, item.Name, item.Forms, item.MinAgeMonths)
		}
	}
}

// Whatever a giver may count in is the base unit, another word for it, or
// something that is opened and counted: the giver is asked how many are in it.
func TestRows_UnitsCanBeCounted(t *testing.T) {
	t.Parallel()
	holders := strings.Split("盒板瓶包袋箱支", "")
	for _, item := range Embedded().Items() {
		if item.Share != ShareYes {
			continue
		}
		for _, unit := range item.Units {
			named := slices.ContainsFunc(item.Packs, func(p Pack) bool { return p.Unit == unit })
			if unit != item.BaseUnit && !named && !slices.Contains(holders, unit) {
				t.Errorf("%s %s: how many %s are in a %s?", item.ID, item.Name, item.BaseUnit, unit)
			}
		}
	}
	for id, want := range map[ID]string{"M001": "粒", "M002": "瓶", "M004": "片", "M018": "贴", "M019": "袋", "M123": "支", "M124": "个", "M140": "片"} {
		if item, _ := Embedded().Item(id); item.BaseUnit != want {
			t.Errorf("%s is counted in %s, not %s", id, item.BaseUnit, want)
		}
	}
}

func TestRows_UseEveryWordOfTheVocabulary(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, item := range Embedded().Items() {
		for _, word := range append(slices.Clone(item.Avoid), item.DupGroups...) {
			used[word] = true
		}
		used[item.RxClass] = true
	}
	for _, word := range append(append(dupCodes(), Conditions...), slices.Collect(maps.Keys(rxClasses))...) {
		if !used[word] {
			t.Errorf("no row uses %s", word)
		}
	}
}

func TestMembers_OnlyThoseThatFitThePerson(t *testing.T) {
	t.Parallel()
	c := Embedded()
	for _, x := range []struct {
		class, group string
		want         []ID
	}{
		{"M140", Infant, nil}, {"M140", Child, nil}, {"M140", Teen, []ID{"M004", "M001"}}, {"M140", Adult, []ID{"M004", "M001"}},
		{"M140", Elder, []ID{"M004"}}, {"M141", Infant, nil}, {"M141", Child, []ID{"M002", "M005"}}, {"M141", Adult, nil},
		{"M142", Adult, []ID{"M019", "M059"}}, {"M142", Elder, []ID{"M059"}}, {"M053", Adult, nil}, {"M004", Adult, nil}, {"M140", "nobody", nil},
	} {
		if got := c.Members(x.class, x.group); !slices.Equal(got, x.want) {
			t.Errorf("%s for %s: %v, want %v", x.class, x.group, got, x.want)
		}
	}
}

func TestSubstitutes_AreClosedByDefault(t *testing.T) {
	t.Parallel()
	c := Embedded()
	var open []string
	for _, item := range c.Items() {
		for group := range youngest {
			for _, s := range c.Substitutes(item.ID, group) {
				open = append(open, item.ID+">"+s.To+" "+group)
				if s.QuestionZH == "" || s.QuestionEN == "" {
					t.Errorf("%s to %s asks nothing", item.ID, s.To)
				}
			}
		}
	}
	slices.Sort(open)
	want := []string{"M001>M004 adult", "M001>M004 elder", "M004>M001 adult", "M056>M055 adult", "M056>M055 elder",
		"M073>M075 adult", "M073>M075 elder", "M075>M073 adult", "M075>M073 elder",
		"M124>M125 adult", "M124>M125 elder", "M124>M125 teen", "M125>M124 adult", "M125>M124 elder", "M125>M124 teen",
		"M127>M128 adult", "M127>M128 child", "M127>M128 elder", "M127>M128 teen",
		"M128>M127 adult", "M128>M127 child", "M128>M127 elder", "M128>M127 infant", "M128>M127 teen"}
	if !slices.Equal(open, want) {
		t.Errorf("open are %v", open)
	}
}

func TestItems_CannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	c := Embedded()
	c.Items()[0].Share = "changed"
	if item := c.Items()[0]; item.Share != ShareYes {
		t.Error("the list of the catalogue itself was handed out")
	}
	if _, ok := c.Item("M999"); ok {
		t.Error("M999 is known")
	}
}

// Every law is broken once: with the row as it is the tables load, with the
// broken one they do not, and the column is named.
func TestReadItem_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("药", maxCell+1)
	for column, all := range map[string][]string{
		"id": {"", "X001", "M1", "M001 ", "M000001"}, "canonical": {"", "!!"}, "name_en": {"", "-"}, "kind": {"", "pill"},
		"aliases": {"a||b", "a|A", "布洛芬", "a|!"}, "min_age_months": {"", "-1", "721", "1.5", "1e3"},
		"avoid": {"headache", "liver|liver", "liver||kidney"}, "audience": {"", "X", "AA"}, "rx_class": {"", "otc", "Rx"},
		"class_conf": {"", "x"}, "share": {"", "maybe"}, "share_reason": {""}, "evidence": {"", "seen", "none"},
		"lend": {"", "yes"}, "units": {"盒/盒/粒"}, "pack": {"盒", "盒=", "盒=0粒", "盒=24片", "盒=24粒|盒=12粒", "粒=1粒", "桶=2粒", "盒=99999粒"},
		"base": {"", "箱"}, "dup_group": {"XYZ", "NSAID,NSAID"}, "notes": {long, "a\x00b", "a\xffb"},
	} {
		for _, bad := range all {
			row := rowOf(t, "M001")
			row[slices.Index(itemColumns, column)] = bad
			got, err := readTables("x.tsv", tsv(itemColumns, row))
			if err == nil && len(got.items) == 1 {
				_, err = readItem(got.items[0])
			}
			if column == "id" && strings.TrimSpace(bad) == "M001" {
				continue // spaces around a cell are no mistake
			}
			named := column
			if column == "rx_class" && bad == "Rx" {
				named = "share" // a prescription drug that is shared
			}
			if column == "base" && err != nil {
				named = "" // the packs are counted in it and may complain first
			}
			if err == nil || !strings.Contains(err.Error(), "x.tsv line 2") || !strings.Contains(err.Error(), named) {
				t.Errorf("column %s = %.20q: %v", column, bad, err)
			}
		}
	}
}

func TestReadTables_NameTheLine(t *testing.T) {
	t.Parallel()
	head := strings.Join(itemColumns, "\t")
	for text, want := range map[string]string{
		"M001\tx":                           "line 1",
		"id\tcanonical":                     "line 1",
		head + "\nM001\tx":                  "line 2: 2 cells, want 23",
		"\n# note\n" + head + "\n\na\tb":    "line 5",
		"class\tmember\twho\na\tb\tc\nd\te": "line 3: 2 cells, want 3",
		head + strings.Repeat("\n"+strings.Repeat("\t", 22)+"x", maxRows+1): "more than 5000 rows",
	} {
		if _, err := readTables("x.tsv", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %s", text, err, want)
		}
	}
	got, err := readTables("x.tsv", "\ufeff"+head+"\r\n"+strings.Join(rowOf(t, "M001"), "\t")+"\r\n")
	if err != nil || len(got.items) != 1 {
		t.Errorf("a file from Windows: %v", err)
	}
}

func TestCheck_RefusesWhatDoesNotFitTogether(t *testing.T) {
	t.Parallel()
	c := Embedded()
	item := func(id ID, change func(*Item)) Item {
		i, _ := c.Item(id)
		if change != nil {
			change(&i)
		}
		return i
	}
	fever, cold, tablets, bags := item("M140", nil), item("M142", nil), item("M004", nil), item("M019", nil)
	for name, why := range map[string]string{
		"a drug as class":       c.wrongMember(tablets, bags, []string{Adult}),
		"a class as member":     c.wrongMember(fever, item("M140", func(i *Item) { i.ID = "M9001" }), []string{Adult}),
		"a refused member":      c.wrongMember(fever, item("M004", func(i *Item) { i.Share = ShareDoctor }), []string{Adult}),
		"tablets for bags":      c.wrongMember(cold, item("M029", nil), []string{Adult}),
		"an unasked condition":  c.wrongMember(item("M140", func(i *Item) { i.Avoid = append(slices.Clone(i.Avoid), Iodine) }), tablets, []string{Adult}),
		"a child":               c.wrongMember(fever, tablets, []string{Child}),
		"itself":                wrongPair(tablets, tablets, []string{Adult}),
		"a class for a thing":   wrongPair(fever, tablets, []string{Adult}),
		"a device for a drug":   wrongPair(tablets, item("M127", nil), []string{Adult}),
		"a prescription":        wrongPair(tablets, item("M105", nil), []string{Adult}),
		"bags for tablets":      wrongPair(tablets, bags, []string{Adult}),
		"medicine for a child":  wrongPair(item("M002", nil), item("M005", nil), []string{Child}),
		"too young for the new": wrongPair(item("M059", nil), item("M056", func(i *Item) { i.BaseUnit = "袋" }), []string{Teen}),
	} {
		if why == "" {
			t.Errorf("%s: nothing is said", name)
		}
	}
	if why := c.wrongMember(fever, item("M001", nil), []string{Adult, Teen}); why != "" {
		t.Errorf("capsules count as tablets: %s", why)
	}
}

func rowOf(t *testing.T, id ID) []string {
	t.Helper()
	text, err := files.ReadFile("data/catalogue.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, id+"\t") {
			return strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		}
	}
	t.Fatalf("no row %s", id)
	return nil
}

func tsv(rows ...[]string) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = strings.Join(row, "\t")
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestItem_HoldsTheWholeRow(t *testing.T) {
	t.Parallel()
	got, _ := Embedded().Item("M054")
	if got.Packs == nil || got.NameEN == "" || got.Category == "" || got.Ingredients == "" || got.Forms == "" || got.Notes == "" ||
		!reflect.DeepEqual(got.Packs, []Pack{{"盒", 24}, {"板", 12}}) || !reflect.DeepEqual(got.DupGroups, []string{"EPH", "GLY"}) {
		t.Errorf("%+v", got)
	}
	if got, _ := Embedded().Item("M127"); !got.Lend {
		t.Error("a thermometer is not lent")
	}
}
