package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// The length of a key in bytes, as the standard has it.
const (
	minKey = 24
	maxKey = 64
)

type key []byte

func readKey(secret string) (key, error) {
	text, found := strings.CutPrefix(strings.TrimSpace(secret), "whsec_")
	k, err := base64.StdEncoding.DecodeString(text)
	if !found || err != nil || len(k) < minKey || len(k) > maxKey {
		return nil, errors.New("webhook: a secret is whsec_ and the base64 of 24 to 64 bytes")
	}
	return k, nil
}

// sign is the value of webhook-signature, one v1 for each key.
func sign(keys []key, id, timestamp string, body []byte) string {
	signatures := make([]string, len(keys))
	for i, k := range keys {
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(id + "." + timestamp + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}
