// Package draft turns what a chat message says into what may be posted for it.
// It is the one way from an Understanding to a post, whoever carries it: a robot
// that was spoken to, or a worker who pasted the messages of a group.
//
// An understanding.Understanding and the text flow in; the lines of a request or an
// offer flow out, with the code of the one question that is missing. Nothing is
// read, saved or decided here: what is posted still passes matching.Screen, and
// what is missing is asked, never guessed.
package draft

import (
	"linli/models"
	"linli/server/chat/understand"
	"linli/server/exchange"
)

// Draft is a post that nobody has confirmed yet.
type Draft struct {
	Intent  string // understand.Request or understand.Offer; "" where there is nothing to post
	Lines   []Line
	Urgency models.Urgency // of a request
	Patient models.Patient // and for whom
	// Ask is the code of the one question without which a post would be a guess, and
	// About the item it asks about, which may be "". "" is a complete draft.
	Ask   string
	About models.ItemID
}

// Line is one of the goods. Units is 0 where the number was not said or is none of
// base units; Seal and ExpiresOn are of what is offered.
type Line struct {
	ItemID    models.ItemID
	Units     int
	Seal      models.Seal
	ExpiresOn models.Date
}

// Of drafts the post of a message. What is refused by its policy has none.
func Of(u understand.Understanding, text string) Draft {
	d := Draft{Ask: u.Ask, Urgency: urgency(u), Patient: patient(u)}
	if u.Policy != understand.OK || u.Intent != understand.Request && u.Intent != understand.Offer {
		return d
	}
	d.Intent = u.Intent
	seal := SealOf(text)
	var expires models.Date
	if u.Expiry != nil {
		expires, _ = models.ParseDate(*u.Expiry) // "" is asked about below
	}
	for _, it := range u.Items {
		line := Line{ItemID: it.ID, Units: it.Units}
		if d.Intent == understand.Offer {
			line.Seal, line.ExpiresOn = seal, expires
		}
		d.Lines = append(d.Lines, line)
		if d.About == "" && d.Ask != "" && (it.Unsure || it.Qty == nil) {
			d.About = it.ID
		}
	}
	if d.Ask == "" {
		d.missing(u)
	}
	return d
}

// missing asks for what the message did not leave open in words but in figures.
func (d *Draft) missing(u understand.Understanding) {
	danger := len(u.Danger) > 0 // it is held, and heard, as far as it goes
	for _, l := range d.Lines {
		code := ""
		switch {
		case l.Units < 1 && d.Intent == understand.Request:
			code = "chat.ask_qty"
		case l.Units < 1:
			code = "chat.ask_offer_qty"
		case d.Intent == understand.Offer && l.Seal == "" && !danger:
			code = "group.ask_seal"
		}
		if code != "" {
			d.Ask, d.About = code, l.ItemID
			return
		}
	}
	if len(d.Lines) == 0 && !danger {
		d.Ask = "chat.ask_item"
	}
}

// Request is the post of a draft for a home; person may be "".
func (d Draft) Request(home, person models.ID) exchange.NewRequest {
	in := exchange.NewRequest{HouseholdID: home, PersonID: person, Way: models.WayRelay}
	for _, l := range d.Lines {
		in.Lines = append(in.Lines, exchange.NewNeed{ItemID: l.ItemID, Units: l.Units, Urgency: d.Urgency, Patient: d.Patient})
	}
	return in
}

// Offer is the post of a draft for a home; person may be "".
func (d Draft) Offer(home, person models.ID) exchange.NewOffer {
	in := exchange.NewOffer{HouseholdID: home, PersonID: person, Way: models.WayRelay}
	for _, l := range d.Lines {
		in.Lots = append(in.Lots, exchange.NewLot{ItemID: l.ItemID, Units: l.Units, Seal: l.Seal, ExpiresOn: l.ExpiresOn})
	}
	return in
}

func urgency(u understand.Understanding) models.Urgency {
	if u.Urgent {
		return models.UrgencyNow
	}
	return models.UrgencyToday
}

// patient is what a message says of the person. An age that is only a word for
// several bands is left open: then Screen asks.
func patient(u understand.Understanding) models.Patient {
	p := models.Patient{Signs: u.Danger, Answers: map[string]models.Answer{}}
	if u.Audience != nil {
		switch *u.Audience {
		case understand.Elder:
			p.Age = models.AgeElder
		case understand.Adult:
			p.Age = models.AgeAdult
		}
	}
	for _, condition := range u.Avoid {
		p.Answers[condition] = models.Yes
	}
	return p
}
