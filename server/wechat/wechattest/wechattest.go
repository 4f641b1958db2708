// Package wechattest is a WeChat for tests: it answers the calls that Linli
// makes over real HTTP on loopback, as the documentation says that WeChat does.
//
// A test says whose codes there are, who has tapped "allow" and what is to go
// wrong; what was called flows back. Answers are 200 with an errcode and called
// text/plain; codes serve once; tokens end; a template takes its own keys only,
// each up to its length. It reaches nothing and nobody.
package wechattest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// The account that the fake knows.
const (
	AppID  = "wx0123456789abcdef"
	Secret = "0123456789abcdef0123456789abcdef"
)

// Sent is a subscribe message that arrived.
type Sent struct {
	OpenID, Template, Page, State string
	Data                          map[string]string
}

// Server is the fake. Its fields are set before it is called; what it counts is
// read with Calls and Sent.
type Server struct {
	URL string
	// Now is the clock that tokens end by.
	Now func() time.Time

	mu        sync.Mutex
	codes     map[string]string // code → openid
	standing  map[string]string // codes that serve any number of times
	used      map[string]bool
	grants    map[string]int      // openid + template → messages allowed
	templates map[string][]string // id → its keys
	fails     map[string][]int    // path → errcodes of the next calls
	verdicts  map[string]string   // a word in the text → suggest
	broken    map[string]string   // path → an answer that is no JSON
	token     string
	tokens    int
	until     time.Time
	calls     []string
	sent      []Sent
	hold      chan struct{}
}

// New starts a fake that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s, stop := Start()
	t.Cleanup(stop)
	return s
}

// Start starts a fake that several tests share.
func Start() (s *Server, stop func()) {
	s = &Server{Now: time.Now, codes: map[string]string{}, standing: map[string]string{}, used: map[string]bool{}, grants: map[string]int{},
		templates: map[string][]string{}, fails: map[string][]int{}, verdicts: map[string]string{}, broken: map[string]string{}}
	front := httptest.NewServer(s)
	s.URL = front.URL
	return s, front.Close
}

// Code makes a code of wx.login for an openid; it serves once.
func (s *Server) Code(code, openid string) { s.locked(func() { s.codes[code] = openid }) }

// Standing makes a code that never ends, for tables of calls.
func (s *Server) Standing(code, openid string) { s.locked(func() { s.standing[code] = openid }) }

// Template makes a template with its keys.
func (s *Server) Template(id string, keys ...string) { s.locked(func() { s.templates[id] = keys }) }

// Allow is the tap of somebody: so many messages more of a template.
func (s *Server) Allow(openid, template string, messages int) {
	s.locked(func() { s.grants[openid+" "+template] += messages })
}

// Fail lets the next calls of a path end with these errcodes; 0 is a success.
func (s *Server) Fail(path string, codes ...int) {
	s.locked(func() { s.fails[path] = append(s.fails[path], codes...) })
}

// Break lets every call of a path answer with that text; "" mends it.
func (s *Server) Break(path, text string) { s.locked(func() { s.broken[path] = text }) }

// Judge lets a text that holds the word be answered so.
func (s *Server) Judge(word, suggest string) { s.locked(func() { s.verdicts[word] = suggest }) }

// EndToken makes the token that is out worthless, as a forced change elsewhere does.
func (s *Server) EndToken() { s.locked(func() { s.token = "" }) }

// Hold lets calls for a token wait until the function that is returned is called.
func (s *Server) Hold() (release func()) {
	held := make(chan struct{})
	s.locked(func() { s.hold = held })
	return func() { close(held) }
}

// Calls lists the paths that were called, in order.
func (s *Server) Calls() (calls []string) {
	s.locked(func() { calls = append(calls, s.calls...) })
	return calls
}

// Count counts the calls of a path.
func (s *Server) Count(path string) (n int) {
	for _, c := range s.Calls() {
		if c == path {
			n++
		}
	}
	return n
}

// Sent lists the messages that arrived.
func (s *Server) Sent() (sent []Sent) {
	s.locked(func() { sent = append(sent, s.sent...) })
	return sent
}

