package group

import (
	"context"
	"strconv"
	"strings"

	"linli/models"
	"linli/models/words"
)

// NeedCard is the text of one need for a residents' group: what is still missing, or
// that it is over, because a text that was sent cannot be altered.
func (s *Service) NeedCard(ctx context.Context, actor models.Actor, need models.ID) (string, error) {
	n, err := s.Exchange.GroupNeed(ctx, actor, need)
	if err != nil {
		return "", err
	}
	c := card{}
	switch n.State {
	case models.NeedOpen:
		c.add("group.title", "grid", n.Grid)
		c.add("group.line", "item", s.amount(n.ItemID, n.Open), "place", placed(n.Building))
		c.add("group.when_" + string(n.Urgency))
		c.add("group.how")
		c.link(s.BaseURL, "/#/offer")
		c.add("group.manners")
	case models.NeedMatched, models.NeedFulfilled:
		c.add("group.met", "grid", n.Grid, "item", s.amount(n.ItemID, n.Requested))
	default:
		c.add("group.over", "grid", n.Grid, "item", s.amount(n.ItemID, n.Requested))
	}
	return c.String(), nil
}

// DayCard is the text of all that a micro-grid still looks for: 今日汇总.
func (s *Service) DayCard(ctx context.Context, actor models.Actor, grid models.ID) (string, error) {
	d, err := s.Exchange.GroupDay(ctx, actor, grid)
	if err != nil {
		return "", err
	}
	c := card{}
	day := s.Now().In(models.Shanghai)
	c.add("group.day", "grid", d.Grid, "month", strconv.Itoa(int(day.Month())), "day", strconv.Itoa(day.Day()))
	if len(d.Items) == 0 {
		c.add("group.quiet")
		return c.String(), nil
	}
	for _, w := range d.Items {
		code := "group.day_line"
		if w.Urgent > 0 {
			code = "group.day_urgent"
		}
		c.add(code, "item", s.amount(w.ItemID, w.Units), "homes", strconv.Itoa(w.Homes))
	}
	if d.More > 0 {
		c.add("group.day_more", "n", strconv.Itoa(d.More))
	}
	c.add("group.how")
	c.link(s.BaseURL, "/#/offer")
	c.add("group.manners")
	return c.String(), nil
}

// card is the lines of a text in the language of the group, which is Chinese.
type card []string

func (c *card) add(code string, args ...string) {
	filled := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i]] = args[i+1]
	}
	*c = append(*c, words.Say(words.ZH, code, filled))
}

func (c *card) link(base, path string) {
	if base != "" {
		*c = append(*c, base+path)
	}
}

func (c card) String() string { return strings.Join(c, "\n") }

// amount is "布洛芬 6 粒".
func (s *Service) amount(id models.ItemID, units int) string {
	item, ok := s.Exchange.Catalogue().Item(id)
	if !ok {
		return id
	}
	return item.Name + " " + strconv.Itoa(units) + " " + item.BaseUnit
}

// placed leads a line with the building, where the group may read it.
func placed(building string) string {
	if building == "" {
		return ""
	}
	return building + "："
}
