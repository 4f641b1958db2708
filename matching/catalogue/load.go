package catalogue

import (
	"fmt"
	"slices"
	"strings"
)

// Load reads the embedded tables and, where a path is given, the overlay over
// them (overlay.go); key is the base64 ed25519 key that is trusted to sign it.
// Everything is checked before anything is used.
func Load(overlay, key string) (*Catalogue, error) {
	var texts [][]byte
	for _, name := range []string{"catalogue.tsv", "class_members.tsv", "substitutes.tsv"} {
		text, err := files.ReadFile("data/" + name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	c := &Catalogue{byID: map[ID]Item{}}
	rows, err := table("catalogue.tsv", string(texts[0]), columns)
	if err != nil {
		return nil, err
	}
	if err := c.addItems(rows); err != nil {
		return nil, err
	}
	if overlay != "" {
		text, err := c.lay(overlay, key)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	if err := c.addMembers(string(texts[1])); err != nil {
		return nil, err
	}
	if err := c.addPairs(string(texts[2])); err != nil {
		return nil, err
	}
	c.version = versionOf(texts...)
	c.index()
	return c, nil
}

func (c *Catalogue) addItems(rows []map[string]string) error {
	for _, row := range rows {
		item, err := readItem(row)
		if err != nil {
			return err
		}
		if _, twice := c.byID[item.ID]; twice {
			return fmt.Errorf("%s: %s stands twice", row["line"], item.ID)
		}
		c.byID[item.ID] = item
		c.items = append(c.items, item)
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

func (c *Catalogue) addMembers(text string) error {
	rows, err := table("class_members.tsv", text, []string{"class", "member", "who"})
	if err != nil {
		return err
	}
	for _, row := range rows {
		class, okClass := c.named(row["class"])
		item, okItem := c.named(row["member"])
		if !okClass || !okItem || c.byID[class].Kind != KindClass {
			return fmt.Errorf("%s: no such class or member", row["line"])
		}
		c.members = append(c.members, member{class: class, item: item, who: strings.Split(row["who"], "|")})
	}
	return nil
}

func (c *Catalogue) addPairs(text string) error {
	rows, err := table("substitutes.tsv", text, []string{"from", "to", "who", "question_zh", "question_en", "source_or_reason"})
	if err != nil {
		return err
	}
	for _, row := range rows {
		from, okFrom := c.named(row["from"])
		to, okTo := c.named(row["to"])
		if !okFrom || !okTo || row["question_zh"] == "" || row["question_en"] == "" {
			return fmt.Errorf("%s: no such item, or no question", row["line"])
		}
		c.pairs = append(c.pairs, pair{from: from, who: strings.Split(row["who"], "|"), Substitute: Substitute{To: to,
			QuestionZH: row["question_zh"], QuestionEN: row["question_en"], Reason: row["source_or_reason"]}})
	}
	return nil
}
