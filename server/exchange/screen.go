package exchange

import (
	"strconv"
	"unicode/utf8"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/fault"
)

// Refusal says why one line of a post is not taken, and where to go instead.
type Refusal struct {
	Line      int
	ItemID    models.ItemID
	Outcome   matching.Outcome
	Reasons   []models.Reason
	Go        string
	Questions []matching.Question
}

// RefusedPost is the cause of a fault that refuses every line: nothing was
// saved, and each line says why.
type RefusedPost struct{ Refused []Refusal }

func (r *RefusedPost) Error() string { return strconv.Itoa(len(r.Refused)) + " lines refused" }

func refuseAll(refused []Refusal) error {
	return fault.New(fault.Refused, "all_refused").Because(&RefusedPost{refused})
}

func refusal(line int, item models.ItemID, v matching.Verdict) Refusal {
	return Refusal{Line: line, ItemID: item, Outcome: v.Outcome, Reasons: v.Reasons, Go: v.Go, Questions: v.Questions}
}

// Screen answers what the ask and offer pages want to know before posting. It
// reads nothing and saves nothing.
func (s *Service) Screen(line matching.Line) (matching.Verdict, error) {
	where := "line."
	if line.Lot != nil {
		where = "lot."
	}
	f := fault.New(fault.Invalid, "invalid_input")
	if _, ok := s.catalogue.Item(line.Item); !ok {
		f = f.Field(where+"item_id", "item_unknown")
	}
	if line.Patient != nil {
		f = checkPatient(f, where+"patient.", *line.Patient)
	}
	if len(f.Fields) > 0 {
		return matching.Verdict{}, f
	}
	return s.matcher.Screen(line, models.DateOf(s.store.Now())), nil
}

// Catalogue is the one in force; every plan names its version.
func (s *Service) Catalogue() *catalogue.Catalogue { return s.catalogue }

// checkUnits is the same for a line of a request and of an offer.
func checkUnits(f *fault.Error, path string, units int) *fault.Error {
	if units < 1 || units > models.MaxUnits {
		return f.Field(path, "units_out_of_range")
	}
	return f
}

// checkText refuses what is too long or holds control characters.
func checkText(f *fault.Error, path, text string, most int) *fault.Error {
	if utf8.RuneCountInString(text) > most {
		return f.Field(path, "too_long")
	}
	if !models.CleanText(text) {
		return f.Field(path, "bad_text")
	}
	return f
}

// Ceiling is the most units of an item for one home in seven days.
func (s *Service) Ceiling(id models.ItemID) int {
	item, ok := s.catalogue.Item(id)
	if !ok {
		return 0
	}
	return matching.Ceiling(item)
}
