package push

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
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

type hostile struct {
	name  string
	bytes []byte
	codes []int
}

// hostileFrames are what a broken or evil client sends, and the codes that are right.
func hostileFrames() []hostile {
	all := []hostile{
		{"unmasked text", unmasked(fin|opText, "{}"), []int{1002}},
		{"unmasked ping", unmasked(fin|opPing, ""), []int{1002}},
		{"unmasked close", unmasked(fin|opClose, ""), []int{1002}},
		{"RSV1 without an extension", rawFrame(fin|rsv1|opText, "{}"), []int{1002}},
		{"RSV2", rawFrame(fin|rsv2|opText, "{}"), []int{1002}},
		{"RSV3", rawFrame(fin|rsv3|opText, "{}"), []int{1002}},
		{"all RSV", rawFrame(fin|rsv1|rsv2|rsv3|opText, ""), []int{1002}},
		{"RSV1 on ping", rawFrame(fin|rsv1|opPing, ""), []int{1002}},
		{"RSV3 on close", rawFrame(fin|rsv3|opClose, ""), []int{1002}},
		{"RSV2 on a continuation", frames(rawFrame(opText, "{"), rawFrame(fin|rsv2|opContinue, "}")), []int{1002}},
		{"fragmented ping", rawFrame(opPing, "x"), []int{1002}},
		{"fragmented pong", rawFrame(opPong, "x"), []int{1002}},
		{"fragmented close", rawFrame(opClose, ""), []int{1002}},
		{"ping of 126 bytes", rawFrame(fin|opPing, strings.Repeat("x", 126)), []int{1002}},
		{"pong of 65536 bytes", rawFrame(fin|opPong, strings.Repeat("x", 65536)), []int{1002}},
		{"close of 126 bytes", closeFrame(1000, strings.Repeat("x", 124)), []int{1002}},
		{"ping that says 2^63 bytes", rawFrameOf(fin|opPing, 1<<63, ""), []int{1002}},
		{"orphan continuation", rawFrame(fin|opContinue, "x"), []int{1002}},
		{"orphan continuation that goes on", rawFrame(opContinue, "x"), []int{1002}},
		{"text within a text", frames(rawFrame(opText, "{"), rawFrame(fin|opText, "}")), []int{1002}},
		{"binary within a text", frames(rawFrame(opText, "{"), rawFrame(fin|opBinary, "}")), []int{1002}},
		{"continuation after the end", frames(rawFrame(opText, goodResume), rawFrame(fin|opContinue, ""),
			rawFrame(fin|opContinue, "")), []int{1002}},
		{"HTTP in place of frames", []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), []int{1002}},
		{"close with half a code", rawFrame(fin|opClose, "\x03"), []int{1002, 1005}},
		{"close with a reason that is no UTF-8", closeFrame(1000, "\xc3\x28"), []int{1002, 1007}},
		{"close without a code", rawFrame(fin|opClose, ""), []int{1005}},
		{"close, then more", frames(closeFrame(1000, ""), text("{}")), []int{1000}},
		{"binary", rawFrame(fin|opBinary, "\x00\x01"), []int{1003}},
		{"empty binary", rawFrame(fin|opBinary, ""), []int{1003}},
		{"fragmented binary", frames(rawFrame(opBinary, "\x00"), rawFrame(fin|opContinue, "\x01")), []int{1003}},
		{"invalid UTF-8", text("{\"type\":\"\xc3\x28\"}"), []int{1007}},
		{"invalid UTF-8 across fragments", frames(rawFrame(opText, "{\xe4\xbd"), rawFrame(fin|opContinue, "x}")), []int{1007}},
		{"a character that is cut off", text("{\xe4\xbd"), []int{1007}},
		{"overlong slash", text("\xc0\xaf"), []int{1007}},
		{"surrogate", text("\xed\xa0\x80"), []int{1007}},
		{"beyond Unicode", text("\xf4\x90\x80\x80"), []int{1007}},
		{"lone 0xff", text("\xff"), []int{1007}},
		{"a whole character across fragments", frames(rawFrame(opText, "\xe4\xbd"), rawFrame(fin|opContinue, "\xa0")), []int{1008}},
		{"2^63 bytes", rawFrameOf(fin|opText, 1<<63, ""), []int{1009}},
		{"2^63-1 bytes", rawFrameOf(fin|opText, 1<<63-1, ""), []int{1009}},
		{"two frames that overflow together", frames(rawFrame(opText, "x"), rawFrameOf(fin|opContinue, 1<<63-1, "")), []int{1009}},
		{"a megabyte announced", rawFrameOf(fin|opText, 1<<20, "x"), []int{1009}},
		{"a megabyte sent", text(strings.Repeat("x", 1<<20)), []int{1009}},
		{"too long in fragments", frames(rawFrame(opText, strings.Repeat("x", 1000)),
			rawFrame(opContinue, strings.Repeat("x", 1000))), []int{1009}},
		{"ten thousand subscriptions", resumeWith(strings.Repeat(`"`+gridA+`":0,`, 10_000) + `"x":1`), []int{1009}},
		{"a flood of pings", frames([][]byte{[]byte(strings.Repeat(string(rawFrame(fin|opPing, "x")), 200))}...), []int{1008}},
	}
	for opcode := byte(3); opcode <= 15; opcode++ {
		if opcode >= opClose && opcode <= opPong {
			continue
		}
		all = append(all, hostile{fmt.Sprintf("opcode %d", opcode), rawFrame(fin|opcode, ""), []int{1002}})
	}
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		all = append(all, hostile{fmt.Sprintf("close code %d", code), closeFrame(code, ""), []int{1002}})
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		all = append(all, hostile{fmt.Sprintf("close code %d", code), closeFrame(code, "bye"), []int{code}})
	}
	for name, message := range map[string]string{
		"nothing":           ``,
		"no JSON":           `resume`,
		"a list":            `[]`,
		"null":              `null`,
		"no fields":         `{}`,
		"another type":      `{"type":"subscribe","epoch":"memory","grids":{}}`,
		"no epoch":          `{"type":"resume","grids":{}}`,
		"no grids":          `{"type":"resume","epoch":"memory"}`,
		"grids as a list":   `{"type":"resume","epoch":"memory","grids":[]}`,
		"epoch as a number": `{"type":"resume","epoch":1,"grids":{}}`,
		"an unknown field":  `{"type":"resume","epoch":"memory","grids":{},"x":1}`,
		"a repeated field":  `{"type":"resume","type":"resume","epoch":"memory","grids":{}}`,
		"a repeated grid":   `{"type":"resume","epoch":"memory","grids":{"` + gridA + `":0,"` + gridA + `":0}}`,
		"another case":      `{"Type":"resume","epoch":"memory","grids":{}}`,
		"a second document": goodResume + goodResume,
		"a tail":            goodResume + `x`,
		"cut off":           goodResume[:len(goodResume)-1],
		"a NUL":             "\x00" + goodResume,
		"deep":              strings.Repeat(`{"grids":`, 80),
	} {
		all = append(all, hostile{"message: " + name, text(message), []int{1008}})
	}
	for _, number := range []string{`-1`, `1.5`, `1e3`, `9223372036854775808`, `"1"`, `null`, `{}`, `[]`, `true`, `０`, `NaN`, `0x1`, `01`} {
		all = append(all, hostile{"number " + number, resumeWith(`"` + gridA + `":` + number), []int{1008}})
	}
	for _, grid := range []string{gridB, "", "x", strings.ToUpper(gridA), gridA + " ", "00000000-0000-0000-0000-000000000000", "*"} {
		all = append(all, hostile{"foreign grid " + grid, resumeWith(`"` + grid + `":0`), []int{1008}})
	}
	return all
}

