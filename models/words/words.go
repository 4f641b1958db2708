// Package words holds the sentences of Linli in Chinese and English, by code.
//
// Codes with arguments flow in from models, matching and fault; text for a
// screen, a problem document or a robot flows out. The sentences stand in the
// .tsv files beside this one (code, Chinese, English; {name} is an argument),
// which the web app's locales are generated from as well. Nothing here decides
// anything.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed *.tsv
var files embed.FS

// Sentence is one sentence in both languages.
type Sentence struct{ ZH, EN string }

// sentences are read when the first is asked for: a start needs none.
var sentences = sync.OnceValue(func() map[string]Sentence { return mustRead(files) })

func mustRead(files fs.FS) map[string]Sentence {
	all := map[string]Sentence{}
	names, err := fs.Glob(files, "*.tsv")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		if err := read(string(text), all); err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
	}
	return all
}

// read adds the rows of one file; an empty line and one led by # are skipped.
func read(text string, into map[string]Sentence) error {
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 || cells[0] == "" || cells[1] == "" || cells[2] == "" {
			return fmt.Errorf("line %d: want code, Chinese, English parted by tabs", i+1)
		}
		if _, twice := into[cells[0]]; twice {
			return fmt.Errorf("line %d: %s stands twice", i+1, cells[0])
		}
		into[cells[0]] = Sentence{ZH: cells[1], EN: cells[2]}
	}
	return nil
}

// Lang picks a language.
type Lang string

// The two languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Say gives the sentence of a code with its arguments filled in. An unknown
// code comes back as itself, so that a missing sentence is seen, not silent.
func Say(lang Lang, code string, args map[string]string) string {
	s, ok := sentences()[code]
	if !ok {
		return code
	}
	text := s.ZH
	if lang == EN {
		text = s.EN
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// Known reports whether there is a sentence for the code.
func Known(code string) bool {
	_, ok := sentences()[code]
	return ok
}

// All gives every sentence by code; the web app's locales are made from it.
func All() map[string]Sentence {
	all := make(map[string]Sentence, len(sentences()))
	for code, s := range sentences() {
		all[code] = s
	}
	return all
}
