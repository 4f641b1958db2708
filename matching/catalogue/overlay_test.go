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

const pharmacist = "# pharmacist: 王药师, 川药 0001, 2026-11-01\n"

// city is whose key is trusted.
type city struct {
	key     string
	private ed25519.PrivateKey
}

func newCity(t *testing.T) city {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return city{base64.StdEncoding.EncodeToString(public), private}
}

func overlay(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "overlay.tsv")
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (c city) sign(t *testing.T, path, body string) string {
	t.Helper()
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(c.private, []byte(body)))
	if err := os.WriteFile(path+".sig", []byte(signature+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// changed is an item row with some cells set.
func changed(t *testing.T, id ID, cells map[string]string) []string {
	t.Helper()
	row := rowOf(t, id)
	for column, cell := range cells {
		row[slices.Index(itemColumns, column)] = cell
	}
	return row
}

// suppository is a row that only a doctor gives, though it is no prescription drug.
const suppository = "M007"

func TestOverlay_SignedMakesItReviewedAndMayOpenARow(t *testing.T) {
	t.Parallel()
	town := newCity(t)
	body := pharmacist + tsv(itemColumns, changed(t, suppository, map[string]string{"share": "yes", "min_age_months": "6", "evidence": "otc"}),
		changed(t, "M004", map[string]string{"id": "M9001", "canonical": "对乙酰氨基酚分散片", "name_en": "Paracetamol dispersible", "aliases": "-"}),
		memberColumns, []string{"儿童退烧药", "布洛芬混悬液", "child"}, []string{"退烧药", "对乙酰氨基酚分散片", "adult"},
		pairColumns, []string{"布洛芬", "对乙酰氨基酚分散片", "adult", "可以吗?", "All right?", "审过"})
	c, err := Load(town.sign(t, overlay(t, body), body), town.key)
	if err != nil {
		t.Fatal(err)
	}
	reviewed, who := c.Reviewed()
	if item, _ := c.Item(suppository); item.Share != ShareYes || item.MinAgeMonths != 6 || !reviewed || who != "王药师, 川药 0001, 2026-11-01" {
		t.Errorf("%v %v %q", item.Share, reviewed, who)
	}
	if len(c.Items()) != len(Embedded().Items())+1 || !slices.Equal(c.Members("M140", Adult), []ID{"M9001"}) ||
		c.Members("M140", Elder) != nil || !slices.Equal(c.Members("M141", Child), []ID{"M002"}) {
		t.Errorf("%v %v", c.Members("M140", Adult), c.Members("M141", Child))
	}
	if pairs := c.Substitutes("M001", Adult); len(pairs) != 1 || pairs[0].To != "M9001" || len(c.Substitutes("M004", Adult)) != 1 {
		t.Errorf("%v", pairs)
	}
	if hits := c.Search("对乙酰氨基酚分散片", 1); len(hits) != 1 || hits[0].Item.ID != "M9001" {
		t.Errorf("%v", names(hits))
	}
	if v := c.Version(); len(v) != 12+len("+overlay") || !strings.HasSuffix(v, "+overlay") || v[:12] == Embedded().Version() {
		t.Errorf("version %s beside %s", v, Embedded().Version())
	}
}

func TestOverlay_UnsignedIsNotReviewedAndMayBeStricter(t *testing.T) {
	t.Parallel()
	body := tsv(itemColumns, changed(t, "M001", map[string]string{"share": "never", "share_reason": "今年不收"}),
		changed(t, "M059", map[string]string{"min_age_months": "720", "avoid": "pregnant|nursing|liver"}),
		changed(t, "M105", map[string]string{"id": "M9001", "canonical": "新药", "name_en": "New", "aliases": "-"}),
		memberColumns, []string{"喉咙药", "金嗓子喉片", "adult"}, []string{"止泻药", "蒙脱石散", "-"},
		pairColumns, []string{"西瓜霜润喉片", "金嗓子喉片", "-", "问", "ask", "停用"})
	c, err := Load(overlay(t, body), "")
	if err != nil {
		t.Fatal(err)
	}
	if reviewed, who := c.Reviewed(); reviewed || who != "" {
		t.Errorf("nobody signed it: %q", who)
	}
	if got := c.Members("M140", Adult); !slices.Equal(got, []ID{"M004"}) {
		t.Errorf("what is not shared any more still stands for its class: %v", got)
	}
	if len(c.Substitutes("M004", Adult)) != 0 || len(c.Substitutes("M001", Adult)) != 0 || len(c.Substitutes("M073", Adult)) != 0 {
		t.Error("a closed pair is open")
	}
	if got := c.Members("M142", Adult); !slices.Equal(got, []ID{"M019"}) {
		t.Errorf("a member for older people: %v", got)
	}
	if c.Members("M145", Adult) != nil || !slices.Equal(c.Members("M146", Adult), []ID{"M075"}) || c.Members("M146", Elder) != nil {
		t.Errorf("%v %v", c.Members("M145", Adult), c.Members("M146", Adult))
	}
}

func TestOverlay_UnsignedMayNotOpenAnything(t *testing.T) {
	t.Parallel()
	for column, cells := range map[string]map[string]string{
		"share":          {"share": "yes", "evidence": "otc"},
		"canonical":      {"canonical": "退热神药"},
		"kind":           {"kind": "supply"},
		"min_age_months": {"min_age_months": "0"},
		"avoid":          {"avoid": "-"},
		"evidence":       {"evidence": "none"},
		"dup_group":      {"dup_group": "-"},
		"sub_class":      {"sub_class": "x"},
	} {
		_, err := Load(overlay(t, tsv(itemColumns, changed(t, suppository, cells))), "")
		if err == nil || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), column) || !strings.Contains(err.Error(), "signed") {
			t.Errorf("%v: %v", cells, err)
		}
	}
	for name, body := range map[string]string{
		"a never row":       tsv(itemColumns, changed(t, "M089", map[string]string{"share": "yes"})),
		"never to worker":   tsv(itemColumns, changed(t, "M089", map[string]string{"share": "worker"})),
		"doctor to worker":  tsv(itemColumns, changed(t, suppository, map[string]string{"share": "worker"})),
		"another class":     tsv(itemColumns, changed(t, "M004", map[string]string{"rx_class": "food"})),
		"a loan":            tsv(itemColumns, changed(t, "M147", map[string]string{"lend": "yes"})),
		"a new row":         tsv(itemColumns, changed(t, "M004", map[string]string{"id": "M9001", "canonical": "新", "name_en": "New", "aliases": "-"})),
		"a new member":      tsv(memberColumns, []string{"退烧药", "布洛芬", "elder"}),
		"a new pair":        tsv(pairColumns, []string{"感冒灵颗粒", "感冒清热颗粒", "adult", "可以吗?", "All right?", "x"}),
		"a milder question": tsv(pairColumns, []string{"布洛芬", "对乙酰氨基酚", "adult", "可以吗?", "All right?", "x"}),
	} {
		if _, err := Load(overlay(t, body), ""); err == nil || !strings.Contains(err.Error(), "signed overlay") {
			t.Errorf("%s: %v", name, err)
		}
		// The same under a signature that nobody checks is as good as none.
		path := newCity(t).sign(t, overlay(t, pharmacist+body), pharmacist+body)
		if _, err := Load(path, ""); err == nil {
			t.Errorf("%s: taken without a trusted key", name)
		}
	}
}

