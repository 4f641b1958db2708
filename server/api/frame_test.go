package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"linli/models/store/storetest"
	"linli/server"
)

const committedSpec = "openapi.json"

func TestSpec_IsWhatIsCommitted(t *testing.T) {
	t.Parallel()
	spec, err := server.Spec(slog.New(slog.DiscardHandler))
	must(t, err)
	if *update {
		must(t, os.WriteFile(committedSpec, spec, 0o644))
	}
	committed, err := os.ReadFile(committedSpec)
	must(t, err)
	if !bytes.Equal(spec, committed) {
		t.Error("the routes have changed: make golden")
	}
}

func TestSpec_ArraysAreNeverNullAndNothingIsForeign(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(committedSpec)
	must(t, err)
	var spec struct {
		OpenAPI    string
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Type any }
			}
		}
	}
	must(t, json.Unmarshal(text, &spec))
	if spec.OpenAPI != "3.1.0" || len(spec.Components.Schemas) < 40 {
		t.Fatalf("OpenAPI %s with %d schemas", spec.OpenAPI, len(spec.Components.Schemas))
	}
	for name, schema := range spec.Components.Schemas {
		for property, p := range schema.Properties {
			if kinds, ok := p.Type.([]any); ok && fmt.Sprint(kinds) == "[array null]" {
				t.Errorf("%s.%s may be null", name, property)
			}
		}
	}
	if bytes.Contains(text, []byte("$schema")) || bytes.Contains(text, []byte("https://")) {
		t.Error("the document points elsewhere")
	}
}

// lines collects a log, a line an entry.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.text.String()), "\n")
}

func TestFrame_EveryAnswerIsGuardedAndNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for _, path := range []string{"/", "/api/v1/session", "/api/v1/nothing", "/docs", "/docs.js", "/openapi.json", "/healthz", "/nothing"} {
		got := w.send(t, elder, "GET", path, "", "X-Request-Id", "asked-for-1")
		want := map[string]string{"X-Content-Type-Options": "nosniff", "X-Request-Id": "asked-for-1"}
		policy := got.header.Get("Content-Security-Policy")
		if strings.HasPrefix(path, "/api/") {
			want["Cache-Control"], want["Content-Security-Policy"] = "no-store", "default-src 'none'; frame-ancestors 'none'"
		} else {
			want["X-Frame-Options"], want["Referrer-Policy"] = "DENY", "no-referrer"
			if !strings.Contains(policy, "default-src 'self'") || !strings.Contains(policy, "frame-ancestors 'none'") ||
				strings.Contains(policy, "script-src") {
				t.Errorf("%s: policy %q", path, policy)
			}
		}
		for name, value := range want {
			if got.header.Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
	}
	for _, forged := range []string{"short", strings.Repeat("a", 65), "with space", "with\tline", "名字很长的请求"} {
		if id := w.send(t, elder, "GET", "/healthz", "", "X-Request-Id", forged).header.Get("X-Request-Id"); id == forged || len(id) != 36 {
			t.Errorf("%q became %q", forged, id)
		}
	}
}

func TestFrame_TheStreamAsksForAnUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	got := w.send(t, elder, "GET", "/api/v1/stream", "")
	if got.status != 426 || got.header.Get("Upgrade") != "websocket" ||
		got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v", got.status, got.header)
	}
}

func TestFrame_LogsOneLineARequestWithIDsOnly(t *testing.T) {
	t.Parallel()
	w := settle(t, storetest.SQLite(t))
	log := &lines{}
	w.serve(t, serveConfig(), slog.New(slog.NewJSONHandler(log, nil)))
	calls := []struct{ who, method, path, body string }{
		{elder, "GET", "/api/v1/session?canary=1", ""},
		{elder, "GET", "/api/v1/catalogue/items?query=canary", ""},
		{elder, "POST", "/api/v1/consents", `{"kind":"board","granted":true}`},
		{anonymous, "POST", "/api/v1/session/door", `{"code":"canary","name":"canary","phone":"13800000014"}`},
		{anonymous, "GET", "/canary%0Acanary", ""},
		{elder, "POST", "/api/v1/requests", `{"canary":"` + strings.Repeat("canary", 10) + `"}`},
	}
	for _, c := range calls {
		w.send(t, c.who, c.method, c.path, c.body, "Idempotency-Key", "canary-key", "User-Agent", "canary", "Authorization-Extra", "canary")
	}
	got := log.all()
	if len(got) != len(calls) {
		t.Fatalf("%d lines for %d calls: %s", len(got), len(calls), strings.Join(got, "\n"))
	}
	for i, line := range got {
		var entry struct {
			Request, Method, Route, Person string
			Status                         int
		}
		must(t, json.Unmarshal([]byte(line), &entry))
		if entry.Request == "" || entry.Method != calls[i].method || entry.Status == 0 {
			t.Errorf("line %d: %s", i, line)
		}
		if calls[i].who == elder && entry.Person != w.people[elder].PersonID {
			t.Errorf("line %d does not say who: %s", i, line)
		}
		for _, secret := range []string{"canary", "张婆婆", "13800", w.tokens[elder]} {
			if strings.Contains(line, secret) {
				t.Errorf("line %d tells %q: %s", i, secret, line)
			}
		}
	}
}

