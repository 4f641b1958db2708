package platform_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"linli/server/chat/platform"
)

func TestCut_CountsBytesAndKeepsRunesWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"布洛芬", 9, "布洛芬"},
		{"布洛芬缓释", 9, "布洛…"},
		{"布洛芬缓释", 11, "布洛…"},
		{"布洛芬缓释", 12, "布洛芬…"},
		{"布洛芬", 3, "…"},
		{"布洛芬", 2, ""},
		{"布洛芬", 0, ""},
		{"", 0, ""},
		{"ab \n cdefg", 7, "ab…"},
		{"a\xffb", 10, "a\uFFFDb"},
	} {
		if got := platform.Cut(c.text, c.limit); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, not %q", c.text, c.limit, got, c.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("求助：布洛芬 6 粒\n🙏 老人发烧", 20)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = min(max(limit, 0), 4096)
		cut := platform.Cut(text, limit)
		if len(cut) > limit || !utf8.ValidString(cut) {
			t.Errorf("Cut(%q, %d) = %q", text, limit, cut)
		}
		card := platform.Card{Title: text, Lines: []string{text}, Link: "https://example.cn/" + text}
		if said := card.Text(limit); len(said) > limit || !utf8.ValidString(said) {
			t.Errorf("%d: %q", limit, said)
		}
		if said := card.Markdown(limit, "\n\n"); len(said) > limit || !utf8.ValidString(said) {
			t.Errorf("%d: %q", limit, said)
		}
	})
}

func TestCard_LinesGiveWayToTheLink(t *testing.T) {
	t.Parallel()
	card := platform.Card{Title: "急需", Lines: []string{"布洛芬 6 粒", "", "3 栋\u202e\n附近"}, Link: "https://linli.example/n/1"}
	if got, want := card.Text(200), "急需\n布洛芬 6 粒\n3 栋  附近\n查看：https://linli.example/n/1"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	if got, want := card.Text(80), "急需\n布洛芬 6 粒\n3 栋  附近\n查看：https://linli.example/n/1"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	card.Lines = []string{strings.Repeat("药", 100)}
	if got := card.Text(100); len(got) > 100 || !strings.HasSuffix(got, "药…\n查看：https://linli.example/n/1") {
		t.Errorf("%q", got)
	}
	for _, bad := range []string{"", "javascript:alert(1)", "/n/1", "https://", "http://a/" + strings.Repeat("x", 1024), "ftp://a/b", ":"} {
		if got := (platform.Card{Title: "t", Link: bad}).Text(200); got != "t" {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestCard_SaysNothingThatAPlatformObeys(t *testing.T) {
	t.Parallel()
	card := platform.Card{Title: "急需 <@all>", Lines: []string{"[点我](http://evil) **药**", "# <at user_id=\"all\">"},
		Link: "https://linli.example/n/(1)", LinkText: "去看]"}
	if got := card.Text(500); strings.ContainsAny(got, "<>") {
		t.Errorf("%q", got)
	}
	want := "**急需 ＜@all＞**\n\n［点我］(http://evil) ＊＊药＊＊\n\n＃ ＜at user＿id=\"all\"＞\n\n[去看］](https://linli.example/n/%281%29)"
	if got := card.Markdown(500, "\n\n"); got != want {
		t.Errorf("%q, not %q", got, want)
	}
	card.Title = strings.Repeat("急", 200)
	if got := card.Markdown(400, "\n"); len(got) > 400 || strings.Count(got, "**") != 2 || !strings.Contains(got, "%281%29)") {
		t.Errorf("%q", got)
	}
}

func TestCard_FitsIntoABody(t *testing.T) {
	t.Parallel()
	card := platform.Card{Title: "no line", Lines: []string{"药药", "", strings.Repeat("药", 100), "更多"}}
	if got := card.Fit(1000, 10); len(got) != 3 || got[2] != "更多" {
		t.Errorf("%q", got)
	}
	got := card.Fit(200, 10)
	if len(got) != 2 || got[0] != "药药" || !strings.HasSuffix(got[1], "药…") || 2*len(got[0])+2*len(got[1])+20 > 200 {
		t.Errorf("%q", got)
	}
	if got := card.Fit(5, 10); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestUnmention_TakesTheRobotOutWhateverItIsCalled(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"@邻里 求布洛芬 6 粒", "", "求布洛芬 6 粒"},
		{"@邻里\u2005求布洛芬", "", "求布洛芬"},
		{"@邻里", "", ""},
		{"求布洛芬 @王姐", "", "求布洛芬 @王姐"},
		{"求布洛芬 @邻里 药箱 谢谢", "邻里 药箱", "求布洛芬 谢谢"},
		{"@王姐 求布洛芬", "邻里", "求布洛芬"},
		{"@药箱助手 ABCD", "邻里 07", "ABCD"},
		{"@药箱助手 ABCD", "药箱", "ABCD"},
		{"@邻里 药箱 ABCD", "邻里 药箱", "ABCD"},
		{"@邻里 药箱", "邻里 药箱", ""},
		{"@邻里 药箱\n@王姐\u2005 ABCD", "邻里 药箱", "ABCD"},
		{"@ 求布洛芬", "邻里", "求布洛芬"},
		{"求布洛芬 @邻里助手", "邻里", "求布洛芬 @邻里助手"},
	} {
		if got := platform.Unmention(c[0], c[1]); got != c[2] {
			t.Errorf("%q became %q", c[0], got)
		}
	}
}

func TestFailure_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]*platform.Failure{
		"the robot is gone: 93000 invalid webhook": {Code: 93000, Text: "invalid webhook", Gone: true},
		"the card is refused: 9499 Bad Request":    {Code: 9499, Text: "Bad Request", Permanent: true},
		"to be silent for 10m0s: 130101 too fast":  {Code: 130101, Text: "too fast", RetryAfter: 10 * time.Minute},
		"not delivered: no answer":                 {},
	} {
		if f.Error() != want {
			t.Errorf("%q, not %q", f.Error(), want)
		}
		if caused := f.Because(io.ErrUnexpectedEOF); !errors.Is(caused, io.ErrUnexpectedEOF) || errors.Is(f, io.ErrUnexpectedEOF) {
			t.Errorf("%v", caused)
		}
	}
}
