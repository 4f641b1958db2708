package feishu_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models/fault"
	"linli/server/chat/platform"
	"linli/server/chat/platform/fakes"
	"linli/server/chat/platform/feishu"
)

var (
	at   = time.Date(2022, 12, 20, 8, 0, 0, 0, time.UTC)
	card = platform.Card{Title: "急需：布洛芬 6 粒", Lines: []string{"3 栋附近，附近都没有了", `<at user_id="all">谁家有？`},
		Link: "https://linli.example/n/1", LinkText: "我家有"}
)

func clock() time.Time { return at }

func robot(t testing.TB, f *fakes.Feishu, now func() time.Time) *feishu.Robot {
	t.Helper()
	r, err := feishu.NewRobot(feishu.Options{Hook: f.Hook, Secret: f.Secret, Base: f.URL, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func inbound(t testing.TB, f *fakes.Feishu, now func() time.Time) *feishu.Inbound {
	t.Helper()
	in, err := feishu.NewInbound(feishu.InboundOptions{AppID: f.AppID, AppSecret: f.AppSecret, VerificationToken: f.Verification, EncryptKey: f.EncryptKey, Base: f.URL, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestRobot_PostsSignedRuns(t *testing.T) {
	t.Parallel()
	f := fakes.NewFeishu(t, clock)
	if err := robot(t, f, clock).Send(t.Context(), card); err != nil {
		t.Fatal(err)
	}
	want := "急需：布洛芬 6 粒\n3 栋附近，附近都没有了\n<at user_id=\"all\">谁家有？\n我家有 https://linli.example/n/1"
	if p := f.Posted(); len(p) != 1 || p[0].Kind != "post" || p[0].Text != want {
		t.Errorf("%+v", p)
	}
	shown := "https://open.feishu.cn/open-apis/bot/v2/hook/" + f.Hook
	r, err := feishu.NewRobot(feishu.Options{Hook: shown, Secret: f.Secret, Base: f.URL, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []platform.Card{
		{Title: "只有标题"},
		{Title: strings.Repeat("\"", 9000), Lines: []string{strings.Repeat("\"", 30000)}, Link: card.Link},
		{Lines: strings.Split(strings.Repeat("药\n", 5000), "\n"), Link: "https://linli.example/" + strings.Repeat("x", 1000)},
	} {
		if err := r.Send(t.Context(), c); err != nil {
			t.Error(err)
		}
	}
	for _, o := range []feishu.Options{{Secret: "s", Now: clock}, {Hook: "https://open.feishu.cn/", Secret: "s", Now: clock}, {Hook: "a/../b", Secret: "s", Now: clock}, {Hook: "h", Now: clock}, {Hook: "h", Secret: "s"}} {
		if _, err := feishu.NewRobot(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

func TestRobot_SaysWhatAFailureMeans(t *testing.T) {
	t.Parallel()
	f := fakes.NewFeishu(t, clock)
	other, err := feishu.NewRobot(feishu.Options{Hook: "other", Secret: f.Secret, Base: f.URL, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	forged, err := feishu.NewRobot(feishu.Options{Hook: f.Hook, Secret: "other", Base: f.URL, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		robot *feishu.Robot
		wish  *fakes.Wish
		want  platform.Failure
	}{
		"another hook":   {other, nil, platform.Failure{Code: 19001, Gone: true}},
		"another secret": {forged, nil, platform.Failure{Code: 19021, Gone: true}},
		"a slow clock":   {robot(t, f, func() time.Time { return at.Add(-61 * time.Minute) }), nil, platform.Failure{Code: 19021, Gone: true}},
		"another place":  {nil, &fakes.Wish{Body: `{"code":19022,"msg":"Ip Not Allowed"}`}, platform.Failure{Code: 19022, Gone: true}},
		"a keyword":      {nil, &fakes.Wish{Body: `{"code":19024,"msg":"Key Words Not Found"}`}, platform.Failure{Code: 19024, Permanent: true}},
		"a bad body":     {nil, &fakes.Wish{Status: 400, Body: `{"code":9499,"msg":"Bad Request","data":{}}`}, platform.Failure{Code: 9499, Permanent: true}},
		"too many":       {nil, &fakes.Wish{Status: 429, Body: `{"code":9499,"msg":"too many request"}`}, platform.Failure{Code: 9499, RetryAfter: time.Minute}},
		"a full hour":    {nil, &fakes.Wish{Body: `{"code":11232,"msg":"frequency limited psm[lark.oapi]"}`}, platform.Failure{Code: 11232, RetryAfter: time.Minute}},
		"busy":           {nil, &fakes.Wish{Status: 500, Body: `{"code":1500,"msg":"internal error"}`}, platform.Failure{Code: 1500}},
	} {
		if c.robot == nil {
			c.robot = robot(t, f, clock)
		}
		if c.wish != nil {
			f.Next(*c.wish)
		}
		var got *platform.Failure
		if err := c.robot.Send(t.Context(), card); !errors.As(err, &got) || got.Code != c.want.Code || got.RetryAfter != c.want.RetryAfter || got.Gone != c.want.Gone || got.Permanent != c.want.Permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRobot_IsStoppedAtFiveASecond(t *testing.T) {
	t.Parallel()
	now := at
	tick := func() time.Time { return now }
	f := fakes.NewFeishu(t, tick)
	var r platform.Robot = robot(t, f, tick)
	for range r.Rate().PerSecond {
		if err := r.Send(t.Context(), card); err != nil {
			t.Fatal(err)
		}
	}
	var failed *platform.Failure
	if err := r.Send(t.Context(), card); !errors.As(err, &failed) || failed.Code != 11232 {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	if err := r.Send(t.Context(), card); err != nil {
		t.Error(err)
	}
}

func TestInbound_AnswersTheChallenge(t *testing.T) {
	t.Parallel()
	f := fakes.NewFeishu(t, clock)
	in := inbound(t, f, clock)
	ask := func(token string, signed bool) (string, error) {
		r := f.Call("http://x/", map[string]string{"type": "url_verification", "token": token, "challenge": "ajls384kdjx98XX"})
		if !signed {
			r.Header = http.Header{}
		}
		_, answer, err := in.Receive(r, at)
		if err != nil {
			return "", err
		}
		return string(answer.Body), nil
	}
	for _, signed := range []bool{true, false} {
		if got, err := ask(f.Verification, signed); err != nil || got != `{"challenge":"ajls384kdjx98XX"}` {
			t.Errorf("signed %v: %s, %v", signed, got, err)
		}
		if got, err := ask("other", signed); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("another token, signed %v: %s, %v", signed, got, err)
		}
	}
	forged := f.Call("http://x/", map[string]string{"type": "url_verification", "token": f.Verification, "challenge": "x"})
	forged.Header.Set("X-Lark-Signature", strings.Repeat("0", 64))
	if _, answer, err := in.Receive(forged, at); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("with another signature: %v, %v", answer, err)
	}
	plain := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"type":"url_verification","token":"v-token","challenge":"x"}`))
	if _, answer, err := in.Receive(plain, at); !fault.Is(err, fault.Invalid) {
		t.Errorf("not encrypted: %v, %v", answer, err)
	}
}

func TestInbound_HearsTheGroupAndAnswersUnderTheMessage(t *testing.T) {
	t.Parallel()
	f := fakes.NewFeishu(t, clock)
	var in platform.Inbound = inbound(t, f, clock)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		said, answer, err := in.Receive(r, at)
		if err == nil && answer == nil {
			answer, err = in.Reply(r.Context(), said, platform.Card{Title: "听到了", Lines: []string{said.ID + " " + said.Group + " " + said.Sender + ": " + said.Text}})
		}
		if err != nil || answer != nil {
			t.Errorf("%v, %v", answer, err)
		}
	}))
	t.Cleanup(server.Close)
	for _, id := range []string{"e1", "e1", "e2"} { // Feishu brings an event again: the same id
		response, err := http.DefaultClient.Do(f.Event(server.URL, id, "oc_1", "ou_1", "text", `{"text":"@_user_1 求布洛芬 6 粒"}`))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	p := f.Posted()
	if len(p) != 3 || p[0].Kind != "reply to om_e1" || p[0].Text != "听到了\ne1 oc_1 ou_1: 求布洛芬 6 粒" || p[1].Text != p[0].Text || f.Tokens != 1 {
		t.Errorf("%+v with %d tokens", p, f.Tokens)
	}
	var once [3]struct{ UUID string }
	for i := range p {
		if err := json.Unmarshal(p[i].Body, &once[i]); err != nil {
			t.Fatal(err)
		}
	}
	if once[0].UUID == "" || once[0] != once[1] || once[0] == once[2] {
		t.Errorf("%+v", once)
	}
}

func TestInbound_HearsPeopleOnly(t *testing.T) {
	t.Parallel()
	f := fakes.NewFeishu(t, clock)
	in := inbound(t, f, clock)
	for _, c := range []struct{ group, kind, content, want string }{
		{"oc_1", "text", `{"text":"@_user_1 求 @_user_2 布洛芬 @_all"}`, "求  布洛芬"},
		{"", "text", `{"text":"求布洛芬"}`, "求布洛芬"},
		{"oc_1", "post", `{"title":"求助","content":[[{"tag":"at","user_id":"@_user_1"},{"tag":"text","text":" 布洛芬 "},{"tag":"a","text":"6 粒","href":"https://x"}],[{"tag":"img","image_key":"k"}]]}`, "求助\n 布洛芬 6 粒"},
		{"oc_1", "text", `{"text":"@_user_1"}`, ""},
		{"oc_1", "text", `not JSON`, ""},
		{"oc_1", "image", `{"image_key":"k"}`, ""},
	} {
		said, answer, err := in.Receive(f.Event("http://x/", "e1", c.group, "ou_1", c.kind, c.content), at)
		if err != nil || said.Text != c.want || (answer != nil) != (c.want == "") || c.want != "" && (said.Group != c.group || said.ReplyTo != "om_e1") {
			t.Errorf("%+v: %+v, %v, %v", c, said, answer, err)
		}
	}
	robots := map[string]any{"schema": "2.0", "header": map[string]string{"event_id": "e", "event_type": "im.message.receive_v1", "token": f.Verification, "app_id": f.AppID},
		"event": map[string]any{"sender": map[string]any{"sender_type": "app", "sender_id": map[string]string{"open_id": "ou_2"}},
			"message": map[string]string{"message_id": "om", "chat_id": "oc", "chat_type": "group", "message_type": "text", "content": `{"text":"求"}`}}}
	if said, answer, err := in.Receive(f.Call("http://x/", robots), at); err != nil || answer == nil {
		t.Errorf("a robot is heard: %+v, %v", said, err)
	}
}

func TestInbound_BelievesNobodyElse(t *testing.T) {
	t.Parallel()
	f := fakes.NewFeishu(t, clock)
	in := inbound(t, f, clock)
	good := func() *http.Request { return f.Event("http://x/", "e1", "oc_1", "ou_1", "text", `{"text":"求"}`) }
	header := func(name, value string) *http.Request {
		r := good()
		r.Header.Set(name, value)
		return r
	}
	inside := func(token, app string) *http.Request {
		return f.Call("http://x/", map[string]any{"schema": "2.0", "header": map[string]string{"event_id": "e", "event_type": "im.message.receive_v1", "token": token, "app_id": app}})
	}
	unsigned := good()
	unsigned.Header = http.Header{}
	for name, c := range map[string]struct {
		r    *http.Request
		now  time.Time
		code fault.Code
	}{
		"no signature":      {unsigned, at, fault.Unauthenticated},
		"an empty one":      {header("X-Lark-Signature", ""), at, fault.Unauthenticated},
		"another signature": {header("X-Lark-Signature", strings.Repeat("0", 64)), at, fault.Unauthenticated},
		"another time":      {header("X-Lark-Request-Timestamp", "1671523201"), at, fault.Unauthenticated},
		"another nonce":     {header("X-Lark-Request-Nonce", "n"), at, fault.Unauthenticated},
		"old":               {good(), at.Add(7*time.Hour + time.Second), fault.Unauthenticated},
		"early":             {good(), at.Add(-7*time.Hour - time.Second), fault.Unauthenticated},
		"another token":     {inside("other", f.AppID), at, fault.Unauthenticated},
		"another app":       {inside(f.Verification, "cli_other"), at, fault.Unauthenticated},
		"no event":          {f.Call("http://x/", "hello"), at, fault.Invalid},
		"too large":         {f.Call("http://x/", strings.Repeat("x", 70<<10)), at, fault.TooLarge},
	} {
		if said, answer, err := in.Receive(c.r, c.now); !fault.Is(err, c.code) || answer != nil || said != (platform.Incoming{}) {
			t.Errorf("%s: %+v, %v, %v", name, said, answer, err)
		}
	}
	if _, err := feishu.NewInbound(feishu.InboundOptions{AppID: "a", AppSecret: "s", VerificationToken: "v", Now: clock}); err == nil {
		t.Error("an app without an Encrypt Key is taken")
	}
}

func TestReply_FetchesATokenOnceAndAgainWhenItEnds(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := at
	tick := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	f := fakes.NewFeishu(t, tick)
	in := inbound(t, f, tick)
	to := platform.Incoming{ID: "e1", ReplyTo: "om_1"}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := in.Reply(context.Background(), to, card); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if f.Tokens != 1 {
		t.Errorf("%d tokens were fetched", f.Tokens)
	}
	f.Tokens = 5 // the token of somebody else counts now: ours has ended early
	if _, err := in.Reply(t.Context(), to, card); err != nil || f.Tokens != 6 {
		t.Errorf("%v, %d", err, f.Tokens)
	}
	mu.Lock()
	now = now.Add(115 * time.Minute)
	mu.Unlock()
	if _, err := in.Reply(t.Context(), to, card); err != nil || f.Tokens != 7 {
		t.Errorf("%v, %d", err, f.Tokens)
	}
	refused := fakes.Wish{Body: `{"code":99991663,"msg":"Invalid access token"}`}
	token := fakes.Wish{Body: `{"code":0,"tenant_access_token":"t","expire":7200}`}
	f.Next(refused, token, refused)
	var failed *platform.Failure
	if _, err := in.Reply(t.Context(), to, card); !errors.As(err, &failed) || !failed.Gone {
		t.Errorf("%v", err)
	}
	if _, err := in.Reply(t.Context(), platform.Incoming{}, card); !errors.As(err, &failed) || !failed.Permanent {
		t.Errorf("%v", err)
	}
}

func FuzzReceive(f *testing.F) {
	side := fakes.NewFeishu(f, clock)
	in := inbound(f, side, clock)
	f.Add([]byte(`{"encrypt":"P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="}`))
	f.Add([]byte(`{"schema":"2.0","header":{"event_id":"e","event_type":"im.message.receive_v1","token":"v-token","app_id":"cli_a1b2"},"event":{"sender":{"sender_type":"user","sender_id":{"open_id":"o"}},"message":{"message_id":"om","chat_id":"oc","chat_type":"group","message_type":"text","content":"{\"text\":\"x\"}"}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		unsigned := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		if _, _, err := in.Receive(unsigned, at); err == nil {
			t.Fatalf("%q is believed", body)
		}
		said, answer, err := in.Receive(side.Call("http://x/", json.RawMessage(body)), at)
		if err == nil && answer == nil && (said.ID == "" || said.Text == "" || said.Sender == "") {
			t.Fatalf("%+v", said)
		}
		if err != nil && fault.From(err).Code == fault.Internal {
			t.Fatal(err)
		}
	})
}
