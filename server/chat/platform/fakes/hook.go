package fakes

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Hook is a receiver of Standard Webhooks who checks everything: 204, or 400
// for what is unsigned, five minutes old or too large.
type Hook struct {
	Group
	Secret string // whsec_…

	// IDs are the webhook-ids of what was taken, in order.
	IDs []string
}

// NewHook starts one.
func NewHook(t testing.TB, secret string, now func() time.Time) *Hook {
	f := &Hook{Secret: secret, Group: Group{now: now}}
	f.serve(t, f.take)
	return f
}

func (f *Hook) take(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var m struct {
		Type      string
		Timestamp time.Time
		Data      json.RawMessage
	}
	id, timestamp := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
	seconds, _ := strconv.ParseInt(timestamp, 10, 64)
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(f.Secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "." + string(body)))
	signed := false
	for _, one := range strings.Fields(r.Header.Get("webhook-signature")) {
		signed = signed || one == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	if id == "" || !signed || f.now().Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute ||
		json.Unmarshal(body, &m) != nil || m.Type == "" || m.Timestamp.IsZero() || len(body) > 20_000 || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	f.IDs = append(f.IDs, id)
	f.keep(m.Type, string(m.Data), body)
	w.WriteHeader(http.StatusNoContent)
}
