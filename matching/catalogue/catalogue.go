// Package catalogue holds what can be asked and offered: items with their
// names, ingredients, ages, conditions and sharing policy, the members of
// class rows and the reviewed pairs of substitutes.
//
// The embedded tables (data/, with DIFFERENCES.md beside them) and an optional
// overlay (overlay.go says what it looks like) flow in; lookups and searches
// flow out. All is checked while loading: a row that breaks a law of laws.go
// never becomes a catalogue. Nothing here decides who gets what: that is
// matching.
package catalogue

import (
	"embed"
	"slices"
	"sync"
)

//go:embed data/*.tsv
var files embed.FS

// ID names an item ("M004"); ids are never reused.
type ID = string

// Pack says how many base units are commonly in one measure; the giver is
// asked, this is only the default. Size 1 is another word for the base unit.
type Pack struct {
	Unit string
	Size int
}

// Item is one row; whoever gets one must not change its lists.
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
	Confidence   string // how sure RxClass is: h, m, l
	Share        string
	ShareReason  string
	Evidence     string
	Lend         bool
	Units        []string
	Packs        []Pack
	BaseUnit     string // every quantity is a whole number of it
	SubClass     string // for search and figures, never permission to substitute
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

type member struct {
	class, item ID
	who         []string
	line        string
}

type pair struct {
	from ID
	who  []string
	Substitute
	line string
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

// Version names the content, and the overlay where there is one; every plan
// keeps it.
func (c *Catalogue) Version() string { return c.version }

// Reviewed tells whether a pharmacist has signed this catalogue, and who.
func (c *Catalogue) Reviewed() (bool, string) { return c.signer != "", c.signer }

// Item gives a row by id.
func (c *Catalogue) Item(id ID) (Item, bool) {
	item, ok := c.byID[id]
	return item, ok
}

// Items lists all rows, the embedded ones in id order and new ones after them.
func (c *Catalogue) Items() []Item { return slices.Clone(c.items) }

// Members lists what may stand for a class for somebody of that age group, in
// the order of the table.
func (c *Catalogue) Members(class ID, group string) []ID {
	var ids []ID
	for _, m := range c.members {
		if m.class == class && slices.Contains(m.who, group) {
			ids = append(ids, m.item)
		}
	}
	return ids
}

// Substitutes lists the reviewed pairs from an item for that age group.
func (c *Catalogue) Substitutes(from ID, group string) []Substitute {
	var found []Substitute
	for _, p := range c.pairs {
		if p.from == from && slices.Contains(p.who, group) {
			found = append(found, p.Substitute)
		}
	}
	return found
}
