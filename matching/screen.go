package matching

import (
	"linli/matching/catalogue"
	"linli/models"
)

// Matcher decides with one catalogue. It holds no state: one serves all
// callers at once.
type Matcher struct{ catalogue *catalogue.Catalogue }

// New gives a Matcher over that catalogue.
func New(c *catalogue.Catalogue) Matcher { return Matcher{catalogue: c} }

// Outcome is what Screen says of a line, worst first.
type Outcome string

// The outcomes. Only OK may be matched; Ask needs answers first and is never
// matched by guessing.
const (
	OutcomeDanger  Outcome = "danger"  // 120 first; a worker is alerted; held
	OutcomeDoctor  Outcome = "doctor"  // a doctor today, no match
	OutcomeRefused Outcome = "refused" // not here; Go says where instead
	OutcomeAsk     Outcome = "ask"     // Questions must be answered
	OutcomeOK      Outcome = "ok"
)

// Line is what is screened: a need (Patient set), a lot (Lot set), or the two
// together when a plan or a hand-over pairs them.
type Line struct {
	Item    models.ItemID
	Units   int
	Patient *models.Patient
	Lot     *models.Lot
}

// Question is asked of the person before a line may be matched. Key is what
// Patient.Answers holds ("liver", "taking:APAP").
type Question struct {
	Key string
	// Blocks: a yes means doctor; otherwise it only warns.
	Blocks bool
}

// Verdict is the answer of Screen.
type Verdict struct {
	Outcome Outcome
	// Reasons say why, the most important first.
	Reasons []models.Reason
	// Go is where to go instead: emergency, doctor, recovery, worker, "" for nowhere.
	Go        string
	Questions []Question
	Warnings  []models.Reason
	// Items are what may be given for this line: the item itself, or the
	// members of a class that fit the person.
	Items []models.ItemID
}
