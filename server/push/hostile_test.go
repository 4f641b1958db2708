package push

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// rawFrame builds a frame bit by bit: first is FIN, RSV and opcode.
func rawFrame(first byte, payload string) []byte {
	return rawFrameOf(first, uint64(len(payload)), payload)
}

func rawFrameOf(first byte, length uint64, payload string) []byte {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b := []byte{first}
	switch {
	case length < 126:
		b = append(b, 0x80|byte(length))
	case length < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(length))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), length)
	}
	b = append(b, key[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^key[i%4])
	}
	return b
}

// The first bytes of frames.
const (
	fin        = 0x80
	rsv1       = 0x40
	rsv2       = 0x20
	rsv3       = 0x10
	opContinue = 0
	opText     = 1
	opBinary   = 2
	opClose    = 8
	opPing     = 9
	opPong     = 10
)

func unmasked(first byte, payload string) []byte {
	return append([]byte{first, byte(len(payload))}, payload...)
}

func closeFrame(code int, reason string) []byte {
	return rawFrame(fin|opClose, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

func text(s string) []byte { return rawFrame(fin|opText, s) }

func frames(all ...[]byte) []byte {
	var b []byte
	for _, f := range all {
		b = append(b, f...)
	}
	return b
}

const goodResume = `{"type":"resume","epoch":"memory","grids":{"` + gridA + `":0}}`

func resumeWith(grids string) []byte {
	return text(`{"type":"resume","epoch":"memory","grids":{` + grids + `}}`)
}

// raw is a client that speaks bytes.
type raw struct {
	net.Conn
	in *bufio.Reader
}

func (w *world) raw(t *testing.T, n int) *raw {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(waitAtMost))
	r := &raw{conn, bufio.NewReader(conn)}
	_, err = fmt.Fprintf(conn, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nAuthorization: person-%d/s\r\n\r\n", n)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(r.in, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(answer, err)
	}
	if kind, hello, err := r.frame(); err != nil || kind != opText || !strings.Contains(hello, `"hello"`) {
		t.Fatal(kind, hello, err)
	}
	return r
}

func (r *raw) frame() (kind byte, payload string, err error) { return readFrame(r.in) }

// readFrame reads one frame of the server, which never masks nor fragments.
func readFrame(in *bufio.Reader) (kind byte, payload string, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil {
		return 0, "", err
	}
	length := int(head[1])
	if length == 126 {
		long := make([]byte, 2)
		if _, err := io.ReadFull(in, long); err != nil {
			return 0, "", err
		}
		length = int(binary.BigEndian.Uint16(long))
	}
	body := make([]byte, length)
	_, err = io.ReadFull(in, body)
	return head[0] &^ fin, string(body), err
}

// verdict is the close code that ends the stream; 1005 is a close frame without one.
func (r *raw) verdict() (int, error) {
	for {
		kind, payload, err := r.frame()
		if err != nil {
			return 0, err
		}
		if kind == opClose {
			if len(payload) < 2 {
				return websocket.CloseNoStatusReceived, nil
			}
			return int(binary.BigEndian.Uint16([]byte(payload))), nil
		}
	}
}

// hostile is what a broken or evil client sends before its resume, and the
// codes that are right.
type hostile struct {
	name  string
	bytes []byte
	codes []int // none: it is odd but lawful, and the resume behind it is understood
	pongs []string
	whole bool // brings its own resume
}

func refused(name string, code int, bytes ...[]byte) hostile {
	return hostile{name: name, bytes: frames(bytes...), codes: []int{code}}
}

// lawful is followed by a resume, unless the oddity is in it (itself).
func lawful(name string, bytes ...[]byte) hostile {
	return hostile{name: name, bytes: frames(bytes...)}
}

// hostileCases are the headings of the Autobahn suite, and our one message.
// What it calls compression is not offered: its bit is a reserved one.
var hostileCases = []struct {
	heading string
	cases   []hostile
}{
	{"framing", framingCases()},
	{"pings and pongs", pingCases()},
	{"reserved bits", reservedCases()},
	{"opcodes", opcodeCases()},
	{"fragmentation", fragmentCases()},
	{"UTF-8 handling", encodingCases()},
	{"close handling", closeCases()},
	{"limits and performance", limitCases()},
	{"the resume message", resumeCases()},
}

func TestHostileFramesGetTheRightCode(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	m.publish(gridA, "need.opened", everybody)
	w := inMemory(t, m, Options{PerPerson: 1000})
	total := 0
	for _, h := range hostileCases {
		t.Logf("%3d %s", len(h.cases), h.heading)
		total += len(h.cases)
		t.Run(h.heading, func(t *testing.T) {
			t.Parallel()
			for _, c := range h.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					w.raw(t, 1).suffer(t, c)
				})
			}
		})
	}
	t.Logf("%3d in all, and %d handshakes", total, len(handshakeCases))
	if total < 300 {
		t.Error("fewer than there were")
	}
}

