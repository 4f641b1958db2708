package api

import (
	"cmp"
	"context"
	"net/http"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/fault"
)

type search struct {
	Query string `query:"query" required:"true" minLength:"1" maxLength:"64"`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"8"`
}

// Hit is an item that a search found.
type Hit struct {
	Item    Item   `json:"item"`
	Matched string `json:"matched" doc:"The name or alias that fitted"`
	Near    bool   `json:"near" doc:"Nothing fits well: one of the nearest three"`
}

// ItemPage is an item with what belongs to it.
type ItemPage struct {
	Item
	Notes   string `json:"notes"`
	Reason  string `json:"share_reason"`
	Members []Item `json:"members" nullable:"false" doc:"What may stand for a class"`
}

type signs struct {
	Items []Sign `json:"items" nullable:"false"`
}

// Sign is a danger sign; its sentence is "sign." + Code.
type Sign struct {
	Code string `json:"code"`
}

type screening struct {
	Body struct {
		Line *screenNeed `json:"line,omitempty"`
		Lot  *screenLot  `json:"lot,omitempty"`
	}
}

type screenNeed struct {
	ItemID   string  `json:"item_id" maxLength:"20"`
	Quantity int     `json:"quantity" minimum:"1" maximum:"1000"`
	Patient  Patient `json:"patient"`
}

type screenLot struct {
	ItemID    string `json:"item_id" maxLength:"20"`
	Quantity  int    `json:"quantity" minimum:"1" maximum:"1000"`
	Seal      string `json:"seal" enum:"box,blister,opened"`
	ExpiresOn string `json:"expires_on,omitempty" maxLength:"10"`
	Kind      string `json:"kind,omitempty" enum:"gift,loan"`
}

func (a *API) catalogueRoutes() {
	handle(a, route{method: http.MethodGet, path: "/catalogue/items", id: "searchItems", tag: "catalogue",
		summary: "Find an item by name, brand, typo or pinyin"}, a.searchItems)
	handle(a, route{method: http.MethodGet, path: "/catalogue/items/{item}", id: "itemPage", tag: "catalogue",
		summary: "One item"}, a.itemPage)
	handle(a, route{method: http.MethodGet, path: "/catalogue/signs", id: "signs", tag: "catalogue",
		summary: "Danger signs: 120 first"}, a.dangerSigns)
	handle(a, route{method: http.MethodPost, path: "/screenings", id: "screen", tag: "catalogue", noKey: true,
		summary: "What would be said of a line; saves nothing"}, a.screen)
}

func (a *API) searchItems(_ context.Context, _ models.Actor, in *search) (list[Hit], error) {
	hits := a.o.Exchange.Catalogue().Search(in.Query, in.Limit)
	return list[Hit]{Items: mapped(hits, func(h catalogue.Hit) Hit { return Hit{itemOf(h.Item), h.Matched, h.Near} })}, nil
}

func (a *API) itemPage(_ context.Context, _ models.Actor, in *struct {
	Item string `path:"item" maxLength:"20"`
}) (ItemPage, error) {
	c := a.o.Exchange.Catalogue()
	row, ok := c.Item(in.Item)
	if !ok {
		return ItemPage{}, fault.New(fault.NotFound, "item_unknown")
	}
	page := ItemPage{Item: itemOf(row), Notes: row.Notes, Reason: row.ShareReason, Members: []Item{}}
	for _, group := range []string{catalogue.Child, catalogue.Adult} {
		page.Members = append(page.Members, mapped(c.Members(row.ID, group), a.item)...)
	}
	return page, nil
}

func (a *API) dangerSigns(context.Context, models.Actor, *struct{}) (signs, error) {
	return signs{mapped(matching.DangerSigns, func(code string) Sign { return Sign{code} })}, nil
}

func (a *API) screen(_ context.Context, _ models.Actor, in *screening) (Verdict, error) {
	var line matching.Line
	switch {
	case in.Body.Line != nil && in.Body.Lot == nil:
		patient := in.Body.Line.Patient.model()
		line = matching.Line{Item: in.Body.Line.ItemID, Units: in.Body.Line.Quantity, Patient: &patient}
	case in.Body.Lot != nil && in.Body.Line == nil:
		l := in.Body.Lot
		lot, err := newLot{ItemID: l.ItemID, Quantity: l.Quantity, Seal: l.Seal, ExpiresOn: l.ExpiresOn}.model("lot.")
		if err != nil {
			return Verdict{}, err
		}
		line = matching.Line{Item: l.ItemID, Units: l.Quantity, Lot: &models.Lot{ItemID: l.ItemID, Offered: l.Quantity,
			Remaining: l.Quantity, Seal: lot.Seal, ExpiresOn: lot.ExpiresOn, Kind: cmp.Or(models.LotKind(l.Kind), models.LotGift)}}
	default:
		return Verdict{}, fault.InvalidField("line", "line_or_lot")
	}
	v, err := a.o.Exchange.Screen(line)
	if err != nil {
		return Verdict{}, err
	}
	return a.verdict(v), nil
}
