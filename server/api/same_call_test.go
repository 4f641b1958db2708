//go:build !race

// A table of single calls, thousands of them: nothing here runs beside another.

package api_test

import (
	"bytes"
	"strings"
	"testing"

	"linli/models/store/storetest"
)

// TestSameCallTwice makes every keyed call of the scene twice under one key:
// the answer is the same and nothing happens again. Another body, where there
// is one, is refused under that key; another person's key is her own.
func TestSameCallTwice_OneEffectOneAnswer(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	t.Run("routes", func(t *testing.T) {
		for _, route := range published(t) {
			method, _, _ := strings.Cut(route, " ")
			e := examples[route]
			if method == "GET" || e.who == anonymous || withoutKey[route] {
				continue
			}
			t.Run(route, func(t *testing.T) {
				t.Parallel()
				s := &spoiler{scene: k.open(t)}
				path, body := "/api/v1"+s.fill(t, e.path), s.fill(t, e.body)
				headers := contentOf(e.body)
				if got := s.send(t, e.who, method, path, body, headers...); got.status != 400 || !strings.Contains(string(got.body), "key_missing") {
					t.Errorf("without a key: %d %s", got.status, got.body)
				}
				headers = append(headers, "Idempotency-Key", "once")
				first := s.send(t, e.who, method, path, body, headers...)
				if first.status >= 300 {
					t.Fatalf("the example does not succeed: %d %s", first.status, first.body)
				}
				written := s.numbers(t)
				again := s.send(t, e.who, method, path, body, headers...)
				if again.status != first.status || !bytes.Equal(again.body, first.body) {
					t.Errorf("first %d %s\nagain %d %s", first.status, first.body, again.status, again.body)
				}
				if s.numbers(t) != written {
					t.Error("the second call wrote something")
				}
				other := otherBody(body)
				if e.body == "{photo}" {
					other = string(storetest.Snapshot(t, 100))
				}
				if other != "" {
					if got := s.send(t, e.who, method, path, other, headers...); got.status != 422 ||
						!strings.Contains(string(got.body), "key_reused") {
						t.Errorf("another body under the same key: %d %s", got.status, got.body)
					}
				}
			})
		}
	})
}

// withoutKey are the unsafe routes whose repetition does no harm.
var withoutKey = map[string]bool{"DELETE /session": true, "DELETE /people/me": true,
	"POST /screenings": true, "POST /chat/readings": true, "DELETE /photos/{id}": true, "POST /stream/tickets": true}

// otherBody is another body that is as good.
func otherBody(body string) string {
	for from, to := range map[string]string{`"note":"谢谢"`: `"note":"多谢"`, `"note":"没拆过"`: `"note":"全新"`, `"granted":true`: `"granted":false`,
		`"granted":false`: `"granted":true`, `"reason":"opened"`: `"reason":"cold"`, `"why":"更烧了"`: `"why":"很烧"`, `"batch":"B7"`: `"batch":"B8"`, `"heard":"phone"`: `"heard":"face"`} {
		if strings.Contains(body, from) {
			return strings.Replace(body, from, to, 1)
		}
	}
	return ""
}
