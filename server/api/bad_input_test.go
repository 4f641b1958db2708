//go:build !race

// A table of single calls, thousands of them: nothing here runs beside another.

package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/models/words"

	"github.com/google/uuid"
)

// TestBadInput spoils every example in every place: whatever is sent, the
// answer is never a 5xx, what cannot be meant is refused with the field named,
// and what is refused has changed nothing. On PostgreSQL it spoils texts alone:
// the rest is refused before any database is asked.
func TestBadInput_IsRefusedWithTheFieldNamed(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := &spoiler{scene: newScene(t, storetest.SQLite(t))}
		s.spoilAll(t)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s := &spoiler{scene: newScene(t, storetest.Postgres(t)), textsOnly: true}
		s.spoilAll(t)
	})
}

func (s *spoiler) spoilAll(t *testing.T) {
	s.written = s.numbers(t)
	for _, route := range published(t) {
		e := examples[route]
		method, _, _ := strings.Cut(route, " ")
		s.route, s.method, s.who, s.path, s.content = route, method, e.who, s.fill(t, e.path), "application/json"
		if e.body == "{photo}" {
			s.content = "image/jpeg"
		}
		s.spoilPath(t, route, e)
		if e.body == "{photo}" {
			s.spoilPhoto(t, s.kept["photo"])
			continue
		}
		if method == "GET" {
			s.spoilQuery(t)
			continue
		}
		if !s.textsOnly {
			s.spoilWhole(t, s.fill(t, e.body))
		}
		if e.body != "" {
			var body any
			must(t, json.Unmarshal([]byte(s.fill(t, e.body)), &body))
			s.spoilLeaves(t, body, body, "")
		}
	}
	t.Logf("%d bad calls, %d of them refused", s.calls, s.refused)
	if s.refused < 500 {
		t.Error("hardly anything was refused: the examples reach nothing")
	}
}

// spoiler sends spoilt calls of one route after the other.
type spoiler struct {
	*scene
	route, method, who, path string
	content                  string // what the body is said to be
	calls, refused           int
	written                  int64 // what numbers said last
	textsOnly                bool
}

// what an answer must be.
type want int

const (
	anyway  want = iota // anything but a 5xx
	refused             // a 4xx
	named               // a 4xx that names the field
)

// send sends a body and judges the answer; field is the place that is spoilt.
func (s *spoiler) try(t *testing.T, w want, path, body, field string) {
	t.Helper()
	s.calls++
	before := s.written
	got := s.send(t, s.who, s.method, "/api/v1"+path, body, "Idempotency-Key", uuid.NewString(), "Content-Type", s.content)
	s.written = s.numbers(t)
	what := fmt.Sprintf("%s %.200q", s.route+" "+path[max(0, len(path)-80):], body)
	switch {
	case got.status >= 500:
		t.Errorf("%s: %d %s", what, got.status, got.body)
		return
	case got.status < 400 && w != anyway:
		t.Errorf("%s: taken with %d", what, got.status)
		return
	case got.status < 400:
		return
	}
	s.refused++
	if s.written != before {
		t.Errorf("%s: refused with %d, and yet something was written", what, got.status)
	}
	var p struct {
		Status               int
		Code, Reason, Detail string
		Errors               []struct{ Path, Reason, Message string }
	}
	if err := json.Unmarshal(got.body, &p); err != nil || got.header.Get("Content-Type") != "application/problem+json" ||
		p.Status != got.status || !words.Known(p.Reason) || p.Detail == "" || p.Detail == p.Reason {
		t.Errorf("%s: no proper problem: %s", what, got.body)
	}
	isNamed := false
	for _, e := range p.Errors {
		if !words.Known(e.Reason) || e.Message == e.Reason {
			t.Errorf("%s: no sentence for %s", what, e.Reason)
		}
		isNamed = isNamed || e.Path == field || inside(field, e.Path) || inside(e.Path, field)
	}
	if w == named && !isNamed {
		t.Errorf("%s: %s is not named: %s", what, field, got.body)
	}
}

// inside reports whether a path lies inside another.
func inside(path, outer string) bool {
	return outer != "" && (strings.HasPrefix(path, outer+".") || strings.HasPrefix(path, outer+"["))
}

// numbers sums up the counters of all grids: no change of the exchange leaves
// them as they were.
func (s *spoiler) numbers(t *testing.T) int64 {
	t.Helper()
	var counters []models.GridSeq
	must(t, s.Store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Load(store.Counters([]models.ID{s.Micro.ID, s.Beside.ID, s.City.ID, s.Community.ID}, &counters))
	}))
	sum := int64(0)
	for _, c := range counters {
		sum += c.Seq
	}
	return sum
}

const nul = "\\u0000"

