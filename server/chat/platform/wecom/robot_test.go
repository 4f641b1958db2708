package wecom_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/fakes"
	"linli/server/chat/platform/wecom"
)

var (
	at   = time.Date(2022, 12, 20, 8, 0, 0, 0, time.UTC)
	card = platform.Card{Title: "急需：布洛芬 6 粒", Lines: []string{"3 栋附近，附近都没有了", "<@all> 谁家有？"},
		Link: "https://linli.example/n/1?a=1&b=2", LinkText: "我家有"}
)

const key = "693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"

func clock() time.Time { return at }

func robot(t *testing.T, o wecom.Options) *wecom.Robot {
	t.Helper()
	r, err := wecom.NewRobot(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRobot_PostsInThreeStyles(t *testing.T) {
	t.Parallel()
	for style, want := range map[wecom.Style][2]string{
		"":                 {"markdown", "**急需：布洛芬 6 粒**\n3 栋附近，附近都没有了\n＜@all＞ 谁家有？\n[我家有](https://linli.example/n/1?a=1&b=2)"},
		wecom.Markdown:     {"markdown", "**急需：布洛芬 6 粒**\n3 栋附近，附近都没有了\n＜@all＞ 谁家有？\n[我家有](https://linli.example/n/1?a=1&b=2)"},
		wecom.Text:         {"text", "急需：布洛芬 6 粒\n3 栋附近，附近都没有了\n＜@all＞ 谁家有？\n我家有：https://linli.example/n/1?a=1&b=2"},
		wecom.TemplateCard: {"template_card", "急需：布洛芬 6 粒\n3 栋附近，附近都没有了\n<@all> 谁家有？"},
	} {
		group := fakes.NewWeCom(t, key, clock)
		if err := robot(t, wecom.Options{Key: key, Style: style, Base: group.URL}).Send(t.Context(), card); err != nil {
			t.Errorf("%s: %v", style, err)
			continue
		}
		posted := group.Posted()
		if len(posted) != 1 || posted[0].Kind != want[0] || posted[0].Text != want[1] {
			t.Errorf("%s: %+v", style, posted)
		}
	}
}

func TestRobot_LosesNoWordToACard(t *testing.T) {
	t.Parallel()
	group := fakes.NewWeCom(t, key, clock)
	r := robot(t, wecom.Options{Key: key, Style: wecom.TemplateCard, Base: group.URL})
	long := platform.Card{Title: card.Title, Lines: []string{strings.Repeat("药", 113)}, Link: card.Link}
	for _, c := range []platform.Card{{Title: "没有链接"}, long, {Lines: []string{"没有标题"}, Link: card.Link}} {
		if err := r.Send(t.Context(), c); err != nil {
			t.Error(err)
		}
	}
	for _, posted := range group.Posted() {
		if posted.Kind != "markdown" {
			t.Errorf("%+v", posted)
		}
	}
}

func TestRobot_CutsByBytes(t *testing.T) {
	t.Parallel()
	group := fakes.NewWeCom(t, key, clock)
	long := platform.Card{Title: strings.Repeat("急", 3000), Lines: []string{strings.Repeat("药", 3000)}, Link: card.Link}
	for _, style := range []wecom.Style{wecom.Text, wecom.Markdown} {
		if err := robot(t, wecom.Options{Key: key, Style: style, Base: group.URL}).Send(t.Context(), long); err != nil {
			t.Errorf("%s: %v", style, err)
		}
	}
	for i, posted := range group.Posted() {
		if limit := []int{2048, 4096}[i]; len(posted.Text) > limit || len(posted.Text) < limit-10 || !strings.Contains(posted.Text, "linli.example") {
			t.Errorf("%d bytes", len(posted.Text))
		}
	}
}

func TestRobot_TakesTheAddressAsItIsShown(t *testing.T) {
	t.Parallel()
	group := fakes.NewWeCom(t, key, clock)
	shown := "  https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + key + "\n"
	if err := robot(t, wecom.Options{Key: shown, Base: group.URL}).Send(t.Context(), card); err != nil {
		t.Error(err)
	}
	for _, o := range []wecom.Options{{}, {Key: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, {Key: key, Style: "news"}} {
		if _, err := wecom.NewRobot(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

func TestRobot_SaysWhatAFailureMeans(t *testing.T) {
	t.Parallel()
	group := fakes.NewWeCom(t, key, clock)
	r := robot(t, wecom.Options{Key: key, Base: group.URL})
	for _, c := range []struct {
		wish fakes.Wish
		want platform.Failure
	}{
		{fakes.Wish{Body: `{"errcode":45009,"errmsg":"api freq out of limit"}`}, platform.Failure{Code: 45009, RetryAfter: time.Minute}},
		{fakes.Wish{Body: `{"errcode":93000,"errmsg":"invalid webhook url, hint: [1]"}`}, platform.Failure{Code: 93000, Gone: true}},
		{fakes.Wish{Body: `{"errcode":93000,"errmsg":"Invalid input : content exceed max length."}`}, platform.Failure{Code: 93000, Permanent: true}},
		{fakes.Wish{Body: `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`}, platform.Failure{Code: 40058, Permanent: true}},
		{fakes.Wish{Body: `{"errcode":-1,"errmsg":"system error"}`}, platform.Failure{Code: -1}},
		{fakes.Wish{Status: 502, Body: "<html>Bad Gateway</html>"}, platform.Failure{Code: 502}},
		{fakes.Wish{Status: 200, Body: "<html>sign in</html>"}, platform.Failure{Code: 200}},
		{fakes.Wish{Status: 200, Body: "null"}, platform.Failure{Code: 200}},
		{fakes.Wish{Status: 503, Body: `{}`, Header: http.Header{"Retry-After": {"120"}}}, platform.Failure{Code: 503, RetryAfter: 2 * time.Minute}},
		{fakes.Wish{Status: 429, Header: http.Header{"Retry-After": {"9999999"}}}, platform.Failure{Code: 429, RetryAfter: 24 * time.Hour}},
		{fakes.Wish{Status: 302, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}}, platform.Failure{Code: 302}},
		{fakes.Wish{Status: 404}, platform.Failure{Code: 404}},
		{fakes.Wish{Status: 403, Body: "<html>a proxy</html>"}, platform.Failure{Code: 403}},
		{fakes.Wish{Status: 403, Body: `{"message":"a gateway"}`}, platform.Failure{Code: 403}},
		{fakes.Wish{Body: `{"errcode":1,"errmsg":"` + strings.Repeat("x", 70<<10) + `"}`}, platform.Failure{Code: 200}},
	} {
		group.Next(c.wish)
		var got *platform.Failure
		if err := r.Send(t.Context(), card); !errors.As(err, &got) {
			t.Errorf("%.60s: %v", c.wish.Body, err)
			continue
		}
		if got.Code != c.want.Code || got.RetryAfter != c.want.RetryAfter || got.Gone != c.want.Gone || got.Permanent != c.want.Permanent || len(got.Text) > 400 {
			t.Errorf("%.60s: %+v", c.wish.Body, got)
		}
	}
	if len(group.Posted()) != 0 {
		t.Errorf("%+v", group.Posted())
	}
}

func TestRobot_NeverTellsItsKey(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for _, base := range []string{server.URL, "http://%zz"} {
		err := robot(t, wecom.Options{Key: key, Base: base}).Send(t.Context(), card)
		var failed *platform.Failure
		if !errors.As(err, &failed) || strings.Contains(err.Error(), key) || failed.Permanent {
			t.Errorf("%v", err)
		}
	}
}

func TestRobot_IsStoppedAtTwentyAMinute(t *testing.T) {
	t.Parallel()
	now := at
	group := fakes.NewWeCom(t, key, func() time.Time { return now })
	var r platform.Robot = robot(t, wecom.Options{Key: key, Base: group.URL})
	for range r.Rate().PerMinute {
		if err := r.Send(t.Context(), card); err != nil {
			t.Fatal(err)
		}
	}
	var failed *platform.Failure
	if err := r.Send(t.Context(), card); !errors.As(err, &failed) || failed.Code != 45009 {
		t.Fatal(err)
	}
	now = now.Add(failed.RetryAfter)
	if err := r.Send(t.Context(), card); err != nil {
		t.Error(err)
	}
}

func TestRobot_WritesTheTemplateCardAsWeComReadsIt(t *testing.T) {
	t.Parallel()
	group := fakes.NewWeCom(t, key, clock)
	if err := robot(t, wecom.Options{Key: key, Style: wecom.TemplateCard, Base: group.URL}).Send(t.Context(), card); err != nil {
		t.Fatal(err)
	}
	var body any
	if err := json.Unmarshal(group.Posted()[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(body)
	want := `{"msgtype":"template_card","template_card":{"card_action":{"type":1,"url":"https://linli.example/n/1?a=1\u0026b=2"},"card_type":"text_notice",` +
		`"jump_list":[{"title":"我家有","type":1,"url":"https://linli.example/n/1?a=1\u0026b=2"}],"main_title":{"title":"急需：布洛芬 6 粒"},` +
		`"source":{"desc":"邻里药箱"},"sub_title_text":"3 栋附近，附近都没有了\n\u003c@all\u003e 谁家有？"}}`
	if string(got) != want {
		t.Errorf("%s", got)
	}
}
