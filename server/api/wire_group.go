package api

import (
	"encoding/base64"

	"linli/matching"
	"linli/models/words"
	"linli/server/chat/group"
	"linli/server/chat/understand"
)

// Readings are the messages of a paste that are about goods, danger first.
type Readings struct {
	Items   []Reading `json:"items" nullable:"false"`
	Chatter int       `json:"chatter" doc:"Messages that are about nothing of ours"`
}

// Reading is one message as it was understood: a proposal that a worker checks.
type Reading struct {
	Mark      string        `json:"mark"`
	Again     bool          `json:"again" doc:"Posted within the week"`
	Sender    string        `json:"sender" doc:"As the group calls her; empty where the paste does not tell"`
	Text      string        `json:"text" doc:"Numbers and the like masked"`
	Intent    string        `json:"intent" enum:"request,offer,sell,fulfilled,cancel,query,chatter"`
	Post      string        `json:"post" enum:"request,offer," doc:"What it would be posted as"`
	Lines     []ReadingLine `json:"lines" nullable:"false"`
	Audience  string        `json:"audience" enum:"infant,child,elder,adult,"`
	Patient   Patient       `json:"patient" doc:"Of a request: what is said of the person"`
	Urgency   string        `json:"urgency" enum:"now,today,days"`
	Expiry    string        `json:"expiry" doc:"2027-08"`
	Place     *Place        `json:"place"`
	Homes     []Home        `json:"homes" nullable:"false" doc:"That the address can be"`
	Residents []Resident    `json:"residents" nullable:"false" doc:"Of the only home that it can be"`
	Policy    string        `json:"policy" enum:"ok,forbidden,sale,rx,expired"`
	Danger    []string      `json:"danger" nullable:"false" doc:"Signs for which 120 comes first"`
	Barter    bool          `json:"barter"`
	Question  *Sentence     `json:"question" doc:"The one that is missing: it is not posted before"`
	Reply     *Sentence     `json:"reply" doc:"What may be said to it in the group"`
}

// ReadingLine is one of the goods of a message.
type ReadingLine struct {
	Item     Item     `json:"item"`
	Said     string   `json:"said"`
	Quantity int      `json:"quantity" doc:"In base units; 0 where nobody can know"`
	Unsure   bool     `json:"unsure" doc:"People call several things so"`
	Seal     string   `json:"seal" enum:"box,blister,opened,"`
	Verdict  *Verdict `json:"verdict"`
}

// Place is an address as far as it was said.
type Place struct {
	Building string `json:"building"`
	Unit     string `json:"unit"`
	Room     string `json:"room"`
}

// Posted is what came of one posting.
type Posted struct {
	State     string    `json:"state" enum:"posted,again,refused" doc:"again: the same message was posted within the week"`
	RequestID string    `json:"request_id"`
	OfferID   string    `json:"offer_id"`
	Held      bool      `json:"held" doc:"A danger sign: no match until it is looked after"`
	Matched   bool      `json:"matched" doc:"Something of it is matched at once"`
	Refused   []Refusal `json:"refused" nullable:"false"`
	Reason    *Reason   `json:"reason" doc:"Why nothing of it was posted"`
	Detail    string    `json:"detail" doc:"The same as a sentence"`
}

func (a *API) reading(r group.Reading) Reading {
	out := Reading{Mark: base64.RawURLEncoding.EncodeToString(r.Mark), Again: r.Again, Sender: r.Sender, Text: r.Text, Intent: r.Intent, Post: r.Draft.Intent,
		Lines: []ReadingLine{}, Audience: said(r.Audience), Urgency: string(r.Draft.Urgency), Expiry: said(r.Expiry), Place: placeOf(r.Location),
		Homes: mapped(r.Homes, homeOf), Residents: mapped(r.Residents, residentOf), Policy: r.Policy, Danger: r.Danger, Barter: r.Barter,
		Question: sentenceOf(r.Question), Reply: sentenceOf(r.Reply)}
	p := r.Draft.Patient
	out.Patient = Patient{Age: string(p.Age), Answers: map[string]Answer{}, Signs: p.Signs}
	for key, answer := range p.Answers {
		out.Patient.Answers[key] = Answer(answer)
	}
	for i, it := range r.Items {
		line := ReadingLine{Item: a.item(it.ID), Said: it.Said, Quantity: it.Units, Unsure: it.Unsure}
		if i < len(r.Draft.Lines) {
			line.Seal = string(r.Draft.Lines[i].Seal)
		}
		if i < len(r.Verdicts) {
			v := a.verdict(r.Verdicts[i])
			line.Verdict = &v
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

func (a *API) verdict(v matching.Verdict) Verdict {
	return Verdict{Outcome: string(v.Outcome), Reasons: reasonsOf(v.Reasons), Go: v.Go, Questions: questionsOf(v.Questions),
		Warnings: reasonsOf(v.Warnings), Items: mapped(v.Items, a.item), Ceiling: v.Ceiling}
}

func (c *call) posted(o group.Outcome) Posted {
	out := Posted{State: o.State, Held: o.Held, Matched: o.Matched, Refused: c.refusals(o.Refused)}
	if o.Offer {
		out.OfferID = o.PostID
	} else {
		out.RequestID = o.PostID
	}
	if o.Fault != nil {
		reason := Reason{Code: o.Fault.Reason, Args: o.Fault.Args}
		if reason.Args == nil {
			reason.Args = map[string]string{}
		}
		out.Reason, out.Detail = &reason, words.Say(c.lang, o.Fault.Reason, o.Fault.Args)
	}
	return out
}

func said(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func placeOf(p *understand.Place) *Place {
	if p == nil {
		return nil
	}
	return &Place{said(p.Building), said(p.Unit), said(p.Room)}
}

func sentenceOf(s words.Sentence) *Sentence {
	if s.ZH == "" {
		return nil
	}
	return &Sentence{s.ZH, s.EN}
}
