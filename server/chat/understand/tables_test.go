package understand

import (
	"fmt"
	"strings"
	"testing"

	"linli/matching/catalogue"
)

// expect checks "intent=request", "audience=null", "items=布洛芬" of a message.
func expect(u Understanding, want string) string {
	field, value, _ := strings.Cut(want, "=")
	got := ""
	switch field {
	case "intent":
		got = u.Intent
	case "policy":
		got = u.Policy
	case "urgent":
		got = fmt.Sprint(u.Urgent)
	case "audience":
		got = "null"
		if u.Audience != nil {
			got = *u.Audience
		}
	case "items":
		var names []string
		for _, it := range u.Items {
			names = append(names, it.Canonical)
		}
		got = strings.Join(names, ",")
	case "avoid":
		got = strings.Join(u.Avoid, ",")
	case "qty":
		if len(u.Items) == 1 && u.Items[0].Qty != nil {
			got = fmt.Sprintf("%v%s", *u.Items[0].Qty, text(u.Items[0].Unit))
		}
	default:
		return "nobody knows " + field
	}
	if got != value {
		return fmt.Sprintf("%s is %s, want %s", field, got, value)
	}
	return ""
}

var placeholders = strings.NewReplacer("X", "蒙脱石散", "N", "两袋", "M", "30元", "L", "3栋", "D", "2024年3月", "T", "3岁", "…", "")

// TestTables tries every phrase of every row in the example of its row.
func TestTables_EveryPhraseDoesWhatItsRowSays(t *testing.T) {
	t.Parallel()
	tried := 0
	try := func(r row, phrase, example, want string) {
		tried++
		message := strings.ReplaceAll(example, "{}", phrase)
		if why := expect(Embedded().Understand(message, messageDay), want); why != "" {
			t.Errorf("%s: %s: %s: %s", r.line, phrase, message, why)
		}
	}
	of := readClasses(open("classes.tsv", "class", "words"))
	for name, columns := range map[string][]string{
		"cues.tsv": {"means", "written", "example", "expect"}, "names.tsv": {"item", "written", "example", "expect"},
		"people.tsv": {"band", "written", "example", "expect"}, "dialect.tsv": {"standard", "written", "example", "expect"}, "measures.tsv": {"unit", "written", "example", "expect"},
		"conditions.tsv": {"condition", "written", "example", "expect"},
	} {
		for _, r := range open(name, columns...) {
			phrases := split(r.cells[1])
			if name == "cues.tsv" {
				phrases = of.phrases(r.cells[1])
			}
			for _, phrase := range phrases {
				want := r.cells[3]
				if name == "cues.tsv" {
					phrase = placeholders.Replace(phrase)
				}
				if name == "measures.tsv" {
					want += r.cells[0]
				}
				try(r, phrase, r.cells[2], want)
			}
		}
	}
	if tried < 1500 {
		t.Errorf("only %d phrases", tried)
	}
}

// TestNames_EveryNameOfTheCatalogueIsFound: alone, between other words, and as
// an offer, without another item beside it.
func TestNames_EveryNameOfTheCatalogueIsFound(t *testing.T) {
	t.Parallel()
	for _, it := range catalogue.Embedded().Items() {
		for _, name := range append([]string{it.Name}, it.Aliases...) {
			for _, message := range []string{"求%s，谢谢", "谁家有%s嘛？3栋2单元", "屋头有多的%s，哪个要", "%s已经收到了哈"} {
				u := Embedded().Understand(fmt.Sprintf(message, name), messageDay)
				want := it.Name
				if want == mercury && (u.Intent == Request) {
					want = thermometer
				}
				young := u.Audience != nil && (*u.Audience == Child || *u.Audience == Infant)
				if len(u.Items) != 1 || u.Items[0].Canonical != want && !young {
					t.Errorf("%s: %s is %+v", message, name, u.Items)
				}
			}
		}
	}
}

// TestPlace_ABareNumberIsADoor where a message begins with it and goes on as from there.
func TestPlace_ABareNumberIsADoor(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"302求退烧药，几颗就行":   "-/-/302",
		"1203 有多的布洛芬6粒":  "-/-/1203",
		"401，谁家有退烧贴":     "-/-/401",
		"120打不通，谁家有退烧药":  "-",
		"2022要过完了，求两盒口罩": "-",
		"100元求购布洛芬一盒":    "-",
	} {
		if got := placeText(Embedded().Understand(message, messageDay).Location); got != want {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}