var (
	badIDs = []string{"0", "nil", "00000000-0000-0000-0000-000000000000", "01234567-89ab-7def-8123-456789abcdef",
		"01234567-89AB-7DEF-8123-456789ABCDEF", "' OR 1=1 --", "\x00", "\xff\xfe", "../../grids", "０１２", strings.Repeat("9", 5000), "%"}
	badQueries = []string{"", "-1", "0", "1e9", "9223372036854775808", "\x00", "\xff", "' OR '1'='1", `";DROP TABLE grids;--`, "%", "_",
		"<script>alert(1)</script>", strings.Repeat("长", 5000), strings.Repeat("e\u0301", 3000), "\u202e", "=cmd|'/c calc'!A1", "a\r\nX-Evil: 1"}
	notNumbers = []string{`-1`, `1.5`, `1e3`, `1000000000`, `9223372036854775808`, `"６"`, `"二十"`, `"0x10"`, `"1"`, `null`, `true`, `[]`, `{}`}
	notTexts   = []string{`1`, `true`, `[]`, `{}`, `null`, `"` + nul + `"`, `"a` + nul + `b"`, `"` + strings.Repeat("长", 10_000) + `"`,
		`"` + strings.Repeat(`e\u0301`, 10_000) + `"`}
	oddTexts = []string{`""`, `" "`, `"\u202eevil"`, `"\u200b"`, `"👩‍👩‍👧‍👦"`, `"' OR 1=1 --"`, `"<script>alert(1)</script>"`, `"a\r\nX: 1"`,
		`"=1+1"`, `"\ufeff"`, `"\ufffd"`, `"\u001b[31m"`, `"аspirin"`}
	notDates = []string{`"0000-01-01"`, `"9999-12-31"`, `"2027-02-30"`, `"27-08"`, `"44927"`, `"today"`, `"2027-13"`, `"2027-08-31T00:00:00Z"`, `"２０２７-08"`}
	notBools = []string{`1`, `0`, `"true"`, `"yes"`, `null`, `[]`}
)

func (s *spoiler) spoilPath(t *testing.T, route string, e example) {
	for _, part := range hole.FindAllString(strings.SplitN(e.path, "?", 2)[0], -1) {
		for _, bad := range badIDs {
			s.try(t, refused, s.fill(t, strings.Replace(e.path, part, url.PathEscape(bad), 1)), s.fill(t, e.body), "")
		}
	}
}

func (s *spoiler) spoilQuery(t *testing.T) {
	path, query, _ := strings.Cut(s.path, "?")
	values, err := url.ParseQuery(query)
	must(t, err)
	values.Set("cursor", "")
	for name := range values {
		for _, bad := range badQueries {
			spoilt, _ := url.ParseQuery(query)
			spoilt.Set(name, bad)
			w := anyway
			if s.route != "GET /stream" && (strings.Contains(bad, "\x00") || !utf8.ValidString(bad)) {
				w = named
			}
			s.try(t, w, path+"?"+spoilt.Encode(), "", name)
			s.try(t, anyway, path+"?"+name+"=a&"+name+"="+url.QueryEscape(bad), "", name)
		}
	}
	s.try(t, anyway, path+"?"+strings.Repeat("a=1&", 2000), "", "")
	s.try(t, anyway, path+"?%zz", "", "")
}

func (s *spoiler) spoilWhole(t *testing.T, body string) {
	for _, bad := range []string{"\xff\xfe", "\ufeff{}", `{"a":"\ud800"}`, `{"a":1}{"b":2}`, `{"a":1} trailing`, `{"a":`, `{'a':1}`, `{"a":1,}`,
		`{"zzz":1}`, `{"a":NaN}`, `{"a":Infinity}`, "\xd0\xed\xc3\xfb", strings.Repeat("[", 2000) + strings.Repeat("]", 2000),
		strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), "{" + nul + "}"} {
		s.try(t, refused, s.path, bad, "")
	}
	for _, bad := range []string{"", "null", "[]", "1", `"text"`} {
		w := refused
		if body == "" {
			w = anyway
		}
		s.try(t, w, s.path, bad, "")
	}
	if body != "" {
		s.try(t, refused, s.path, body+body, "")
		s.try(t, refused, s.path, body[:len(body)-1], "")
	}
}

// spoilPhoto sends what is no photo, or is said to be something else.
func (s *spoiler) spoilPhoto(t *testing.T, good string) {
	for _, bad := range []string{"", "text renamed to .jpg\n", `{"photo":"…"}`, good[:len(good)/2], good + "PK\x03\x04", "\xff\xd8\xff\xd9",
		hugePNG(), "<svg onload='alert(1)'/>", "GIF89a\x01\x00\x01\x00", strings.Repeat("\xff\xd8\xff\xe1", 200_000), strings.Repeat("长", 10<<20/3)} {
		s.try(t, refused, s.path, bad, "")
	}
	for _, s.content = range []string{"application/json", "text/plain", "image/svg+xml", "image/gif", "multipart/form-data; boundary=x", "image/"} {
		s.try(t, refused, s.path, good, "")
	}
}