func TestHostileFramesGetTheRightCode(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{PerPerson: 1000})
	cases := hostileFrames()
	t.Logf("%d cases", len(cases))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := w.raw(t, 1)
			go func() { _, _ = r.Write(c.bytes) }() // a megabyte may not all be taken
			code, err := r.verdict()
			if err != nil {
				t.Fatal("no close frame: ", err)
			}
			for _, right := range c.codes {
				if code == right {
					return
				}
			}
			t.Errorf("%d, want %v", code, c.codes)
		})
	}
}

func TestAfterResumeOnlySignsOfLifeAreHeard(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{})
	for _, c := range []hostile{
		{"a second resume", text(goodResume), []int{1008}},
		{"anything", text("x"), []int{1008}},
		{"binary", rawFrame(fin|opBinary, "x"), []int{1003}},
		{"invalid UTF-8", text("\xff"), []int{1007}},
		{"a long message", text(strings.Repeat("x", idleLimit+1)), []int{1009}},
		{"a flood of pings", []byte(strings.Repeat(string(rawFrame(fin|opPing, "x")), 200)), []int{1008}},
		{"unmasked", unmasked(fin|opText, "x"), []int{1002}},
		{"close", closeFrame(1001, ""), []int{1001}},
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

// What is odd but allowed must work: fragments of one byte, control frames
// between them, pongs nobody asked for.
func TestAnOddButLawfulResumeIsUnderstood(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{})
	m.publish(gridA, "need.opened", everybody)
	bytewise := rawFrame(opText, goodResume[:1])
	for i := 1; i < len(goodResume); i++ {
		bytewise = append(bytewise, rawFrame(opContinue, goodResume[i:i+1])...)
	}
	bytewise = append(bytewise, rawFrame(fin|opContinue, "")...)
	for name, bytes := range map[string][]byte{
		"plain":              text(goodResume),
		"byte by byte":       bytewise,
		"ping between":       frames(rawFrame(opText, goodResume[:9]), rawFrame(fin|opPing, "still there"), rawFrame(fin|opContinue, goodResume[9:])),
		"unsolicited pong":   frames(rawFrame(fin|opPong, "x"), text(goodResume)),
		"spaces and newline": text(" \n" + strings.ReplaceAll(goodResume, ":", " : ") + "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := w.raw(t, 1)
			if _, err := r.Write(bytes); err != nil {
				t.Fatal(err)
			}
			for {
				kind, payload, err := r.frame()
				if err != nil || kind == opClose {
					t.Fatal(kind, payload, err)
				}
				if kind == opPong && payload != "still there" {
					t.Fatal("pong ", payload)
				}
				if kind == opText {
					if !strings.Contains(payload, `"kind":"need.opened"`) {
						t.Fatal(payload)
					}
					return
				}
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
