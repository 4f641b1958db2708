package main

import (
	"os"
	"strings"
	"testing"

	"linli/matching/route"
	"linli/models/words"
)

// The example of the manual gives what the manual says.
func TestRouteManual(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/route-format.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(manual), "```json\n")
	example, rest, _ := strings.Cut(rest, "```\n")
	_, rest, _ = strings.Cut(rest, "```\n")
	want, _, found := strings.Cut(rest, "```\n")
	file, p, begin, err := readRound(example)
	if err != nil || !found {
		t.Fatalf("%v; found: %v", err, found)
	}
	s, err := route.Solve(p, file.Seed, file.Effort)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	roundText{file, p, s, begin}.print(&got, words.Lang("zh"))
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}
