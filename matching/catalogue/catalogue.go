// Package catalogue holds what can be asked and offered: items with their
// names, ingredients, ages, conditions and sharing policy, the members of
// class rows and the reviewed pairs of substitutes.
//
// The embedded tables (data/) and an optional overlay flow in; lookups and
// searches flow out. Nothing here decides who gets what: that is matching.
package catalogue

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"sync"
)

//go:embed data/*.tsv
var files embed.FS

// ID names an item ("M004"); ids are never reused.
type ID = string

// The kinds of item.
const (
	KindDrug   = "drug"
	KindDevice = "device"
	KindSupply = "supply"
	KindClass  = "class" // a kind of thing, met by its members
)

// The sharing policies.
const (
	ShareYes    = "yes"
	ShareDoctor = "doctor" // family doctor or clinic, no match
	ShareNever  = "never"  // refuse, recovery point
	ShareWorker = "worker" // from the worker's own supply only
)

// What must be seen before giving.
const (
	EvidenceSeal = "seal"
	EvidenceOTC  = "otc"
	EvidenceNone = "none"
)

// Pack says how many base units are commonly in one measure; the giver is
// asked, this is only the default.
type Pack struct {
	Unit string
	Size int
}

// Item is one row.
type Item struct {
	ID           ID
	Name         string
	NameEN       string
	Kind         string
	Category     string
	Ingredients  string
	Forms        string
	Aliases      []string
	MinAgeMonths int
	Avoid        []string
	Audience     string
	RxClass      string
	Confidence   string
	Share        string
	ShareReason  string
	Evidence     string
	Lend         bool
	Units        []string
	Packs        []Pack
	BaseUnit     string
	SubClass     string
	DupGroups    []string
	Notes        string
}

// Substitute is a reviewed pair: what may be given instead, and what must be
// asked first; any yes or no answer means no.
type Substitute struct {
	To         ID
	QuestionZH string
	QuestionEN string
	Reason     string
}

// The age groups of the member and substitute tables.
const (
	Infant = "infant" // below 24 months
	Child  = "child"  // 24 to 143
	Teen   = "teen"   // 144 to 215
	Adult  = "adult"  // 216 to 719
	Elder  = "elder"  // from 720
)

type pair struct {
	from ID
	who  []string
	Substitute
}

type member struct {
	class, item ID
	who         []string
}

// Catalogue is a checked set of tables; it does not change after loading.
type Catalogue struct {
	items    []Item
	byID     map[ID]Item
	members  []member
	pairs    []pair
	version  string
	signer   string
	searches []entry
}

// Embedded is the catalogue that is built in.
var Embedded = sync.OnceValue(func() *Catalogue {
	c, err := Load("", "")
	if err != nil {
		panic(err) // the tables are part of the program and tested
	}
	return c
})

// Version names the content; every plan keeps it.
func (c *Catalogue) Version() string { return c.version }

// Reviewed tells whether a pharmacist has signed this catalogue, and who.
func (c *Catalogue) Reviewed() (bool, string) { return c.signer != "", c.signer }

// Item gives a row by id.
func (c *Catalogue) Item(id ID) (Item, bool) {
	item, ok := c.byID[id]
	return item, ok
}

// Items lists all rows in id order.
func (c *Catalogue) Items() []Item { return c.items }

// Members lists what may stand for a class for somebody of that age group, in
// the order of the table.
func (c *Catalogue) Members(class ID, group string) []ID {
	var ids []ID
	for _, m := range c.members {
		if m.class == class && contains(m.who, group) {
			ids = append(ids, m.item)
		}
	}
	return ids
}

// Substitutes lists the reviewed pairs from an item for that age group.
func (c *Catalogue) Substitutes(from ID, group string) []Substitute {
	var found []Substitute
	for _, p := range c.pairs {
		if p.from == from && contains(p.who, group) {
			found = append(found, p.Substitute)
		}
	}
	return found
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func versionOf(texts ...[]byte) string {
	h := sha256.New()
	for _, text := range texts {
		h.Write(text)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
