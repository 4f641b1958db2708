package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models/fault"
	"linli/models/words"
	"linli/server/exchange"

	"github.com/gin-gonic/gin"
)

var codes = []fault.Code{fault.Invalid, fault.Refused, fault.Unauthenticated, fault.Forbidden, fault.NotFound,
	fault.Conflict, fault.Gone, fault.TooLarge, fault.RateLimited, fault.Unavailable, fault.Internal}

func TestProblem_EveryCodeHasAStatusAndATitleInBothLanguages(t *testing.T) {
	t.Parallel()
	if len(codes) != len(statuses) || len(codes) != len(titles) {
		t.Fatalf("%d codes, %d statuses, %d titles", len(codes), len(statuses), len(titles))
	}
	for _, code := range codes {
		for lang, title := range map[words.Lang]string{words.ZH: titles[code].ZH, words.EN: titles[code].EN} {
			ctx := context.WithValue(t.Context(), callKey{}, &call{id: "request-1", lang: lang, log: slog.New(slog.DiscardHandler)})
			p := problemOf(ctx, fault.New(code, "not_found").Because(errors.New("the cause")))
			if p.Status < 400 || p.Title == "" || p.Title != title || p.Type != "/problems/"+string(code) || p.RequestID != "request-1" {
				t.Errorf("%s in %s: %+v", code, lang, p)
			}
			if text, _ := json.Marshal(p); bytes.Contains(text, []byte("the cause")) {
				t.Errorf("%s tells its cause: %s", code, text)
			}
		}
	}
}

// reasonCalls are the functions that name a reason, and which argument it is.
var reasonCalls = map[string]int{"New": 1, "Field": 1, "InvalidField": 1, "badRequest": 0, "forbidden": 0, "errArchive": 0, "complaint": 0, "say": 0}

func TestProblem_EveryReasonInTheSourceHasASentence(t *testing.T) {
	t.Parallel()
	found := 0
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "frontend") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if reason, ok := reasonIn(n); ok {
				found++
				if !words.Known(reason) {
					t.Errorf("%s: no sentence for %q", path, reason)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || found < 100 {
		t.Fatalf("%d reasons were found: %v", found, err)
	}
}

// reasonIn reads the reason of fault.New(code, "reason") and its like.
func reasonIn(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	name := ""
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
		if from, ok := fun.X.(*ast.Ident); name == "New" && (!ok || from.Name != "fault") {
			return "", false
		}
	}
	at, ok := reasonCalls[name]
	if !ok || at >= len(call.Args) {
		return "", false
	}
	text, ok := call.Args[at].(*ast.BasicLit)
	if !ok || text.Kind != token.STRING {
		return "", false
	}
	reason, err := strconv.Unquote(text.Value)
	return reason, err == nil && reason != ""
}

// bare is an API without people, for what the frame does by itself.
func bare(t *testing.T, log *slog.Logger, app fs.FS) *API {
	t.Helper()
	a, err := New(Options{Exchange: exchange.New(nil, catalogue.Embedded(), matching.DefaultPolicy), Stream: http.NotFoundHandler(),
		App: app, Log: log, Now: time.Now, NewID: func() string { return "new-id-1" },
		Ready: func(*http.Request) error { return errors.New("the database is away") }, Metrics: NewMetrics(func() int { return 3 })})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestFrame_PanicBecomesAProblemAndOneLogEntry(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := bare(t, slog.New(slog.NewTextHandler(&log, nil)), fstest.MapFS{})
	a.router.GET("/panics", func(*gin.Context) { panic("secret thoughts\nsecond line") })
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/panics", nil))
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 500 || p.Code != "internal" || p.RequestID != "new-id-1" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), "secret") {
		t.Error("the caller is told of the panic")
	}
	if lines := strings.Count(log.String(), "\n"); lines != 2 || !strings.Contains(log.String(), "secret thoughts") {
		t.Errorf("%d log lines: %s", lines, log.String())
	}
}

