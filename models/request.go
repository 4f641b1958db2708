package models

import "time"

// AgeBand is the age that is asked instead of a birthday. Its number is the
// band's lower end in months, which is what the catalogue compares with.
type AgeBand string

// The bands of data/catalogue.md.
const (
	AgeUnder3Months  AgeBand = "0-2m"
	Age3To5Months    AgeBand = "3-5m"
	Age6To11Months   AgeBand = "6-11m"
	Age1Year         AgeBand = "1y"
	Age2Years        AgeBand = "2y"
	Age3To4Years     AgeBand = "3-4y"
	Age5Years        AgeBand = "5y"
	Age6To11Years    AgeBand = "6-11y"
	Age12To17Years   AgeBand = "12-17y"
	AgeAdult         AgeBand = "adult"
	AgeElder         AgeBand = "elder"
	ageUnknownMonths         = -1
)

// AgeBands lists the bands, youngest first.
var AgeBands = []AgeBand{AgeUnder3Months, Age3To5Months, Age6To11Months, Age1Year, Age2Years,
	Age3To4Years, Age5Years, Age6To11Years, Age12To17Years, AgeAdult, AgeElder}

var ageMonths = map[AgeBand]int{AgeUnder3Months: 0, Age3To5Months: 3, Age6To11Months: 6, Age1Year: 12,
	Age2Years: 24, Age3To4Years: 36, Age5Years: 60, Age6To11Years: 72, Age12To17Years: 144,
	AgeAdult: 216, AgeElder: 720}

// Months is the lower end of the band, or -1 when the band is not known.
func (b AgeBand) Months() int {
	if m, ok := ageMonths[b]; ok {
		return m
	}
	return ageUnknownMonths
}

// Urgency is what the asker declares.
type Urgency string

// 现在就要, 今天, 这两天.
const (
	UrgencyNow   Urgency = "now"
	UrgencyToday Urgency = "today"
	UrgencyDays  Urgency = "days"
)

// Way is how goods reach or leave a home.
type Way string

// 自己去取 / 送去中转站, 送到门口 / 上门来取, or 放在门口，不见面: for the infected.
const (
	WayRelay Way = "relay"
	WayDoor  Way = "door"
	WayLeave Way = "leave"
)

// Answer is yes or no to a question about the person; absent means not asked.
type Answer string

// The answers that count; everything else is "unknown", which never matches.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Patient says for whom a line is, as far as safety needs it. All of it is
// sealed at rest and never leaves the asker and her worker.
type Patient struct {
	Age AgeBand `json:"age"`
	// Answers by condition ("liver", "pregnant", …) and by ingredient group
	// already taken ("taking:APAP").
	Answers map[string]Answer `json:"answers,omitempty"`
	// Signs are danger signs that were ticked or read in the note.
	Signs []string `json:"signs,omitempty"`
	// Fever says that fever is the complaint; FeverDays for how long.
	Fever     bool `json:"fever,omitempty"`
	FeverDays int  `json:"fever_days,omitempty"`
}

// Request is a post 求助.
type Request struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID
	HouseholdID ID
	PersonID    ID // for whom the request runs
	PostedBy    ID // herself, or the worker who posted for her
	Way         Way
	Private     bool
	Note        string `gorm:"serializer:seal"`
	CreatedAt   time.Time
}

// NeedState is the state of a line; see states.go.
type NeedState string

// The states of a Need.
const (
	NeedOpen      NeedState = "open"
	NeedMatched   NeedState = "matched"
	NeedFulfilled NeedState = "fulfilled"
	NeedCancelled NeedState = "cancelled"
	NeedUnmet     NeedState = "unmet"
)

// Need is a line of a request.
// Law: Open + Matched + Fulfilled + Cancelled == Requested, all >= 0.
type Need struct {
	ID          ID `gorm:"primaryKey"`
	RequestID   ID
	GridID      ID
	HouseholdID ID
	PersonID    ID
	ItemID      ItemID
	// Reach is the path of the node that the need looks in beyond its own
	// micro-grid; empty until it is widened.
	Reach string
	// ConfirmedBy is the worker who looked and found it as urgent as declared.
	ConfirmedBy *ID
	Requested   int
	Open        int
	Matched     int
	Fulfilled   int
	Cancelled   int
	State       NeedState
	// CancelReason says why Cancelled grew last: asker, uncollected, out_of_time …
	CancelReason string
	Urgency      Urgency
	Way          Way     // of its request: how it reaches the asker
	UrgencyWhy   string  `gorm:"serializer:seal"`
	Patient      Patient `gorm:"serializer:seal"`
	// Private: matched like any other, but on no board.
	Private bool
	// Held: a danger sign; no match until a person clears it.
	Held      bool
	ClearedBy *ID
	// Why and NextAt are the plan's answer to "why not yet".
	Why       []Reason `gorm:"serializer:json"`
	NextAt    *time.Time
	DueAt     *time.Time // when an open line becomes unmet
	Version   int
	CreatedAt time.Time
}

// Live reports whether the line can still change.
func (n Need) Live() bool { return n.State == NeedOpen || n.State == NeedMatched }
