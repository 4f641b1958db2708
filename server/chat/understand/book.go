package understand

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"linli/matching/catalogue"
)

// The tables in data/ are what a community worker may correct. Each begins
// with the line of its column names; an empty line and one led by # are
// skipped. Every row carries an example and what must come of it, and a test
// tries each phrase of each row: {} in an example stands for the phrase.
//
//go:embed data/*.tsv
var files embed.FS

// book is everything that is known about words.
type book struct {
	han        *characters
	names      *names
	cues       *cues
	weights    *weights // of the intent, and of what bars the goods
	measures   *trie    // written measure → index of units
	units      []string
	people     *trie
	bands      []string
	conditions conditions
}

// row is one line of a table.
type row struct {
	line  string
	cells []string
}

// readTable gives the rows of a table below its columns.
func readTable(name, text string, columns ...string) ([]row, error) {
	var rows []row
	headed := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		where := fmt.Sprintf("%s line %d", name, i+1)
		if len(cells) != len(columns) {
			return nil, fmt.Errorf("%s: %d cells, want %s", where, len(cells), strings.Join(columns, ", "))
		}
		if !headed {
			if strings.Join(cells, "\t") != strings.Join(columns, "\t") {
				return nil, fmt.Errorf("%s: want the columns %s", where, strings.Join(columns, ", "))
			}
			headed = true
			continue
		}
		for j, cell := range cells {
			cells[j] = strings.TrimSpace(cell)
			if cells[j] == "" {
				return nil, fmt.Errorf("%s: %s is empty", where, columns[j])
			}
		}
		rows = append(rows, row{where, cells})
	}
	return rows, nil
}

// open reads a table that is built in.
func open(name string, columns ...string) []row {
	text, err := fs.ReadFile(files, "data/"+name)
	if err != nil {
		panic(err) // it is part of the program
	}
	rows, err := readTable(name, string(text), columns...)
	if err != nil {
		panic(err) // the tables are part of the program and tested
	}
	return rows
}

// tables are the part of a book that does not depend on the catalogue.
var tables = sync.OnceValue(func() *book {
	b := &book{han: readCharacters(), measures: newTrie(), people: newTrie()}
	for _, r := range open("measures.tsv", "unit", "written", "example", "expect") {
		for _, w := range split(r.cells[1]) {
			b.measures.add([]rune(w), int32(len(b.units)))
		}
		b.units = append(b.units, r.cells[0])
	}
	for _, r := range open("people.tsv", "band", "written", "example", "expect") {
		for _, w := range split(r.cells[1]) {
			b.people.add([]rune(w), int32(len(b.bands)))
		}
		b.bands = append(b.bands, r.cells[0])
	}
	b.conditions = readConditions()
	b.measures.freeze()
	b.people.freeze()
	b.cues = readCues(open("cues.tsv", "means", "written", "example", "expect"), readClasses(open("classes.tsv", "class", "words")))
	b.weights = readWeights(asked{"intent.tsv", intents}, asked{"bar.tsv", bars})
	return b
})

// split gives the ways to write something that stand in one cell.
func split(cell string) []string { return strings.Split(cell, "|") }

// newBook joins the tables with a catalogue.
func newBook(c *catalogue.Catalogue) (*book, error) {
	b := *tables()
	var err error
	b.names, err = b.readNames(c)
	return &b, err
}
