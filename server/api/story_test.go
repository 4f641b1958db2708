package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestStories plays every story of testdata/story on both databases and holds
// requests, problems and socket frames against the transcript beside it.
//
// A story is a txtar file: "script" and "transcript". A line of a script is
//
//	who METHOD /path {"body": …}    a call; {name} stands for what was kept
//	keep name .needs[0].id          of the last answer
//	key text                        the Idempotency-Key of the next call
//	listen who                      opens a socket and resumes
//	frames who                      what it has been sent since
//	wait 13h                        moves the clock, and sweeps
//	full                            from here on answers are shown whole
//	                                {photo} as a body is a JPEG
//	# remark                        goes into the transcript
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/story/*.txtar")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no story was found")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			must(t, err)
			if *update {
				tell := newTeller(t, storetest.SQLite(t))
				archive.Files = []txtar.File{archive.Files[0], {Name: "transcript", Data: tell.play(t, archive.Files[0].Data)}}
				must(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			if len(archive.Files) != 2 {
				t.Fatal("want a script and a transcript: go test ./server/api -update")
			}
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				got := newTeller(t, b).play(t, archive.Files[0].Data)
				if diff := cmp.Diff(string(archive.Files[1].Data), string(got)); diff != "" {
					t.Errorf("the transcript differs (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// teller plays a script and writes down what happens.
type teller struct {
	*world
	out     bytes.Buffer
	last    any
	kept    map[string]string
	key     string
	calls   int
	full    bool
	sockets map[string]*listener
}

func newTeller(t *testing.T, b storetest.Bench) *teller {
	w := newWorld(t, b)
	kept := map[string]string{"grid": w.Micro.ID, "beside": w.Beside.ID, "city": w.City.ID, "home": w.people[elder].HouseholdID,
		"photo": string(storetest.Snapshot(t, 200))}
	for name, actor := range w.people {
		kept[name] = actor.PersonID
	}
	return &teller{world: w, kept: kept, sockets: map[string]*listener{}}
}

func (tell *teller) play(t *testing.T, script []byte) []byte {
	t.Helper()
	for number, line := range strings.Split(string(script), "\n") {
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "":
		case "#":
			fmt.Fprintf(&tell.out, "%s\n\n", line)
		case "keep":
			name, path, _ := strings.Cut(rest, " ")
			text, ok := dig(tell.last, path).(string)
			if !ok {
				t.Fatalf("line %d: nothing at %s in %v", number+1, path, tell.last)
			}
			tell.kept[name] = text
		case "key":
			tell.key = rest
		case "listen":
			tell.sockets[rest] = tell.listen(t, rest)
		case "frames":
			tell.frames(t, rest)
		case "wait":
			d, err := time.ParseDuration(rest)
			must(t, err)
			tell.Clock.Add(d)
			must(t, tell.srv.Sweep(t.Context()))
			fmt.Fprintf(&tell.out, "… %s later\n\n", rest)
		case "full":
			tell.full = true
		default:
			tell.call(t, word, rest)
		}
	}
	return tell.out.Bytes()
}

var hole = regexp.MustCompile(`\{[a-z_]+[0-9]*\}`)

// fill puts what was kept into a line.
func (tell *teller) fill(t *testing.T, line string) string {
	return hole.ReplaceAllStringFunc(line, func(h string) string {
		text, ok := tell.kept[strings.Trim(h, "{}")]
		if !ok {
			t.Fatalf("nothing was kept as %s", h)
		}
		return text
	})
}

func (tell *teller) call(t *testing.T, who, rest string) {
	t.Helper()
	method, rest, _ := strings.Cut(rest, " ")
	path, body, _ := strings.Cut(rest, " ")
	tell.calls++
	headers := []string{"X-Request-Id", fmt.Sprintf("request-%d", tell.calls)}
	if method != "GET" && tell.key != "none" {
		key := tell.key
		if key == "" {
			key = fmt.Sprintf("key-%d", tell.calls)
		}
		headers = append(headers, "Idempotency-Key", key)
	}
	tell.key = ""
	headers = append(headers, contentOf(body)...)
	sent := body
	if strings.HasPrefix(body, `"\`) { // bytes that no text file should hold
		var err error
		sent, err = strconv.Unquote(body)
		must(t, err)
	}
	got := tell.send(t, who, method, "/api/v1"+tell.fill(t, path), tell.fill(t, sent), headers...)
	fmt.Fprintf(&tell.out, "%s: %s %s\n", who, method, path)
	if body != "" {
		fmt.Fprintf(&tell.out, "    %s\n", body)
	}
	fmt.Fprintf(&tell.out, "→ %d%s\n", got.status, notable(got))
	tell.last = nil
	switch kind := got.header.Get("Content-Type"); {
	case kind == "image/jpeg":
		fmt.Fprintf(&tell.out, "<%s, %s>\n", kind, got.header.Get("Cache-Control"))
	case len(got.body) > 0:
		if err := json.Unmarshal(got.body, &tell.last); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, got.body)
		}
		shown := tell.last
		if !tell.full {
			shown = shorten(shown)
		}
		tell.show(t, shown)
	}
	tell.out.WriteString("\n")
}

// notable are the headers that tell something.
func notable(got answer) string {
	text := ""
	for _, name := range []string{"Allow", "Retry-After", "Www-Authenticate"} {
		if v := got.header.Get(name); v != "" {
			text += " " + name + ": " + v
		}
	}
	return text
}

// longID is an id of the test's counter; a transcript shows its number.
var longID = regexp.MustCompile(`00000000-0000-7000-8000-0*([0-9]+)`)

func (tell *teller) show(t *testing.T, value any) {
	t.Helper()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	must(t, e.Encode(value))
	shown := longID.ReplaceAllString(text.String(), "#$1")
	tell.out.WriteString(strings.ReplaceAll(shown, catalogue.Embedded().Version(), "<catalogue>"))
}

// secrets are random or long; what else they say is tested elsewhere.
var secrets = map[string]string{"token": "…", "qr": "<svg…>", "ticket": "…", "code": ""}

// shorten keeps a story readable: an item is its name, a relay point too, a
// timeline its kinds, and what is empty is left out.
func shorten(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = shorten(v[i])
		}
	case map[string]any:
		for name, inner := range v {
			switch inner := inner.(type) {
			case map[string]any:
				if name == "item" || name == "relay" {
					v[name] = inner["name"]
					continue
				}
			case []any:
				if name == "timeline" {
					for i := range inner {
						step := inner[i].(map[string]any)
						inner[i] = fmt.Sprintf("%v → %v", step["kind"], step["state"])
					}
				}
			case string:
				if stand, secret := secrets[name]; secret && stand != "" {
					v[name] = stand
				}
			}
			if v[name] = shorten(v[name]); empty(v[name]) {
				delete(v, name)
			}
		}
	}
	return value
}

func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// dig follows ".needs[0].id".
func dig(value any, path string) any {
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		switch v := value.(type) {
		case map[string]any:
			value = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		}
	}
	return value
}

// listener is an open socket of somebody.
type listener struct {
	conn  *websocket.Conn
	grid  string
	queue chan map[string]any
}

// listen opens a socket and resumes from where hello stands.
func (tell *teller) listen(t *testing.T, who string) *listener {
	t.Helper()
	header := map[string][]string{"Authorization": {"Bearer " + tell.tokens[who]}}
	conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(tell.url, "http")+"/api/v1/stream", header)
	must(t, err)
	_ = res.Body.Close()
	var hello map[string]any
	must(t, conn.ReadJSON(&hello))
	must(t, conn.WriteJSON(map[string]any{"type": "resume", "epoch": hello["epoch"], "grids": hello["grids"]}))
	l := &listener{conn: conn, grid: tell.people[who].GridID, queue: make(chan map[string]any, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(l.queue)
		for {
			var message map[string]any
			err := conn.ReadJSON(&message)
			if closed := (&websocket.CloseError{}); errors.As(err, &closed) {
				message = map[string]any{"type": "closed", "code": closed.Code}
			}
			if message != nil {
				l.queue <- message
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	return l
}

// frame is a message as it came, or the gist of it.
func (tell *teller) frame(t *testing.T, m map[string]any) string {
	t.Helper()
	event, isEvent := m["event"].(map[string]any)
	if tell.full || !isEvent {
		text, err := json.Marshal(m)
		must(t, err)
		return string(text)
	}
	gist := fmt.Sprintf("%v %v v%v %v", event["kind"], event["thing_id"], event["version"], event["state"])
	quantities, _ := event["quantities"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(quantities)) {
		if n, _ := quantities[name].(float64); n != 0 {
			gist += fmt.Sprintf(" %s=%v", name, n)
		}
	}
	return gist
}

const lastCall = "test.last"

// tellLast commits an event that everybody of the grid sees, and names it.
func (tell *teller) tellLast(t *testing.T, grid models.ID) models.ID {
	t.Helper()
	var id models.ID
	must(t, tell.Store.InGrids(t.Context(), []models.ID{grid}, nil, func(tx *store.Tx) error {
		p := models.Person{ID: uuid.NewString(), GridID: grid, State: models.PersonApproved}
		err := tx.SavePerson(&p, lastCall, models.Audience{Grid: true})
		id = tx.Committed()[0].ID
		return err
	}))
	return id
}

// frames writes down what a socket was sent. An event that everybody sees is
// told last, so that nothing is waited for by the clock.
func (tell *teller) frames(t *testing.T, who string) {
	t.Helper()
	l := tell.sockets[who]
	last := tell.tellLast(t, l.grid)
	fmt.Fprintf(&tell.out, "%s hears\n", who)
	late := time.After(20 * time.Second)
	for {
		select {
		case <-late:
			t.Fatalf("%s was not told in time", who)
		case m, open := <-l.queue:
			if !open {
				tell.out.WriteString("\n")
				return
			}
			event, _ := m["event"].(map[string]any)
			if event["id"] == last {
				tell.out.WriteString("\n")
				return
			}
			if m["type"] == "cursor" || event["kind"] == lastCall { // cursors come now and then, as the service likes
				continue
			}
			delete(event, "seq")  // the last calls of this test leave gaps
			delete(event, "grid") // a story is told in one
			tell.out.WriteString("    " + longID.ReplaceAllString(tell.frame(t, m), "#$1") + "\n")
		}
	}
}
