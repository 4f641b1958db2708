package wechat_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/server/wechat"
	"linli/server/wechat/wechattest"
)

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time       { return time.UnixMilli(c.at.Load()) }
func (c *clock) pass(d time.Duration) { c.at.Add(d.Milliseconds()) }
func must(t testing.TB, err error)    { t.Helper(); fatal(t, err) }
func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) (*wechattest.Server, *wechat.Client, *clock) {
	t.Helper()
	fake, c := wechattest.New(t), &clock{}
	c.at.Store(time.Date(2022, 12, 20, 4, 0, 0, 0, time.UTC).UnixMilli())
	fake.Now = c.now
	return fake, wechat.New(wechat.Options{Base: fake.URL, App: wechat.App{ID: wechattest.AppID, Secret: wechattest.Secret},
		Now: c.now, Wait: time.Millisecond}), c
}

const (
	tokenPath = "/cgi-bin/stable_token"
	sendPath  = "/cgi-bin/message/subscribe/send"
	checkPath = "/wxa/msg_sec_check"
	loginPath = "/sns/jscode2session"
)

func TestLogin_ACodeServesOnceAndOnlyTheOpenidComesOut(t *testing.T) {
	t.Parallel()
	fake, c, _ := open(t)
	fake.Code("code-1", "openid-1")
	openid, err := c.Login(t.Context(), "code-1")
	must(t, err)
	if openid != "openid-1" {
		t.Errorf("%q", openid)
	}
	if _, err := c.Login(t.Context(), "code-1"); wechat.CodeOf(err) != wechat.CodeLoginUsed {
		t.Errorf("a used code: %v", err)
	}
	if _, err := c.Login(t.Context(), "none"); wechat.CodeOf(err) != wechat.CodeLogin {
		t.Errorf("no code: %v", err)
	}
	for _, code := range []int{wechat.CodeTooOften, wechat.CodeLoginRisky} {
		fake.Fail(loginPath, code)
		if _, err := c.Login(t.Context(), "x"); wechat.CodeOf(err) != code {
			t.Errorf("%v instead of %d", err, code)
		}
	}
}

func TestBusy_IsAskedAgainAndNotForEver(t *testing.T) {
	t.Parallel()
	fake, c, _ := open(t)
	fake.Code("code-1", "openid-1")
	fake.Fail(loginPath, -1, -1)
	if openid, err := c.Login(t.Context(), "code-1"); err != nil || openid != "openid-1" {
		t.Errorf("%q, %v", openid, err)
	}
	fake.Fail(loginPath, -1, -1, -1, -1)
	if _, err := c.Login(t.Context(), "code-2"); wechat.CodeOf(err) != wechat.CodeBusy || !wechat.Passing(err) {
		t.Errorf("%v", err)
	}
	if n := fake.Count(loginPath); n != 6 {
		t.Errorf("called %d times", n)
	}
}

