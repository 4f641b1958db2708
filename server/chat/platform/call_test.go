package platform_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"linli/models/fault"
	"linli/server/chat/platform"
)

func TestBody_IsReadToItsLimitOnly(t *testing.T) {
	t.Parallel()
	for size, fits := range map[int]bool{0: true, 64 << 10: true, 64<<10 + 1: false, 1 << 20: false} {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(make([]byte, size)))
		body, err := platform.Body(r)
		if fits && (err != nil || len(body) != size) || !fits && !fault.Is(err, fault.TooLarge) {
			t.Errorf("%d bytes: %d, %v", size, len(body), err)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(make([]byte, 2000)))
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 1000)
	if _, err := platform.Body(r); !fault.Is(err, fault.TooLarge) {
		t.Errorf("%v", err)
	}
}

func TestFresh_TakesOnlyItsWindow(t *testing.T) {
	t.Parallel()
	now := time.Date(2022, 12, 20, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		stamp string
		unit  time.Duration
		fresh bool
	}{
		{"1671523200", time.Second, true},
		{"1671519600", time.Second, true},
		{"1671519599", time.Second, false},
		{"1671526800", time.Second, true},
		{"1671526801", time.Second, false},
		{"1671523200000", time.Millisecond, true},
		{"1671523200000", time.Second, false},
		{"1671523200", time.Millisecond, false},
		{"", time.Second, false}, {"-1", time.Second, false}, {"1e9", time.Second, false},
		{"9223372036854775807", time.Second, false}, {"9223372036854775807", time.Millisecond, false},
		{"9223372036", time.Second, false},
	} {
		at, err := platform.Fresh(c.stamp, c.unit, now, platform.Window)
		if (err == nil) != c.fresh || c.fresh && now.Sub(at).Abs() > platform.Window {
			t.Errorf("%s in %s: %v, %v", c.stamp, c.unit, at, err)
		}
	}
}
