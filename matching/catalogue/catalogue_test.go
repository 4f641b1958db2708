package catalogue

import (
	"crypto/ed25519"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryRowKeepsTheRulesOfSharing(t *testing.T) {
	t.Parallel()
	c := Embedded()
	if len(c.Items()) < 150 {
		t.Fatalf("%d items", len(c.Items()))
	}
	for _, item := range c.Items() {
		prescription := strings.HasPrefix(item.RxClass, "Rx") || item.RxClass == "narcotic" ||
			strings.HasPrefix(item.RxClass, "psychotropic") || item.RxClass == "unapproved"
		if prescription && item.Share == ShareYes {
			t.Errorf("%s %s is %s and shared", item.ID, item.Name, item.RxClass)
		}
		if item.Kind == KindDrug && item.Share == ShareYes && item.Evidence == EvidenceNone {
			t.Errorf("%s %s is a drug and nothing must be seen of it", item.ID, item.Name)
		}
		if item.Share != ShareYes && item.ShareReason == "" {
			t.Errorf("%s %s is not shared and does not say why", item.ID, item.Name)
		}
		if item.Kind == KindDrug && slices.Contains(item.DupGroups, "NSAID") && item.SubClass != "topical_nsaid" &&
			!slices.Contains(item.Avoid, "pregnant") {
			t.Errorf("%s %s: an NSAID that pregnant women are not asked about", item.ID, item.Name)
		}
		if slices.Contains(item.DupGroups, "APAP") && !slices.Contains(item.Avoid, "liver") {
			t.Errorf("%s %s holds paracetamol and does not ask about the liver", item.ID, item.Name)
		}
	}
}

func TestClassesAndPairsNameWhatMayBeShared(t *testing.T) {
	t.Parallel()
	c := Embedded()
	for _, m := range c.members {
		if item := c.byID[m.item]; item.Share != ShareYes {
			t.Errorf("%s stands for a class and is not shared", item.Name)
		}
	}
	for _, p := range c.pairs {
		if item := c.byID[p.To]; item.Share != ShareYes {
			t.Errorf("%s is a substitute and is not shared", item.Name)
		}
		for _, who := range p.who {
			if c.byID[p.To].Kind == KindDrug && (who == Infant || who == Child) {
				t.Errorf("a medicine is substituted for a %s", who)
			}
		}
	}
	if got := c.Members("M140", Elder); len(got) != 1 || got[0] != "M004" {
		t.Errorf("fever medicine at 60 and over: %v", got)
	}
	if got := c.Members("M141", Infant); len(got) != 0 {
		t.Errorf("fever medicine for an infant is guessed: %v", got)
	}
}

func TestNamesLeadToOneItem(t *testing.T) {
	t.Parallel()
	c := Embedded()
	first := map[string]ID{}
	for _, e := range c.searches {
		if known, ok := first[e.key]; ok && known != e.item {
			t.Errorf("%q names %s and %s", e.name, known, e.item)
		}
		first[e.key] = e.item
	}
}

func TestSearch_KeepsBrandsApart(t *testing.T) {
	t.Parallel()
	c := Embedded()
	for query, want := range map[string]string{
		"美林": "布洛芬混悬液", "退烧药": "退烧药", "泰诺": "酚麻美敏片", "泰诺林": "对乙酰氨基酚", "维C银翘片": "维C银翘片",
		"银翘解毒片": "银翘解毒片", "感冒清热": "感冒清热颗粒", "感冒灵": "感冒灵颗粒", "小儿感冒颗粒": "小儿感冒颗粒",
		"小儿感冒灵颗粒": "小儿感冒灵颗粒", "川贝枇杷膏": "蜜炼川贝枇杷膏", "强力枇杷露": "强力枇杷露", "藿香正气水": "藿香正气水",
		"藿香正气口服液": "藿香正气液", "ｂｌ芬": "布洛芬", "Ｎ９５": "KN95口罩", "kangyuan": "抗原试剂盒", " 布 洛 芬 ": "布洛芬",
	} {
		hits := c.Search(query, 8)
		if len(hits) == 0 || hits[0].Item.Name != want || hits[0].Near {
			t.Errorf("%s finds %v, want %s", query, hits, want)
		}
	}
	names := map[string]bool{}
	for _, h := range c.Search("美林", 8) {
		names[h.Item.Name] = true
	}
	if !names["布洛芬混悬滴剂"] {
		t.Error("美林 does not show the drops, which are easily mistaken")
	}
}

func TestSearch_SaysWhenNothingFits(t *testing.T) {
	t.Parallel()
	hits := Embedded().Search("布洛坊", 8)
	if len(hits) == 0 || len(hits) > 3 || !hits[0].Near {
		t.Fatalf("%v", hits)
	}
	for _, empty := range []string{"", "  ", "！？", strings.Repeat("药", 5000)} {
		if hits := Embedded().Search(empty, 8); len(hits) > 8 {
			t.Errorf("%d hits for nothing", len(hits))
		}
	}
}

// overlay writes a file of one row, made of the embedded one, and its signature.
func overlay(t *testing.T, change func(row []string), sign bool) (path, key string) {
	t.Helper()
	text, err := files.ReadFile("data/catalogue.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	row := strings.Split(lines[105], "\t") // M105
	change(row)
	body := "# pharmacist: 王药师, 川药 0001, 2026-11-01\n" + lines[0] + "\n" + strings.Join(row, "\t") + "\n"
	path = filepath.Join(t.TempDir(), "overlay.tsv")
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	if sign {
		signature := base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(body)))
		if err := os.WriteFile(path+".sig", []byte(signature), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path, base64.StdEncoding.EncodeToString(public)
}

const shareColumn = 13

func TestOverlay_SignedMakesItReviewedAndMayOpenARow(t *testing.T) {
	t.Parallel()
	path, key := overlay(t, func(row []string) { row[shareColumn] = ShareYes }, true)
	c, err := Load(path, key)
	if err != nil {
		t.Fatal(err)
	}
	reviewed, who := c.Reviewed()
	if item, _ := c.Item("M105"); item.Share != ShareYes || !reviewed || !strings.Contains(who, "王药师") {
		t.Fatalf("%v %v %q", item.Share, reviewed, who)
	}
	if c.Version() == Embedded().Version() {
		t.Error("another catalogue has the same version")
	}
}

func TestOverlay_UnsignedIsNotReviewedAndMayOnlyBeStricter(t *testing.T) {
	t.Parallel()
	path, key := overlay(t, func(row []string) { row[shareColumn] = ShareNever }, false)
	c, err := Load(path, key)
	if err != nil {
		t.Fatal(err)
	}
	if reviewed, _ := c.Reviewed(); reviewed {
		t.Error("nobody signed it")
	}
	path, key = overlay(t, func(row []string) { row[shareColumn] = ShareYes }, false)
	if _, err := Load(path, key); err == nil {
		t.Error("an unsigned row is shared more freely")
	}
	path, _ = overlay(t, func(row []string) { row[shareColumn] = ShareYes }, true)
	_, stranger := overlay(t, func([]string) {}, true)
	if _, err := Load(path, stranger); err == nil {
		t.Error("a stranger's signature is taken")
	}
}

func TestOverlay_BadRowsNameLineAndColumn(t *testing.T) {
	t.Parallel()
	for column, bad := range map[int]string{3: "pill", 8: "-1", 9: "headache", shareColumn: "maybe", 18: "盒=粒", 19: "箱"} {
		path, _ := overlay(t, func(row []string) { row[column] = bad }, false)
		_, err := Load(path, "")
		if err == nil || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), columns[column]) {
			t.Errorf("column %s = %q: %v", columns[column], bad, err)
		}
	}
}

func FuzzSearchAndTables(f *testing.F) {
	for _, seed := range []string{"布洛芬", "N95", "\xff", "ＡＢＣ", "id\tcanonical", strings.Repeat("\u0301", 90), "999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if hits := Embedded().Search(text, 5); len(hits) > 5 {
			t.Fatalf("%d hits", len(hits))
		}
		rows, err := table("fuzz", text, columns)
		if err != nil {
			return
		}
		for _, row := range rows {
			if item, err := readItem(row); err == nil && !slices.Contains(item.Units, item.BaseUnit) {
				t.Fatalf("%+v", item)
			}
		}
	})
}