// free are texts that people write; all else is one of a few things.
var free = []string{"note", "urgency_why", "why", "strength", "form", "batch", "name", "reason", "reply", "place", "receipt", "text"}

// maybeNone are lists that may be empty.
var maybeNone = []string{"exceptions"}

// spoilLeaves walks over the body and spoils it in one place at a time.
func (s *spoiler) spoilLeaves(t *testing.T, whole, at any, path string) {
	t.Helper()
	with := func(w want, spoilt string) { s.try(t, w, s.path, replaced(t, whole, path, spoilt), path) }
	all := func(w want, spoilt ...[]string) {
		for _, one := range slices.Concat(spoilt...) {
			with(w, one)
		}
	}
	name := path[strings.LastIndexAny(path, ".]")+1:]
	switch v := at.(type) {
	case map[string]any:
		if !s.textsOnly {
			s.spoilObject(t, whole, v, path)
		}
		for key, inner := range v {
			s.spoilLeaves(t, whole, inner, strings.TrimPrefix(path+"."+key, "."))
		}
		if path != "" && !s.textsOnly {
			all(named, []string{`1`, `"text"`, `[]`, `null`, `true`})
		}
	case []any:
		for i, inner := range v {
			s.spoilLeaves(t, whole, inner, fmt.Sprintf("%s[%d]", path, i))
		}
		if s.textsOnly {
			return
		}
		all(named, []string{`1`, `"text"`, `{}`, `null`, `[1]`, `[null]`, `["` + nul + `"]`})
		if len(v) > 0 {
			many, err := json.Marshal(slices.Repeat(v, 50))
			must(t, err)
			with(named, string(many))
			if !slices.Contains(maybeNone, name) {
				with(named, `[]`)
			}
		}
	case float64:
		if !s.textsOnly {
			all(named, notNumbers)
			with(anyway, `0`)
		}
	case bool:
		if !s.textsOnly {
			all(named, notBools)
		}
	case string:
		if name == "text" { // a whole paste, longer than what anybody types
			all(named, notTexts[:7], []string{`"` + strings.Repeat("长", 20_001) + `"`})
			all(anyway, oddTexts)
			return
		}
		all(named, notTexts)
		switch {
		case name == "expires_on":
			all(named, notDates)
		case slices.Contains(free, name), s.route == "POST /chat/messages": // its ids are of any platform
			all(anyway, oddTexts)
		default:
			all(refused, oddTexts[1:]) // "" may stand for what is not given
			with(anyway, oddTexts[0])
		}
	}
}

// spoilObject adds, doubles, renames and drops keys.
func (s *spoiler) spoilObject(t *testing.T, whole any, object map[string]any, path string) {
	text, err := json.Marshal(object)
	must(t, err)
	inside := strings.TrimPrefix(string(text), "{")
	field := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	open := strings.HasSuffix(path, "answers") // its keys are questions
	if !open {
		s.try(t, named, s.path, replaced(t, whole, path, `{"unheard_of":1,`+inside), field("unheard_of"))
	}
	for key := range object {
		one, err := json.Marshal(object[key])
		must(t, err)
		s.try(t, named, s.path, replaced(t, whole, path, `{"`+key+`":`+string(one)+`,`+inside), field(key))
		if !open {
			upper := strings.ToUpper(key[:1]) + key[1:]
			s.try(t, named, s.path, replaced(t, whole, path, `{"`+upper+`":`+string(one)+`,`+inside), field(upper))
		}
		less := map[string]any{}
		for k, v := range object {
			if k != key {
				less[k] = v
			}
		}
		fewer, err := json.Marshal(less)
		must(t, err)
		s.try(t, anyway, s.path, replaced(t, whole, path, string(fewer)), field(key))
	}
}

// replaced writes the body with other JSON in one place.
func replaced(t *testing.T, whole any, path, with string) string {
	t.Helper()
	if path == "" {
		return with
	}
	mark := strconv.Quote("mark " + uuid.NewString())
	copied := marked(whole, strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }), mark[1:len(mark)-1])
	text, err := json.Marshal(copied)
	must(t, err)
	return strings.Replace(string(text), mark, with, 1)
}

// marked copies a value and puts a mark into one place of it.
func marked(value any, path []string, mark string) any {
	if len(path) == 0 {
		return mark
	}
	switch v := value.(type) {
	case map[string]any:
		copied := map[string]any{}
		for k, inner := range v {
			copied[k] = inner
		}
		copied[path[0]] = marked(v[path[0]], path[1:], mark)
		return copied
	case []any:
		i, _ := strconv.Atoi(path[0])
		copied := slices.Clone(v)
		copied[i] = marked(v[i], path[1:], mark)
		return copied
	}
	return value
}
