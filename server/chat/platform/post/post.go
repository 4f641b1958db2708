// Package post sends one JSON body to a platform and reads its answer.
//
// A body and an address flow in; the platform's own answer flows out, or a
// platform.Failure that names no address, because addresses hold the secret.
// It follows no redirect, reads no more than 64 KiB, waits no longer than
// fifteen seconds, and tries once.
package post

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/server/chat/platform"
)

const (
	patience  = 15 * time.Second
	maxAnswer = 64 << 10
	maxQuoted = 300 // bytes of a platform's words that are kept
	// longest is how long a platform may tell a robot to be silent.
	longest = 24 * time.Hour
)

// Answer is what a platform answers with: its Failure is nil when it did what
// it was told.
type Answer interface{ Failure() *platform.Failure }

// Client is an HTTP client for platforms.
func Client() *http.Client { return &http.Client{Timeout: patience, CheckRedirect: Stay} }

// Stay follows no redirect: who may send us elsewhere could read the secret.
func Stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// JSON posts body and reads answer. Platforms tell their code in the body,
// whatever the status says; only where there is none, the status counts.
func JSON(ctx context.Context, client *http.Client, address string, header http.Header, body any, answer Answer) error {
	var text bytes.Buffer
	// Platforms count bytes, and an escaped "&" would be six.
	write := json.NewEncoder(&text)
	write.SetEscapeHTML(false)
	if err := write.Encode(body); err != nil {
		return fmt.Errorf("write the body: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &text)
	if err != nil {
		return &platform.Failure{Ours: platform.BadAddress, Gone: true}
	}
	for key, values := range header {
		request.Header[key] = values
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := client.Do(request)
	if err != nil {
		return Unanswered(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return Unanswered(err)
	}
	if !bytes.HasPrefix(bytes.TrimSpace(said), []byte("{")) || json.Unmarshal(said, answer) != nil {
		if failed := Status(response.StatusCode, response.Header); failed != nil {
			return failed
		}
		return &platform.Failure{Code: response.StatusCode, Text: "the answer is no JSON: " + Quote(string(said))}
	}
	if failed := answer.Failure(); failed != nil {
		failed.Text = Quote(failed.Text)
		return failed
	}
	if failed := Status(response.StatusCode, response.Header); failed != nil {
		return failed
	}
	return nil
}

// Unanswered is the failure of a call that got no answer. What net/http says
// holds the whole address; only what lies under it is told.
func Unanswered(err error) *platform.Failure {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return (&platform.Failure{}).Because(err)
}

// Status is the failure that a status alone tells, nil for 2xx. It is never the card's:
// what refused it may have been a proxy on the way.
func Status(status int, header http.Header) *platform.Failure {
	failed := &platform.Failure{Code: status, Text: http.StatusText(status)}
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests || status >= 500:
		failed.RetryAfter = RetryAfter(header)
	case status >= 300 && status < 400:
		failed.Ours = platform.Elsewhere
	case status == http.StatusGone:
		failed.Gone = true
	}
	return failed
}

// RetryAfter reads the header of that name, at most a day: seconds, or a date,
// which is held against the date of the same answer and so against one clock.
func RetryAfter(header http.Header) time.Duration {
	after := strings.TrimSpace(header.Get("Retry-After"))
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(after, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if until, err := http.ParseTime(after); err == nil {
		if said, err := http.ParseTime(header.Get("Date")); err == nil {
			wait = until.Sub(said)
		}
	}
	return min(max(wait, 0), longest)
}

// Quote is what is kept of a platform's words.
func Quote(words string) string { return platform.Cut(platform.Line(words), maxQuoted) }
