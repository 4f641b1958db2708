package push

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/models/fault"
)

func TestHandshakesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{Origins: []string{"https://app.example.cn"}, PerPerson: 2})
	for range 2 {
		w.client(t, person(9)).connect()
	}
	me := authorization(person(1)).Get("Authorization")
	host := w.url[len("http://"):]
	for name, c := range map[string]struct {
		header http.Header
		status int
	}{
		"nobody":            {http.Header{}, 401},
		"no origin":         {http.Header{"Authorization": {me}}, 101},
		"own origin":        {http.Header{"Authorization": {me}, "Origin": {"http://" + host}}, 101},
		"listed origin":     {http.Header{"Authorization": {me}, "Origin": {"https://APP.example.cn"}}, 101},
		"foreign origin":    {http.Header{"Authorization": {me}, "Origin": {"https://example.com"}}, 403},
		"listed, not https": {http.Header{"Authorization": {me}, "Origin": {"http://app.example.cn"}}, 403},
		"own as a prefix":   {http.Header{"Authorization": {me}, "Origin": {"http://" + host + ".example.com"}}, 403},
		"opaque origin":     {http.Header{"Authorization": {me}, "Origin": {"null"}}, 403},
		"empty origin":      {http.Header{"Authorization": {me}, "Origin": {""}}, 403},
		"no URL at all":     {http.Header{"Authorization": {me}, "Origin": {"%zz"}}, 403},
		"a third socket":    {authorization(person(9)), 429},
	} {
		conn, answer, err := w.dial(c.header)
		if answer == nil || answer.StatusCode != c.status {
			t.Errorf("%s: %v %v, want %d", name, answer, err, c.status)
		}
		if conn != nil {
			_ = conn.Close()
			w.ended(t)
		}
	}
}

// handshakeCases change one line of a right handshake; "-" leaves it out. The
// server's problem is a 422, the HTTP library's own a 400.
var handshakeCases = []struct {
	name, line, value string
	status            int
}{
	{"right", "", "", 101},
	{"a POST", "method", "POST", 422},
	{"a HEAD", "method", "HEAD", 422},
	{"HTTP/1.0", "proto", "HTTP/1.0", 101}, // the library looks at the headers alone
	{"HTTP/3.0", "proto", "HTTP/3.0", 505},
	{"no version of HTTP", "proto", "", 400},
	{"no host", "Host", "-", 400},
	{"a plain GET", "Upgrade", "-", 422},
	{"another protocol", "Upgrade", "h2c", 422},
	{"one protocol of two", "Upgrade", "h2c, websocket", 101},
	{"WEBSOCKET", "Upgrade", "WEBSOCKET", 101},
	{"websocket/13", "Upgrade", "websocket/13", 422},
	{"no connection", "Connection", "-", 422},
	{"connection kept alive", "Connection", "keep-alive", 422},
	{"connection kept alive and upgraded", "Connection", "keep-alive, Upgrade", 101},
	{"upgrade in small letters", "Connection", "upgrade", 101},
	{"upgraded", "Connection", "upgraded", 422},
	{"no version", "Sec-WebSocket-Version", "-", 422},
	{"version 8", "Sec-WebSocket-Version", "8", 422},
	{"version 0", "Sec-WebSocket-Version", "0", 422},
	{"version 14", "Sec-WebSocket-Version", "14", 422},
	{"version 13.0", "Sec-WebSocket-Version", "13.0", 422},
	{"an empty version", "Sec-WebSocket-Version", "", 422},
	{"no key", "Sec-WebSocket-Key", "-", 422},
	{"an empty key", "Sec-WebSocket-Key", "", 422},
	{"a key of 3 bytes", "Sec-WebSocket-Key", "MTIz", 422},
	{"a key of 15 bytes", "Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2Rl", 422},
	{"a key of 17 bytes", "Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZmc=", 422},
	{"a key that is no base64", "Sec-WebSocket-Key", "你好你好你好你好", 422},
	{"a key with a space", "Sec-WebSocket-Key", "MDEyMzQ1Njc4 OWFiY2RlZg==", 422},
	{"a key without padding", "Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg", 422},
	{"compression is offered", "Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits", 101},
	{"an unknown extension", "Sec-WebSocket-Extensions", "x-foo; bar=1", 101},
	{"a broken extension", "Sec-WebSocket-Extensions", ";;;=,", 101},
	{"a subprotocol", "Sec-WebSocket-Protocol", "chat, superchat", 101},
	{"an empty origin", "Origin", "", 403},
	{"a foreign origin", "Origin", "https://example.com", 403},
	{"nobody", "Authorization", "-", 401},
	{"a header without a name", ": x", "", 400},
	{"a header with a NUL", "X-Nul", "\x00", 400},
	{"a body", "Content-Length", "4", 101},
}

