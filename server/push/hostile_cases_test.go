package push

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// sizes of a payload around every change of a frame's shape, and beyond what a
// resume of one grid may have.
var sizes = []int{0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 512, 1000, 1104, 1105, 4096, 65535, 65536, 70000}

func framingCases() (all []hostile) {
	limit := int(resumeLimit(1))
	for _, n := range sizes {
		code := 1008 // it is no resume
		if n > limit {
			code = 1009
		}
		all = append(all, refused(fmt.Sprintf("text of %d bytes", n), code, text(strings.Repeat("*", n))))
		if code = 1003; n > limit {
			code = 1009
		}
		all = append(all, refused(fmt.Sprintf("binary of %d bytes", n), code, rawFrame(fin|opBinary, strings.Repeat("\xfe", n))))
	}
	for name, first := range map[string]byte{"text": fin | opText, "binary": fin | opBinary, "ping": fin | opPing,
		"pong": fin | opPong, "close": fin | opClose, "continuation": fin | opContinue} {
		all = append(all, refused("unmasked "+name, 1002, unmasked(first, "{}")))
	}
	return append(all, lawful("plain", text(goodResume)).itself(),
		refused("unmasked after a ping", 1002, ping(""), unmasked(fin|opText, "{}")).ponged(""),
		refused("HTTP in place of frames", 1002, []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")))
}

func ping(payload string) []byte { return rawFrame(fin|opPing, payload) }

func pings(n int) (all []byte, pongs []string) {
	for i := range n {
		pongs = append(pongs, fmt.Sprint(i))
		all = append(all, ping(pongs[i])...)
	}
	return all, pongs
}

func pingCases() (all []hostile) {
	long := strings.Repeat("\xfe", 125)
	ten, tenPongs := pings(10)
	most, mostPongs := pings(maxPings)
	return append(all,
		hostile{name: "empty ping", bytes: ping(""), pongs: []string{""}},
		hostile{name: "ping with text", bytes: ping("你好"), pongs: []string{"你好"}},
		hostile{name: "ping with bytes", bytes: ping("\x00\xff\xfe\xfd"), pongs: []string{"\x00\xff\xfe\xfd"}},
		hostile{name: "ping of 125 bytes", bytes: ping(long), pongs: []string{long}},
		refused("ping of 126 bytes", 1002, ping(long+"x")),
		refused("ping of 65536 bytes", 1002, ping(strings.Repeat("x", 65536))),
		refused("ping that says 2^63 bytes", 1002, rawFrameOf(fin|opPing, 1<<63, "")),
		lawful("unsolicited pong", rawFrame(fin|opPong, "")),
		lawful("unsolicited pong with text", rawFrame(fin|opPong, "x")),
		refused("pong of 126 bytes", 1002, rawFrame(fin|opPong, long+"x")),
		refused("pong of 65536 bytes", 1002, rawFrame(fin|opPong, strings.Repeat("x", 65536))),
		hostile{name: "pong, then ping", bytes: frames(rawFrame(fin|opPong, "a"), ping("b")), pongs: []string{"b"}},
		hostile{name: "ten pings", bytes: ten, pongs: tenPongs},
		hostile{name: "as many pings as anyone needs", bytes: most, pongs: mostPongs},
		hostile{name: "one ping more", bytes: frames(most, ping("x")), codes: []int{1008}, pongs: mostPongs},
		lawful("ten pongs", []byte(strings.Repeat(string(rawFrame(fin|opPong, "x")), 10))))
}

// kinds of frames that may come first.
var kinds = []struct {
	name  string
	first byte
}{{"text", opText}, {"binary", opBinary}, {"close", opClose}, {"ping", opPing}, {"pong", opPong}, {"continuation", opContinue}}

func reservedCases() (all []hostile) {
	for bits := byte(1); bits < 8; bits++ {
		for _, k := range kinds {
			all = append(all, refused(fmt.Sprintf("RSV %03b on %s", bits, k.name), 1002, rawFrame(fin|bits<<4|k.first, "")))
		}
	}
	return append(all,
		refused("RSV1 on the second fragment", 1002, rawFrame(opText, "{"), rawFrame(fin|rsv1|opContinue, "}")),
		refused("RSV2 on the second fragment", 1002, rawFrame(opText, "{"), rawFrame(fin|rsv2|opContinue, "}")),
		refused("RSV3 on a ping between fragments", 1002, rawFrame(opText, "{"), rawFrame(fin|rsv3|opPing, "")),
		refused("compressed text that nobody agreed to", 1002, rawFrame(fin|rsv1|opText, "\xaa\x56\x2a\x2e\x49\x2c\x29\x2d\x56\xb2\x52\x4a\x4b\x2c\x2e\x51\xaa\x05\x00")))
}

func opcodeCases() (all []hostile) {
	for opcode := byte(3); opcode <= 15; opcode++ {
		if opcode >= opClose && opcode <= opPong {
			continue
		}
		all = append(all,
			refused(fmt.Sprintf("opcode %d", opcode), 1002, rawFrame(fin|opcode, "")),
			refused(fmt.Sprintf("opcode %d with a payload", opcode), 1002, rawFrame(fin|opcode, "x")),
			refused(fmt.Sprintf("opcode %d after a fragment", opcode), 1002, rawFrame(opText, "{"), rawFrame(fin|opcode, "}")))
	}
	return all
}

// bytewise sends a message in fragments of one byte.
func bytewise(message string) []byte {
	all := rawFrame(opText, message[:1])
	for i := 1; i < len(message); i++ {
		all = append(all, rawFrame(opContinue, message[i:i+1])...)
	}
	return append(all, rawFrame(fin|opContinue, "")...)
}

func fragmentCases() (all []hostile) {
	head, tail := goodResume[:9], goodResume[9:]
	for _, k := range kinds[2:5] {
		all = append(all, refused("fragmented "+k.name, 1002, rawFrame(k.first, "")),
			refused("fragmented "+k.name+", continued", 1002, rawFrame(k.first, ""), rawFrame(fin|opContinue, "")),
			refused("fragmented "+k.name+" between fragments", 1002, rawFrame(opText, "{"), rawFrame(k.first, "")))
	}
	between := frames(rawFrame(opText, head), ping("still there"), rawFrame(fin|opContinue, tail))
	return append(all,
		lawful("two fragments", rawFrame(opText, head), rawFrame(fin|opContinue, tail)).itself(),
		lawful("byte by byte", bytewise(goodResume)).itself(),
		lawful("an empty first fragment", rawFrame(opText, ""), rawFrame(fin|opContinue, goodResume)).itself(),
		lawful("an empty middle fragment", rawFrame(opText, head), rawFrame(opContinue, ""), rawFrame(fin|opContinue, tail)).itself(),
		hostile{name: "a ping between", bytes: between, pongs: []string{"still there"}}.itself(),
		lawful("a pong between", rawFrame(opText, head), rawFrame(fin|opPong, "x"), rawFrame(fin|opContinue, tail)).itself(),
		refused("empty fragments alone", 1008, rawFrame(opText, ""), rawFrame(opContinue, ""), rawFrame(fin|opContinue, "")),
		refused("orphan continuation", 1002, rawFrame(fin|opContinue, "x")),
		refused("orphan continuation that goes on", 1002, rawFrame(opContinue, "x")),
		refused("empty orphan continuation", 1002, rawFrame(fin|opContinue, "")),
		refused("orphan, then a text", 1002, rawFrame(opContinue, "x"), text(goodResume)),
		refused("text within a text", 1002, rawFrame(opText, "{"), rawFrame(fin|opText, "}")),
		refused("text that begins within a text", 1002, rawFrame(opText, "{"), rawFrame(opText, "}")),
		refused("binary within a text", 1002, rawFrame(opText, "{"), rawFrame(fin|opBinary, "}")),
		refused("text within a binary", 1002, rawFrame(opBinary, "{"), rawFrame(fin|opText, "}")),
		refused("continuation after the end", 1002, rawFrame(opText, head), rawFrame(fin|opContinue, tail), rawFrame(fin|opContinue, "")),
		refused("fragmented binary", 1003, rawFrame(opBinary, "\x00"), rawFrame(fin|opContinue, "\x01")),
		refused("close between fragments", 1000, rawFrame(opText, head), closeFrame(1000, ""), rawFrame(fin|opContinue, tail)))
}

// itself marks a case that brings its own resume.
func (h hostile) itself() hostile {
	h.whole = true
	return h
}

// encodingCases follow Markus Kuhn's stress test, which the Autobahn suite
// plays too. What is valid is no resume.
func encodingCases() (all []hostile) {
	add := func(name, bytes string, right int) {
		if utf8.ValidString(bytes) != (right == 1008) {
			panic(name)
		}
		all = append(all, refused(name, right, text("κ"+bytes+"x")))
	}
	for _, r := range []rune{0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1fffe, 0x10ffff, '药'} {
		add(fmt.Sprintf("U+%04X", r), string(r), 1008)
	}
	for name, bytes := range map[string]string{
		"beyond Unicode": "\xf4\x90\x80\x80", "21 bits": "\xf7\xbf\xbf\xbf", "five bytes": "\xf8\x88\x80\x80\x80",
		"26 bits": "\xfb\xbf\xbf\xbf\xbf", "six bytes": "\xfc\x84\x80\x80\x80\x80", "31 bits": "\xfd\xbf\xbf\xbf\xbf\xbf",
		"FE": "\xfe", "FF": "\xff", "FE FE FF FF": "\xfe\xfe\xff\xff",
		"lone first continuation": "\x80", "lone last continuation": "\xbf", "two continuations": "\x80\xbf",
		"three continuations": "\x80\xbf\x80", "seven continuations": "\x80\xbf\x80\xbf\x80\xbf\x80",
		"a greeting with a hole": "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80\x65\x64\x69\x74\x65\x64",
		"Latin-1":                "caf\xe9", "GB18030": "\xd2\xa9\xcf\xe4", "UTF-16": "\xff\xfe\x6f\x83",
	} {
		add(name, bytes, 1007)
	}
	for name, bytes := range map[string]string{ // characters with their last byte missing
		"2-byte": "\xc2", "3-byte": "\xe0\xa0", "4-byte": "\xf0\x90\x80", "3-byte, second": "\xe4", "4-byte, second": "\xf0\x90",
		"last 2-byte": "\xdf", "last 3-byte": "\xef\xbf", "last 4-byte": "\xf4\x8f\xbf", "all in a row": "\xc2\xe0\xa0\xf0\x90\x80",
	} {
		add("cut off: "+name, bytes, 1007)
		all = append(all, refused("cut off at the end: "+name, 1007, text("κ"+bytes)))
	}
	for name, bytes := range map[string]string{
		"slash in two": "\xc0\xaf", "slash in three": "\xe0\x80\xaf", "slash in four": "\xf0\x80\x80\xaf", "slash in five": "\xf8\x80\x80\x80\xaf",
		"last of one in two": "\xc1\xbf", "last of two in three": "\xe0\x9f\xbf", "last of three in four": "\xf0\x8f\xbf\xbf",
		"NUL in two": "\xc0\x80", "NUL in three": "\xe0\x80\x80", "NUL in four": "\xf0\x80\x80\x80",
	} {
		add("overlong "+name, bytes, 1007)
	}
	for name, bytes := range map[string]string{
		"first high": "\xed\xa0\x80", "last private high": "\xed\xae\x80", "last high": "\xed\xaf\xbf", "first low": "\xed\xb0\x80",
		"middle low": "\xed\xbe\x80", "last low": "\xed\xbf\xbf", "pair": "\xed\xa0\x80\xed\xb0\x80", "last pair": "\xed\xaf\xbf\xed\xbf\xbf",
	} {
		add("surrogate "+name, bytes, 1007)
	}
	return append(all,
		refused("a whole character across fragments", 1008, rawFrame(opText, "\xe4\xbd"), rawFrame(fin|opContinue, "\xa0")),
		refused("every byte a fragment", 1008, bytewise("κόσμε")),
		refused("invalid across fragments", 1007, rawFrame(opText, "{\xe4\xbd"), rawFrame(fin|opContinue, "x}")),
		refused("invalid in fragments of one byte", 1007, bytewise("κ\xed\xa0\x80")),
		refused("cut off with the message", 1007, rawFrame(opText, "\xe4"), rawFrame(fin|opContinue, "\xbd")),
		refused("invalid within the resume", 1007, text(strings.Replace(goodResume, "memory", "mem\xc3ory", 1))),
		hostile{name: "a ping between the bytes of a character", codes: []int{1008}, pongs: []string{""},
			bytes: frames(rawFrame(opText, "\xe4\xbd"), ping(""), rawFrame(fin|opContinue, "\xa0"))})
}

func closeCases() (all []hostile) {
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		all = append(all, refused(fmt.Sprintf("code %d", code), 1002, closeFrame(code, "")),
			refused(fmt.Sprintf("code %d with a reason", code), 1002, closeFrame(code, "bye")))
	}
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999} {
		all = append(all, refused(fmt.Sprintf("code %d", code), code, closeFrame(code, "bye")))
	}
	return append(all,
		refused("no code", 1005, rawFrame(fin|opClose, "")),
		// The library takes half a code for none.
		hostile{name: "half a code", bytes: rawFrame(fin|opClose, "\x03"), codes: []int{1002, 1005}},
		refused("a reason of 123 bytes", 1000, closeFrame(1000, strings.Repeat("x", 123))),
		refused("a reason of 124 bytes", 1002, closeFrame(1000, strings.Repeat("x", 124))),
		hostile{name: "a reason that is no UTF-8", bytes: closeFrame(1000, "\xc3\x28"), codes: []int{1002, 1007}},
		refused("a close within the resume", 1000, rawFrame(opText, "{"), closeFrame(1000, "")),
		refused("close, then a text", 1000, closeFrame(1000, ""), text(goodResume)),
		refused("close, then a ping", 1000, closeFrame(1000, ""), ping("x")),
		refused("close, then nonsense", 1000, closeFrame(1000, ""), []byte{0xff, 0xff, 0xff}),
		refused("two closes", 1000, closeFrame(1000, ""), closeFrame(1001, "")),
		refused("ping, then close", 1000, ping("x"), closeFrame(1000, "")).ponged("x"))
}