// suffer sends a case, and judges how the stream ends or goes on.
func (r *raw) suffer(t *testing.T, c hostile) {
	t.Helper()
	if len(c.codes) == 0 && !c.whole {
		c.bytes = append(c.bytes, text(goodResume)...)
	}
	go func() { _, _ = r.Write(c.bytes) }() // a megabyte may not all be taken
	var pongs []string
	for {
		kind, payload, err := r.frame()
		switch {
		case err != nil:
			t.Fatal("no close frame: ", err)
		case kind == opPong:
			pongs = append(pongs, payload)
			continue
		case kind == opText && strings.Contains(payload, "need.opened"):
			if len(c.codes) > 0 { // the nonsense came behind a whole resume
				continue
			}
		case kind == opClose:
			code := websocket.CloseNoStatusReceived
			if len(payload) > 1 {
				code = int(binary.BigEndian.Uint16([]byte(payload)))
			}
			if !slices.Contains(c.codes, code) {
				t.Fatalf("closed with %d, want %v", code, c.codes)
			}
		default:
			t.Fatal("unexpected: ", kind, payload)
		}
		if !slices.Equal(pongs, c.pongs) {
			t.Fatalf("pongs %q, want %q", pongs, c.pongs)
		}
		return
	}
}

func TestAfterResumeOnlySignsOfLifeAreHeard(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{})
	for _, c := range []hostile{
		refused("a second resume", 1008, text(goodResume)),
		refused("anything", 1008, text("x")),
		refused("binary", 1003, rawFrame(fin|opBinary, "x")),
		refused("invalid UTF-8", 1007, text("\xff")),
		refused("a long message", 1009, text(strings.Repeat("x", idleLimit+1))),
		refused("a flood of pings", 1008, []byte(strings.Repeat(string(rawFrame(fin|opPing, "x")), 200))),
		refused("unmasked", 1002, unmasked(fin|opText, "x")),
		refused("close", 1001, closeFrame(1001, "")),
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := w.raw(t, 1)
			if _, err := r.Write(frames(text(goodResume), c.bytes)); err != nil {
				t.Fatal(err)
			}
			if code, err := r.verdict(); err != nil || code != c.codes[0] {
				t.Fatal(code, err)
			}
		})
	}
}

func TestAMessageThatNeverEndsIsCut(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{ResumeWait: 2 * time.Second, PerPerson: 100})
	for when, c := range map[string]struct {
		begin []byte
		code  int
	}{
		"before resume": {rawFrame(opText, "{"), closeNoResume.Code},
		"after resume":  {frames(text(goodResume), rawFrame(opText, "{")), closeSilent.Code},
	} {
		for name, more := range map[string][]byte{
			"silence":           nil,
			"empty fragments":   rawFrame(opContinue, ""),
			"pongs in between":  rawFrame(fin|opPong, ""),
			"slow single bytes": rawFrame(opContinue, " "),
		} {
			t.Run(when+": "+name, func(t *testing.T) {
				t.Parallel()
				r := w.raw(t, 1)
				if _, err := r.Write(c.begin); err != nil {
					t.Fatal(err)
				}
				go func() {
					pace := time.NewTicker(5 * time.Millisecond)
					defer pace.Stop()
					for range pace.C {
						if _, err := r.Write(more); err != nil {
							return
						}
					}
				}()
				if code, err := r.verdict(); err != nil || code != c.code {
					t.Fatal(code, err)
				}
				_ = r.Close()
			})
		}
	}
}
