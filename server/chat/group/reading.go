package group

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/words"
	"linli/server/chat/draft"
	"linli/server/chat/understand"
	"linli/server/exchange"
	"linli/server/registry"
)

// Reading is a message as it was understood: a proposal, and nothing more.
type Reading struct {
	Sender string
	Mark   []byte
	Again  bool // it was posted within the week
	understand.Understanding
	Draft    draft.Draft
	Verdicts []matching.Verdict // of the lines of the draft, one each; empty where too little is known
	// Homes are those that the address can be; of a single one also who lives there.
	Homes     []registry.HouseholdView
	Residents []registry.ResidentView
	// Reply may be copied back into the group; Question is the one that is missing.
	Reply, Question words.Sentence
}

// Readings are the messages of a paste that are about goods, danger first, and how
// many were about nothing of ours.
type Readings struct {
	List    []Reading
	Chatter int
}

// Read understands what a worker pasted from the group of her micro-grid. It keeps
// nothing of it. Where an address is matched to doors, that is a link in the grid's
// audit chain.
func (s *Service) Read(ctx context.Context, actor models.Actor, grid models.ID, text string) (Readings, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Readings{}, fault.InvalidField("text", "bad_text")
	}
	if utf8.RuneCountInString(text) > MaxText {
		return Readings{}, fault.InvalidField("text", "paste_long")
	}
	today := models.DateOf(s.Now())
	messages := Split(text, func(line string) bool { return s.says(line, today) })
	if len(messages) > MaxMessages {
		return Readings{}, fault.InvalidField("text", "paste_many")
	}
	found := Readings{List: []Reading{}}
	var lines []exchange.GroupMessage
	for _, m := range s.withNames(messages, today) {
		u := s.Reader.Understand(m.Text, today)
		if u.Location == nil {
			u.Location = s.Reader.PlaceIn(m.Sender)
		}
		if u.Intent == understand.Chatter && u.Ask == "" && len(u.Danger) == 0 {
			found.Chatter++
			continue
		}
		found.List = append(found.List, s.reading(m, u))
		lines = append(lines, exchange.GroupMessage{Sender: m.Sender, Text: m.Text})
	}
	marked, err := s.Exchange.Recognise(ctx, actor, grid, lines)
	if err != nil {
		return Readings{}, err
	}
	for i, m := range marked {
		found.List[i].Mark, found.List[i].Again = m.Mark, m.Again
	}
	if err := s.findHomes(ctx, actor, grid, found.List); err != nil {
		return Readings{}, err
	}
	slices.SortStableFunc(found.List, func(a, b Reading) int { return a.rank() - b.rank() })
	return found, nil
}

// says tells whether a line of its own is about goods.
func (s *Service) says(line string, today models.Date) bool {
	u := s.Reader.Understand(line, today)
	return len(u.Items) > 0 || u.Ask != "" || len(u.Danger) > 0
}

// withNames adds what neighbours say by their names: "3-2-501 要退烧药" is a message of
// its own, once, where its owner says nothing that could be posted; and it tells what
// a text beside it leaves open.
func (s *Service) withNames(messages []Message, today models.Date) []Message {
	posts := map[string]bool{}
	for _, m := range messages {
		u := s.Reader.Understand(m.Text, today)
		posts[m.Sender] = posts[m.Sender] || len(u.Items) > 0 && (u.Intent == understand.Request || u.Intent == understand.Offer)
	}
	named := map[string]bool{}
	var all []Message
	for _, m := range messages {
		if m.Sender != "" && !posts[m.Sender] && !named[m.Sender] {
			named[m.Sender] = true
			u := s.Reader.Understand(m.Sender, today)
			if len(u.Items) > 0 && (u.Intent == understand.Request || u.Intent == understand.Offer) {
				all = append(all, Message{Sender: m.Sender, Text: m.Sender})
			}
		}
		all = append(all, m)
	}
	return all
}

func (s *Service) reading(m Message, u understand.Understanding) Reading {
	r := Reading{Sender: m.Sender, Understanding: u, Draft: draft.Of(u, m.Text), Homes: []registry.HouseholdView{}, Residents: []registry.ResidentView{}}
	r.Reply = words.Sentence{ZH: s.Reader.Answer(u, words.ZH), EN: s.Reader.Answer(u, words.EN)}
	if r.Draft.Ask == "" || len(u.Danger) > 0 {
		r.Verdicts = s.verdicts(r.Draft)
		return r
	}
	if u.Ask == "" {
		r.Reply = say(r.Draft.Ask, s.named(r.Draft.About))
	}
	r.Question = r.Reply
	r.Verdicts = s.verdicts(r.Draft)
	return r
}

func (s *Service) named(id models.ItemID) map[string]string {
	name := id
	if item, ok := s.Exchange.Catalogue().Item(id); ok {
		name = item.Name
	}
	return map[string]string{"item": name}
}

// verdicts screens the lines of a draft as a post would be, as far as they are told.
func (s *Service) verdicts(d draft.Draft) []matching.Verdict {
	verdicts := make([]matching.Verdict, 0, len(d.Lines))
	for _, l := range d.Lines {
		line := matching.Line{Item: l.ItemID, Units: max(1, l.Units)}
		if d.Intent == understand.Request {
			line.Patient = &d.Patient
		} else if d.Ask == "" {
			line.Lot = &models.Lot{ItemID: l.ItemID, Offered: l.Units, Remaining: l.Units, Seal: l.Seal, ExpiresOn: l.ExpiresOn, Kind: models.LotGift}
		} else {
			verdicts = append(verdicts, matching.Verdict{Outcome: matching.OutcomeAsk})
			continue
		}
		v, err := s.Exchange.Screen(line)
		if err != nil { // a figure that no post may have: it is judged when she has edited it
			v = matching.Verdict{Outcome: matching.OutcomeAsk}
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// rank puts first what cannot wait, and last what needs no eyes any more.
func (r Reading) rank() int {
	switch {
	case len(r.Danger) > 0:
		return 0
	case r.Again:
		return 5
	case r.Draft.Intent == understand.Request && r.Draft.Urgency == models.UrgencyNow:
		return 1
	case r.Draft.Intent != "":
		return 2
	case r.Ask != "" || r.Policy != understand.OK:
		return 3
	}
	return 4
}
