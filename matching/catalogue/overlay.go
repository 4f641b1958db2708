package catalogue

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// An overlay (LINLI_CATALOGUE) is one TSV file of up to three tables, each led
// by the line of its column names, as in data/. Rows of items replace or add
// by id. Rows of members replace all members of their class, rows of
// substitutes all pairs from their item; who = "-" leaves nobody. Empty lines
// and lines led by # are comments. A pharmacist's overlay begins with
//
//	# pharmacist: name, licence number, 2026-11-01
//
// and has a detached signature beside it (FILE.sig: base64 of the ed25519
// signature over the whole file). The city says whose key it trusts
// (LINLI_CATALOGUE_KEY, base64): a key that came with the file would prove
// nothing. With openssl 3 and an ed25519 key in key.pem:
//
//	openssl pkeyutl -sign -rawin -inkey key.pem -in FILE | base64 -w0 > FILE.sig
//	openssl pkey -in key.pem -pubout -outform DER | tail -c 32 | base64
//
// Only a signed overlay makes the catalogue reviewed, and only in it
// may anything become more open than in the embedded tables. A base unit never
// changes: what people have posted is counted in it.

// maxOverlay is far above any catalogue, and far below what would hurt.
const maxOverlay = 4 << 20

// lay puts an overlay over the tables and gives its text for the version.
func (c *Catalogue) lay(path, key string) ([]byte, error) {
	text, err := readFile(path, maxOverlay)
	if err != nil {
		return nil, fmt.Errorf("catalogue overlay: %w", err)
	}
	if c.signer, err = signer(path, key, text); err != nil {
		return nil, err
	}
	t, err := readTables(path, string(text))
	if err != nil {
		return nil, err
	}
	if len(t.items)+len(t.members)+len(t.pairs) == 0 {
		return nil, fmt.Errorf("%s line 1: there is no row", path)
	}
	if err := c.layItems(t.items); err != nil {
		return nil, err
	}
	c.close()
	if err := c.layMembers(t.members); err != nil {
		return nil, err
	}
	return text, c.layPairs(t.pairs)
}

func (c *Catalogue) layItems(rows []row) error {
	seen := map[ID]bool{}
	for _, r := range rows {
		item, err := readItem(r)
		if err != nil {
			return err
		}
		old, replaces := c.byID[item.ID]
		if seen[item.ID] {
			return fmt.Errorf("%s: %s stands twice", r.line, item.ID)
		}
		if replaces && item.BaseUnit != old.BaseUnit {
			return fmt.Errorf("%s: column base of %s stays %q", r.line, item.ID, old.BaseUnit)
		}
		if column := opens(old, item, replaces); column != "" && c.signer == "" {
			return fmt.Errorf("%s: column %s of %s would be more open than before; that takes a signed overlay", r.line, column, item.ID)
		}
		seen[item.ID] = true
		c.byID[item.ID] = item
		if i := slices.IndexFunc(c.items, func(o Item) bool { return o.ID == item.ID }); i >= 0 {
			c.items[i] = item
		} else {
			c.items = append(c.items, item)
		}
	}
	return nil
}

var proof = map[string]int{EvidenceNone: 0, EvidenceSeal: 1, EvidenceOTC: 2}

// opens names the first column by which a row is more open than the embedded
// one, or "". Name, kind and class decide which rules hold, so they count too.
func opens(old, item Item, replaces bool) string {
	if !replaces {
		if item.Share == ShareYes || item.Share == ShareWorker {
			return "share"
		}
		return ""
	}
	for _, check := range []struct {
		column string
		open   bool
	}{
		{"canonical", item.Name != old.Name},
		{"kind", item.Kind != old.Kind},
		{"share", item.Share != old.Share && old.Share != ShareYes && item.Share != ShareNever},
		{"rx_class", item.RxClass != old.RxClass && item.Share == ShareYes},
		{"min_age_months", item.MinAgeMonths < old.MinAgeMonths},
		{"avoid", !within(old.Avoid, item.Avoid)},
		{"evidence", proof[item.Evidence] < proof[old.Evidence]},
		{"lend", item.Lend && !old.Lend},
		{"sub_class", item.SubClass != old.SubClass},
		{"dup_group", !within(old.DupGroups, item.DupGroups)},
	} {
		if check.open {
			return check.column
		}
	}
	return ""
}

