// Package seal encrypts personal fields at rest and makes the keyed hashes by
// which they are looked up.
//
// Plain text flows in from the store's rows and sealed bytes flow out to the
// database, and back. A sealed value is bound to its table, column and row, so
// that it cannot be moved to another. The key never leaves this package, is
// never in the database or a backup, and nothing here logs.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const (
	keyBytes = 32
	idBytes  = 4
	format   = 1 // first byte of a sealed value
)

// Keyring holds the keys that are derived from one master key.
type Keyring struct {
	id    [idBytes]byte
	aead  cipher.AEAD
	index []byte
	codes []byte
}

// NewKeyring derives everything from 32 random bytes.
func NewKeyring(master []byte) (*Keyring, error) {
	if len(master) != keyBytes {
		return nil, fmt.Errorf("seal: a key has %d bytes, not %d", keyBytes, len(master))
	}
	derived := map[string][]byte{}
	for _, use := range []string{"fields", "index", "codes", "id"} {
		key, err := hkdf.Key(sha256.New, master, nil, "linli/"+use, keyBytes)
		if err != nil {
			return nil, err
		}
		derived[use] = key
	}
	block, err := aes.NewCipher(derived["fields"])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	k := &Keyring{aead: aead, index: derived["index"], codes: derived["codes"]}
	copy(k.id[:], derived["id"])
	return k, nil
}

// ID names the key without telling it; the database keeps it to know its own.
func (k *Keyring) ID() string { return hex.EncodeToString(k.id[:]) }

// Seal encrypts text for one place ("people.phone/<row id>"). "" stays empty.
func (k *Keyring) Seal(place, text string) []byte {
	if text == "" {
		return nil
	}
	out := append([]byte{format}, k.id[:]...)
	return k.aead.Seal(out, nil, []byte(text), []byte(place))
}

// ErrUnreadable says that a value was sealed by another key, for another
// place, or was changed.
var ErrUnreadable = errors.New("seal: value cannot be read with this key")

// Open decrypts what Seal made for the same place.
func (k *Keyring) Open(place string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	if len(sealed) < 1+idBytes || sealed[0] != format || string(sealed[1:1+idBytes]) != string(k.id[:]) {
		return "", ErrUnreadable
	}
	text, err := k.aead.Open(nil, nil, sealed[1+idBytes:], []byte(place))
	if err != nil {
		return "", ErrUnreadable
	}
	return string(text), nil
}

// Index is a keyed hash by which a sealed value is found: same use and text,
// same hash.
func (k *Keyring) Index(use, text string) []byte { return mac(k.index, use, text) }

// Code is a keyed hash from which codes are derived (pickup code, door code):
// nothing is stored and nobody can compute it without the key.
func (k *Keyring) Code(use, text string) []byte { return mac(k.codes, use, text) }

func mac(key []byte, use, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(use))
	h.Write([]byte{0})
	h.Write([]byte(text))
	return h.Sum(nil)
}

// Hash is what is stored of a random secret; with 128 random bits it needs no
// salt and no slowness.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// NewSecret gives 256 random bits as text for a URL.
func NewSecret() string {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		panic(err) // crypto/rand never fails on a working system
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// LoadKeyFile reads the master key, or creates the file (mode 0600) where
// create allows it; created tells which happened.
func LoadKeyFile(path string, create bool) (k *Keyring, created bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		text = []byte(NewSecret() + "\n")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return nil, false, err
		}
		created = true
	} else if err != nil {
		return nil, false, err
	}
	master, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, created, fmt.Errorf("seal: %s is not a key file", path)
	}
	k, err = NewKeyring(master)
	return k, created, err
}
