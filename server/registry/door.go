package registry

import (
	"encoding/base32"
	"strconv"
	"strings"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
)

// A door code is 26 signs of an alphabet without I, L, O and U: 128 bits of a
// keyed hash of the household and its generation. It need not be stored to be
// printed again, and nobody computes it without the key.
var doorAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const doorGroup = 4

func doorCode(keys *seal.Keyring, household models.ID, generation int) string {
	sum := keys.Code("door", household+"/"+strconv.Itoa(generation))
	return doorAlphabet.EncodeToString(sum[:16])
}

// grouped parts a code so that it can be typed: "7K3M-…".
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%doorGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// printDoor counts the household's next code and lets it open from now on.
func (s *Service) printDoor(tx *store.Tx, h *models.Household) error {
	if err := tx.CountDoor(h); err != nil {
		return err
	}
	return tx.CreateCredentials(models.Credential{ID: tx.NewID(), Kind: models.CredentialDoor,
		Hash:        seal.Hash(doorCode(s.store.Keys(), h.ID, h.DoorGeneration)),
		HouseholdID: &h.ID, CreatedAt: tx.Now})
}
