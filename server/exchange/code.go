package exchange

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
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

// pickup is what a signed token says.
type pickup struct {
	handover   models.ID
	generation string
	until      time.Time
}

// readToken gives what a token says, if we have signed it.
func (s *Service) readToken(token string) (pickup, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 4 || !hmac.Equal([]byte(parts[3]), []byte(s.sign(strings.Join(parts[:3], ".")))) {
		return pickup{}, false
	}
	expires, err := strconv.ParseInt(parts[2], 10, 64)
	return pickup{parts[0], parts[1], time.Unix(expires, 0)}, err == nil
}

// tokenFits: a token counts for this handover, this generation and until its time
// only. What is out is not put back when its time is over, so that its token stays.
func (s *Service) tokenFits(h models.Handover, token string, at time.Time) bool {
	t, ours := s.readToken(token)
	return ours && t.handover == h.ID && t.generation == strconv.Itoa(h.Generation) && (h.CarrierID != nil || !at.Truncate(time.Second).After(t.until))
}

// codeFits compares in constant time.
func (s *Service) codeFits(h models.Handover, code string) bool {
	return subtle.ConstantTimeCompare([]byte(code), []byte(s.digits(h))) == 1
}

// proof is what a list for a day without a net says of a valid token: a phone can
// hash a scanned one and compare, and cannot make one from it. That is safe because
// what is hashed ends in 128 bits of a keyed code: nobody tries them all.
func proof(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func wrongCode(h models.Handover) *fault.Error {
	if h.Locked() {
		return fault.New(fault.Conflict, "code_locked")
	}
	return fault.New(fault.Refused, "code_wrong").With("left", strconv.Itoa(models.MaxCodeTries-h.WrongTries))
}
