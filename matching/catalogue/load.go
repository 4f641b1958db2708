package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Load reads the embedded tables and, where a path is given, the overlay over
// them; key is the base64 ed25519 key that is trusted to sign it. Everything
// is checked before anything is used.
func Load(overlay, key string) (*Catalogue, error) {
	c := &Catalogue{byID: map[ID]Item{}}
	hash := sha256.New()
	for _, name := range []string{"catalogue.tsv", "class_members.tsv", "substitutes.tsv"} {
		text, err := files.ReadFile("data/" + name)
		if err != nil {
			return nil, err
		}
		hash.Write(append(text, 0))
		t, err := readTables(name, string(text))
		if err != nil {
			return nil, err
		}
		if err := c.addTables(t); err != nil {
			return nil, err
		}
	}
	suffix := ""
	if overlay != "" {
		text, err := c.lay(overlay, key)
		if err != nil {
			return nil, err
		}
		hash.Write(append(text, 0))
		suffix = "+" + shortName(overlay)
	}
	c.version = hex.EncodeToString(hash.Sum(nil))[:12] + suffix
	c.index()
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return c, nil
}

// addTables appends rows that must be new.
func (c *Catalogue) addTables(t tables) error {
	for _, r := range t.items {
		item, err := readItem(r)
		if err != nil {
			return err
		}
		if known(c.byID, item.ID) {
			return fmt.Errorf("%s: %s stands twice", r.line, item.ID)
		}
		c.byID[item.ID] = item
		c.items = append(c.items, item)
	}
	for _, r := range t.members {
		m, err := c.readMember(r)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(c.members, func(o member) bool { return o.class == m.class && o.item == m.item }) {
			return fmt.Errorf("%s: %s stands twice", r.line, r.cells["member"])
		}
		c.members = append(c.members, m)
	}
	for _, r := range t.pairs {
		p, err := c.readPair(r)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(c.pairs, func(o pair) bool { return o.from == p.from && o.To == p.To }) {
			return fmt.Errorf("%s: %s stands twice", r.line, r.cells["to"])
		}
		c.pairs = append(c.pairs, p)
	}
	return nil
}

func (c *Catalogue) named(name string) (ID, bool) {
	i := slices.IndexFunc(c.items, func(item Item) bool { return item.Name == name })
	if i < 0 {
		return "", false
	}
	return c.items[i].ID, true
}

func (c *Catalogue) readMember(r row) (m member, err error) {
	var ok bool
	m.line = r.line
	if m.class, ok = c.named(r.cells["class"]); !ok {
		return m, r.bad("class")
	}
	if m.item, ok = c.named(r.cells["member"]); !ok {
		return m, r.bad("member")
	}
	m.who, err = readWho(r)
	return m, err
}

func (c *Catalogue) readPair(r row) (p pair, err error) {
	var ok bool
	p.line = r.line
	if p.from, ok = c.named(r.cells["from"]); !ok {
		return p, r.bad("from")
	}
	if p.To, ok = c.named(r.cells["to"]); !ok {
		return p, r.bad("to")
	}
	for _, column := range []string{"question_zh", "question_en", "source_or_reason"} {
		if r.cells[column] == "" {
			return p, r.bad(column)
		}
	}
	p.QuestionZH, p.QuestionEN, p.Reason = r.cells["question_zh"], r.cells["question_en"], r.cells["source_or_reason"]
	p.who, err = readWho(r)
	return p, err
}

// readWho reads "adult|elder"; "-" is nobody, which closes a row in an overlay.
func readWho(r row) ([]string, error) {
	who := list(r.cells["who"], "|")
	if r.cells["who"] == "" || !distinct(who, same) || !within(who, slices.Collect(maps.Keys(youngest))) {
		return nil, r.bad("who")
	}
	return who, nil
}

// shortName is the overlay's file name as it may stand in a version.
func shortName(path string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, strings.TrimSuffix(filepath.Base(path), ".tsv"))
	return name[:min(len(name), 24)]
}
