package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"
	"linli/models/words"
	"linli/server/outreach"
)

const (
	// MaxText is the longest message that is read as one.
	MaxText = 2000
	// overlap is so long that no danger sign falls between two pieces of a longer one.
	overlap = 40
	// keepWait bounds what is written when the caller has gone.
	keepWait = 5 * time.Second
)

// Message is what somebody wrote to a robot.
type Message struct {
	ID     string // of the platform: the same message has the same
	Sender string // of the platform
	Text   string
	// Addressed: the robot was spoken to, by its name or alone, and not just heard
	// what neighbours say to each other.
	Addressed bool
	// Post says the answer in the group, where the caller cannot carry it back
	// itself. What fails is said when the message comes again.
	Post func(ctx context.Context, answer string) error
}

// Reply is what the robot says. Again: the message was answered before.
type Reply struct {
	Text  string
	Again bool
}

// Hear processes a message of a robot once and answers it. After an error the same
// message may come again: it has its one effect and its answer then.
func (s *Service) Hear(ctx context.Context, robot models.ID, m Message) (Reply, error) {
	if !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, 0) || strings.TrimSpace(m.Text) == "" {
		return Reply{}, fault.InvalidField("text", "chat.text_unreadable")
	}
	if strings.TrimSpace(m.Sender) == "" || !models.CleanText(m.Sender) {
		return Reply{}, fault.InvalidField("sender", "sender_unreadable")
	}
	taken, err := s.Outreach.Take(ctx, robot, m.ID)
	switch {
	case fault.Is(err, fault.RateLimited):
		return s.tooMuch(ctx, m, err)
	case err != nil:
		return Reply{}, err
	case taken.Again:
		return Reply{Text: taken.Answer, Again: true}, nil
	}
	reply, err := s.process(ctx, taken, m)
	if err != nil {
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWait)
		defer cancel()
		_ = s.Outreach.GiveBack(after, taken) // else it is free in half a minute
	}
	return reply, err
}

// process answers what was taken, and says it where it must be said.
func (s *Service) process(ctx context.Context, taken outreach.Taken, m Message) (Reply, error) {
	answer := taken.Answer
	if answer == "" {
		var err error
		if answer, err = s.answer(ctx, taken.Robot, m); err != nil {
			return Reply{}, err
		}
	}
	// What was done is written down even when the caller has gone meanwhile.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWait)
	defer cancel()
	here := m.Post == nil || answer == ""
	if err := s.Outreach.Answered(after, taken, answer, here); err != nil || here {
		return Reply{Text: answer}, err
	}
	if err := m.Post(ctx, answer); err != nil {
		return Reply{}, err
	}
	after, cancel = context.WithTimeout(context.WithoutCancel(ctx), keepWait)
	defer cancel()
	_ = s.Outreach.Answered(after, taken, answer, true) // it is said; at worst it is said again
	return Reply{Text: answer}, nil
}

// answer says what came of a message. What a person may not do is an answer too;
// only what may go better next time is an error.
func (s *Service) answer(ctx context.Context, robot models.Robot, m Message) (string, error) {
	if utf8.RuneCountInString(m.Text) > MaxText {
		if alarm := s.alarm(m.Text); alarm != "" {
			return alarm, nil
		}
		return say("chat.text_long"), nil
	}
	if answer, done, err := s.bind(ctx, robot, m); done || err != nil {
		return answer, err
	}
	u := s.Reader.Understand(m.Text, models.DateOf(s.Now()))
	actor, err := s.Outreach.Member(ctx, robot, m.Sender)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(m.Text))
	actor.Call = models.Call{Key: robot.ID + "/" + m.ID, Route: "chat", Hash: hex.EncodeToString(sum[:])}
	c := conversation{Service: s, robot: robot, actor: actor, u: u, text: m.Text, addressed: m.Addressed}
	said, err := c.answer(ctx)
	if err == nil {
		return said, nil
	}
	f := fault.From(err)
	if f.Code == fault.Unavailable || f.Code == fault.Internal || f.Reason == "key_in_flight" {
		return "", err
	}
	return c.refused(err), nil
}

// tooMuch answers a message of a group that has written too much: nothing of it is
// kept or done, but 120 is said.
func (s *Service) tooMuch(ctx context.Context, m Message, err error) (Reply, error) {
	alarm := s.alarm(m.Text)
	if alarm == "" {
		return Reply{}, err
	}
	if m.Post != nil {
		return Reply{Text: alarm}, m.Post(ctx, alarm)
	}
	return Reply{Text: alarm}, nil
}

// alarm is what is said to a danger sign in a text of any length; "" without one.
func (s *Service) alarm(text string) string {
	r, today := []rune(text), models.DateOf(s.Now())
	for from := 0; from < len(r); from += MaxText - overlap {
		u := s.Reader.Understand(string(r[from:min(from+MaxText, len(r))]), today)
		if len(u.Danger) > 0 {
			return s.Reader.Answer(u, words.ZH)
		}
	}
	return ""
}