func TestOnlyAHandshakeOpensAStream(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{PerPerson: 1000})
	for _, c := range handshakeCases {
		answer := w.knock(t, c.line, c.value)
		if answer.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, answer.StatusCode, c.status)
		}
		if answer.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		w.ended(t)
		if got := answer.Header.Get("Sec-Websocket-Accept"); got != "BACScCJPNqyz+UBoqMH89VmURoA=" {
			t.Errorf("%s: accepted with %q", c.name, got)
		}
		for _, none := range []string{"Sec-Websocket-Extensions", "Sec-Websocket-Protocol"} {
			if got := answer.Header.Get(none); got != "" {
				t.Errorf("%s: agreed to %s", c.name, got)
			}
		}
	}
	w.hub.running.Wait() // until the last has given its seat back
	if n := w.hub.taken; n != 0 {
		t.Errorf("%d seats were not given back", n)
	}
}

// knock sends a handshake with one line changed, reads the answer and goes.
func (w *world) knock(t *testing.T, line, value string) *http.Response {
	t.Helper()
	lines := map[string]string{"method": "GET", "proto": "HTTP/1.1", "Host": "x", "Connection": "Upgrade", "Upgrade": "websocket",
		"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==", "Authorization": "person-1/session-1"}
	if line != "" {
		lines[line] = value
	}
	text := lines["method"] + " / " + lines["proto"] + "\r\n"
	for name, value := range lines {
		if name != "method" && name != "proto" && value != "-" {
			text += name + ": " + value + "\r\n"
		}
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(waitAtMost))
	if _, err := conn.Write([]byte(text + "\r\n")); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(line, err)
	}
	return answer
}

func TestAFullProcessTakesNoMore(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{Sockets: 1})
	first := w.client(t, person(1))
	first.connect()
	if _, answer, err := w.dial(authorization(person(2))); err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Fatal("took a second", err)
	}
	_ = first.conn.Close()
	w.ended(t)
	w.client(t, person(2)).connect() // the seat is free again
}

func TestCloseCodesSayWhetherToComeBack(t *testing.T) {
	t.Parallel()
	for _, c := range []Closing{closeProtocol, closeBinary, closeEncoding, closePolicy, closeUnknown, closeForeign,
		closeFlood, closeTooBig, closeSession, closeRestart, closeBusy, closeRenew, closeSlow, closeRights, closeSilent,
		closeNoResume, closeInternal, closeEpoch} {
		back := c.Code == 1012 || c.Code == 1013 || c.Code >= 4000 && c.Code < 4100
		if back != c.Back || c.Text == "" || len(c.Text) > 123 {
			t.Errorf("%+v", c)
		}
	}
	for _, code := range []fault.Code{fault.Invalid, fault.Refused, fault.Unauthenticated, fault.Forbidden, fault.NotFound,
		fault.Conflict, fault.Gone, fault.TooLarge, fault.RateLimited, fault.Unavailable, fault.Internal} {
		if _, ok := closings[code]; !ok {
			t.Errorf("no close code for %s", code)
		}
	}
	if c := ClosingOf(http.ErrAbortHandler); c != closeInternal {
		t.Errorf("an unknown error: %+v", c)
	}
}