func (h hostile) ponged(pongs ...string) hostile {
	h.pongs = pongs
	return h
}

func limitCases() []hostile {
	thousand := strings.Repeat("x", 1000)
	return []hostile{
		refused("2^63 bytes", 1009, rawFrameOf(fin|opText, 1<<63, "")),
		refused("2^63-1 bytes", 1009, rawFrameOf(fin|opText, 1<<63-1, "")),
		refused("2^64-1 bytes", 1009, rawFrameOf(fin|opText, 1<<64-1, "")),
		refused("2^32 bytes", 1009, rawFrameOf(fin|opText, 1<<32, "")),
		refused("two frames that overflow together", 1009, rawFrame(opText, "x"), rawFrameOf(fin|opContinue, 1<<63-1, "")),
		refused("a megabyte announced", 1009, rawFrameOf(fin|opText, 1<<20, "x")),
		refused("a megabyte sent", 1009, text(strings.Repeat("x", 1<<20))),
		refused("a binary megabyte", 1009, rawFrame(fin|opBinary, strings.Repeat("x", 1<<20))),
		refused("too long in fragments", 1009, rawFrame(opText, thousand), rawFrame(opContinue, thousand)),
		refused("too long in fragments of ten", 1009, rawFrame(opText, "{"), []byte(strings.Repeat(string(rawFrame(opContinue, thousand[:10])), 200))),
		refused("too long in fragments of one", 1009, bytewise(thousand+thousand)),
		refused("ten thousand subscriptions", 1009, resumeWith(strings.Repeat(`"`+gridA+`":0,`, 10_000)+`"x":1`)),
		hostile{name: "a flood of pings", bytes: []byte(strings.Repeat(string(ping("x")), 200)), codes: []int{1008},
			pongs: strings.Split(strings.Repeat("x", maxPings), "")},
		lawful("a thousand pongs", []byte(strings.Repeat(string(rawFrame(fin|opPong, "x")), 1000))),
		lawful("a thousand empty fragments", rawFrame(opText, ""), []byte(strings.Repeat(string(rawFrame(opContinue, "")), 1000)),
			rawFrame(fin|opContinue, goodResume)).itself(),
		lawful("a resume filled with spaces", text(goodResume+strings.Repeat(" ", int(resumeLimit(1))-len(goodResume)))).itself(),
	}
}

func resumeCases() (all []hostile) {
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
		"a BOM":             "\ufeff" + goodResume,
		"deep":              strings.Repeat(`{"grids":`, 80),
	} {
		all = append(all, refused("message: "+name, 1008, text(message)))
	}
	for _, number := range []string{`-1`, `1.5`, `1e3`, `9223372036854775808`, `"1"`, `null`, `{}`, `[]`, `true`, `０`, `NaN`, `0x1`, `01`} {
		all = append(all, refused("number "+number, 1008, resumeWith(`"`+gridA+`":`+number)))
	}
	for _, grid := range []string{gridB, "", "x", strings.ToUpper(gridA), gridA + " ", "00000000-0000-0000-0000-000000000000", "*"} {
		all = append(all, refused("foreign grid "+grid, 1008, resumeWith(`"`+grid+`":0`)))
	}
	return append(all, lawful("spaces and newline", text(" \n"+strings.ReplaceAll(goodResume, ":", " : ")+"\n")).itself())
}
