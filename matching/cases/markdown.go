package cases

import (
	"fmt"
	"strings"
)

// readMarkdown reads a page for reviewers. "## " opens a case with its title,
// plain lines below explain it, and each line of a list is a fact or an
// expectation: the word of its kind, values in order, then words or name=value.
// What stands before the first case and under "# " is for the reader only.
func readMarkdown(text string) ([]sheet, error) {
	var all []sheet
	var s *sheet
	for i, line := range strings.Split(text, "\n") {
		place := fmt.Sprintf("line %d", i+1)
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			all = append(all, sheet{title: strings.TrimSpace(title), place: place})
			s = &all[len(all)-1]
			continue
		}
		if strings.HasPrefix(line, "# ") {
			s = nil
		}
		if s == nil || line == "" {
			continue
		}
		fact, ok := strings.CutPrefix(line, "- ")
		if !ok {
			s.why = strings.TrimSpace(s.why + "\n" + line)
			continue
		}
		if err := s.readLine(strings.Fields(fact), place); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, flaw("", "没有案例：JSON 以 { 开头，案例书里每个案例以“## 题目”开头", "no case: JSON begins with {, and each case of a book with \"## title\"")
	}
	return all, nil
}

func (s *sheet) readLine(words []string, place string) error {
	if len(words) == 0 {
		return nil
	}
	rest := value{text: strings.Join(words[1:], " "), place: place}
	switch words[0] {
	case "现在":
		if s.now.text != "" {
			return flaw(place, "“现在”写了两次", "\"现在\" stands twice")
		}
		s.now = rest
		return nil
	case "应", "绝不", "must", "never":
		s.expect = append(s.expect, value{text: strings.Join(words, " "), place: place})
		return nil
	}
	k := kindNamed(words[0])
	if k == nil {
		return flaw(place, "不认得“%s”：这一行要以 户 求 有 曾 窗 问过 邻 别处 站 规 现在 应 绝不 开头", "a line cannot begin with %q", words[0])
	}
	r := record{kind: k, place: place, fields: map[string]value{}}
	if len(words) <= k.inOrder {
		return flaw(place, "“%s”后面至少要写 %d 样", "%q wants at least %d values", words[0], k.inOrder)
	}
	for i, word := range words[1:] {
		name := ""
		key, v, named := strings.Cut(word, "=")
		switch {
		case i < k.inOrder:
			name, v = k.fields[i].key, word
		case named:
			name = key
		default:
			name, v = k.bare(word), word
			if name == "" {
				return flaw(place, "不认得“%s”", "%q means nothing here", word)
			}
		}
		if err := r.add(name, value{text: v, place: place}); err != nil {
			return err
		}
	}
	s.records = append(s.records, r)
	return nil
}

// bare is the field that a word belongs to by itself.
func (k *kind) bare(word string) string {
	for _, f := range k.fields {
		if f.bare != nil && f.bare(word) {
			return f.key
		}
	}
	return ""
}
