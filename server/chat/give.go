package chat

import (
	"context"
	"strings"

	"linli/server/chat/draft"
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
