// Package understand reads what neighbours write in a chat: what is meant,
// which goods and how many, for whom, how urgent, which shelf life and which
// address, and what must not be shared.
//
// A text and today's date flow in, an Understanding flows out; Answer gives
// the sentences a conversation may say to it. The rules stand in the tables of
// data/, each with its examples; what is meant is weighed, and the weights are
// learned from the labelled messages of testdata/lessons.jsonl. Nothing here reads or writes anything, and
// nothing decides: a label is a name, never a permission. What a message says
// still passes matching.Screen, and what is half understood is asked about,
// never guessed.
package understand

import (
	"sync"
	"time"

	"linli/matching/catalogue"
	"linli/models"
)

// What somebody who writes may want.
const (
	Request   = "request"
	Offer     = "offer"
	Sell      = "sell"
	Fulfilled = "fulfilled"
	Cancel    = "cancel"
	Query     = "query"
	Chatter   = "chatter"
)

// intents are the answers to what somebody wants, in the order of the columns of
// intent.tsv.
var intents = []string{Request, Offer, Sell, Fulfilled, Cancel, Query, Chatter}

// What keeps goods from being shared, the strongest first.
const (
	Forbidden = "forbidden"
	Sale      = "sale"
	Rx        = "rx"
	Expired   = "expired"
	OK        = "ok"
)

// Item is one of the goods.
type Item struct {
	Canonical string       `json:"canonical"`
	Qty       *float64     `json:"qty"`             // as it was said; nil where it was not, or 几
	Unit      *string      `json:"unit"`            // the measure word
	ID        catalogue.ID `json:"id"`              //
	Said      string       `json:"said"`            // how it was written, folded
	Units     int          `json:"units,omitempty"` // base units by the catalogue's default; 0 where the giver must be asked
	Unsure    bool         `json:"unsure,omitempty"`
}

// Understanding is what one message says.
type Understanding struct {
	Intent   string   `json:"intent"`
	Items    []Item   `json:"items"`
	Audience *string  `json:"audience"`
	Urgent   bool     `json:"urgent"`
	Expiry   *string  `json:"expiry"` // YYYY-MM
	Location *Place   `json:"location"`
	Policy   string   `json:"policy"`
	PII      []string `json:"pii"`
	Text     string   `json:"text"` // with phone numbers and the like masked

	Danger []string `json:"danger"`           // signs for which 120 comes first
	Avoid  []string `json:"avoid"`            // conditions of the person, words of the catalogue
	Barter bool     `json:"barter,omitempty"` // goods were offered for goods
	Ask    string   `json:"ask,omitempty"`    // code of the one question that is missing
	Cut    bool     `json:"cut,omitempty"`    // longer than is read
}

// Reader understands messages by one catalogue. It does not change, and many
// may use it at once.
type Reader struct{ book *book }

// Embedded is the reader for the catalogue in the program. It is made once, by
// the first who asks: the names take longer to join than a server to open.
var Embedded = sync.OnceValue(func() *Reader {
	r, err := New(catalogue.Embedded())
	if err != nil {
		panic(err) // the tables of this program disagree: no test of it passes
	}
	return r
})

// New makes a reader for a catalogue.
func New(c *catalogue.Catalogue) (*Reader, error) {
	b, err := newBook(c)
	if err != nil {
		return nil, err
	}
	return &Reader{b}, nil
}

// Understand reads one message that was written on a day.
func (r *Reader) Understand(text string, today models.Date) Understanding {
	h := r.book.hear(text, today)
	l := h.line
	u := Understanding{Items: []Item{}, PII: h.private, Avoid: r.book.conditions.told(l), Danger: []string{}, Cut: len(l.r) == maxRunes}
	m := message{heard: h}
	weighed := r.book.weights.weigh(h.traits())
	m.intent, m.bar = weighed[0].answer, weighed[1].answer
	m.unsure = weighed[0].between(Request, Offer) || h.said.bare()
	u.Intent = m.intent
	items := m.items()
	if u.Intent == Chatter {
		items = nil
	} else {
		u.Location = h.place
	}
	u.Items = append(u.Items, items...)
	u.Barter = m.barter
	if most := h.who.most(); most != "" && u.Intent != Chatter {
		u.Audience = &most
	}
	asking := u.Intent == Request || u.Intent == Query
	u.Urgent = asking && h.urgent
	if month, ok := l.expiry(h.days, h.now, u.Intent == Offer || u.Intent == Sell); ok && u.Intent != Chatter {
		text := month.String()
		u.Expiry = &text
		m.expiry = &month
	}
	u.Policy = m.policy(h.now)
	u.Danger = append(u.Danger, h.signs...)
	u.Ask = m.missing(&u)
	u.Text = l.masked()
	return u
}

// heard is what a message says, before it is known what is meant.
type heard struct {
	book       *book
	line       *line
	private    []string // kinds of what must be masked
	names      []mention
	place      *Place
	who        persons
	days       []dated
	quantities []quantity
	said       *said
	signs      []string // of danger
	urgent     bool
	now        month
}

func (b *book) hear(text string, today models.Date) *heard {
	folded := b.fold(text)
	l := &folded
	h := &heard{book: b, line: l, who: persons{bands: map[string]bool{}}, now: monthOf(2000, 1)}
	if day, err := time.Parse(time.DateOnly, string(today)); err == nil {
		h.now = monthOf(day.Year(), int(day.Month()))
	}
	h.private = l.hide()
	h.names = b.mentions(l)
	l.strengths()
	h.place = l.place()
	l.ages(&h.who)
	high := l.fever()
	h.days = l.dates(h.now)
	l.money()
	h.quantities = b.quantities(l)
	b.peopleIn(l, &h.who)
	h.said = b.cues.listen(l)
	h.signs = l.signs()
	h.urgent = len(h.signs) > 0 || high || h.said.has("urgent")
	return h
}
