package group

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/server/exchange"
)

// Posting is a message that the worker has confirmed: for whom, and either what is
// needed or what is offered. Name is of somebody who is not known yet in the home;
// Heard is the yes that the worker has just heard, "" where consents stand already.
type Posting struct {
	Mark        []byte
	HouseholdID models.ID
	PersonID    models.ID
	Name        string
	Heard       models.Heard
	Way         models.Way
	Private     bool
	Needs       []exchange.NewNeed
	Lots        []exchange.NewLot
}

// What came of a posting.
const (
	Posted        = "posted"
	PostedBefore  = "again"   // the same message was posted within the week
	PostedRefused = "refused" // every line of it; Fault says why
)

// Outcome is what came of one posting: one that is refused does not lose the others.
type Outcome struct {
	State   string
	PostID  models.ID // request or offer
	Offer   bool
	Held    bool // a danger sign: the worker is alerted, nothing is matched
	Matched bool // something of it is matched at once
	Refused []exchange.Refusal
	Fault   *fault.Error // of what is refused
}

// Post posts what a worker has confirmed, message by message. The same call again
// has one effect; what broke off on the way is finished by it.
func (s *Service) Post(ctx context.Context, actor models.Actor, grid models.ID, postings []Posting) ([]Outcome, error) {
	if err := s.check(postings); err != nil {
		return nil, err
	}
	if _, err := s.Exchange.Recognise(ctx, actor, grid, nil); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(postings))
	added := map[string]models.ID{} // who is new in a home may have written twice
	for i, p := range postings {
		call := actor
		call.Call.Key += "/" + strconv.Itoa(i)
		out, err := s.post(ctx, call, p, added)
		if err != nil {
			f := fault.From(err)
			if passing(f) {
				return nil, err
			}
			out = refused(err, f)
		}
		outcomes[i] = out
	}
	return outcomes, nil
}

// check names what cannot be meant, before anything is posted; what is understood
// and refused is judged line by line.
func (s *Service) check(postings []Posting) error {
	f := fault.New(fault.Invalid, "invalid_input")
	if len(postings) < 1 || len(postings) > MaxPostings {
		f = f.Field("postings", "lines_out_of_range")
	}
	for i, p := range postings {
		path := fmt.Sprintf("postings[%d].", i)
		if p.HouseholdID == "" {
			f = f.Field(path+"household_id", "home_missing")
		}
		if len(p.Needs) == 0 == (len(p.Lots) == 0) {
			f = f.Field(path+"needs", "needs_or_lots").Field(path+"lots", "needs_or_lots")
		}
		if p.PersonID == "" && p.Name != "" && p.Heard == "" {
			f = f.Field(path+"heard", "heard_unknown")
		}
		var wrong error
		if len(p.Lots) > 0 {
			wrong = s.Exchange.CheckOffer(p.offer(""))
		} else if len(p.Needs) > 0 {
			wrong = s.Exchange.CheckRequest(p.request(""))
		}
		if wrong != nil {
			for _, field := range fault.From(wrong).Fields {
				at := strings.Replace(strings.Replace(field.Path, "lines[", "needs[", 1), "lines", "needs", 1)
				f = f.Field(path+at, field.Reason)
			}
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// passing is what may go better next time, or was never this call: nobody hears of
// single lines then.
func passing(f *fault.Error) bool {
	switch f.Code {
	case fault.Unavailable, fault.Internal, fault.RateLimited:
		return true
	}
	return f.Reason == "key_in_flight" || f.Reason == "key_reused" || f.Reason == "stale"
}

func refused(err error, f *fault.Error) Outcome {
	out := Outcome{State: PostedRefused, Fault: f}
	if f.Reason == "posted_already" {
		out.State = PostedBefore
	}
	var post *exchange.RefusedPost
	if errors.As(err, &post) {
		out.Refused = post.Refused
	}
	return out
}

func (s *Service) post(ctx context.Context, actor models.Actor, p Posting, added map[string]models.ID) (Outcome, error) {
	person, err := s.heard(ctx, actor, p, added)
	if err != nil {
		return Outcome{}, err
	}
	if len(p.Lots) > 0 {
		v, err := s.Exchange.PostOffer(ctx, actor, p.offer(person))
		out := Outcome{State: Posted, PostID: v.ID, Offer: true, Refused: v.Refused}
		for _, l := range v.Lots {
			out.Matched = out.Matched || l.Reserved > 0
		}
		return out, err
	}
	v, err := s.Exchange.OpenRequest(ctx, actor, p.request(person))
	out := Outcome{State: Posted, PostID: v.ID, Refused: v.Refused}
	for _, n := range v.Needs {
		out.Held, out.Matched = out.Held || n.Held, out.Matched || n.Matched > 0
	}
	return out, err
}

// heard records the yes that the worker heard, and tells for whom the post is: "" for
// whoever of the home has agreed.
func (s *Service) heard(ctx context.Context, actor models.Actor, p Posting, added map[string]models.ID) (models.ID, error) {
	if p.Heard == "" || p.PersonID == "" && p.Name == "" {
		return p.PersonID, nil
	}
	actor.Call.Key += "/heard"
	if p.PersonID != "" {
		_, err := s.Registry.HearConsent(ctx, actor, p.PersonID, p.Heard)
		return p.PersonID, err
	}
	who := p.HouseholdID + "/" + p.Name
	if id, known := added[who]; known {
		return id, nil
	}
	v, err := s.Registry.AddResident(ctx, actor, p.HouseholdID, p.Name, p.Heard)
	if err == nil {
		added[who] = v.ID
	}
	return v.ID, err
}

func (p Posting) request(person models.ID) exchange.NewRequest {
	return exchange.NewRequest{HouseholdID: p.HouseholdID, PersonID: person, Lines: p.Needs, Way: p.Way, Private: p.Private, Mark: p.Mark}
}

func (p Posting) offer(person models.ID) exchange.NewOffer {
	return exchange.NewOffer{HouseholdID: p.HouseholdID, PersonID: person, Lots: p.Lots, Way: p.Way, Mark: p.Mark}
}
