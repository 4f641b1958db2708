package post_test

import (
	"net/http"
	"testing"
	"time"

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
