package chat

import (
	"context"
	"errors"
	"strings"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/words"
	"linli/server/chat/draft"
	"linli/server/chat/understand"
	"linli/server/exchange"
)

// conversation is one message with who wrote it and what it says.
type conversation struct {
	*Service
	robot models.Robot
	actor models.Actor
	u     understand.Understanding
	text  string
	// addressed: it was written to the robot, not just in its hearing.
	addressed bool
}

// answer does what the message asks for, as far as it is understood.
func (c conversation) answer(ctx context.Context) (string, error) {
	said := c.Reader.Answer(c.u, words.ZH)
	if len(c.u.Danger) > 0 {
		return c.danger(ctx, said)
	}
	if c.talk() {
		return "", nil
	}
	posts := c.u.Ask == "" && c.u.Policy == understand.OK && len(c.u.Items) > 0
	switch {
	case posts && (c.u.Intent == understand.Request || c.u.Intent == understand.Offer),
		posts && (c.u.Intent == understand.Cancel || c.u.Intent == understand.Fulfilled):
	case said == "":
		return say("chat.help", "link", c.app("/")), nil
	default:
		return said, nil
	}
	if stop, err := c.stranger(ctx); stop != "" || err != nil {
		return stop, err
	}
	switch c.u.Intent {
	case understand.Request:
		return c.request(ctx, said)
	case understand.Offer:
		return c.offer(ctx, said)
	}
	return c.takeBack(ctx, said)
}

// talk reports whether neighbours just talk to each other: nothing is named, nothing
// is asked of the robot, and it does not cut in.
func (c conversation) talk() bool {
	idle := c.u.Intent == understand.Chatter || c.u.Intent == understand.Query
	return !c.addressed && idle && len(c.u.Items) == 0 && c.u.Policy == understand.OK && c.u.Ask == ""
}

// stranger is what somebody hears who may not post here.
func (c conversation) stranger(ctx context.Context) (string, error) {
	switch {
	case c.actor.PersonID == "":
		return say("chat.who_are_you", "link", c.app("/settings")), nil
	case !c.actor.Approved():
		return say("not_approved_yet"), nil
	}
	hears, err := c.Outreach.Hears(ctx, c.robot, c.actor.GridPath)
	if err != nil || hears || c.works() {
		return "", err
	}
	return say("chat.other_grid"), nil
}

// works reports whether the writer works in a grid; whose, is asked at the home.
func (c conversation) works() bool {
	for _, r := range c.actor.Roles {
		if r.Kind == models.RoleWorker || r.Kind == models.RoleLeader {
			return true
		}
	}
	return false
}

// danger is 120 first. A complete post of somebody who is known is held, which
// alerts her worker.
func (c conversation) danger(ctx context.Context, said string) (string, error) {
	d := draft.Of(c.u, c.text)
	if d.Intent != understand.Request || len(d.Lines) == 0 || c.howMany(d) != "" {
		return said, nil
	}
	if stop, err := c.stranger(ctx); stop != "" || err != nil {
		return said, err
	}
	home, stop, err := c.home(ctx)
	if err == nil && stop == "" {
		_, err = c.Exchange.OpenRequest(ctx, c.actor, d.Request(home, ""))
	}
	switch f := fault.From(err); {
	case err != nil && (f.Code == fault.Unavailable || f.Code == fault.Internal):
		return "", err
	case err != nil || stop != "":
		return said, nil // 120 is said whatever became of the post
	}
	return said + "\n" + say("chat.worker_told"), nil
}

// request posts what is needed; what must be asked about the person is asked in the
// app.
func (c conversation) request(ctx context.Context, said string) (string, error) {
	home, stop, err := c.home(ctx)
	if stop != "" || err != nil {
		return stop, err
	}
	d := draft.Of(c.u, c.text)
	if ask := c.howMany(d); ask != "" {
		return ask, nil
	}
	view, err := c.Exchange.OpenRequest(ctx, c.actor, d.Request(home, ""))
	if err != nil {
		return "", err
	}
	lines := []string{said}
	if len(view.Refused) > 0 {
		lines = []string{c.reasons(view.Refused)}
	}
	for _, n := range view.Needs {
		if n.State == models.NeedMatched {
			lines = append(lines, say("chat.matched", "item", c.name(n.ItemID)))
		}
	}
	return strings.Join(lines, "\n"), nil
}

// howMany asks for units that the catalogue counts in; "" where all are said.
func (c conversation) howMany(d draft.Draft) string {
	for i, l := range d.Lines {
		if l.Units > 0 {
			continue
		}
		said := c.u.Items[i]
		if item, ok := c.Catalogue.Item(l.ItemID); ok && said.Qty != nil {
			return say("chat.ask_unit", "item", said.Canonical, "unit", item.BaseUnit)
		}
		code := "chat.ask_qty"
		if d.Intent == understand.Offer {
			code = "chat.ask_offer_qty"
		}
		return say(code, "item", said.Canonical)
	}
	return ""
}

// refused is what a fault of a use case says to a group.
func (c conversation) refused(err error) string {
	var post *exchange.RefusedPost
	if errors.As(err, &post) {
		return c.reasons(post.Refused)
	}
	f := fault.From(err)
	if f.Code == fault.Invalid || !words.Known(f.Reason) {
		return say("chat.in_the_app", "link", c.app("/"))
	}
	return words.Say(words.ZH, f.Reason, f.Args)
}

// reasons says why lines were refused, to readers who are everybody: what comes from
// age or health is not said in a group, and questions are asked in the app.
func (c conversation) reasons(refused []exchange.Refusal) string {
	var lines []string
	for _, r := range refused {
		item := c.name(r.ItemID)
		line := say("chat.refused", "item", item, "link", c.app("/ask?item="+r.ItemID))
		switch r.Outcome {
		case matching.OutcomeAsk:
			line = say("chat.questions", "item", item, "link", c.app("/ask?item="+r.ItemID))
		case matching.OutcomeDoctor:
			line = say("ask_doctor")
		default:
			for _, reason := range models.ReasonsFor(r.Reasons, models.ReaderAll) {
				if reason.Code != "" && words.Known(reason.Code) {
					line = item + "：" + words.Say(words.ZH, reason.Code, reason.Args)
					break
				}
			}
			if len(r.Reasons) == 1 && r.Reasons[0].Code == "already_open" {
				line = say("chat.asked_already", "item", item)
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func (c conversation) name(id models.ItemID) string {
	if item, ok := c.Catalogue.Item(id); ok {
		return item.Name
	}
	return id
}
