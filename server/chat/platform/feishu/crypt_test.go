package feishu

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"linli/models/fault"
)

// TestOpen_ReadsThePublishedSample is Feishu's own: "test key", "hello world".
func TestOpen_ReadsThePublishedSample(t *testing.T) {
	t.Parallel()
	const published = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
	if text, err := open("test key", published); err != nil || string(text) != "hello world" {
		t.Errorf("%q, %v", text, err)
	}
	for _, c := range [][2]string{{"other key", published}, {"test key", published[4:]}, {"test key", ""}, {"test key", "AAAAAAAAAAAAAAAAAAAAAA=="}, {"test key", "!"}} {
		if text, err := open(c[0], c[1]); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v: %q, %v", c, text, err)
		}
	}
}

// TestSign_IsWhatOthersCompute: the figure stands in the tests of two
// independent clients, for the timestamp of Feishu's own example.
func TestSign_IsWhatOthersCompute(t *testing.T) {
	t.Parallel()
	if got := sign("demo", "1599360473"); got != "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=" {
		t.Error(got)
	}
}

// TestSigned_IsAPlainHash: made with printf … | sha256sum.
func TestSigned_IsAPlainHash(t *testing.T) {
	t.Parallel()
	const signature = "e0897516dad9bb2853fea401bdf8178ce86419ffcd0e8e1372c81cb6b067a17c"
	body := []byte(`{"encrypt":"P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="}`)
	if !signed(signature, "1671523200", "n0nce", "test key", body) {
		t.Error("the signature is not found good")
	}
	for _, bad := range []bool{
		signed("", "1671523200", "n0nce", "test key", body), signed(signature, "1671523201", "n0nce", "test key", body),
		signed(signature, "1671523200", "n", "test key", body), signed(signature, "1671523200", "n0nce", "key", body),
		signed(signature, "1671523200", "n0nce", "test key", body[1:]),
	} {
		if bad {
			t.Error("something else is found good")
		}
	}
}

// TestOpen_RefusesAPaddingThatIsNone seals whole blocks as they are.
func TestOpen_RefusesAPaddingThatIsNone(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"hello world\x05\x05\x05\x05\x05": "hello world", strings.Repeat("\x10", 16): "",
		"hello world    \x00": "-", "hello world\x05\x05\x05\x04\x05": "-", "hello world    \x11": "-", strings.Repeat("\x20", 32): "-",
	} {
		text, err := open("test key", rawSeal(t, []byte(raw)))
		if (err != nil) != (want == "-") || err == nil && string(text) != want {
			t.Errorf("%q: %q, %v", raw, text, err)
		}
	}
}

// rawSeal encrypts blocks as they are, with an empty IV.
func rawSeal(t *testing.T, raw []byte) string {
	t.Helper()
	key := sha256.Sum256([]byte("test key"))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	blocks := append([]byte(nil), raw[:len(raw)-len(raw)%aes.BlockSize]...)
	iv := make([]byte, aes.BlockSize)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(blocks, blocks)
	return base64.StdEncoding.EncodeToString(append(iv, blocks...))
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="))
	f.Add([]byte("0123456789abcde\x00"))
	f.Add(bytes.Repeat([]byte{17}, 32))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, sealed := range []string{string(raw), rawSeal(t, raw)} {
			text, err := open("test key", sealed)
			if err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			var e event
			_ = json.Unmarshal(text, &e)
			words("text", string(text))
		}
	})
}
