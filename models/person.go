package models

import "time"

// PersonState says how far a person has come.
type PersonState string

// A resident waits for the worker's approval; who leaves is emptied.
const (
	PersonPending  PersonState = "pending"
	PersonApproved PersonState = "approved"
	PersonRefused  PersonState = "refused"
	PersonLeft     PersonState = "left"
)

// Person is a member of a household, or staff (then HouseholdID is nil).
// Name and phone are sealed; PhoneIndex is a keyed hash for lookup.
type Person struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID
	HouseholdID *ID
	Name        string `gorm:"serializer:seal"`
	Phone       string `gorm:"serializer:seal"`
	PhoneIndex  []byte
	State       PersonState
	// Persona is the key of a demo person, "" otherwise.
	Persona   string
	Made      bool // a test person of `linli token mint`
	Version   int
	CreatedAt time.Time
}

// TableName is people, as English has it.
func (Person) TableName() string { return "people" }

// RoleKind is what a person may do on a grid and below it.
type RoleKind string

// The roles of design §1.
const (
	RoleResident  RoleKind = "resident"
	RoleVolunteer RoleKind = "volunteer"
	RoleWorker    RoleKind = "worker"
	RoleLeader    RoleKind = "leader"
	RoleDoctor    RoleKind = "doctor"
	RoleOperator  RoleKind = "operator"
)

// Role is a RoleKind held on a grid. GridPath is kept beside GridID so that
// reach is decided without a query.
type Role struct {
	ID        ID `gorm:"primaryKey"`
	PersonID  ID
	GridID    ID
	GridPath  string
	Kind      RoleKind
	CreatedAt time.Time
	RevokedAt *time.Time
}

// CredentialKind tells what a secret opens.
type CredentialKind string

// The secrets that Linli gives out; each has at least 128 random bits (a door
// code: 128 bits derived from the key) and is stored only as a hash.
const (
	CredentialSession    CredentialKind = "session"
	CredentialTicket     CredentialKind = "ticket"
	CredentialDoor       CredentialKind = "door"
	CredentialInvitation CredentialKind = "invitation"
)

// Credential is the hash of a secret and what it stands for.
type Credential struct {
	ID          ID `gorm:"primaryKey"`
	Kind        CredentialKind
	Hash        []byte
	PersonID    *ID
	HouseholdID *ID
	GridID      *ID
	Role        RoleKind
	CreatedAt   time.Time
	ExpiresAt   *time.Time
	UsedAt      *time.Time
	RevokedAt   *time.Time
}

// Live reports whether the secret still opens something at now.
func (c Credential) Live(now time.Time) bool {
	return c.RevokedAt == nil && (c.ExpiresAt == nil || now.Before(*c.ExpiresAt))
}

// ConsentKind names what a person agrees to; each is asked by itself.
type ConsentKind string

// The consents of design §8.
const (
	ConsentTerms   ConsentKind = "terms"   // privacy notice and house rules
	ConsentHealth  ConsentKind = "health"  // PIPL art. 29: process health needs
	ConsentBoard   ConsentKind = "board"   // optional: building and item to neighbours
	ConsentContact ConsentKind = "contact" // per match and side: door and phone
	ConsentAsks    ConsentKind = "asks"    // to be asked for help by day; holds until taken back
	ConsentNight   ConsentKind = "night"   // optional: to be asked in the quiet hours too
)

// Consent is one answer at one time. Rows are appended; the last one counts.
type Consent struct {
	ID          ID `gorm:"primaryKey"`
	PersonID    ID
	Kind        ConsentKind
	MatchID     *ID // for contact only
	TextVersion string
	Granted     bool
	At          time.Time
	// Heard says how it was said aloud, to HeardBy; "" and nil where she answered
	// by herself.
	Heard   Heard
	HeardBy *ID
}

// Heard is how a worker heard a yes of somebody without a phone.
type Heard string

// 当面, 电话里.
const (
	HeardFace  Heard = "face"
	HeardPhone Heard = "phone"
)

// Audit is a link of the hash chain of a grid: who read or did what, and why.
type Audit struct {
	GridID   ID    `gorm:"primaryKey"`
	Seq      int64 `gorm:"primaryKey"`
	ActorID  ID
	Action   string
	Thing    string
	ThingID  ID
	Reason   string
	At       time.Time
	PrevHash []byte
	Hash     []byte
}

// Granted tells which standing consents hold, given all answers oldest first.
func Granted(answers []Consent) map[ConsentKind]bool {
	held := map[ConsentKind]bool{ConsentAsks: true}
	for _, c := range answers {
		if c.MatchID == nil {
			held[c.Kind] = c.Granted
		}
	}
	return held
}

// ConsentTextVersion names the wording that people agree to; a new wording is
// a new version, and is asked again.
const ConsentTextVersion = "2026-11"
