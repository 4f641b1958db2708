package catalogue

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// An overlay is a TSV of the same columns; its rows replace or add items by
// id. A pharmacist's overlay begins with
//
//	# pharmacist: name, licence number, date
//
// and has a detached signature beside it (FILE.sig: base64 of the ed25519
// signature over the whole file). The city says whose key it trusts: a key
// that came with the file would prove nothing. Only a signed overlay makes the
// catalogue reviewed, and only in it may a row become more open than the
// embedded one.

// openness orders the sharing policies; an unsigned overlay may not go up.
var openness = map[string]int{ShareNever: 0, ShareDoctor: 1, ShareWorker: 1, ShareYes: 2}

// lay puts an overlay over the items and gives its text for the version.
func (c *Catalogue) lay(path, key string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("catalogue overlay: %w", err)
	}
	body := string(text)
	if strings.HasPrefix(body, "#") {
		header, rest, _ := strings.Cut(body, "\n")
		body = rest
		if c.signer, err = signer(path, key, header, text); err != nil {
			return nil, err
		}
	}
	rows, err := table(path, body, columns)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		item, err := readItem(row)
		if err != nil {
			return nil, err
		}
		known, replaces := c.byID[item.ID]
		if c.signer == "" && (!replaces && item.Share == ShareYes || replaces && openness[item.Share] > openness[known.Share]) {
			return nil, fmt.Errorf("%s: %s may be shared more freely only in a signed overlay", row["line"], item.ID)
		}
		if !replaces {
			c.items = append(c.items, item)
		}
		c.byID[item.ID] = item
		for i := range c.items {
			if c.items[i].ID == item.ID {
				c.items[i] = item
			}
		}
	}
	return text, nil
}

// signer checks the signature with the trusted key; without either the
// overlay is unsigned. A signature that does not fit is never ignored.
func signer(path, key, header string, text []byte) (string, error) {
	who, isPharmacist := strings.CutPrefix(strings.TrimSpace(header), "# pharmacist:")
	encoded, err := os.ReadFile(path + ".sig")
	if key == "" || !isPharmacist || errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", fmt.Errorf("catalogue overlay: %w", err)
	}
	public, errKey := base64.StdEncoding.DecodeString(strings.TrimSpace(key))
	signature, errSig := base64.StdEncoding.DecodeString(strings.TrimSpace(string(encoded)))
	if errKey != nil || errSig != nil || len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, text, signature) {
		return "", fmt.Errorf("catalogue overlay %s: the signature does not fit the trusted key", path)
	}
	return strings.TrimSpace(who), nil
}
