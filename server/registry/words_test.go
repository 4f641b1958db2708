package registry_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"linli/models/words"
)

// said finds the sentence codes in the source: the last text of a call that
// refuses something.
var said = regexp.MustCompile(`(?:fault\.New\(fault\.[A-Za-z]+, |fault\.InvalidField\("[a-z]+", |forbidden\(|complain\("[a-z]+", |` +
	`complain\(|r\.wrong\("[a-z]*", |wrong = |return "", )"([a-z_]+)"`)

func TestEveryRefusalHasASentenceInBothLanguages(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	must(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		must(t, err)
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			found++
			if !words.Known(m[1]) {
				t.Errorf("%s says %q, which has no sentence", file, m[1])
			}
		}
	}
	if found < 70 {
		t.Errorf("only %d refusals found: the pattern has gone blind", found)
	}
}
