package platform

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"linli/models/fault"
)

// Why a call of a platform is not believed.
var (
	ErrUnsigned   = fault.New(fault.Unauthenticated, "call_unsigned")
	ErrStale      = fault.New(fault.Unauthenticated, "call_stale")
	ErrNotOurs    = fault.New(fault.Unauthenticated, "call_not_ours")
	ErrUnreadable = fault.New(fault.Invalid, "call_unreadable")
	ErrTooLarge   = fault.New(fault.TooLarge, "call_too_large")
)

const (
	// Window is how old or how early a call may be; DingTalk publishes an hour,
	// and WeCom is held to it too. Feishu calls again for longer.
	Window = time.Hour
	// Remember is how long ids of messages must be kept: every call that is
	// older than this is refused by every adapter.
	Remember = 24 * time.Hour
	// maxCall is the limit of a call's body. A message has a few kilobytes.
	maxCall = 64 << 10
)

// Body reads the body of a platform's call, up to 64 KiB.
func Body(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxCall+1))
	var large *http.MaxBytesError
	switch {
	case len(body) > maxCall || errors.As(err, &large):
		return nil, ErrTooLarge
	case err != nil:
		return nil, ErrUnreadable.Because(err)
	}
	return body, nil
}

// Fresh reads a timestamp of that unit (time.Second, time.Millisecond) and
// makes sure that it lies no further than window from now.
func Fresh(stamp string, unit time.Duration, now time.Time, window time.Duration) (time.Time, error) {
	number, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || number < 0 || number > int64(1<<62)/int64(unit) {
		return time.Time{}, ErrStale
	}
	at := time.Unix(0, 0).Add(time.Duration(number) * unit).UTC()
	if now.Sub(at) > window || at.Sub(now) > window {
		return time.Time{}, ErrStale
	}
	return at, nil
}
