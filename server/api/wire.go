package api

import (
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/server/exchange"
)

// Item is a row of the catalogue.
type Item struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	NameEN   string `json:"name_en"`
	Kind     string `json:"kind"`
	Unit     string `json:"unit" doc:"The base unit: all quantities are whole numbers of it"`
	Packs    []Pack `json:"packs" nullable:"false"`
	Share    string `json:"share"`
	Evidence string `json:"evidence"`
	Lend     bool   `json:"lend"`
}

// Pack is how many base units are commonly in one measure.
type Pack struct {
	Unit string `json:"unit"`
	Size int    `json:"size"`
}

// Reason is a sentence code with its arguments.
type Reason struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args"`
}

// Relay is a relay point, as everybody may see it.
type Relay struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Contact string  `json:"contact"`
	Phone   string  `json:"phone"`
	Hours   []Hours `json:"hours" nullable:"false"`
	// Exceptions are the days that are not like the week.
	Exceptions  []HoursException `json:"exceptions" nullable:"false"`
	Lat         float64          `json:"lat"`
	Lon         float64          `json:"lon"`
	State       string           `json:"state" enum:"open,paused"`
	PauseReason string           `json:"pause_reason" enum:"host_away,no_supplies,closed_today,other," doc:"Why it is paused; empty where it is open, or nobody said"`
	Metres      int              `json:"metres" doc:"Walk from the own building; -1: not known"`
}

// HoursException is a day, or days, with other hours: minutes after midnight, both 0
// where the point stays shut.
type HoursException struct {
	From   string `json:"from" doc:"2027-02-15" maxLength:"10"`
	Until  string `json:"until" doc:"The last of these days" maxLength:"10"`
	Open   int    `json:"open" minimum:"0" maximum:"1440"`
	Close  int    `json:"close" minimum:"0" maximum:"1440"`
	Reason string `json:"reason" maxLength:"20" doc:"What residents read; never who is ill"`
}

// Hours is a day's opening in minutes after midnight.
type Hours struct {
	Weekday int `json:"weekday"`
	Open    int `json:"open"`
	Close   int `json:"close"`
}

// Step is an entry of a timeline.
type Step struct {
	At         time.Time      `json:"at"`
	Kind       string         `json:"kind"`
	Thing      string         `json:"thing"`
	ThingID    string         `json:"thing_id"`
	State      string         `json:"state"`
	Quantities map[string]int `json:"quantities"`
}

// Refusal says why a line is not taken and where to go instead.
type Refusal struct {
	Line      int        `json:"line"`
	Item      *Item      `json:"item"`
	Outcome   string     `json:"outcome" enum:"ok,ask,refused,doctor,danger"`
	Reasons   []Reason   `json:"reasons" nullable:"false"`
	Go        string     `json:"go"`
	Questions []Question `json:"questions" nullable:"false"`
}

// Question is asked before a line may be matched.
type Question struct {
	Key    string `json:"key"`
	Blocks bool   `json:"blocks"`
}

// Verdict is what screening says of a line.
type Verdict struct {
	Outcome   string     `json:"outcome" enum:"ok,ask,refused,doctor,danger"`
	Reasons   []Reason   `json:"reasons" nullable:"false"`
	Go        string     `json:"go"`
	Questions []Question `json:"questions" nullable:"false"`
	Warnings  []Reason   `json:"warnings" nullable:"false"`
	Items     []Item     `json:"items" nullable:"false"`
	Ceiling   int        `json:"ceiling" doc:"Most units for one home in seven days; 0: no limit known"`
}

func (a *API) item(id string) Item {
	row, ok := a.o.Exchange.Catalogue().Item(id)
	if !ok {
		return Item{ID: id, Name: id, NameEN: id, Packs: []Pack{}}
	}
	return itemOf(row)
}

func itemOf(row catalogue.Item) Item {
	item := Item{ID: row.ID, Name: row.Name, NameEN: row.NameEN, Kind: row.Kind, Unit: row.BaseUnit, Packs: []Pack{},
		Share: row.Share, Evidence: row.Evidence, Lend: row.Lend}
	for _, p := range row.Packs {
		item.Packs = append(item.Packs, Pack{p.Unit, p.Size})
	}
	return item
}

func reasonsOf(reasons []models.Reason) []Reason {
	return mapped(reasons, func(r models.Reason) Reason {
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		return Reason{r.Code, r.Args}
	})
}

func questionsOf(questions []matching.Question) []Question {
	return mapped(questions, func(q matching.Question) Question { return Question{q.Key, q.Blocks} })
}

func stepsOf(steps []exchange.Step) []Step {
	return mapped(steps, func(s exchange.Step) Step {
		if s.Quantities == nil {
			s.Quantities = map[string]int{}
		}
		return Step{s.At, s.Kind, string(s.Thing), s.ThingID, s.State, s.Quantities}
	})
}

func relayOf(r *models.RelayPoint, metres int) *Relay {
	if r == nil {
		return nil
	}
	return &Relay{ID: r.ID, Name: r.Name, Address: r.Address, Contact: r.Contact, Phone: r.Phone, Lat: r.Lat, Lon: r.Lon,
		State: string(r.State), PauseReason: string(r.PauseReason), Metres: metres,
		Hours: mapped(r.Hours, func(h models.Hours) Hours { return Hours{h.Weekday, h.OpenMinute, h.CloseMinute} }),
		Exceptions: mapped(r.Exceptions, func(e models.HoursException) HoursException {
			return HoursException{string(e.From), string(e.Until), e.OpenMinute, e.CloseMinute, e.Reason}
		})}
}

func (c *call) refusals(all []exchange.Refusal) []Refusal {
	return mapped(all, func(r exchange.Refusal) Refusal {
		item := c.items(r.ItemID)
		return Refusal{Line: r.Line, Item: &item, Outcome: string(r.Outcome), Reasons: reasonsOf(r.Reasons), Go: r.Go,
			Questions: questionsOf(r.Questions)}
	})
}

// mapped turns rows into wire rows; the result is never null.
func mapped[A, B any](rows []A, to func(A) B) []B {
	out := make([]B, 0, len(rows))
	for _, row := range rows {
		out = append(out, to(row))
	}
	return out
}
