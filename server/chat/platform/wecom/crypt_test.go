package wecom

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"linli/models/fault"
	"linli/server/chat/platform"
)

// The samples that ship with WXBizMsgCrypt (Sample.php, Sample.cs, Sample.py),
// and DingTalk's of the same scheme (DingTalk-Callback-Crypto).
const (
	sampleToken   = "QDG6eK"
	sampleKey     = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	sampleCorp    = "wx5823bf96d3bd56c7"
	sampleEcho    = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
	sampleMessage = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)

func TestCrypt_OpensThePublishedSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ token, key, receiver, signature, timestamp, nonce, sealed, want string }{
		{sampleToken, sampleKey, sampleCorp, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", sampleEcho, "1616140317555161061"},
		{"mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7", "ding6ccabc44d2c8d38b", "03044561471240d4a14bb09372dfcfd4fd0e40cb", "1608001896814", "WL4PK6yA",
			"0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3", `{"EventType":"check_url"}`},
	} {
		crypt, err := newCrypt(c.token, c.key, c.receiver)
		if err != nil {
			t.Fatal(err)
		}
		if !crypt.signed(c.signature, c.timestamp, c.nonce, c.sealed) {
			t.Errorf("the signature should be %s", crypt.sign(c.timestamp, c.nonce, c.sealed))
		}
		for _, wrong := range []string{"", c.signature[1:], c.signature + "0", "0" + c.signature[1:]} {
			if crypt.signed(wrong, c.timestamp, c.nonce, c.sealed) && wrong != c.signature {
				t.Errorf("%q counts as a signature", wrong)
			}
		}
		if text, err := crypt.open(c.sealed); err != nil || string(text) != c.want {
			t.Errorf("%q, %v", text, err)
		}
		crypt.receiver = "somebody else"
		if _, err := crypt.open(c.sealed); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a message for another corp: %v", err)
		}
	}
}

func TestCrypt_RefusesWhatIsNoKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", sampleKey[1:], sampleKey + "A", "!" + sampleKey[1:]} {
		if _, err := newCrypt(sampleToken, key, ""); err == nil {
			t.Errorf("%q is taken for a key", key)
		}
	}
	if _, err := newCrypt("", sampleKey, ""); err == nil {
		t.Error("an empty token is taken")
	}
}

func TestCrypt_SealsWhatItOpensAnewEachTime(t *testing.T) {
	t.Parallel()
	crypt, err := newCrypt(sampleToken, sampleKey, sampleCorp)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for size := range 100 {
		message := bytes.Repeat([]byte("药"), size)
		sealed, err := crypt.seal(message)
		if err != nil || seen[sealed] {
			t.Fatalf("%d: %v, seen %v", size, err, seen[sealed])
		}
		seen[sealed] = true
		if text, err := crypt.open(sealed); err != nil || !bytes.Equal(text, message) {
			t.Fatalf("%d: %q, %v", size, text, err)
		}
	}
}

// TestCrypt_RefusesWhatIsBrokenInside seals whole blocks in which one thing is
// wrong each.
func TestCrypt_RefusesWhatIsBrokenInside(t *testing.T) {
	t.Parallel()
	crypt, err := newCrypt(sampleToken, sampleKey, "")
	if err != nil {
		t.Fatal(err)
	}
	const head = "0123456789abcdef"
	pad := func(n int) string { return strings.Repeat(string(rune(n)), n) }
	for name, c := range map[string]struct {
		raw  string
		good bool
	}{
		"nothing wrong":           {head + "\x00\x00\x00\x00" + pad(12), true},
		"a longer padding":        {head + "\x00\x00\x00\x00" + pad(28), true},
		"one letter":              {head + "\x00\x00\x00\x01x" + pad(11), true},
		"no such length":          {head + "\xff\xff\xff\xff" + pad(12), false},
		"one letter too long":     {head + "\x00\x00\x00\x02x" + pad(11), false},
		"a rest":                  {head + "\x00\x00\x00\x00x" + pad(11), false},
		"padding of none":         {head + "\x00\x00\x00\x0c" + "xxxxxxxxxxx\x00", false},
		"padding over its size":   {head + "\x00\x00\x00\x0b" + "xxxxxxxxxxx" + pad(33), false},
		"padding over everything": {strings.Repeat("x", 15) + "\x20", false},
		"uneven padding":          {head + "\x00\x00\x00\x00" + "xxxxxxxxxxx\x0c", false},
		"no head":                 {pad(16), false},
	} {
		if text, err := crypt.open(rawSeal(t, crypt, []byte(c.raw))); (err == nil) != c.good {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, sealed := range []string{"", "!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAA="} {
		if _, err := crypt.open(sealed); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", sealed, err)
		}
	}
}

// FuzzOpen seals any bytes as they are, so that padding, length and receiver
// are wrong in every way, and also tries them as what came.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(sampleEcho))
	f.Add([]byte("0123456789abcdef\xff\xff\xff\xff\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c"))
	f.Add(bytes.Repeat([]byte{32}, 32))
	f.Fuzz(func(t *testing.T, raw []byte) {
		crypt, err := newCrypt(sampleToken, sampleKey, sampleCorp)
		if err != nil {
			t.Fatal(err)
		}
		for _, sealed := range []string{string(raw), rawSeal(t, crypt, raw)} {
			text, err := crypt.open(sealed)
			if err != nil {
				if fault.From(err).Code == fault.Internal {
					t.Fatal(err)
				}
				continue
			}
			var said incomingXML
			_ = xml.Unmarshal(text, &said)
		}
	})
}

var _ platform.Inbound = (*App)(nil)
