package chat

import (
	"context"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/server/chat/draft"
	"linli/server/chat/understand"
	"linli/server/exchange"
)

// offer posts what somebody can give.
func (c conversation) offer(ctx context.Context, said string) (string, error) {
	home, stop, err := c.home(ctx)
	if stop != "" || err != nil {
		return stop, err
	}
	d := draft.Of(c.u, c.text)
	if ask := c.howMany(d); ask != "" {
		return ask, nil
	}
	for i, l := range d.Lines {
		switch item := c.u.Items[i].Canonical; {
		case l.Seal == "":
			return say("chat.ask_seal", "item", item), nil
		case l.ExpiresOn == "":
			return say("chat.ask_expiry", "item", item), nil
		}
	}
	view, err := c.Exchange.PostOffer(ctx, c.actor, d.Offer(home, ""))
	if err != nil {
		return "", err
	}
	lines := []string{said}
	if len(view.Refused) > 0 {
		lines = []string{c.reasons(view.Refused)}
	}
	for _, l := range view.Lots {
		for _, m := range l.Matches {
			if m.Live() {
				lines = append(lines, say("chat.wanted", "item", c.name(l.ItemID)))
				break
			}
		}
	}
	return strings.Join(append(lines, say("chat.bring", "link", c.app("/offers/"+view.ID))), "\n"), nil
}

// takeBack ends the writer's own open lines of what she names: she has it, or needs
// it no more.
func (c conversation) takeBack(ctx context.Context, said string) (string, error) {
	posts, err := c.Exchange.Requests(ctx, c.actor, true, exchange.Page{Limit: 50})
	if err != nil {
		return "", err
	}
	ended, key := 0, c.actor.Call.Key
	for _, post := range posts {
		for _, n := range post.Needs {
			if n.State != models.NeedOpen || !named(c.u.Items, n.ItemID) {
				continue
			}
			c.actor.Call.Key = key + "/" + n.ID
			if _, err := c.Exchange.CancelNeed(ctx, c.actor, n.ID); err != nil && !fault.Is(err, fault.Conflict) {
				return "", err
			}
			ended++
		}
	}
	if ended == 0 {
		return say("chat.nothing_open", "link", c.app("/")), nil
	}
	return said, nil
}

func named(items []understand.Item, id models.ItemID) bool {
	for _, it := range items {
		if it.ID == id {
			return true
		}
	}
	return false
}
