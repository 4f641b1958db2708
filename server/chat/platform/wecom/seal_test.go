package wecom

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"testing"
)

// rawSeal encrypts blocks as they are, without noise, length or padding.
func rawSeal(t *testing.T, c *crypt, raw []byte) string {
	t.Helper()
	raw = append([]byte(nil), raw[:len(raw)-len(raw)%aes.BlockSize]...)
	block, err := aes.NewCipher(c.key)
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, c.key[:aes.BlockSize]).CryptBlocks(raw, raw)
	return base64.StdEncoding.EncodeToString(raw)
}
