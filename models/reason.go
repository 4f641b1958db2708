package models

// Reader is who may read a reason.
type Reader string

// What comes from the ledger, age or health goes to the receiver and her
// worker only; givers and neighbours read what is said to everyone.
const (
	ReaderAll      Reader = "all"
	ReaderReceiver Reader = "receiver"
	ReaderWorker   Reader = "worker"
)

// Reason is a sentence as a code with arguments and its readers; models/words
// turns it into Chinese or English at the last moment.
type Reason struct {
	Code    string            `json:"code"`
	Args    map[string]string `json:"args,omitempty"`
	Readers []Reader          `json:"readers"`
}

// ReadableBy reports whether a reader of that kind may read r.
func (r Reason) ReadableBy(who Reader) bool {
	for _, reader := range r.Readers {
		if reader == ReaderAll || reader == who {
			return true
		}
	}
	return false
}

// ReasonsFor keeps what that reader may read.
func ReasonsFor(reasons []Reason, who Reader) []Reason {
	kept := []Reason{}
	for _, r := range reasons {
		if r.ReadableBy(who) {
			kept = append(kept, r)
		}
	}
	return kept
}
