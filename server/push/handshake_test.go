package push

import (
	"net/http"
	"testing"

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

func TestWhatIsNoHandshakeGetsAProblem(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{})
	upgrade := map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==", "Authorization": "person-1/session-1"}
	for name, change := range map[string]map[string]string{
		"a plain GET":      {"Connection": "", "Upgrade": ""},
		"another protocol": {"Upgrade": "h2c"},
		"an old version":   {"Sec-WebSocket-Version": "8"},
		"no key":           {"Sec-WebSocket-Key": ""},
		"a short key":      {"Sec-WebSocket-Key": "MTIz"},
		"a POST":           {"method": "POST"},
	} {
		method := http.MethodGet
		if m, ok := change["method"]; ok {
			method = m
		}
		request, err := http.NewRequestWithContext(t.Context(), method, w.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		for key, value := range upgrade {
			request.Header.Set(key, value)
		}
		for key, value := range change {
			request.Header.Set(key, value)
		}
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(name, err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	if n := w.hub.taken; n != 0 {
		t.Errorf("%d seats were not given back", n)
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
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
