package outreach

import (
	"strconv"

	"linli/models"
	"linli/models/words"
	"linli/server/chat/platform"
)

// say writes a card in the words of the group, which is Chinese.
func (s *Service) say(d models.Delivery) platform.Card {
	card := platform.Card{ID: d.ID, Kind: "need." + string(d.Kind), At: d.CreatedAt}
	tell := func(code string, args ...string) string {
		filled := map[string]string{}
		for i := 0; i+1 < len(args); i += 2 {
			filled[args[i]] = args[i+1]
		}
		return words.Say(words.ZH, code, filled)
	}
	switch d.Kind {
	case models.DeliveryTest:
		card.Kind = "robot.test"
		card.Title, card.Lines = tell("card_test"), []string{tell("card_test_why")}
	case models.DeliveryDigest:
		card.Kind = "digest"
		c := d.Card.Counts
		card.Title = tell("card_digest", "day", string(models.DateOf(d.CreatedAt)))
		card.Lines = append(card.Lines, tell("card_digest_met", "n", strconv.Itoa(c.Met)))
		if c.Open > 0 {
			card.Lines = append(card.Lines, tell("card_digest_open", "n", strconv.Itoa(c.Open), "urgent", strconv.Itoa(c.Urgent)))
		}
		for _, i := range c.Items {
			card.Lines = append(card.Lines, tell("card_digest_item", "item", s.amount(i.Item, i.Units), "homes", strconv.Itoa(i.Homes)))
		}
		s.lead(&card, "/offer", "card_offer")
	case models.DeliveryMet:
		card.Title = tell("card_met")
		for _, l := range d.Card.Lines {
			card.Lines = append(card.Lines, tell("card_end_"+ended(l.End), "place", place(l), "item", s.amount(l.Item, l.Units)))
		}
		card.Lines = append(card.Lines, tell("card_met_thanks"))
	default:
		card.Title = tell("card_" + string(d.Kind))
		for _, l := range d.Card.Lines {
			code := "card_line"
			if l.Urgent {
				code = "card_line_urgent"
			}
			card.Lines = append(card.Lines, tell(code, "place", place(l), "item", s.amount(l.Item, l.Units)))
		}
		card.Lines = append(card.Lines, tell("card_how"))
		s.lead(&card, "/offer", "card_offer")
	}
	return card
}

// ended is how a need is over, in the words of a group: looked after, taken back,
// or out of time.
func ended(end models.NeedState) string {
	switch end {
	case models.NeedMatched, models.NeedFulfilled:
		return "met"
	case models.NeedUnmet:
		return "unmet"
	}
	return "cancelled"
}

// amount is "布洛芬 6 粒".
func (s *Service) amount(id models.ItemID, units int) string {
	item, ok := s.catalogue.Item(id)
	if !ok {
		return string(id)
	}
	return item.Name + " " + strconv.Itoa(units) + " " + item.BaseUnit
}

// place is "微网格 07 · 3 栋", or the micro-grid alone.
func place(l models.CardLine) string {
	if l.Building == "" {
		return l.Grid
	}
	return l.Grid + " · " + l.Building
}

// lead puts the way into the app under a card.
func (s *Service) lead(card *platform.Card, path, code string) {
	if s.base != "" {
		card.Link, card.LinkText = s.base+"/#"+path, words.Say(words.ZH, code, nil)
	}
}
