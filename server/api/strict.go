package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/models/fault"

	"github.com/gin-gonic/gin"
)

const (
	maxBody  = 1 << 20 // bytes
	maxDepth = 32
)

// strict refuses what two readers could understand differently: addresses and
// bodies that are no clean UTF-8, repeated keys, trailing data, lone
// surrogates, depths that no form of ours has, null, numbers that are not whole.
// Unknown and case-variant keys are refused after it, by the schema. It leaves
// a hash of the body that does not depend on spaces or the order of keys. A
// picture is no JSON: of it only the kind and the size are looked at here.
func (a *API) strict(c *gin.Context) {
	call := callOf(c.Request.Context())
	if !call.known {
		return
	}
	if path, clean := cleanAddress(c.Request.URL); !clean {
		a.fail(c, badRequest("address_encoding", path))
		return
	}
	if c.Request.Method == http.MethodGet {
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		a.fail(c, fault.New(fault.TooLarge, "body_too_large"))
	case err != nil:
		a.fail(c, badRequest("body_unreadable", ""))
	case call.route.photo:
		a.strictPhoto(c, call, text)
	case len(text) == 0:
		call.hash = hashOf(nil)
		c.Request.Body = http.NoBody
	case c.ContentType() != "application/json":
		a.fail(c, &edgeError{http.StatusUnsupportedMediaType, fault.New(fault.Invalid, "want_json")})
	default:
		a.strictBody(c, call, text)
	}
}

func (a *API) strictBody(c *gin.Context, call *call, text []byte) {
	value, flaw := readJSON(text)
	if fields, _ := value.(map[string]any); flaw == nil && call.route.bodyless && len(fields) > 0 {
		flaw = &jsonFlaw{reason: "unknown_field"}
		for flaw.path = range fields { // any of them will do
			break
		}
	}
	if flaw != nil {
		a.fail(c, flaw.problem())
		return
	}
	call.hash = hashOf(value)
	keepBody(c, text)
}

// keepBody lets the route read what was read already.
func keepBody(c *gin.Context, text []byte) {
	c.Request.Body = io.NopCloser(bytes.NewReader(text))
	c.Request.ContentLength = int64(len(text))
}

// badRequest is a 400 that names the field, if there is one to name.
func badRequest(reason, path string) *edgeError {
	f := fault.New(fault.Invalid, reason)
	if path != "" {
		f = fault.InvalidField(path, reason)
	}
	return &edgeError{http.StatusBadRequest, f}
}

// cleanAddress tells which parameter holds what is no text.
func cleanAddress(u *url.URL) (path string, clean bool) {
	if !cleanText(u.Path) {
		return "path", false
	}
	if u.RawQuery == "" {
		return "", true
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "query", false
	}
	for name, values := range query {
		for _, v := range values {
			if !cleanText(name) || !cleanText(v) {
				return strings.ToValidUTF8(name, "?"), false
			}
		}
	}
	return "", true
}

// cleanText: a NUL is valid UTF-8, and PostgreSQL cannot keep it.
func cleanText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

// hashOf names a body whatever its spaces and the order of its keys.
func hashOf(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // value was read from JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// jsonFlaw is why a body is not one strict JSON value, and where.
type jsonFlaw struct {
	reason, path string
	status       int // 0: 400
}

func (f *jsonFlaw) problem() *edgeError {
	p := badRequest(f.reason, f.path)
	if f.status != 0 {
		p.status = f.status
	}
	return p
}

// in says in which field or place the flaw lies, from the inside out.
func (f *jsonFlaw) in(where string) *jsonFlaw {
	switch {
	case f.path == "":
		f.path = where
	case strings.HasPrefix(f.path, "["):
		f.path = where + f.path
	default:
		f.path = where + "." + f.path
	}
	return f
}

// readJSON reads one strict JSON value; numbers stay as they were written.
func readJSON(text []byte) (any, *jsonFlaw) {
	if !utf8.Valid(text) || loneSurrogate(text) {
		return nil, &jsonFlaw{reason: "body_encoding"}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, flaw := readValue(d, 0)
	if flaw != nil {
		return nil, flaw
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &jsonFlaw{reason: "body_trailing"}
	}
	return value, nil
}

func readValue(d *json.Decoder, depth int) (any, *jsonFlaw) {
	if depth > maxDepth {
		return nil, &jsonFlaw{reason: "body_too_deep"}
	}
	token, err := d.Token()
	if err != nil {
		return nil, &jsonFlaw{reason: "body_unreadable"}
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return readObject(d, depth)
		}
		return readArray(d, depth)
	case string:
		if strings.ContainsRune(v, 0) {
			return nil, &jsonFlaw{reason: "body_encoding"}
		}
	case nil: // what is not given is left out
		return nil, &jsonFlaw{reason: "wrong_type", status: http.StatusUnprocessableEntity}
	case json.Number:
		// No input of ours has a fraction: 1.0 and 1e3 are somebody's mistake.
		if strings.ContainsAny(v.String(), ".eE") {
			return nil, &jsonFlaw{reason: "wrong_type", status: http.StatusUnprocessableEntity}
		}
	}
	return token, nil
}

func readObject(d *json.Decoder, depth int) (any, *jsonFlaw) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		name, isText := token.(string)
		if err != nil || !isText || strings.ContainsRune(name, 0) {
			return nil, &jsonFlaw{reason: "body_unreadable"}
		}
		if _, twice := object[name]; twice {
			return nil, &jsonFlaw{reason: "body_key_twice", path: name}
		}
		value, flaw := readValue(d, depth+1)
		if flaw != nil {
			return nil, flaw.in(name)
		}
		object[name] = value
	}
	return object, closing(d)
}

func readArray(d *json.Decoder, depth int) (any, *jsonFlaw) {
	array := []any{}
	for d.More() {
		value, flaw := readValue(d, depth+1)
		if flaw != nil {
			return nil, flaw.in("[" + strconv.Itoa(len(array)) + "]")
		}
		array = append(array, value)
	}
	return array, closing(d)
}

func closing(d *json.Decoder) *jsonFlaw {
	if _, err := d.Token(); err != nil {
		return &jsonFlaw{reason: "body_unreadable"}
	}
	return nil
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
