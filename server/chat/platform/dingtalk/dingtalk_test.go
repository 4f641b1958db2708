package dingtalk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/models/fault"
	"linli/server/chat/platform"
	"linli/server/chat/platform/dingtalk"
	"linli/server/chat/platform/fakes"
)

var (
	at   = time.Date(2022, 12, 20, 8, 0, 0, 0, time.UTC)
	card = platform.Card{Title: "急需：布洛芬 6 粒", Lines: []string{"3 栋附近，附近都没有了", "*谁家有？*"},
		Link: "https://linli.example/n/1", LinkText: "我家有"}
)

const (
	token     = "566cc69da782ec"
	secret    = "SEC6816d5f8c552a52f6deb9d5d0e2faac0c9030bb6d3515efeeee4845c35a4c07b"
	appSecret = "this is a secret"
)

func clock() time.Time { return at }

func group(t testing.TB, now func() time.Time) *fakes.DingTalk {
	return fakes.NewDingTalk(t, token, secret, appSecret, now)
}

func robot(t testing.TB, base, secret string, now func() time.Time) *dingtalk.Robot {
	t.Helper()
	r, err := dingtalk.NewRobot(dingtalk.Options{Token: token, Secret: secret, Base: base, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func inbound(t testing.TB, o dingtalk.InboundOptions) *dingtalk.Inbound {
	t.Helper()
	if o.AppSecret == "" {
		o.AppSecret = appSecret
	}
	in, err := dingtalk.NewInbound(o)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestRobot_PostsSignedMarkdown(t *testing.T) {
	t.Parallel()
	g := group(t, clock)
	if err := robot(t, g.URL, secret, clock).Send(t.Context(), card); err != nil {
		t.Fatal(err)
	}
	want := "**急需：布洛芬 6 粒**\n\n3 栋附近，附近都没有了\n\n＊谁家有？＊\n\n[我家有](https://linli.example/n/1)"
	if p := g.Posted(); len(p) != 1 || p[0].Kind != "markdown" || p[0].Text != want || !strings.Contains(string(p[0].Body), `"title":"急需：布洛芬 6 粒"`) {
		t.Errorf("%+v", p)
	}
	shown := "https://oapi.dingtalk.com/robot/send?access_token=" + token
	r, err := dingtalk.NewRobot(dingtalk.Options{Token: shown, Secret: secret + "\n", Base: g.URL + "/", Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	quotes := strings.Repeat("\"", 30000)
	if err := r.Send(t.Context(), platform.Card{Lines: []string{quotes}, Link: card.Link}); err != nil {
		t.Error(err)
	}
	for _, o := range []dingtalk.Options{{Secret: secret, Now: clock}, {Token: token, Secret: "abc", Now: clock}, {Token: token, Secret: secret}} {
		if _, err := dingtalk.NewRobot(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

func TestRobot_SaysWhatAFailureMeans(t *testing.T) {
	t.Parallel()
	g := group(t, clock)
	for name, c := range map[string]struct {
		robot *dingtalk.Robot
		wish  string
		want  platform.Failure
	}{
		"another secret": {robot(t, g.URL, "SEC0", clock), "", platform.Failure{Code: 310000, Gone: true}},
		"a slow clock":   {robot(t, g.URL, secret, func() time.Time { return at.Add(-61 * time.Minute) }), "", platform.Failure{Code: 310000, Gone: true}},
		"a keyword":      {nil, `{"errcode":310000,"errmsg":"keywords not in content"}`, platform.Failure{Code: 310000, Permanent: true}},
		"too fast":       {nil, `{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"9f","errcode": 130101,"errmsg": "send too fast, exceed 20 times per minute"}`, platform.Failure{Code: 130101, RetryAfter: 10 * time.Minute}},
		"no token":       {nil, `{"errcode":300005,"errmsg":"token is not exist"}`, platform.Failure{Code: 300005, Gone: true}},
		"a bad link":     {nil, `{"errcode":430101,"errmsg":"unsafe link"}`, platform.Failure{Code: 430101, Permanent: true}},
		"busy":           {nil, `{"errcode":-1,"errmsg":"系统繁忙"}`, platform.Failure{Code: -1}},
	} {
		if c.robot == nil {
			c.robot = robot(t, g.URL, secret, clock)
		}
		if c.wish != "" {
			g.Next(fakes.Wish{Body: c.wish})
		}
		var got *platform.Failure
		if err := c.robot.Send(t.Context(), card); !errors.As(err, &got) || got.Code != c.want.Code || got.RetryAfter != c.want.RetryAfter || got.Gone != c.want.Gone || got.Permanent != c.want.Permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRobot_IsBlockedForTenMinutesAfterTwenty(t *testing.T) {
	t.Parallel()
	now := at
	tick := func() time.Time { return now }
	g := group(t, tick)
	var r platform.Robot = robot(t, g.URL, secret, tick)
	for range r.Rate().PerMinute {
		if err := r.Send(t.Context(), card); err != nil {
			t.Fatal(err)
		}
	}
	var failed *platform.Failure
	if err := r.Send(t.Context(), card); !errors.As(err, &failed) {
		t.Fatal(err)
	}
	now = now.Add(failed.RetryAfter - time.Second)
	if err := r.Send(t.Context(), card); !errors.As(err, &failed) {
		t.Errorf("a second before: %v", err)
	}
	now = now.Add(time.Second)
	if err := r.Send(t.Context(), card); err != nil {
		t.Error(err)
	}
}

// TestInbound_ReadsThePublishedBody reads a call as DingTalk prints it; its
// sign was made with openssl dgst -sha256 -hmac.
func TestInbound_ReadsThePublishedBody(t *testing.T) {
	t.Parallel()
	body := `{"conversationId":"ciddz7nmHDaX/7Niz+Gb5VVrw==","sceneGroupCode":"project","atUsers":[{"dingtalkId":"$:LWCP_v1:$0sIVIuw1HvQQ5gRAtFWzypo0+T1TgPOP"}],` +
		`"chatbotUserId":"$:LWCP_v1:$I3cyfTzrws4nCbY289cXbKCVcdd1wize","msgId":"msgaKcioIqERkELm2T8TlE9CA==","senderNick":"Jioby","isAdmin":false,"sessionWebhookExpiredTime":1612178396066,` +
		`"createAt":1612172996026,"conversationType":"2","senderId":"$:LWCP_v1:$deZJcSfMzexC2YK+oLkk1g==","conversationTitle":"xxx","isInAtList":true,` +
		`"sessionWebhook":"https://oapi.dingtalk.com/robot/sendBySession?session=eb18e18e8669b0a3cd7dff1388fe5e6a","text":{"content":"  哈哈哈"},"msgtype":"text"}`
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("timestamp", "1612172996066")
	r.Header.Set("sign", "b8sxx4PBmVMaHrycnlZL+Jimc/knwL1TT9s6I8RAors=")
	then := time.UnixMilli(1612172996066).UTC()
	want := platform.Incoming{ID: "msgaKcioIqERkELm2T8TlE9CA==", Group: "ciddz7nmHDaX/7Niz+Gb5VVrw==", Sender: "$:LWCP_v1:$deZJcSfMzexC2YK+oLkk1g==",
		Text: "哈哈哈", At: then, ReplyTo: "https://oapi.dingtalk.com/robot/sendBySession?session=eb18e18e8669b0a3cd7dff1388fe5e6a"}
	if got, answer, err := inbound(t, dingtalk.InboundOptions{}).Receive(r, then); err != nil || answer != nil || got != want {
		t.Errorf("%+v, %v, %v", got, answer, err)
	}
}

func TestInbound_HearsTheGroupAndAnswersThere(t *testing.T) {
	t.Parallel()
	g := group(t, clock)
	var in platform.Inbound = inbound(t, dingtalk.InboundOptions{RobotCode: "normal", Sessions: []string{g.URL}})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, answer, err := in.Receive(r, at)
		if err == nil && answer == nil {
			answer, err = in.Reply(r.Context(), said, platform.Card{Lines: []string{said.Group + " " + said.Sender + ": " + said.Text}})
		}
		if err != nil || answer != nil {
			t.Errorf("%v, %v", answer, err)
		}
	}))
	t.Cleanup(server.Close)
	response, err := http.DefaultClient.Do(g.Call(server.URL, g.Message("m1", "cid==", "manager7675", "求布洛芬")))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if p := g.Posted(); len(p) != 1 || p[0].Text != "cid== manager7675: 求布洛芬" {
		t.Errorf("%+v", p)
	}
}

// TestInbound_TakesAnyAddressOfTheHost that answers go to: as people write a base.
func TestInbound_TakesAnyAddressOfTheHost(t *testing.T) {
	t.Parallel()
	for base, session := range map[string]string{
		"https://ding.example/":         "https://ding.example/robot/sendBySession?session=S1",
		"https://Ding.Example:443/a/b/": "https://ding.example/robot/sendBySession?session=S1",
		"http://ding.example:8080/x":    "http://ding.example:8080/robot/sendBySession?session=S1",
		"":                              "https://oapi.dingtalk.com:443/robot/sendBySession?session=S1",
	} {
		g := group(t, clock)
		o := dingtalk.InboundOptions{}
		if base != "" {
			o.Sessions = []string{base}
		}
		m := g.Message("m1", "cid==", "u", "求")
		m["sessionWebhook"] = session
		if said, _, err := inbound(t, o).Receive(g.Call("http://x/", m), at); err != nil || said.ReplyTo != session {
			t.Errorf("%s: %+v, %v", base, said, err)
		}
		m["sessionWebhook"] = "https://evil.example/"
		if _, _, err := inbound(t, o).Receive(g.Call("http://x/", m), at); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: elsewhere: %v", base, err)
		}
	}
	if _, err := dingtalk.NewInbound(dingtalk.InboundOptions{AppSecret: appSecret, Sessions: []string{"ding.example"}}); err == nil {
		t.Error("a host without a scheme is taken")
	}
}

func TestInbound_HearsWordsInWhateverCarriesThem(t *testing.T) {
	t.Parallel()
	g := group(t, clock)
	in := inbound(t, dingtalk.InboundOptions{Sessions: []string{g.URL}})
	for name, c := range map[string]struct {
		change map[string]any
		want   string
	}{
		"text":     {nil, "求"},
		"rich":     {map[string]any{"msgtype": "richText", "content": map[string]any{"richText": []any{map[string]string{"text": "求布"}, map[string]string{"downloadCode": "x"}, map[string]string{"text": "洛芬"}}}}, "求布洛芬"},
		"voice":    {map[string]any{"msgtype": "audio", "content": map[string]any{"recognition": "求布洛芬。"}}, "求布洛芬。"},
		"picture":  {map[string]any{"msgtype": "picture"}, ""},
		"no group": {map[string]any{"conversationId": ""}, ""},
		"nobody":   {map[string]any{"senderId": ""}, ""},
	} {
		m := g.Message("m1", "cid==", "u", "求")
		for key, value := range c.change {
			m[key] = value
		}
		said, answer, err := in.Receive(g.Call("http://x/", m), at)
		if err != nil || said.Text != c.want || (answer != nil) != (c.want == "") {
			t.Errorf("%s: %+v, %v, %v", name, said, answer, err)
		}
	}
	m := g.Message("m1", "", "u", "求")
	m["senderStaffId"] = "manager7675"
	if said, _, err := in.Receive(g.Call("http://x/", m), at); err != nil || said.Group != "" || said.Sender != "manager7675" {
		t.Errorf("alone: %+v, %v", said, err)
	}
}

func TestInbound_BelievesNobodyElse(t *testing.T) {
	t.Parallel()
	g := group(t, clock)
	in := inbound(t, dingtalk.InboundOptions{RobotCode: "normal", Sessions: []string{g.URL}})
	call := func(change func(m map[string]any)) *http.Request {
		m := g.Message("m1", "cid==", "u", "求")
		change(m)
		return g.Call("http://x/", m)
	}
	same := func(map[string]any) {}
	header := func(name, value string) *http.Request {
		r := call(same)
		r.Header.Set(name, value)
		return r
	}
	for name, c := range map[string]struct {
		r    *http.Request
		now  time.Time
		code fault.Code
	}{
		"no sign":       {header("sign", ""), at, fault.Unauthenticated},
		"another time":  {header("timestamp", "1671523200001"), at, fault.Unauthenticated},
		"old":           {call(same), at.Add(time.Hour + time.Millisecond), fault.Unauthenticated},
		"early":         {call(same), at.Add(-time.Hour - time.Millisecond), fault.Unauthenticated},
		"another robot": {call(func(m map[string]any) { m["robotCode"] = "dingx" }), at, fault.Unauthenticated},
		"another host":  {call(func(m map[string]any) { m["sessionWebhook"] = "https://evil.example/robot/sendBySession?session=S1" }), at, fault.Unauthenticated},
		"a host in user": {call(func(m map[string]any) {
			m["sessionWebhook"] = strings.Replace(g.URL, "http://", "http://oapi.dingtalk.com@", 1)
		}), at, fault.Unauthenticated},
		"a host in path": {call(func(m map[string]any) { m["sessionWebhook"] = "https://evil.example/" + g.URL }), at, fault.Unauthenticated},
		"another port":   {call(func(m map[string]any) { m["sessionWebhook"] = "http://127.0.0.1:1/" }), at, fault.Unauthenticated},
		"other letters":  {call(func(m map[string]any) { m["sessionWebhook"] = "file:///etc/passwd" }), at, fault.Unauthenticated},
		"no JSON":        {g.Call("http://x/", "hello"), at, fault.Invalid},
		"too large":      {call(func(m map[string]any) { m["text"] = map[string]string{"content": strings.Repeat("x", 70<<10)} }), at, fault.TooLarge},
	} {
		if said, answer, err := in.Receive(c.r, c.now); !fault.Is(err, c.code) || answer != nil || said != (platform.Incoming{}) {
			t.Errorf("%s: %+v, %v, %v", name, said, answer, err)
		}
	}
	late, _, err := in.Receive(call(func(m map[string]any) { m["sessionWebhookExpiredTime"] = at.UnixMilli() - 1 }), at)
	if err != nil || late.ReplyTo != "" {
		t.Errorf("%+v, %v", late, err)
	}
	for _, to := range []string{"", "https://evil.example/"} {
		var failed *platform.Failure
		if _, err := in.Reply(t.Context(), platform.Incoming{ReplyTo: to}, card); !errors.As(err, &failed) || !failed.Permanent {
			t.Errorf("answered to %q: %v", to, err)
		}
	}
	if _, err := dingtalk.NewInbound(dingtalk.InboundOptions{}); err == nil {
		t.Error("an empty secret is taken")
	}
}

func FuzzReceive(f *testing.F) {
	g := group(f, clock)
	for _, m := range []any{g.Message("m1", "cid==", "u", "求"), map[string]any{"msgtype": "richText"}, []int{1}, nil} {
		text, _ := json.Marshal(m)
		f.Add(text)
	}
	in := inbound(f, dingtalk.InboundOptions{})
	signed := g.Call("http://x/", nil).Header
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header = signed
		said, answer, err := in.Receive(r, at)
		if err == nil && answer == nil && (said.ID == "" || said.Text == "" || said.ReplyTo != "" && !strings.HasPrefix(said.ReplyTo, "https://oapi.dingtalk.com")) {
			t.Fatalf("%+v", said)
		}
		if err != nil && fault.From(err).Code == fault.Internal {
			t.Fatal(err)
		}
	})
}
