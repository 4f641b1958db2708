package chat

import (
	"context"
	"strconv"
	"strings"

	"linli/models/fault"
	"linli/server/chat/understand"
	"linli/server/exchange"
)

// takeBack ends open lines of what is named, or lessens them by as much as is said:
// she has it, or needs it no more. A worker does so for the home that she names.
func (c conversation) takeBack(ctx context.Context, said string) (string, error) {
	home, stop, err := c.home(ctx)
	if stop != "" || err != nil {
		return stop, err
	}
	in := exchange.TakeBack{HouseholdID: home, Has: c.u.Intent == understand.Fulfilled}
	for _, it := range c.u.Items {
		if item, ok := c.Catalogue.Item(it.ID); ok && it.Qty != nil && it.Units < 1 {
			return say("chat.ask_unit", "item", it.Canonical, "unit", item.BaseUnit), nil
		}
		in.Lines = append(in.Lines, exchange.TakeLine{ItemID: it.ID, Units: it.Units})
	}
	back, err := twice(func() ([]exchange.TakenBack, error) { return c.Exchange.TakeBack(ctx, c.actor, in) })
	switch {
	case movedOn(err):
		return say("chat.not_taken_back", "link", c.app("/")), nil
	case err != nil:
		return "", err
	case len(back) == 0:
		return say("chat.nothing_open", "link", c.app("/")), nil
	}
	return c.takenBack(said, back), nil
}

// twice tries again, once, where somebody was quicker.
func twice[T any](try func() (T, error)) (T, error) {
	result, err := try()
	if movedOn(err) {
		return try()
	}
	return result, err
}

// movedOn: what was to be changed has just changed. A call that still runs elsewhere
// is none: its answer comes.
func movedOn(err error) bool {
	reason := fault.From(err).Reason
	return fault.Is(err, fault.Conflict) && reason != "key_in_flight" && reason != "on_the_way"
}

// takenBack says what became of the goods, or asks where nothing was done.
func (c conversation) takenBack(said string, back []exchange.TakenBack) string {
	var lines, asks []string
	for _, b := range back {
		item, _ := c.Catalogue.Item(b.ItemID)
		args := []string{"item", item.Name, "n", strconv.Itoa(b.Left), "unit", item.BaseUnit, "link", c.app("/")}
		switch {
		case b.Unclear != "":
			asks = append(asks, say("chat.take_back_"+string(b.Unclear), args...))
		case b.Left > 0:
			lines = append(lines, say("chat.still_open", args...))
		}
	}
	if len(asks) > 0 {
		return strings.Join(asks, "\n")
	}
	return strings.Join(append([]string{said}, lines...), "\n")
}
