package understand

import "unicode/utf8"

// character is what the tables say of one Chinese character.
type character struct {
	simplified uint16 // 0: it is
	syllable   uint16 // its number; 0: nobody knows how it sounds
}

// characters are those from 一 on, in one block: every character of a message is
// looked up, and what is asked of it stands together.
type characters struct {
	all       [lastHan - firstHan + 1]character
	syllables []string // by number
}

const firstHan, lastHan = 0x4E00, 0x9FFF

func readCharacters() *characters {
	c := &characters{syllables: []string{""}}
	for _, r := range open("traditional.tsv", "simplified", "traditional") {
		s, _ := utf8.DecodeRuneInString(r.cells[0])
		for _, t := range r.cells[1] {
			if of := c.of(t); of != nil {
				of.simplified = uint16(s)
			}
		}
	}
	for _, r := range open("pinyin.tsv", "syllable", "characters") {
		for _, t := range r.cells[1] {
			if of := c.of(t); of != nil {
				of.syllable = uint16(len(c.syllables))
			}
		}
		c.syllables = append(c.syllables, r.cells[0])
	}
	return c
}

// of is nil for what is no character of the block.
func (c *characters) of(r rune) *character {
	if r < firstHan || r > lastHan {
		return nil
	}
	return &c.all[r-firstHan]
}

// sound gives the syllable, 药 → yao; "" where nobody knows it.
func (c *characters) sound(r rune) string {
	if of := c.of(r); of != nil {
		return c.syllables[of.syllable]
	}
	return ""
}

// simple gives the simplified character.
func (c *characters) simple(r rune) rune {
	if of := c.of(r); of != nil && of.simplified != 0 {
		return rune(of.simplified)
	}
	return r
}
