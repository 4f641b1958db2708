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
//	# pharmacist: name, licence number, date; key: <base64 ed25519 public key>
//
// and has a detached signature beside it (FILE.sig: base64 of the ed25519
// signature over the whole file). Only then is the catalogue reviewed, and
// only then may a row become more open than the embedded one.

// openness orders the sharing policies; an unsigned overlay may not go up.
var openness = map[string]int{ShareNever: 0, ShareDoctor: 1, ShareWorker: 1, ShareYes: 2}

// lay puts an overlay over the items and gives its text for the version.
func (c *Catalogue) lay(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("catalogue overlay: %w", err)
	}
	body := string(text)
	if strings.HasPrefix(body, "#") {
		header, rest, _ := strings.Cut(body, "\n")
		body = rest
		if c.signer, err = signer(path, header, text); err != nil {
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

// signer checks the signature; without a .sig file the overlay is unsigned.
func signer(path, header string, text []byte) (string, error) {
	who, key, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(header), "# pharmacist:"), "; key:")
	if !found || !strings.HasPrefix(header, "# pharmacist:") {
		return "", nil
	}
	encoded, err := os.ReadFile(path + ".sig")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	public, errKey := base64.StdEncoding.DecodeString(strings.TrimSpace(key))
	signature, errSig := base64.StdEncoding.DecodeString(strings.TrimSpace(string(encoded)))
	if errKey != nil || errSig != nil || len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, text, signature) {
		return "", fmt.Errorf("catalogue overlay %s: the signature does not fit", path)
	}
	return strings.TrimSpace(who), nil
}