func TestOverlay_NoSignatureLiftsTheLaw(t *testing.T) {
	t.Parallel()
	town := newCity(t)
	for name, body := range map[string]string{
		"a prescription":     tsv(itemColumns, changed(t, "M105", map[string]string{"share": "yes"})),
		"a controlled drug":  tsv(itemColumns, changed(t, "M119", map[string]string{"share": "yes"})),
		"a drug unseen":      tsv(itemColumns, changed(t, "M004", map[string]string{"evidence": "none"})),
		"another base unit":  tsv(itemColumns, changed(t, "M004", map[string]string{"base": "粒", "pack": ""})),
		"a name of another":  tsv(itemColumns, changed(t, "M004", map[string]string{"aliases": "阿莫西林"})),
		"a child's swap":     tsv(pairColumns, []string{"布洛芬混悬液", "对乙酰氨基酚混悬液", "child", "可以吗?", "All right?", "x"}),
		"tablets for bags":   tsv(memberColumns, []string{"感冒药", "维C银翘片", "adult"}),
		"a row twice":        tsv(itemColumns, rowOf(t, "M004"), rowOf(t, "M004")),
		"a member twice":     tsv(memberColumns, []string{"退烧药", "布洛芬", "teen"}, []string{"退烧药", "布洛芬", "adult"}),
		"an unknown member":  tsv(memberColumns, []string{"退烧药", "神药", "adult"}),
		"an unknown class":   tsv(memberColumns, []string{"神药类", "布洛芬", "adult"}),
		"an unknown group":   tsv(memberColumns, []string{"退烧药", "布洛芬", "grown-up"}),
		"nobody by mistake":  tsv(memberColumns, []string{"退烧药", "布洛芬", ""}),
		"no question":        tsv(pairColumns, []string{"布洛芬", "对乙酰氨基酚", "adult", "", "All right?", "x"}),
		"no row at all":      tsv(itemColumns),
		"nothing but a word": "hello\n",
	} {
		body = pharmacist + body
		_, err := Load(town.sign(t, overlay(t, body), body), town.key)
		if err == nil || !strings.Contains(err.Error(), "overlay") && !strings.Contains(err.Error(), "leads to") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOverlay_ASignatureMustFit(t *testing.T) {
	t.Parallel()
	town, stranger := newCity(t), newCity(t)
	body := pharmacist + tsv(itemColumns, changed(t, suppository, map[string]string{"share": "yes", "evidence": "otc"}))
	for name, load := range map[string]func() (*Catalogue, error){
		"a stranger's":  func() (*Catalogue, error) { return Load(stranger.sign(t, overlay(t, body), body), town.key) },
		"an older file": func() (*Catalogue, error) { return Load(town.sign(t, overlay(t, body), body+"\n"), town.key) },
		"no key":        func() (*Catalogue, error) { return Load(town.sign(t, overlay(t, body), body), "not a key") },
		"no base64": func() (*Catalogue, error) {
			path := overlay(t, body)
			if err := os.WriteFile(path+".sig", []byte("?"), 0o600); err != nil {
				t.Fatal(err)
			}
			return Load(path, town.key)
		},
		"no licence": func() (*Catalogue, error) {
			body := strings.Replace(body, "川药 0001, ", "", 1)
			return Load(town.sign(t, overlay(t, body), body), town.key)
		},
		"no date": func() (*Catalogue, error) {
			body := strings.Replace(body, "2026-11-01", "soon", 1)
			return Load(town.sign(t, overlay(t, body), body), town.key)
		},
		"no name": func() (*Catalogue, error) {
			body := strings.TrimPrefix(body, pharmacist)
			return Load(town.sign(t, overlay(t, body), body), town.key)
		},
		"a missing file": func() (*Catalogue, error) { return Load(filepath.Join(t.TempDir(), "none.tsv"), town.key) },
		"a huge file": func() (*Catalogue, error) {
			return Load(overlay(t, "#"+strings.Repeat("x", maxOverlay)), town.key)
		},
	} {
		if c, err := load(); err == nil || c != nil || !strings.Contains(err.Error(), "catalogue overlay") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOverlay_BadRowsNameLineAndColumn(t *testing.T) {
	t.Parallel()
	for column, bad := range map[string]string{"kind": "pill", "min_age_months": "-1", "avoid": "headache", "share": "maybe", "pack": "盒=粒", "base": "箱"} {
		body := "# a comment\n\n" + tsv(itemColumns, changed(t, "M105", map[string]string{column: bad}))
		_, err := Load(overlay(t, body), "")
		if err == nil || !strings.Contains(err.Error(), "overlay.tsv line 4: column "+column) {
			t.Errorf("column %s = %q: %v", column, bad, err)
		}
	}
}
