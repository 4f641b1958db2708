package cases_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/matching/catalogue"
)

// TestExamples keeps the examples of the format true, and one there for each
// file of rules; docs/plan-format.md names every one.
func TestExamples(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/plan-format.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range files(t, "../rule_*.go") {
		name := strings.TrimSuffix(filepath.Base(rule), ".go")
		if _, err := os.Stat("examples/" + name + ".json"); err != nil {
			t.Errorf("%s.go has no example", name)
		}
	}
	for _, file := range files(t, "examples/*.json") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(string(manual), "`"+strings.TrimSuffix(filepath.Base(file), ".json")+"`") {
				t.Error("docs/plan-format.md does not name it")
			}
			k := read(t, file)[0]
			if k.Title == "" || len(k.Expect) == 0 {
				t.Error("says nothing, or expects nothing")
			}
			for _, broken := range k.Run(catalogue.Embedded()).Broken() {
				t.Error(broken)
			}
		})
	}
}