// TestToken_OneIsFetchedForEverybody: fifty who come at once ask WeChat once, and
// one who leaves takes the answer from nobody.
func TestToken_OneIsFetchedForEverybody(t *testing.T) {
	t.Parallel()
	fake, c, clock := open(t)
	release := fake.Hold()
	leaving, leave := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { gone <- c.Reach(leaving) }()
	for fake.Count(tokenPath) == 0 { // until the first is on its way
		if t.Context().Err() != nil {
			t.Fatal("it never asked")
		}
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := c.Reach(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	release()
	all.Wait()
	if n := fake.Count(tokenPath); n != 1 {
		t.Errorf("the token was fetched %d times", n)
	}
	clock.pass(2*time.Hour - 30*time.Second)
	must(t, c.Reach(t.Context()))
	if n := fake.Count(tokenPath); n != 2 {
		t.Errorf("near its end the token was fetched %d times", n)
	}
}

// TestToken_OneThatWasRefusedIsReplacedOnce, whether it ended by itself, was
// changed by another process, or is still given out by WeChat.
func TestToken_OneThatWasRefusedIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for _, code := range []int{wechat.CodeTokenBad, wechat.CodeTokenOver, wechat.CodeTokenNone} {
		fake, c, _ := open(t)
		fake.Fail(checkPath, code)
		if v, err := c.Check(t.Context(), "openid-1", "谢谢"); err != nil || v.Suggest != wechat.Pass {
			t.Errorf("after %d: %v, %v", code, v, err)
		}
		if n := fake.Count(tokenPath); n != 3 { // first, the same again, forced
			t.Errorf("after %d the token was asked for %d times", code, n)
		}
		fake.Fail(checkPath, code, code, code)
		if _, err := c.Check(t.Context(), "openid-1", "谢谢"); wechat.CodeOf(err) != code {
			t.Errorf("%v", err)
		}
		if n := fake.Count(checkPath); n != 4 {
			t.Errorf("checked %d times", n)
		}
		if n := fake.Count(tokenPath); n != 4 { // forced at most every thirty seconds
			t.Errorf("the token was asked for %d times", n)
		}
	}
	fake, c, _ := open(t)
	must(t, c.Reach(t.Context()))
	fake.EndToken()
	if _, err := c.Check(t.Context(), "openid-1", "谢谢"); err != nil {
		t.Errorf("changed elsewhere: %v", err)
	}
	if n := fake.Count(tokenPath); n != 2 {
		t.Errorf("the token was asked for %d times", n)
	}
}

func TestCheck_ReadsTheSuggestionAndNotTheErrcode(t *testing.T) {
	t.Parallel()
	fake, c, _ := open(t)
	fake.Judge("广告", "risky")
	fake.Judge("可疑", "review")
	for text, want := range map[string]wechat.Suggestion{"谢谢": wechat.Pass, "卖药广告": wechat.Risky, "有点可疑": wechat.Review,
		strings.Repeat("长", 3000): wechat.Pass} {
		if v, err := c.Check(t.Context(), "openid-1", text); err != nil || v.Suggest != want || v.Trace == "" {
			t.Errorf("%.12s: %v, %v", text, v, err)
		}
	}
	fake.Break(checkPath, `{"errcode":0,"errmsg":"ok"}`)
	if _, err := c.Check(t.Context(), "openid-1", "谢谢"); err == nil {
		t.Error("an answer without a result passed")
	}
}

func TestSend_CutsByCharactersAndTellsWhatWasWrong(t *testing.T) {
	t.Parallel()
	fake, c, _ := open(t)
	fake.Template("T1", "thing1", "phrase2")
	m := wechat.Message{OpenID: "openid-1", Template: "T1", Page: "pages/index/index", State: "formal",
		Data: map[string]string{"thing1": strings.Repeat("药", 30), "phrase2": "已经可以来取了"}}
	if err := c.Send(t.Context(), m); wechat.CodeOf(err) != wechat.CodeNotGranted || wechat.Passing(err) {
		t.Errorf("without a grant: %v", err)
	}
	fake.Allow("openid-1", "T1", 1)
	must(t, c.Send(t.Context(), m))
	got := fake.Sent()
	if len(got) != 1 || got[0].Data["thing1"] != strings.Repeat("药", 20) || got[0].Data["phrase2"] != "已经可以来" || got[0].Page != m.Page {
		t.Errorf("%+v", got)
	}
	m.Data = map[string]string{"thing1": "x"}
	var e *wechat.Error
	if err := c.Send(t.Context(), m); !errors.As(err, &e) || e.Code != wechat.CodeArgument || e.Field != "phrase2" || wechat.Passing(err) {
		t.Errorf("a key is missing: %v", err)
	}
	m.Template = "T9"
	if err := c.Send(t.Context(), m); wechat.CodeOf(err) != wechat.CodeTemplate {
		t.Errorf("no template: %v", err)
	}
	before := fake.Count(sendPath)
	fake.Fail(sendPath, -1)
	if err := c.Send(t.Context(), m); !wechat.Passing(err) || fake.Count(sendPath) != before+1 {
		t.Errorf("busy: %v after %d calls", err, fake.Count(sendPath)-before)
	}
}

// TestSign_IsTheDocumentedSum: vector of WeChat's own page on JS-SDK signatures.
func TestSign_IsTheDocumentedSum(t *testing.T) {
	t.Parallel()
	got := wechat.SignatureOf("sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
		"Wm3WZYTPz0wzccnW", "1414587457", "http://mp.weixin.qq.com?params=value#/part")
	if got != "0f9de62fce790f9a083d5c99e95740ceb90c27ed" {
		t.Error(got)
	}
	fake, c, _ := open(t)
	for range 2 {
		s, err := c.Sign(t.Context(), "https://linli.example/#/x")
		must(t, err)
		if s.AppID != wechattest.AppID || s.Nonce == "" || s.Timestamp == 0 || len(s.Signature) != 40 {
			t.Errorf("%+v", s)
		}
	}
	if n := fake.Count("/cgi-bin/ticket/getticket"); n != 1 {
		t.Errorf("the ticket was fetched %d times", n)
	}
}

// TestErrors_TellNoSecret, whatever goes wrong on the way.
func TestErrors_TellNoSecret(t *testing.T) {
	t.Parallel()
	fake, good, _ := open(t)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == tokenPath {
			http.Redirect(w, r, fake.URL+r.URL.String(), http.StatusTemporaryRedirect)
			return
		}
		_, _ = w.Write([]byte("<html>" + r.URL.String()))
	}))
	shut := httptest.NewServer(http.NotFoundHandler())
	shut.Close()
	t.Cleanup(page.Close)
	fails := map[string]error{}
	for name, base := range map[string]string{"a page instead of an answer": page.URL, "nobody there": shut.URL, "no address": "http://[::1", "404": fake.URL + "/x"} {
		c := wechat.New(wechat.Options{Base: base, App: wechat.App{ID: wechattest.AppID, Secret: wechattest.Secret}, Now: time.Now, Wait: time.Millisecond})
		_, fails[name] = c.Login(t.Context(), "code-secret")
		fails[name+", token"] = c.Reach(t.Context())
	}
	fake.Fail(loginPath, wechat.CodeSecret)
	_, fails["refused"] = good.Login(t.Context(), "code-secret")
	for name, err := range fails {
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, secret := range []string{wechattest.Secret, wechattest.AppID, "code-secret", "session"} {
			if strings.Contains(strings.ReplaceAll(err.Error(), loginPath, ""), secret) {
				t.Errorf("%s tells %s: %v", name, secret, err)
			}
		}
	}
	if n := fake.Count(tokenPath); n != 0 {
		t.Errorf("a redirect was followed with the secret in it")
	}
}
