package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"linli/models/fault"

	"github.com/gin-gonic/gin"
)

const (
	maxBody  = 1 << 20 // bytes
	maxDepth = 32
	hashKey  = "body-hash"
)

// strict reads the whole body, bounded, and refuses JSON that two readers
// could understand differently: repeated keys, trailing data, invalid UTF-8,
// lone surrogates, depths that no form of ours has. Unknown and case-variant
// keys are refused after it, by the schema.
func (a *API) strict(c *gin.Context) {
	if c.Request.Body == nil || c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		a.fail(c, fault.New(fault.TooLarge, "body_too_large"))
		return
	case err != nil:
		a.fail(c, &edgeError{http.StatusBadRequest, fault.New(fault.Invalid, "body_unreadable").Because(err)})
		return
	}
	if len(text) > 0 {
		if kind := c.ContentType(); kind != "application/json" {
			a.fail(c, &edgeError{http.StatusUnsupportedMediaType, fault.New(fault.Invalid, "want_json")})
			return
		}
		if reason := checkJSON(text); reason != "" {
			a.fail(c, &edgeError{http.StatusBadRequest, fault.New(fault.Invalid, reason)})
			return
		}
	}
	sum := sha256.Sum256(text)
	c.Set(hashKey, hex.EncodeToString(sum[:]))
	c.Request.Body = io.NopCloser(bytes.NewReader(text))
	c.Request.ContentLength = int64(len(text))
}

// checkJSON gives the reason why text is not one strict JSON value, or "".
func checkJSON(text []byte) string {
	if !utf8.Valid(text) {
		return "body_encoding"
	}
	if loneSurrogate(text) {
		return "body_encoding"
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if reason := checkValue(d, 0); reason != "" {
		return reason
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "body_trailing"
	}
	return ""
}

// checkValue walks one value; objects may not say a key twice.
func checkValue(d *json.Decoder, depth int) string {
	if depth > maxDepth {
		return "body_too_deep"
	}
	token, err := d.Token()
	if err != nil {
		return "body_unreadable"
	}
	open, isDelim := token.(json.Delim)
	if !isDelim {
		return ""
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return "body_unreadable"
			}
			name, _ := key.(string)
			if seen[name] {
				return "body_key_twice"
			}
			seen[name] = true
		}
		if reason := checkValue(d, depth+1); reason != "" {
			return reason
		}
	}
	if _, err := d.Token(); err != nil {
		return "body_unreadable"
	}
	return ""
}

// loneSurrogate finds \ud800 to \udfff that are no pair: Go would quietly
// replace them, and then two bodies are one.
func loneSurrogate(text []byte) bool {
	for i := 0; i+5 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if text[i+1] != 'u' {
			i++ // an escaped character, perhaps a backslash
			continue
		}
		switch hex := strings.ToLower(string(text[i+2 : i+6])); {
		case hex >= "dc00" && hex <= "dfff":
			return true
		case hex >= "d800" && hex <= "dbff":
			if i+11 >= len(text) || text[i+6] != '\\' || text[i+7] != 'u' {
				return true
			}
			if low := strings.ToLower(string(text[i+8 : i+12])); low < "dc00" || low > "dfff" {
				return true
			}
			i += 11
		}
	}
	return false
}