func TestFrame_SizesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	note := func(n int) string {
		return `{"kind":"board","granted":true,"x":"` + strings.Repeat("x", n) + `"}`
	}
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"a mebibyte and more": {note(1 << 20), 413},
		"just below":          {note(1<<20 - 100), 400},
		"many keys":           {"{" + strings.Repeat(`"k":1,`, 100) + `"z":1}`, 400},
		"deep":                {strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), 400},
	} {
		if got := w.send(t, elder, "POST", "/api/v1/consents", c.body, "Idempotency-Key", "k"); got.status != c.want {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	for kind, want := range map[string]int{"application/x-www-form-urlencoded": 415, "": 415, "application/json; charset=utf-8": 201} {
		got := w.send(t, elder, "POST", "/api/v1/consents", `{"kind":"board","granted":true}`, "Idempotency-Key", "k", "Content-Type", kind)
		if got.status != want {
			t.Errorf("%q: %d %s", kind, got.status, got.body)
		}
	}
	for _, key := range []string{strings.Repeat("k", 256), "with space", "键"} {
		if got := w.send(t, elder, "POST", "/api/v1/consents", `{"kind":"board","granted":true}`, "Idempotency-Key", key); got.status != 400 {
			t.Errorf("key %q: %d", key, got.status)
		}
	}
}

func TestFrame_WhoTriesTooOftenHearsSoAndNobodyElse(t *testing.T) {
	t.Parallel()
	w := settle(t, storetest.SQLite(t))
	c := serveConfig()
	c.PersonRate, c.AddressRate = 2, 1
	w.serve(t, c, slog.New(slog.DiscardHandler))
	try := func(who, token, forwarded string) answer {
		w.tokens["tried"] = token
		return w.send(t, who, "GET", "/api/v1/session", "", "X-Forwarded-For", forwarded)
	}
	for n := range 10 { // ten at once, then one a second; the clock stands
		if got := try("tried", strings.Repeat("A", 43), fmt.Sprintf("10.0.0.%d", n)); got.status != 401 {
			t.Fatalf("try %d: %d", n, got.status)
		}
	}
	got := try("tried", strings.Repeat("A", 43), "10.9.9.9")
	if got.status != 429 || got.header.Get("Retry-After") == "" {
		t.Errorf("a forged X-Forwarded-For made a new caller: %d", got.status)
	}
	for n := range 6 {
		if got := try(elder, "", "10.9.9.9"); got.status != 200 {
			t.Fatalf("her call %d: %d; she is signed in behind the same address", n, got.status)
		}
	}
	if got := try(elder, "", ""); got.status != 429 {
		t.Errorf("her seventh call at once: %d", got.status)
	}
	if got := try(giver, "", ""); got.status != 200 {
		t.Errorf("her neighbour: %d", got.status)
	}
	w.Clock.Add(1e9)
	if got := try(elder, "", ""); got.status != 200 {
		t.Errorf("a second later: %d", got.status)
	}
}

func TestFrame_TrustedProxyIsBelieved(t *testing.T) {
	t.Parallel()
	w := settle(t, storetest.SQLite(t))
	c := serveConfig()
	c.AddressRate, c.TrustedProxies = 1, []string{"127.0.0.0/8"}
	w.serve(t, c, slog.New(slog.DiscardHandler))
	for n := range 30 {
		if got := w.send(t, anonymous, "GET", "/api/v1/session", "", "X-Forwarded-For", fmt.Sprintf("10.0.0.%d", n)); got.status != 401 {
			t.Fatalf("caller %d: %d", n, got.status)
		}
	}
}

func TestFrame_SpeaksTheLanguageThatIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	for accept, want := range map[string]string{"": "没有找到", "zh-CN,zh;q=0.9": "没有找到", "en-GB": "Not found", "EN": "Not found", "tlh": "没有找到"} {
		var p struct{ Detail string }
		must(t, json.Unmarshal(w.send(t, elder, "GET", "/api/v1/nothing", "", "Accept-Language", accept).body, &p))
		if p.Detail != want {
			t.Errorf("%q: %q", accept, p.Detail)
		}
	}
}

func TestReady_UntilTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	if got := w.send(t, anonymous, "GET", "/readyz", ""); got.status != 200 {
		t.Errorf("ready: %d %s", got.status, got.body)
	}
	must(t, w.Store.Close())
	if got := w.send(t, anonymous, "GET", "/readyz", ""); got.status != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("without a database: %d", got.status)
	}
	if got := w.send(t, anonymous, "GET", "/healthz", ""); got.status != 200 {
		t.Errorf("the process is alive: %d", got.status)
	}
}
