package models_test

import (
	"strings"
	"testing"

	"linli/models"

	"pgregory.net/rapid"
)

func TestCleanText_TakesWhatPeopleWriteAndNothingThatMisleads(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "Chinese": "张婆婆，七十二岁。要布洛芬！", "lines": "一\n二\n", "full width": "２０２６年　１２月", "English": "Zoë's \"note\" <b>&amp;</b>",
		"emoji": "👵🏽🙏", "joined emoji": "👩\u200d👧\u200d👦", "a flag": "🇨🇳", "a variation": "❤\ufe0f", "combining marks": "e\u0301" + strings.Repeat("\u0301", 30),
		"Arabic": "السلام", "Hebrew": "שלום", "Hangul": "안녕", "rare characters": "𠮷𪚥", "SQL": "'; DROP TABLE needs; --", "a formula": "=1+1",
	} {
		if !models.CleanText(text) {
			t.Errorf("%s is refused: %q", name, text)
		}
	}
	for name, text := range map[string]string{
		"NUL": "a\x00b", "tab": "a\tb", "carriage return": "a\r\nb", "escape": "\x1b[31m", "delete": "a\x7f", "C1": "a\u0085b", "bell": "\a",
		"broken UTF-8": "a\xff", "half a character": "张"[:2], "a surrogate": "\xed\xa0\x80", "overlong": "\xc0\x80", "already lost": "a\ufffd", "BOM": "\ufefftext",
		"left-to-right mark": "a\u200eb", "right-to-left mark": "a\u200fb", "Arabic letter mark": "a\u061cb", "embedding": "a\u202ab", "right embedding": "a\u202bb",
		"pop": "a\u202cb", "override": "a\u202db", "right override": "布洛芬\u202e片", "isolate": "a\u2066b", "right isolate": "a\u2067b",
		"first strong": "a\u2068b", "pop isolate": "a\u2069b",
	} {
		if models.CleanText(text) {
			t.Errorf("%s is taken: %q", name, text)
		}
	}
}

// TestCleanText_OneBadCharacterSpoilsTheWhole wherever it stands.
func TestCleanText_OneBadCharacterSpoilsTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clean := rapid.StringOf(rapid.RuneFrom([]rune("张婆婆 要退烧药\n👵🏽\u200dae\u0301"))).Draw(t, "clean")
		bad := rapid.SampledFrom([]string{"\x00", "\t", "\r", "\u202e", "\u061c", "\ufeff", "\xff", "\ufffd"}).Draw(t, "bad")
		runes := []rune(clean)
		at := rapid.IntRange(0, len(runes)).Draw(t, "at")
		if !models.CleanText(clean) || models.CleanText(string(runes[:at])+bad+string(runes[at:])) {
			t.Fatalf("%q, %q at %d", clean, bad, at)
		}
	})
}
