package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/models/store/seal"

	"pgregory.net/rapid"
)

func keyring(t testing.TB, master string) *seal.Keyring {
	t.Helper()
	k, err := seal.NewKeyring([]byte(master))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const (
	oneKey     = "0123456789abcdef0123456789abcdef"
	anotherKey = "0123456789abcdef0123456789abcdeF"
)

// TestOpen_ReadsOnlyWhatWasSealedForThatPlaceWithThatKey, unchanged to the last bit.
func TestOpen_ReadsOnlyWhatWasSealedForThatPlaceWithThatKey(t *testing.T) {
	t.Parallel()
	k, other := keyring(t, oneKey), keyring(t, anotherKey)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 200, -1).Draw(t, "text")
		place := rapid.SampledFrom([]string{"people.phone/1", "people.phone/11", "people.name/1", ""}).Draw(t, "place")
		sealed := k.Seal(place, text)
		if got, err := k.Open(place, sealed); err != nil || got != text {
			t.Fatalf("%q comes back as %q, %v", text, got, err)
		}
		if len(text) > 3 && bytes.Contains(sealed, []byte(text)) {
			t.Fatalf("%q stands in clear", text)
		}
		if bytes.Equal(sealed, k.Seal(place, text)) {
			t.Fatal("the same text looks the same twice")
		}
		spoilt := bytes.Clone(sealed)
		spoilt[rapid.IntRange(0, len(spoilt)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		for name, try := range map[string]func() (string, error){
			"another place": func() (string, error) { return k.Open(place+"0", sealed) },
			"another key":   func() (string, error) { return other.Open(place, sealed) },
			"a changed bit": func() (string, error) { return k.Open(place, spoilt) },
			"a cut":         func() (string, error) { return k.Open(place, sealed[:rapid.IntRange(1, len(sealed)-1).Draw(t, "cut")]) },
			"more":          func() (string, error) { return k.Open(place, append(bytes.Clone(sealed), 0)) },
		} {
			if got, err := try(); !errors.Is(err, seal.ErrUnreadable) || got != "" {
				t.Fatalf("%s: %q, %v", name, got, err)
			}
		}
	})
	if k.Seal("p", "") != nil {
		t.Error("nothing is sealed as something")
	}
	if got, err := k.Open("p", nil); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestIndexAndCode_DifferByUseTextAndKey: and no use runs into its text.
func TestIndexAndCode_DifferByUseTextAndKey(t *testing.T) {
	t.Parallel()
	k, other := keyring(t, oneKey), keyring(t, anotherKey)
	seen := map[string]string{}
	for name, hash := range map[string][]byte{"index": k.Index("phone", "1"), "text": k.Index("phone", "2"), "use": k.Index("address", "1"),
		"run together": k.Index("phone1", ""), "other key": other.Index("phone", "1"), "code": k.Code("phone", "1"), "other code": other.Code("phone", "1")} {
		if twin, twice := seen[string(hash)]; twice || len(hash) != 32 {
			t.Errorf("%s and %s are alike", name, twin)
		}
		seen[string(hash)] = name
	}
	if !bytes.Equal(k.Index("phone", "1"), keyring(t, oneKey).Index("phone", "1")) {
		t.Error("the same is not found again")
	}
	if k.ID() == other.ID() || k.ID() != keyring(t, oneKey).ID() || strings.Contains(oneKey, k.ID()) {
		t.Errorf("%s, %s", k.ID(), other.ID())
	}
}

func TestLoadKeyFile_MakesOneOnceAndRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if _, _, err := seal.LoadKeyFile(path, false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	made, created, err := seal.LoadKeyFile(path, true)
	if err != nil || !created {
		t.Fatalf("%v, %v", created, err)
	}
	again, created, err := seal.LoadKeyFile(path, true)
	if err != nil || created || again.ID() != made.ID() {
		t.Errorf("a second start: %v, %v", created, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for name, text := range map[string]string{"empty": "", "short": "AAAA", "no base64": strings.Repeat("*", 43), "long": strings.Repeat("A", 44)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := seal.LoadKeyFile(path, true); err == nil {
			t.Errorf("%s is taken for a key", name)
		}
	}
}
