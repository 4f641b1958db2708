package chat

import (
	"context"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/server/chat/understand"
	"linli/server/exchange"
)

// How people write that a pack was opened, or that it was not; the first that is
// found counts, so that 没拆 is read before 拆.
var seals = []struct {
	seal  models.Seal
	words []string
}{
	{models.SealBox, []string{"没拆", "没开封", "没有拆", "没有开封", "未拆", "未开封", "全新", "没动过", "密封", "整盒"}},
	{models.SealBlister, []string{"整板", "没剪"}},
	{models.SealOpened, []string{"拆过", "拆了", "开过", "开封", "用过", "吃过", "散装"}},
}

func sealOf(text string) models.Seal {
	for _, s := range seals {
		for _, word := range s.words {
			if strings.Contains(text, word) {
				return s.seal
			}
		}
	}
	return ""
}

// offer posts what somebody can give.
func (c conversation) offer(ctx context.Context, said string) (string, error) {
	home, stop, err := c.home(ctx)
	if stop != "" || err != nil {
		return stop, err
	}
	seal := sealOf(c.text)
	in := exchange.NewOffer{HouseholdID: home, Way: models.WayRelay}
	var expires models.Date
	if c.u.Expiry != nil {
		if expires, err = models.ParseDate(*c.u.Expiry); err != nil {
			return say("chat.ask_expiry", "item", c.u.Items[0].Canonical), nil
		}
	}
	for _, it := range c.u.Items {
		switch {
		case it.Units < 1:
			return c.howMany(it, "chat.ask_offer_qty"), nil
		case seal == "":
			return say("chat.ask_seal", "item", it.Canonical), nil
		case expires == "":
			return say("chat.ask_expiry", "item", it.Canonical), nil
		}
		in.Lots = append(in.Lots, exchange.NewLot{ItemID: it.ID, Units: it.Units, Seal: seal, ExpiresOn: expires})
	}
	view, err := c.Exchange.PostOffer(ctx, c.actor, in)
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

// howMany asks for units that the catalogue counts in.
func (c conversation) howMany(it understand.Item, code string) string {
	if item, ok := c.Catalogue.Item(it.ID); ok && it.Qty != nil {
		return say("chat.ask_unit", "item", it.Canonical, "unit", item.BaseUnit)
	}
	return say(code, "item", it.Canonical)
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
