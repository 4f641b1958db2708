package feishu

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"

	"linli/server/chat/platform"
)

// open decrypts an event: AES-256-CBC with the hash of the Encrypt Key, the IV
// in front, PKCS#7 to 16 bytes.
// https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
func open(encryptKey, sealed string) ([]byte, error) {
	text, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(text) < 2*aes.BlockSize || len(text)%aes.BlockSize != 0 {
		return nil, platform.ErrUnreadable
	}
	key := sha256.Sum256([]byte(encryptKey))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, platform.ErrUnreadable
	}
	iv, text := text[:aes.BlockSize], text[aes.BlockSize:]
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad < 1 || pad > aes.BlockSize {
		return nil, platform.ErrUnreadable
	}
	for _, b := range text[len(text)-pad:] {
		if int(b) != pad {
			return nil, platform.ErrUnreadable
		}
	}
	return text[:len(text)-pad], nil
}

// signed checks X-Lark-Signature: a plain hash with the key in the middle, no
// HMAC.
func signed(signature, timestamp, nonce, encryptKey string, body []byte) bool {
	sum := sha256.Sum256(append([]byte(timestamp+nonce+encryptKey), body...))
	return subtle.ConstantTimeCompare([]byte(signature), []byte(hex.EncodeToString(sum[:]))) == 1
}
