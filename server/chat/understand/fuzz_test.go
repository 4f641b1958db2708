package understand

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"linli/models/words"
)

// Long inputs of one kind each, which a rule could choke on.
var hostile = map[string]string{
	"digits": strings.Repeat("1", 50000), "dashes": strings.Repeat("3-", 30000), "numbers in characters": strings.Repeat("一", 50000),
	"tens": strings.Repeat("十", 50000), "names": strings.Repeat("布洛芬", 20000), "half names": strings.Repeat("对乙酰氨", 10000),
	"asking": strings.Repeat("求", 50000), "cues": strings.Repeat("谁有求收到取消", 8000), "dates": strings.Repeat("2024年3月", 8000), "letters": strings.Repeat("buluofe", 8000),
	"quantities": strings.Repeat("两盒", 30000), "places": strings.Repeat("3栋2单元", 10000), "spaces": strings.Repeat("布 洛 ", 10000), "fives": strings.Repeat("五百万", 10000),
	"invalid": strings.Repeat("\xff\xfe布", 20000), "marks": strings.Repeat("\u200d\ufe0f", 20000), "stars": "138" + strings.Repeat("*", 50000), "wechat": strings.Repeat("加v", 20000),
	"oxygen": strings.Repeat("血氧", 20000), "years": strings.Repeat("明年底", 20000), "and": strings.Repeat("和各一盒", 10000), "swap": strings.Repeat("用抗原换", 10000),
}

func TestUnderstand_NoInputIsSlow(t *testing.T) {
	t.Parallel()
	for name, message := range hostile {
		began := time.Now()
		u := Embedded().Understand(message, messageDay)
		if took := time.Since(began); took > 500*time.Millisecond {
			t.Errorf("%s: %v", name, took)
		}
		if !u.Cut && name != "marks" {
			t.Errorf("%s: not cut", name)
		}
	}
}

// `go test -fuzz FuzzUnderstand ./server/chat/understand`
func FuzzUnderstand(f *testing.F) {
	for _, seed := range []string{"", " ", "3-2-501+求布洛芬6粒", "½盒布洛芬", "二〇二四年三月到期的连花两盒", "138****0014", "\xff\xfe", "加v: test_kangyuan", "bl芬 x2", "用抗原换布洛芬", "B2-1-602", "烧到四十度"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		u := Embedded().Understand(message, messageDay)
		again := Embedded().Understand(message, messageDay)
		one, err := json.Marshal(u)
		two, _ := json.Marshal(again)
		switch {
		case err != nil || string(one) != string(two):
			t.Errorf("%+q: %v, or not the same twice", message, err)
		case !slices.Contains([]string{Request, Offer, Sell, Fulfilled, Cancel, Query, Chatter}, u.Intent),
			!slices.Contains([]string{OK, Sale, Rx, Forbidden, Expired}, u.Policy):
			t.Errorf("%+q: %s %s", message, u.Intent, u.Policy)
		case u.Intent == Chatter && (len(u.Items) > 0 || u.Location != nil || u.Policy != OK), u.Urgent && u.Intent != Request && u.Intent != Query:
			t.Errorf("%+q: %s", message, one)
		case !utf8.ValidString(u.Text):
			t.Errorf("%+q: text %+q", message, u.Text)
		}
		for _, lang := range []words.Lang{words.ZH, words.EN} {
			if answer := Embedded().Answer(u, lang); strings.Contains(answer, "chat.") || strings.Contains(answer, "{") {
				t.Errorf("%+q: %s", message, answer)
			}
		}
	})
}

func BenchmarkUnderstand(b *testing.B) {
	var messages []string
	f, err := os.Open("testdata/dev.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var g gold
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			b.Fatal(err)
		}
		messages = append(messages, g.Text)
	}
	r := Embedded()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		r.Understand(messages[i%len(messages)], messageDay)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