func TestFrame_FiguresNameRoutesAndNothingElse(t *testing.T) {
	t.Parallel()
	a := bare(t, slog.New(slog.DiscardHandler), fstest.MapFS{})
	for _, r := range []struct{ method, path string }{{"GET", "/api/v1/requests/0191-secret"}, {"GET", "/secret"}, {"SECRET", "/x"}, {"GET", "/readyz"}} {
		a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(r.method, r.path, nil))
	}
	figures := func(header, value string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = "127.0.0.1:5000"
		r.Header.Set(header, value)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w
	}
	text := figures("Accept", "text/plain").Body.String()
	for _, want := range []string{
		`linli_requests_total{class="4xx",method="GET",route="/api/v1/requests/:id"} 1`,
		`linli_requests_total{class="4xx",method="any",route="other"} 2`,
		`linli_requests_total{class="5xx",method="GET",route="/readyz"} 1`,
		"linli_sockets 3", "linli_request_seconds_bucket",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(strings.ToLower(text), "secret") {
		t.Error("a label was made by a caller")
	}
	if w := figures("X-Forwarded-For", "10.1.2.3"); w.Code != http.StatusNotFound {
		t.Errorf("through a proxy: %d", w.Code)
	}
}

func TestStatic_PageIsAskedForAgainAndHashedFilesAreKept(t *testing.T) {
	t.Parallel()
	a := bare(t, slog.New(slog.DiscardHandler), fstest.MapFS{"index.html": {Data: []byte("<p>app")},
		"assets/a-1.js": {Data: []byte("go()")}, "assets/a-1.js.gz": {Data: []byte("packed")}})
	get := func(method, path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w
	}
	page := get("GET", "/")
	if page.Code != 200 || page.Body.String() != "<p>app" || page.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("page: %d %v", page.Code, page.Header())
	}
	if again := get("GET", "/", "If-None-Match", page.Header().Get("Etag")); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("again: %d", again.Code)
	}
	script := get("GET", "/assets/a-1.js", "Accept-Encoding", "br, gzip")
	if script.Body.String() != "packed" || script.Header().Get("Content-Encoding") != "gzip" ||
		!strings.Contains(script.Header().Get("Cache-Control"), "immutable") || !strings.HasPrefix(script.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("script: %q %v", script.Body, script.Header())
	}
	if plain := get("GET", "/assets/a-1.js"); plain.Body.String() != "go()" {
		t.Errorf("for who reads no gzip: %q", plain.Body)
	}
	for path, want := range map[string]int{"/assets/a-1.js.gz": 404, "/assets": 404, "/assets/../../etc/passwd": 404, "/nothing": 404} {
		if w := get("GET", path); w.Code != want || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
	if w := get("POST", "/"); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestLimits_FillAgainAndForgetWhoIsIdle(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := newLimits(func() time.Time { return now }, Rates{Person: 2, Address: 1})
	taken := func(person, address string) int {
		for n := 0; ; n++ {
			if l.take(person, func() string { return address }) != nil {
				return n
			}
		}
	}
	if n := taken("she", "a"); n != 6 {
		t.Errorf("a person has %d calls at once", n)
	}
	if n := taken("he", "a"); n != 6 {
		t.Errorf("her neighbour has %d", n)
	}
	if n := taken("", "a"); n != 10 {
		t.Errorf("an address has %d", n)
	}
	now = now.Add(time.Second)
	if n := taken("she", "a"); n != 2 {
		t.Errorf("%d more after a second", n)
	}
	now = now.Add(bucketIdle + time.Second)
	l.forget(now)
	if len(l.buckets) != 0 {
		t.Errorf("%d buckets are kept", len(l.buckets))
	}
	free := newLimits(func() time.Time { return now }, Rates{})
	for range 1000 {
		if free.take("she", nil) != nil {
			t.Fatal("0 means no limit")
		}
	}
}
