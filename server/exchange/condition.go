package exchange

import (
	"context"
	"maps"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
)

// ReportCondition says what has become known of the person since it was asked for:
// she is pregnant, she takes something else by now. What was found for her is
// judged anew, and what is not safe for her goes to somebody else, wherever it is
// on its way.
func (s *Service) ReportCondition(ctx context.Context, actor models.Actor, need models.ID, answers map[string]models.Answer) (NeedView, error) {
	f := checkPatient(fault.New(fault.Invalid, "invalid_input"), "", models.Patient{Answers: answers})
	if len(answers) == 0 {
		f = f.Field("answers", "missing")
	}
	if len(f.Fields) > 0 {
		return NeedView{}, f
	}
	return s.changeNeed(ctx, actor, need, func(d *desk, n *models.Need) error {
		if !n.Live() {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(n.State))
		}
		known := maps.Clone(n.Patient.Answers)
		if known == nil {
			known = map[string]models.Answer{}
		}
		maps.Copy(known, answers)
		n.Patient.Answers = known
		if f := checkPatient(fault.New(fault.Invalid, "invalid_input"), "", n.Patient); len(f.Fields) > 0 { // with what was said before
			return f
		}
		d.mark(n.ID, "need.answered")
		for _, m := range sortedMatches(d.matches) {
			if m.NeedID != n.ID || !m.Live() {
				continue
			}
			v, err := d.screen(d.matches[m.ID])
			if err != nil {
				return err
			}
			if v.Outcome == matching.OutcomeOK {
				continue
			}
			if err := d.keepBack(d.matches[m.ID], v.Reasons[0]); err != nil {
				return err
			}
		}
		return nil
	})
}
