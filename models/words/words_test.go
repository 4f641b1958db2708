package words

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var hole = regexp.MustCompile(`\{[a-z_]+\}`)

func TestSentences_TakeTheSameArgumentsInBothLanguages(t *testing.T) {
	t.Parallel()
	all := All()
	if len(all) < 200 {
		t.Fatalf("only %d sentences", len(all))
	}
	for code, s := range all {
		zh, en := hole.FindAllString(s.ZH, -1), hole.FindAllString(s.EN, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if !slices.Equal(slices.Compact(zh), slices.Compact(en)) {
			t.Errorf("%s: %v in Chinese, %v in English", code, zh, en)
		}
		if s.ZH != strings.TrimSpace(s.ZH) || s.EN != strings.TrimSpace(s.EN) {
			t.Errorf("%s has spaces around it", code)
		}
	}
}

func TestSay_FillsArgumentsAndShowsWhatIsMissing(t *testing.T) {
	t.Parallel()
	args := map[string]string{"left": "3"}
	if got := Say(EN, "code_wrong", args); got != "Wrong code; 3 tries left" {
		t.Errorf("%q", got)
	}
	if got := Say(ZH, "code_wrong", args); !strings.Contains(got, "3 次") {
		t.Errorf("%q", got)
	}
	if got := Say(ZH, "no_such_code", nil); got != "no_such_code" || Known("no_such_code") {
		t.Errorf("%q", got)
	}
}

func TestRead_RefusesRowsThatWouldBeLost(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"twice": "a\t一\tone\na\t二\ttwo", "two cells": "a\t一", "empty cell": "a\t\tone", "four cells": "a\t一\tone\tuno"} {
		if err := read(text, map[string]Sentence{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if got := mustRead(fstest.MapFS{"a.tsv": {Data: []byte("# remark\n\na\t一\tone\n")}}); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
