package registry_test

import (
	"strings"
	"testing"

	"linli/server/registry"
)

func TestPhone_ReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"13800000011":        "13800000011",
		"138 0000 0011":      "13800000011",
		"138-0000-0011":      "13800000011",
		"138—0000–0011":      "13800000011",
		"(138)0000.0011":     "13800000011",
		"+8613800000011":     "13800000011",
		"+86 138 0000 0011":  "13800000011",
		"86 13800000011":     "13800000011",
		"0086-138-0000-0011": "13800000011",
		"１３８０００００１１１":        "13800000111",
		"＋８６　１３８　００００　００１１": "13800000011",
		"\t19912345678\n":        "19912345678",
		"12800000011":            "",
		"1380000001":             "",
		"138000000112":           "",
		"+85213800000011":        "",
		"8613800000":             "",
		"02881234567":            "",
		"":                       "",
		"1380000001a":            "",
		"١٣٨٠٠٠٠٠٠١١":            "",
		"一三八〇〇〇〇〇〇一一":            "",
		"138000\x0000011":        "",
		strings.Repeat("1", 999): "",
	} {
		got, ok := registry.Phone(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q reads as %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestName_TakesNamesAndNothingInvisible(t *testing.T) {
	t.Parallel()
	for typed, ok := range map[string]bool{
		"林月":                                 true,
		" 张婆婆 ":                              true,
		"阿卜杜拉·买买提":                           true,
		"Anne-Marie O’Neill":                 true,
		"e\u0301":                            true, // é in two parts
		strings.Repeat("林", 24):              true,
		strings.Repeat("林", 25):              false,
		"":                                   false,
		"   ":                                false,
		"林\n月":                               false,
		"林\t月":                               false,
		"林\x00月":                             false,
		"\u202e林月":                           false,
		"林\u200b月":                           false,
		"林\u2066月":                           false,
		"\ufeff林月":                           false,
		"\xff\xfe":                           false,
		"\u0301":                             false,
		"a" + strings.Repeat("\u0301", 9):    false,
		strings.Repeat("a\u0301\u0302", 999): false,
	} {
		if name, got := registry.Name(typed); got != ok {
			t.Errorf("%q is a name: %v (%q)", typed, got, name)
		}
	}
}

func TestHours_ReadWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for typed, days := range map[string]int{
		"8:30-20:00":                     7,
		"每天 8:30–20:00":                  7,
		"每天８：３０～２０：００":                   7,
		"周一至周五 8:30-12:00；周六 9:00-11:00": 6,
		"mon-fri 08:00-18:00":            5,
		"周六至周一 9:00-10:00":               3,
		"工作日 9:00-12:00;工作日 14:00-18:00": 10,
		"daily 00:00-24:00":              7,
		"":                               0,
		"全天":                             0,
		"8:30":                           0,
		"20:00-8:30":                     0,
		"8:70-9:00":                      0,
		"8:00-25:00":                     0,
		"周八 8:00-9:00":                   0,
		"每天 8:00-12:00; 周一 11:00-13:00":  0,
		strings.Repeat("每天 8:00-8:01;", 1000): 0,
	} {
		hours, ok := registry.Hours(typed)
		if ok != (days > 0) || ok && len(hours) != days {
			t.Errorf("%q reads as %v, %v; want %d", typed, hours, ok, days)
		}
	}
	hours, _ := registry.Hours("每天 8:30-20:00")
	if hours[0].OpenMinute != 510 || hours[0].CloseMinute != 1200 {
		t.Errorf("half past eight to eight is %+v", hours[0])
	}
}