func (s *Server) locked(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// ServeHTTP answers as WeChat does: 200, text/plain, and an errcode where it refuses.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var held chan struct{}
	s.locked(func() {
		s.calls = append(s.calls, r.URL.Path)
		if r.URL.Path == "/cgi-bin/stable_token" {
			held = s.hold
		}
	})
	if held != nil {
		<-held
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain")
	if text := s.broken[r.URL.Path]; text != "" {
		fmt.Fprint(w, text)
		return
	}
	var body map[string]any
	if r.Method == http.MethodPost && (r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(r.Body).Decode(&body) != nil) {
		s.refuse(w, 47001, "data format error")
		return
	}
	if next := s.fails[r.URL.Path]; len(next) > 0 {
		s.fails[r.URL.Path] = next[1:]
		if next[0] != 0 {
			s.refuse(w, next[0], "system says no")
			return
		}
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /sns/jscode2session":
		s.login(w, r)
	case "POST /cgi-bin/stable_token":
		s.stableToken(w, body)
	case "POST /cgi-bin/message/subscribe/send":
		s.authorised(w, r, func() { s.send(w, body) })
	case "POST /wxa/msg_sec_check":
		s.authorised(w, r, func() { s.check(w, body) })
	case "GET /cgi-bin/ticket/getticket":
		s.authorised(w, r, func() {
			s.answer(w, map[string]any{"errcode": 0, "errmsg": "ok", "ticket": "ticket-1", "expires_in": 7200})
		})
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) answer(w http.ResponseWriter, value map[string]any) {
	_ = json.NewEncoder(w).Encode(value)
}

func (s *Server) refuse(w http.ResponseWriter, code int, message string) {
	s.answer(w, map[string]any{"errcode": code, "errmsg": message})
}

func (s *Server) account(w http.ResponseWriter, id, secret any) bool {
	switch {
	case id != AppID:
		s.refuse(w, 40013, "invalid appid")
	case secret != Secret:
		s.refuse(w, 40125, "invalid appsecret")
	default:
		return true
	}
	return false
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !s.account(w, q.Get("appid"), q.Get("secret")) {
		return
	}
	code := q.Get("js_code")
	openid, standing := s.standing[code]
	if !standing {
		openid = s.codes[code]
	}
	switch {
	case s.used[code]:
		s.refuse(w, 40163, "code been used")
	case openid == "":
		s.refuse(w, 40029, "invalid code")
	default:
		s.used[code] = !standing
		s.answer(w, map[string]any{"openid": openid, "session_key": "a-session-key-that-never-leaves=="})
	}
}

func (s *Server) stableToken(w http.ResponseWriter, body map[string]any) {
	if !s.account(w, body["appid"], body["secret"]) {
		return
	}
	if now := s.Now(); s.token == "" || !now.Before(s.until) || body["force_refresh"] == true {
		s.tokens++
		s.token, s.until = fmt.Sprintf("token-%d", s.tokens), now.Add(2*time.Hour)
	}
	s.answer(w, map[string]any{"access_token": s.token, "expires_in": int(s.until.Sub(s.Now()).Seconds())})
}

func (s *Server) authorised(w http.ResponseWriter, r *http.Request, call func()) {
	switch token := r.URL.Query().Get("access_token"); {
	case token == "":
		s.refuse(w, 41001, "access_token missing")
	case token != s.token:
		s.refuse(w, 40001, "invalid credential, access_token is invalid or not latest")
	case !s.Now().Before(s.until):
		s.refuse(w, 42001, "access_token expired")
	default:
		call()
	}
}

// lengths are the limits that a template checks.
var lengths = map[string]int{"thing": 20, "phrase": 5, "character_string": 32, "time": 32}

func (s *Server) send(w http.ResponseWriter, body map[string]any) {
	m := Sent{Data: map[string]string{}}
	m.OpenID, _ = body["touser"].(string)
	m.Template, _ = body["template_id"].(string)
	m.Page, _ = body["page"].(string)
	m.State, _ = body["miniprogram_state"].(string)
	keys, known := s.templates[m.Template]
	data, isObject := body["data"].(map[string]any)
	switch {
	case !known:
		s.refuse(w, 40037, "invalid template_id")
		return
	case !isObject:
		s.refuse(w, 47003, "argument invalid! data invalid")
		return
	}
	for _, key := range keys {
		field, _ := data[key].(map[string]any)
		value, _ := field["value"].(string)
		if limit := lengths[strings.TrimRight(key, "0123456789")]; value == "" || utf8.RuneCountInString(value) > limit {
			s.refuse(w, 47003, "argument invalid! data."+key+".value invalid")
			return
		}
		m.Data[key] = value
	}
	grant := m.OpenID + " " + m.Template
	if s.grants[grant] == 0 {
		s.refuse(w, 43101, "user refuse to accept the msg")
		return
	}
	s.grants[grant]--
	s.sent = append(s.sent, m)
	s.answer(w, map[string]any{"errcode": 0, "errmsg": "ok", "msgid": len(s.sent)})
}

func (s *Server) check(w http.ResponseWriter, body map[string]any) {
	text, _ := body["content"].(string)
	if body["version"] != float64(2) || body["openid"] == "" || text == "" || utf8.RuneCountInString(text) > 2500 {
		s.refuse(w, 40129, "invalid scene")
		return
	}
	suggest, label := "pass", 100
	for word, verdict := range s.verdicts {
		if strings.Contains(text, word) {
			suggest, label = verdict, 10001
		}
	}
	s.answer(w, map[string]any{"errcode": 0, "errmsg": "ok", "trace_id": "trace-1", "result": map[string]any{"suggest": suggest, "label": label}})
}
