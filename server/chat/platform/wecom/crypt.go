package wecom

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"linli/server/chat/platform"
)

// The scheme of WXBizMsgCrypt: AES-256-CBC, the key's first half as IV, PKCS#7
// to 32 bytes; 16 random bytes, four of length, the message, the receiver.
// https://developer.work.weixin.qq.com/document/path/90968
const (
	noise   = 16
	padding = 32
)

// crypt opens and seals what goes between WeCom and one callback.
type crypt struct {
	token    string
	key      []byte
	receiver string // the corp id; empty for smart robots
}

func newCrypt(token, encodingAESKey, receiver string) (*crypt, error) {
	key, err := base64.StdEncoding.DecodeString(encodingAESKey + "=")
	switch {
	case token == "":
		return nil, errors.New("wecom: the Token is missing")
	case err != nil || len(key) != 32:
		return nil, errors.New("wecom: the EncodingAESKey has 43 letters and digits")
	}
	return &crypt{token: token, key: key, receiver: receiver}, nil
}

func (c *crypt) sign(timestamp, nonce, sealed string) string {
	parts := []string{c.token, timestamp, nonce, sealed}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func (c *crypt) signed(signature, timestamp, nonce, sealed string) bool {
	return subtle.ConstantTimeCompare([]byte(signature), []byte(c.sign(timestamp, nonce, sealed))) == 1
}

// open decrypts what was found signed.
func (c *crypt) open(sealed string) ([]byte, error) {
	text, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return nil, platform.ErrUnreadable
	}
	block, err := aes.NewCipher(c.key)
	if err != nil {
		return nil, platform.ErrUnreadable
	}
	cipher.NewCBCDecrypter(block, c.key[:aes.BlockSize]).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad < 1 || pad > padding || pad > len(text) {
		return nil, platform.ErrUnreadable
	}
	for _, b := range text[len(text)-pad:] {
		if int(b) != pad {
			return nil, platform.ErrUnreadable
		}
	}
	text = text[:len(text)-pad]
	if len(text) < noise+4 {
		return nil, platform.ErrUnreadable
	}
	text = text[noise:]
	size := binary.BigEndian.Uint32(text)
	text = text[4:]
	if uint64(size) > uint64(len(text)) {
		return nil, platform.ErrUnreadable
	}
	if subtle.ConstantTimeCompare(text[size:], []byte(c.receiver)) != 1 {
		return nil, platform.ErrNotOurs
	}
	return text[:size], nil
}

func (c *crypt) seal(message []byte) (string, error) {
	text := make([]byte, noise, noise+4+len(message)+len(c.receiver)+padding)
	rand.Read(text)
	text = binary.BigEndian.AppendUint32(text, uint32(len(message)))
	text = append(append(text, message...), c.receiver...)
	pad := padding - len(text)%padding
	for range pad {
		text = append(text, byte(pad))
	}
	block, err := aes.NewCipher(c.key)
	if err != nil {
		return "", err
	}
	cipher.NewCBCEncrypter(block, c.key[:aes.BlockSize]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text), nil
}

// newNonce is a number that nobody has used before.
func newNonce() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
