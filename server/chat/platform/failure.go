package platform

import (
	"fmt"
	"time"
)

// Ours is a reason of our own: a word of models/words/delivery.tsv.
type Ours string

// Our own reasons.
const (
	BadSettings Ours = "fail_settings"  // address or secret cannot be read
	BadAddress  Ours = "fail_address"   // it is no web address
	Blocked     Ours = "fail_network"   // it lies in a private network
	Elsewhere   Ours = "fail_elsewhere" // it sends us to another address
)

// Failure is a card that was not delivered. The caller's own backoff holds
// where it says nothing.
type Failure struct {
	Code int    // the platform's, or the HTTP status where it gave none; 0: no answer
	Text string // the platform's words, cut; never an address, key or token
	// Ours is why we did not even ask, or did not follow; "" where the platform spoke
	// or was silent.
	Ours Ours
	// RetryAfter is how long this robot must be silent; 0: as the caller likes.
	RetryAfter time.Duration
	// Permanent: this card will never be taken; others may be.
	Permanent bool
	// Gone: the robot itself is dead – key revoked, removed from the group,
	// wrong secret. A person must look; nothing else will help.
	Gone bool
	// Closed: whoever is there said that nothing is wanted any more (410). It is gone,
	// and asking again would be rude.
	Closed bool
	cause  error
}

// Because adds the cause, for errors.Is and the log.
func (f *Failure) Because(cause error) *Failure {
	c := *f
	c.cause = cause
	return &c
}

// Error is for the log and the operator.
func (f *Failure) Error() string {
	what := "not delivered"
	switch {
	case f.Gone:
		what = "the robot is gone"
	case f.Permanent:
		what = "the card is refused"
	case f.RetryAfter > 0:
		what = "to be silent for " + f.RetryAfter.String()
	}
	text := what + ": no answer"
	switch {
	case f.Ours != "":
		text = what + ": " + string(f.Ours)
	case f.Code != 0 || f.Text != "":
		text = fmt.Sprintf("%s: %d %s", what, f.Code, f.Text)
	}
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.cause }
