package wecom_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/models/fault"
	"linli/server/chat/platform"
	"linli/server/chat/platform/fakes"
	"linli/server/chat/platform/wecom"
)

var (
	appSide   = fakes.WeComCallback{Token: "QDG6eK", EncodingAESKey: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", Receiver: "wx5823bf96d3bd56c7"}
	smartSide = fakes.WeComCallback{Token: "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", EncodingAESKey: "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"}
)

func app(t testing.TB) platform.Inbound {
	t.Helper()
	a, err := wecom.NewApp(wecom.CallbackOptions{Token: appSide.Token, EncodingAESKey: appSide.EncodingAESKey, CorpID: appSide.Receiver, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func smart(t testing.TB, name string) platform.Inbound {
	t.Helper()
	s, err := wecom.NewSmart(wecom.CallbackOptions{Token: smartSide.Token, EncodingAESKey: smartSide.EncodingAESKey, Name: name, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serve hears over real HTTP and answers each message with card.
func serve(t *testing.T, in platform.Inbound) (address string, heard func() []platform.Incoming) {
	t.Helper()
	var all []platform.Incoming
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, answer, err := in.Receive(r, at)
		if err == nil && answer == nil {
			all = append(all, said)
			answer, err = in.Reply(r.Context(), said, card)
		}
		if err != nil {
			http.Error(w, string(fault.From(err).Code), http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", answer.ContentType)
		_, _ = w.Write(answer.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []platform.Incoming { return all }
}

func call(t *testing.T, r *http.Request) (int, []byte) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

// TestApp_ReadsThePublishedCall sends Sample.php's call as it was printed, on
// the day it was printed.
func TestApp_ReadsThePublishedCall(t *testing.T) {
	t.Parallel()
	then := time.Unix(1409659813, 0)
	body := `<xml>
<ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==]]></Encrypt>
<AgentID><![CDATA[218]]></AgentID>
</xml>`
	target := "/cgi-bin/wxpush?msg_signature=477715d11cdb4164915debcba66cb864d751f3e6&timestamp=1409659813&nonce=1372623149"
	send := func(now time.Time) (platform.Incoming, error) {
		in, answer, err := app(t).Receive(httptest.NewRequest(http.MethodPost, target, strings.NewReader(body)), now)
		if answer != nil {
			t.Errorf("answered %s", answer.Body)
		}
		return in, err
	}
	want := platform.Incoming{ID: "4561255354251345929", Sender: "mycreate", Text: "hello", At: then.UTC()}
	if got, err := send(then); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := send(then.Add(platform.Window)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	for _, now := range []time.Time{then.Add(platform.Window + time.Second), then.Add(-platform.Window - time.Second), at} {
		if _, err := send(now); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("at %s: %v", now, err)
		}
	}
	echo := "/cgi-bin/wxpush?msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3&timestamp=1409659589&nonce=263014780&echostr=" +
		"P9nAzCzyDtyTWESHep1vC5X9xho%2FqYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp%2B4RPcs8TgAE7OaBO%2BFZXvnaqQ%3D%3D"
	if _, answer, err := app(t).Receive(httptest.NewRequest(http.MethodGet, echo, nil), then); err != nil || string(answer.Body) != "1616140317555161061" {
		t.Errorf("%v, %v", answer, err)
	}
}

func TestApp_HearsAndAnswers(t *testing.T) {
	t.Parallel()
	address, heard := serve(t, app(t))
	if status, body := call(t, appSide.Check(address, at, "1616140317555161061")); status != 200 || string(body) != "1616140317555161061" {
		t.Errorf("%d %s", status, body)
	}
	status, body := call(t, appSide.App(address, at, "7", "ChenJiaShun", "求布洛芬 6 粒 <急>"))
	said, err := appSide.Open(body)
	want := "<xml><ToUserName><![CDATA[ChenJiaShun]]></ToUserName><FromUserName><![CDATA[wx5823bf96d3bd56c7]]></FromUserName><CreateTime>1671523200</CreateTime>" +
		"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[急需：布洛芬 6 粒\n3 栋附近，附近都没有了\n＜@all＞ 谁家有？\n我家有：https://linli.example/n/1?a=1&b=2]]></Content></xml>"
	if status != 200 || err != nil || said != want {
		t.Errorf("%d, %v:\n%s", status, err, said)
	}
	if got := heard(); len(got) != 1 || got[0] != (platform.Incoming{ID: "7", Sender: "ChenJiaShun", Text: "求布洛芬 6 粒 <急>", At: at}) {
		t.Errorf("%+v", got)
	}
	event := "<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[enter_agent]]></Event><FromUserName>a</FromUserName></xml>"
	if status, body := call(t, appSide.Raw(address, at, event, "<xml><Encrypt>%s</Encrypt></xml>")); status != 200 || len(body) != 0 || len(heard()) != 1 {
		t.Errorf("an event: %d %s", status, body)
	}
}

func TestSmart_HearsTheGroupAndAnswersThere(t *testing.T) {
	t.Parallel()
	address, heard := serve(t, smart(t, ""))
	if status, body := call(t, smartSide.Check(address, at, "42")); status != 200 || string(body) != "42" {
		t.Errorf("%d %s", status, body)
	}
	status, body := call(t, smartSide.Smart(address, at, "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=", "CHATID", "USERID", "@邻里 求布洛芬 6 粒"))
	said, err := smartSide.Open(body)
	if status != 200 || err != nil || !strings.Contains(said, `"msgtype":"stream"`) || !strings.Contains(said, `"finish":true`) || !strings.Contains(said, `"content":"**急需：布洛芬 6 粒**\n`) {
		t.Errorf("%d, %v: %s", status, err, said)
	}
	_, again := call(t, smartSide.Smart(address, at, "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=", "", "USERID", "@邻里 在吗"))
	if second, err := smartSide.Open(again); err != nil || second != said {
		t.Errorf("the same message has another stream: %s, %v", second, err)
	}
	want := []platform.Incoming{
		{ID: "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=", Group: "CHATID", Sender: "USERID", Text: "求布洛芬 6 粒", At: at},
		{ID: "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=", Sender: "USERID", Text: "@邻里 在吗", At: at},
	}
	if got := heard(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
}

func TestSmart_HearsWordsInWhateverCarriesThem(t *testing.T) {
	t.Parallel()
	for plain, want := range map[string]string{
		`{"msgid":"1","chattype":"group","chatid":"g","from":{"userid":"u"},"msgtype":"mixed","mixed":{"msg_item":[{"msgtype":"text","text":{"content":"@邻里 药箱 求"}},{"msgtype":"image","image":{"url":"x"}},{"msgtype":"text","text":{"content":"布洛芬"}}]}}`: "求\n布洛芬",
		`{"msgid":"1","chattype":"single","from":{"userid":"u"},"msgtype":"voice","voice":{"content":"求布洛芬"}}`:                                                                                                                                              "求布洛芬",
		`{"msgid":"1","chattype":"single","from":{"userid":"u"},"msgtype":"image","image":{"url":"x"}}`:                                                                                                                                                     "",
		`{"msgid":"1","chattype":"group","chatid":"g","from":{"userid":"u"},"msgtype":"text","text":{"content":"@邻里 药箱"}}`:                                                                                                                                  "",
		`{"msgid":"1","chattype":"group","chatid":"g","from":{"userid":"u"},"msgtype":"text","text":{"content":"@药箱助手 绑定 ABCD"}}`:                                                                                                                           "绑定 ABCD",
		`{"msgid":"1","chattype":"group","from":{"userid":"u"},"msgtype":"text","text":{"content":"求"}}`:                                                                                                                                                    "",
		`{"msgid":"1","chattype":"single","from":{"userid":"u"},"msgtype":"stream","stream":{"id":"s"}}`:                                                                                                                                                    "",
		`{"msgid":"1","aibotid":"A","msgtype":"event","event":{"eventtype":"enter_chat"},"from":{"userid":"u"}}`:                                                                                                                                            "",
	} {
		in, answer, err := smart(t, "邻里 药箱").Receive(smartSide.Raw("http://x/", at, plain, `{"encrypt":"%s"}`), at)
		if err != nil || in.Text != want || (answer != nil) != (want == "") || answer != nil && len(answer.Body) != 0 {
			t.Errorf("%s: %+v, %v, %v", plain, in, answer, err)
		}
	}
}

func TestCallbacks_BelieveNobodyElse(t *testing.T) {
	t.Parallel()
	spoil := func(r *http.Request, name, value string) *http.Request {
		query := r.URL.Query()
		query.Set(name, value)
		r.URL.RawQuery = query.Encode()
		return r
	}
	other := appSide
	other.Receiver = "wx0000000000000000"
	good := func() *http.Request { return appSide.App("http://x/", at, "1", "u", "求") }
	for name, c := range map[string]struct {
		r    *http.Request
		code fault.Code
	}{
		"no signature":           {spoil(good(), "msg_signature", ""), fault.Unauthenticated},
		"another signature":      {spoil(good(), "msg_signature", strings.Repeat("0", 40)), fault.Unauthenticated},
		"another time":           {spoil(good(), "timestamp", "1671523201"), fault.Unauthenticated},
		"another nonce":          {spoil(good(), "nonce", "1"), fault.Unauthenticated},
		"old":                    {appSide.App("http://x/", at.Add(-61*time.Minute), "1", "u", "求"), fault.Unauthenticated},
		"for another corp":       {other.App("http://x/", at, "1", "u", "求"), fault.Unauthenticated},
		"for a smart robot":      {smartSide.App("http://x/", at, "1", "u", "求"), fault.Unauthenticated},
		"no XML":                 {appSide.Raw("http://x/", at, "<xml/>", `{"encrypt":"%s"}`), fault.Invalid},
		"no XML inside":          {appSide.Raw("http://x/", at, "hello", "<xml><Encrypt>%s</Encrypt></xml>"), fault.Invalid},
		"too large":              {appSide.App("http://x/", at, "1", "u", strings.Repeat("x", 70<<10)), fault.TooLarge},
		"a check without echo":   {httptest.NewRequest(http.MethodGet, "/", nil), fault.Unauthenticated},
		"a check with bad words": {spoil(appSide.Check("http://x/", at, "1"), "echostr", "!"), fault.Unauthenticated},
	} {
		if in, answer, err := app(t).Receive(c.r, at); !fault.Is(err, c.code) || answer != nil || in != (platform.Incoming{}) {
			t.Errorf("%s: %+v, %v, %v", name, in, answer, err)
		}
	}
	if _, err := wecom.NewApp(wecom.CallbackOptions{Token: "t", EncodingAESKey: appSide.EncodingAESKey, Now: clock}); err == nil {
		t.Error("an app without a corp is taken")
	}
	if _, err := wecom.NewSmart(wecom.CallbackOptions{Token: "t", EncodingAESKey: "short", Now: clock}); err == nil {
		t.Error("a short key is taken")
	}
}

// FuzzReceive feeds both callbacks with bodies that nobody signed and with
// texts that are signed but broken.
func FuzzReceive(f *testing.F) {
	f.Add([]byte(`<xml><Encrypt>P9nAzCzyDtyT</Encrypt></xml>`))
	f.Add([]byte(`{"encrypt":"P9nAzCzyDtyT"}`))
	f.Add([]byte(`<xml><MsgType>text</MsgType><MsgId>1</MsgId><FromUserName>u</FromUserName><Content>]]&gt;</Content></xml>`))
	f.Add([]byte(`{"msgid":"1","chattype":"group","chatid":"g","from":{"userid":"u"},"msgtype":"text","text":{"content":"@"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, c := range []struct {
			in       platform.Inbound
			side     fakes.WeComCallback
			envelope string
		}{{app(t), appSide, "<xml><Encrypt>%s</Encrypt></xml>"}, {smart(t, ""), smartSide, `{"encrypt":"%s"}`}} {
			unsigned := httptest.NewRequest(http.MethodPost, "/?"+url.Values{"timestamp": {"1671523200"}, "nonce": {string(body)}}.Encode(), bytes.NewReader(body))
			if _, _, err := c.in.Receive(unsigned, at); err == nil {
				t.Fatalf("%q is believed", body)
			}
			in, answer, err := c.in.Receive(c.side.Raw("http://x/", at, string(body), c.envelope), at)
			if err == nil && answer == nil && (in.ID == "" || in.Text == "" || in.Sender == "") {
				t.Fatalf("%+v", in)
			}
			if err != nil && fault.From(err).Code == fault.Internal {
				t.Fatal(err)
			}
		}
	})
}