// close drops what stricter items no longer allow: who is too young for a
// member or a substitute, and pairs and members that are not shared any more.
func (c *Catalogue) close() {
	old := func(item Item, who []string) []string {
		return slices.DeleteFunc(slices.Clone(who), func(group string) bool { return youngest[group] < item.MinAgeMonths })
	}
	for i, m := range c.members {
		c.members[i].who = old(c.byID[m.item], m.who)
	}
	for i, p := range c.pairs {
		c.pairs[i].who = old(c.byID[p.To], p.who)
	}
	c.members = slices.DeleteFunc(c.members, func(m member) bool {
		return c.byID[m.class].Share == ShareYes && c.byID[m.item].Share != ShareYes
	})
	c.pairs = slices.DeleteFunc(c.pairs, func(p pair) bool {
		return c.byID[p.from].Share != ShareYes || c.byID[p.To].Share != ShareYes
	})
}

func (c *Catalogue) layMembers(rows []row) error {
	var laid []member
	for _, r := range rows {
		m, err := c.readMember(r)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(laid, func(o member) bool { return o.class == m.class && o.item == m.item }) {
			return fmt.Errorf("%s: %s stands twice", r.line, r.cells["member"])
		}
		for _, group := range m.who {
			if c.signer == "" && !slices.Contains(c.Members(m.class, group), m.item) {
				return fmt.Errorf("%s: column who: %q is new; that takes a signed overlay", r.line, group)
			}
		}
		laid = append(laid, m)
	}
	c.members = append(slices.DeleteFunc(c.members, func(o member) bool {
		return slices.ContainsFunc(laid, func(m member) bool { return m.class == o.class })
	}), laid...)
	return nil
}

func (c *Catalogue) layPairs(rows []row) error {
	var laid []pair
	for _, r := range rows {
		p, err := c.readPair(r)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(laid, func(o pair) bool { return o.from == p.from && o.To == p.To }) {
			return fmt.Errorf("%s: %s stands twice", r.line, r.cells["to"])
		}
		for _, group := range p.who {
			if c.signer == "" && !slices.Contains(c.Substitutes(p.from, group), p.Substitute) {
				return fmt.Errorf("%s: column who: %q is new, or the question is; that takes a signed overlay", r.line, group)
			}
		}
		laid = append(laid, p)
	}
	c.pairs = append(slices.DeleteFunc(c.pairs, func(o pair) bool {
		return slices.ContainsFunc(laid, func(p pair) bool { return p.from == o.from })
	}), laid...)
	return nil
}

// signer checks the signature with the trusted key. Without a key or without a
// signature the overlay is unsigned; one that does not fit is never ignored.
func signer(path, key string, text []byte) (string, error) {
	fail := func(why string) (string, error) { return "", fmt.Errorf("catalogue overlay %s: %s", path, why) }
	encoded, err := readFile(path+".sig", 1<<10)
	switch {
	case errors.Is(err, fs.ErrNotExist) || key == "":
		return "", nil
	case err != nil:
		return "", fmt.Errorf("catalogue overlay: %w", err)
	}
	public, err := base64.StdEncoding.DecodeString(strings.TrimSpace(key))
	if err != nil || len(public) != ed25519.PublicKeySize {
		return fail("the trusted key is not a base64 ed25519 public key")
	}
	signature, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(encoded)))
	if err != nil || !ed25519.Verify(public, text, signature) {
		return fail("the signature does not fit this file and the trusted key")
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(string(text), "\ufeff"), "\n")
	who, ok := strings.CutPrefix(strings.TrimSpace(first), "# pharmacist:")
	parts := list(who, ",")
	if !ok || len(parts) != 3 || !distinct(parts, same) || !plain(who) {
		return fail("line 1 is not like: # pharmacist: name, licence number, 2026-11-01")
	}
	if _, err := time.Parse(time.DateOnly, parts[2]); err != nil {
		return fail("line 1: the date is not like 2026-11-01")
	}
	return strings.Join(parts, ", "), nil
}

// readFile reads a file that is at most so long.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("%s is longer than %d bytes", path, most)
	}
	return text, nil
}
