package server_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/matching"
	"linli/models/store/storetest"
	"linli/server"
	"linli/server/config"
	"linli/server/registry"

	"github.com/gorilla/websocket"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// running is a server on a free port of loopback.
type running struct {
	address string
	token   string
	stop    context.CancelFunc
	ended   chan error
}

// run starts a server with one resident; it is stopped with the test, if the
// test has not done so.
func run(t *testing.T, c config.Serve) *running {
	t.Helper()
	b := storetest.SQLite(t)
	place := b.Place(t)
	r := registry.New(b.Store)
	must(t, r.Prepare(t.Context()))
	token, err := r.MintSession(t.Context(), place.Neighbour(t, place.Micro, "1-1-101", "张婆婆", "").PersonID)
	must(t, err)
	srv, err := server.New(c, b.Store, slog.New(slog.DiscardHandler))
	must(t, err)
	listener, err := net.Listen("tcp", "localhost:0")
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	s := &running{address: listener.Addr().String(), token: token, stop: stop, ended: make(chan error, 1)}
	go func() { s.ended <- srv.Run(ctx, listener) }()
	t.Cleanup(stop)
	return s
}

func (s *running) wait(t *testing.T) {
	t.Helper()
	select {
	case err := <-s.ended:
		must(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not stop")
	}
}

func serveOn(address string) config.Serve { return config.Serve{Addr: address, Lanes: 2} }

func TestRun_SendsSocketsAwayAndStops(t *testing.T) {
	t.Parallel()
	s := run(t, serveOn("localhost:8080"))
	conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.address+"/api/v1/stream",
		http.Header{"Authorization": {"Bearer " + s.token}})
	must(t, err)
	_ = res.Body.Close()
	defer conn.Close()
	if _, hello, err := conn.ReadMessage(); err != nil || !strings.Contains(string(hello), `"hello"`) {
		t.Fatalf("%s %v", hello, err)
	}
	s.stop()
	var closed *websocket.CloseError
	for err == nil {
		_, _, err = conn.ReadMessage()
	}
	if !errors.As(err, &closed) || closed.Code != websocket.CloseServiceRestart {
		t.Errorf("the socket ended with %v", err)
	}
	s.wait(t)
	if _, err := net.DialTimeout("tcp", s.address, time.Second); err == nil {
		t.Error("it still listens")
	}
}

func TestRun_LongHeadersAreRefused(t *testing.T) {
	t.Parallel()
	s := run(t, serveOn("localhost:8080"))
	conn, err := net.Dial("tcp", s.address)
	must(t, err)
	defer conn.Close()
	go func() { // the server stops reading in the middle of it
		_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: a\r\n"+strings.Repeat("X: "+strings.Repeat("x", 1000)+"\r\n", 200)+"\r\n")
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%d", res.StatusCode)
	}
	s.stop()
	s.wait(t)
}

func TestRun_WhoSendsHeadersSlowlyIsCutOff(t *testing.T) {
	t.Parallel()
	s := run(t, serveOn("localhost:8080"))
	conn, err := net.Dial("tcp", s.address)
	must(t, err)
	defer conn.Close()
	began := time.Now()
	_, err = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
	must(t, err)
	must(t, conn.SetReadDeadline(began.Add(15*time.Second)))
	answer, err := io.ReadAll(conn)
	if err != nil || strings.Contains(string(answer), " 200 ") {
		t.Errorf("%q %v", answer, err)
	}
	if took := time.Since(began); took < 4*time.Second || took > 10*time.Second {
		t.Errorf("cut off after %s", took)
	}
	s.stop()
	s.wait(t)
}

func TestRun_FiguresHaveAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "localhost:0")
	must(t, err)
	must(t, free.Close())
	c := serveOn("localhost:8080")
	c.Metrics = free.Addr().String()
	s := run(t, c)
	var res *http.Response
	for end := time.Now().Add(10 * time.Second); ; { // it comes up beside the app
		if res, err = http.Get("http://" + c.Metrics + "/metrics"); err == nil || time.Now().After(end) {
			break
		}
	}
	must(t, err)
	text, err := io.ReadAll(res.Body)
	must(t, errors.Join(err, res.Body.Close()))
	if !strings.Contains(string(text), "linli_sockets 0") {
		t.Errorf("%.200s", text)
	}
	s.stop()
	s.wait(t)
}

func TestRun_TakenFiguresAddressEndsTheServer(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	must(t, err)
	defer taken.Close()
	c := serveOn("localhost:8080")
	c.Metrics = taken.Addr().String()
	s := run(t, c)
	select {
	case err := <-s.ended:
		if err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("%v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it runs on without figures")
	}
}

func TestNew_RefusesWhatItCannotServe(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	policy := func(text string) string {
		file := filepath.Join(t.TempDir(), "policy.tsv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	own := strings.Replace(matching.PolicyFile, "window\t60s", "window\t2m", 1)
	if _, err := server.New(config.Serve{Addr: "localhost:8080", Policy: policy(own)}, b.Store, slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("a policy of one's own: %v", err)
	}
	for name, c := range map[string]config.Serve{
		"no policy":  {Addr: "localhost:8080", Policy: "nowhere.tsv"},
		"bad policy": {Addr: "localhost:8080", Policy: policy(strings.Replace(own, "window\t2m", "window\tsoon", 1))},
		"no overlay": {Addr: "localhost:8080", Catalogue: "nowhere.tsv"},
		"proxies":    {Addr: "localhost:8080", TrustedProxies: []string{"anybody"}},
	} {
		if _, err := server.New(c, b.Store, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
