package cases_test

import (
	"os"
	"path/filepath"
	"testing"

	"linli/matching/cases"
	"linli/matching/catalogue"
)

// TestBook runs every hand-written case; a failure names the case, the line
// and what happened instead.
func TestBook(t *testing.T) {
	t.Parallel()
	total := 0
	for _, file := range files(t, "book/*.md") {
		for _, k := range read(t, file) {
			total++
			t.Run(filepath.Base(file)+"/"+k.Title, func(t *testing.T) {
				t.Parallel()
				if len(k.Expect) == 0 {
					t.Fatal("expects nothing")
				}
				for _, broken := range k.Run(catalogue.Embedded()).Broken() {
					t.Errorf("%s:%s", filepath.Base(file), broken)
				}
			})
		}
	}
	if total < 100 {
		t.Errorf("only %d cases", total)
	}
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: no files (%v)", pattern, err)
	}
	return found
}

func read(t *testing.T, file string) []cases.Case {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all, err := cases.Read(catalogue.Embedded(), string(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}
