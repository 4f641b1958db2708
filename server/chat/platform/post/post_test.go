package post_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

func TestRetryAfter_ReadsSecondsAndDates(t *testing.T) {
	t.Parallel()
	const date = "Tue, 20 Dec 2022 08:00:00 GMT"
	for after, want := range map[string]time.Duration{
		"": 0, "0": 0, " 120 ": 2 * time.Minute, "-1": 0, "1.5": 0, "99999999999": 0, "999999999": 24 * time.Hour,
		"Tue, 20 Dec 2022 08:05:00 GMT": 5 * time.Minute, "Tue, 20 Dec 2022 07:00:00 GMT": 0, "Wed, 20 Dec 2023 08:00:00 GMT": 24 * time.Hour,
		"tomorrow": 0,
	} {
		if got := post.RetryAfter(http.Header{"Retry-After": {after}, "Date": {date}}); got != want {
			t.Errorf("%q: %s, not %s", after, got, want)
		}
	}
	if got := post.RetryAfter(http.Header{"Retry-After": {"Tue, 20 Dec 2022 08:05:00 GMT"}}); got != 0 {
		t.Errorf("without a date: %s", got)
	}
}

func TestQuote_IsOneShortLine(t *testing.T) {
	t.Parallel()
	if got := post.Quote("a\nb\x00c" + string(make([]byte, 1000))); got != "a b c" {
		t.Errorf("%q", got)
	}
}

type told struct {
	Code int `json:"code"`
}

func (a *told) Failure() *platform.Failure {
	if a.Code == 0 {
		return nil
	}
	return &platform.Failure{Code: a.Code}
}

// FuzzJSON answers with anything: only a JSON object with status 2xx and no
// code of its own is a success.
func FuzzJSON(f *testing.F) {
	f.Add(200, `{"code":0}`)
	f.Add(200, `{"code":"0"}`)
	f.Add(500, `{"code":0}`)
	f.Add(302, "null")
	f.Add(200, "[]")
	f.Fuzz(func(t *testing.T, status int, body string) {
		status = 200 + (status%400+400)%400
		client := &http.Client{CheckRedirect: post.Stay, Transport: answering(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Location": {"http://x/"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})}
		var said told
		err := post.JSON(t.Context(), client, "http://platform/", nil, "{}", &said)
		var plain map[string]json.RawMessage
		good := status < 300 && said.Code == 0 && json.Unmarshal([]byte(body), &plain) == nil && plain != nil
		var failed *platform.Failure
		if err != nil && !errors.As(err, &failed) || err == nil && !good {
			t.Fatalf("%d %q: %v", status, body, err)
		}
	})
}

type answering func(*http.Request) (*http.Response, error)

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }
