package exchange

import (
	"context"
	"crypto/hmac"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// PickupCode is what the receiver shows: six digits, and the same as a signed
// token for the QR. Nothing of it is stored.
type PickupCode struct {
	Code  string
	Token string
}

// PickupCode derives the code of a handover that is ready, for its receiver.
func (s *Service) PickupCode(ctx context.Context, actor models.Actor, id models.ID) (PickupCode, error) {
	var handovers []models.Handover
	err := s.store.Read(ctx, store.ByID([]models.ID{id}, &handovers))
	if err != nil {
		return PickupCode{}, err
	}
	h, err := store.One(handovers)
	if err != nil || h.ReceiverID != actor.PersonID {
		return PickupCode{}, fault.New(fault.NotFound, "not_found")
	}
	if h.State != models.HandoverReady && h.State != models.HandoverOut {
		return PickupCode{}, fault.New(fault.Conflict, "not_ready")
	}
	return PickupCode{Code: s.digits(h), Token: s.token(h)}, nil
}

// digits derives six digits from the handover and its generation. Sixty-four
// bits are reduced modulo a million: the bias is below 1 in 10^13.
func (s *Service) digits(h models.Handover) string {
	sum := s.store.Keys().Code("pickup", h.ID+"/"+strconv.Itoa(h.Generation))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum)%1_000_000)
}

// token is "handover.generation.expiry.signature"; any changed bit fails.
func (s *Service) token(h models.Handover) string {
	expires := int64(0)
	if h.DueAt != nil {
		expires = h.DueAt.Unix()
	}
	body := fmt.Sprintf("%s.%d.%d", h.ID, h.Generation, expires)
	return body + "." + s.sign(body)
}

func (s *Service) sign(body string) string {
	return base64.RawURLEncoding.EncodeToString(s.store.Keys().Code("pickup-token", body)[:16])
}

// codeFits compares in constant time. A token counts for this handover, this
// generation and until its time only.
func (s *Service) codeFits(h models.Handover, code, token string, now time.Time) bool {
	if token == "" {
		return subtle.ConstantTimeCompare([]byte(code), []byte(s.digits(h))) == 1
	}
	parts := strings.Split(token, ".")
	if len(parts) != 4 || parts[0] != h.ID || parts[1] != strconv.Itoa(h.Generation) {
		return false
	}
	expires, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || now.Unix() > expires {
		return false
	}
	return hmac.Equal([]byte(parts[3]), []byte(s.sign(strings.Join(parts[:3], "."))))
}

func wrongCode(h models.Handover) *fault.Error {
	if h.Locked() {
		return fault.New(fault.Conflict, "code_locked")
	}
	return fault.New(fault.Refused, "code_wrong").With("left", strconv.Itoa(models.MaxCodeTries-h.WrongTries))
}
