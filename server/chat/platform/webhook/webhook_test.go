package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/fakes"
	"linli/server/chat/platform/webhook"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var (
	at   = time.Date(2022, 12, 20, 8, 0, 0, 0, time.UTC)
	card = platform.Card{ID: "del_0191", Kind: "need.urgent", At: at.Add(-time.Minute), Title: "急需：布洛芬 6 粒", Lines: []string{"3 栋附近"}, Link: "https://linli.example/n/1", LinkText: "我家有"}
)

func clock() time.Time { return at }

// loopback is where the fakes are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func near() *http.Client { return webhook.Guard{Allowed: loopback}.Client() }

func robot(t *testing.T, o webhook.Options) *webhook.Robot {
	t.Helper()
	o.Plain, o.PlainClient, o.Now = loopback, o.Client, clock
	if o.Secrets == nil {
		o.Secrets = []string{secret}
	}
	r, err := webhook.NewRobot(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRobot_TellsACardSigned(t *testing.T) {
	t.Parallel()
	hook := fakes.NewHook(t, secret, clock)
	var r platform.Robot = robot(t, webhook.Options{Address: hook.URL + "/in?x=1", Client: near()})
	if err := r.Send(t.Context(), card); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"need.urgent","timestamp":"2022-12-20T07:59:00Z","data":{"title":"急需：布洛芬 6 粒","lines":["3 栋附近"],"link":"https://linli.example/n/1","link_text":"我家有"}}`
	if p := hook.Posted(); len(p) != 1 || string(p[0].Body) != want || hook.IDs[0] != card.ID {
		t.Errorf("%s", p[0].Body)
	}
	old, err := webhook.NewRobot(webhook.Options{Address: hook.URL, Plain: loopback, Now: clock, PlainClient: near(),
		Secrets: []string{"whsec_" + strings.Repeat("A", 32), secret}})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Send(t.Context(), card); err != nil {
		t.Errorf("while the secret is replaced: %v", err)
	}
}

func TestRobot_KeepsUnderTwentyKilobytes(t *testing.T) {
	t.Parallel()
	hook := fakes.NewHook(t, secret, clock)
	r := robot(t, webhook.Options{Address: hook.URL, Client: near()})
	long := card
	long.Title, long.Lines = strings.Repeat("\"", 9000), strings.Split(strings.Repeat("\"药\"\n", 9000), "\n")
	if err := r.Send(t.Context(), long); err != nil {
		t.Error(err)
	}
	var failed *platform.Failure
	for _, m := range []webhook.Message{
		{ID: "a", Type: "a.b", At: at, Data: strings.Repeat("x", 20_000)},
		{ID: "a", Type: "a.b", At: at, Data: func() {}},
		{ID: "", Type: "a.b", At: at}, {ID: "a.b", Type: "a.b", At: at}, {ID: "a\r\nb", Type: "a.b", At: at},
		{ID: "a", Type: "", At: at}, {ID: "a", Type: "A..b", At: at}, {ID: "a", Type: "a.b"},
	} {
		if err := r.Tell(t.Context(), m); !errors.As(err, &failed) || !failed.Permanent {
			t.Errorf("%.40v: %v", m, err)
		}
	}
	if len(hook.Posted()) != 1 {
		t.Errorf("%d were told", len(hook.Posted()))
	}
}

func TestRobot_SaysWhatAFailureMeans(t *testing.T) {
	t.Parallel()
	hook := fakes.NewHook(t, secret, clock)
	r := robot(t, webhook.Options{Address: hook.URL, Client: near()})
	for _, c := range []struct {
		wish fakes.Wish
		want platform.Failure
	}{
		{fakes.Wish{Status: 410}, platform.Failure{Code: 410, Gone: true, Closed: true}},
		{fakes.Wish{Status: 400}, platform.Failure{Code: 400}},
		{fakes.Wish{Status: 404}, platform.Failure{Code: 404}},
		{fakes.Wish{Status: 500}, platform.Failure{Code: 500}},
		{fakes.Wish{Status: 429, Header: http.Header{"Retry-After": {"30"}}}, platform.Failure{Code: 429, RetryAfter: 30 * time.Second}},
		{fakes.Wish{Status: 503, Header: http.Header{"Retry-After": {"60"}}}, platform.Failure{Code: 503, RetryAfter: time.Minute}},
		{fakes.Wish{Status: 307, Header: http.Header{"Location": {hook.URL + "/other"}}}, platform.Failure{Code: 307}},
		{fakes.Wish{Status: 301, Header: http.Header{"Location": {"http://169.254.169.254/"}}}, platform.Failure{Code: 301}},
	} {
		hook.Next(c.wish)
		var got *platform.Failure
		if err := r.Send(t.Context(), card); !errors.As(err, &got) || got.Code != c.want.Code || got.RetryAfter != c.want.RetryAfter || got.Gone != c.want.Gone || got.Closed != c.want.Closed || got.Permanent {
			t.Errorf("%d: %v", c.wish.Status, err)
		}
	}
	forged := robot(t, webhook.Options{Address: hook.URL, Client: near(), Secrets: []string{"whsec_" + strings.Repeat("A", 32)}})
	var got *platform.Failure
	if err := forged.Send(t.Context(), card); !errors.As(err, &got) || got.Code != 400 {
		t.Errorf("with another secret: %v", err)
	}
	if len(hook.Posted()) != 0 {
		t.Errorf("%+v", hook.Posted())
	}
}

func TestRobot_LeavesALongAnswerUnread(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := robot(t, webhook.Options{Address: server.URL, Client: near()}).Send(ctx, card); err != nil || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}

// TestGuard_BlocksAfterTheNameIsResolved calls a server of our own machine by
// number, by name and by the numbers that only a resolver understands.
func TestGuard_BlocksAfterTheNameIsResolved(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was reached") }))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		var failed *platform.Failure
		err := robot(t, webhook.Options{Address: "https://" + host + ":" + port}).Send(t.Context(), card)
		if !errors.As(err, &failed) || !failed.Gone || strings.Contains(failed.Text, port) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// TestGuard_PlainHTTPReachesAllowedNetworksAlone: a name says nothing of where it leads.
func TestGuard_PlainHTTPReachesAllowedNetworksAlone(t *testing.T) {
	t.Parallel()
	reached := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for i, plain := range [][]netip.Prefix{{netip.MustParsePrefix("10.0.0.0/8")}, loopback} {
		r, err := webhook.NewRobot(webhook.Options{Address: "http://localhost:" + port, Secrets: []string{secret}, Now: clock, Plain: plain})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Send(t.Context(), card); reached != i || (err == nil) != (i == 1) {
			t.Errorf("%v: %v, reached %d times", plain, err, reached)
		}
	}
	open := netip.MustParseAddr("8.8.8.8")
	if err := (webhook.Guard{Allowed: loopback}).Check(open); err != nil {
		t.Error(err)
	}
	if err := (webhook.Guard{Allowed: loopback, Only: true}).Check(open); err == nil {
		t.Error("the open internet is reached by http")
	}
}

func TestRobot_DoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var failed *platform.Failure
	if err := robot(t, webhook.Options{Address: server.URL, Client: near()}).Send(ctx, card); !errors.As(err, &failed) || !errors.Is(err, context.DeadlineExceeded) || failed.Gone || failed.Permanent {
		t.Errorf("%v", err)
	}
	if client := (webhook.Guard{}).Client(); client.Timeout < 15*time.Second || client.Timeout > 30*time.Second {
		t.Errorf("%s", client.Timeout)
	}
}

func TestNewRobot_ChecksItsOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []webhook.Options{
		{Address: "http://example.cn/", Secrets: []string{secret}, Now: clock},
		{Address: "ftp://example.cn/", Secrets: []string{secret}, Now: clock, Plain: loopback},
		{Address: "http://203.0.113.7/", Secrets: []string{secret}, Now: clock, Plain: loopback},
		{Address: "http://[2001:db8::1]/", Secrets: []string{secret}, Now: clock, Plain: loopback},
		{Address: "https://u:p@example.cn/", Secrets: []string{secret}, Now: clock},
		{Address: "https:///x", Secrets: []string{secret}, Now: clock},
		{Address: "https://example.cn/" + strings.Repeat("x", 2048), Secrets: []string{secret}, Now: clock},
		{Address: "https://example.cn/", Now: clock},
		{Address: "https://example.cn/", Secrets: []string{"whsec_"}, Now: clock},
		{Address: "https://example.cn/", Secrets: []string{secret}},
	} {
		if _, err := webhook.NewRobot(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

func TestSchedule_IsThePublishedOne(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(webhook.Schedule)
	if err != nil || string(text) != "[0,5000000000,300000000000,1800000000000,7200000000000,18000000000000,36000000000000,50400000000000,72000000000000,86400000000000]" {
		t.Errorf("%s, %v", text, err)
	}
}
