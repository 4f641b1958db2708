package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
	"linli/server/registry"
)

type newBag struct {
	Body struct {
		RelayID string `json:"relay_id,omitempty" maxLength:"64" doc:"The nearest that is open, if not given"`
		Note    string `json:"note,omitempty" maxLength:"300"`
	}
}

type bagCode struct {
	One
	Body struct {
		Code  string `json:"code,omitempty" pattern:"^[0-9]{6}$" doc:"The six digits that the giver says"`
		Token string `json:"token,omitempty" minLength:"1" maxLength:"200" doc:"Or what the QR holds"`
	}
}

type bookIn struct {
	One
	Body struct {
		From        string     `json:"from" enum:"household,bag,walk_in,community"`
		HouseholdID string     `json:"household_id,omitempty" maxLength:"64"`
		BagID       string     `json:"bag_id,omitempty" maxLength:"64"`
		Note        string     `json:"note,omitempty" maxLength:"300"`
		Lines       []bookLine `json:"lines" minItems:"1" maxItems:"10" nullable:"false"`
	}
}

// bookLine is a thing on the counter: taken with four yeses, or refused.
type bookLine struct {
	ItemID    string `json:"item_id" maxLength:"20" doc:"Empty where nobody can tell what it is: refused as unreadable"`
	Quantity  int    `json:"quantity" minimum:"1" maximum:"1000"`
	Strength  string `json:"strength,omitempty" maxLength:"60"`
	Form      string `json:"form,omitempty" maxLength:"60"`
	PackSize  int    `json:"pack_size,omitempty" minimum:"0" maximum:"1000"`
	Batch     string `json:"batch,omitempty" maxLength:"60"`
	ExpiresOn string `json:"expires_on,omitempty" maxLength:"10" doc:"2027-08-31, or 2027-08: to its last day"`
	Seal      string `json:"seal" enum:"box,blister,opened"`
	Sealed    bool   `json:"sealed,omitempty"`
	Readable  bool   `json:"readable,omitempty"`
	InDate    bool   `json:"in_date,omitempty"`
	OTC       bool   `json:"otc,omitempty"`
	Refuse    string `json:"refuse,omitempty" enum:"opened,unreadable,expired,no_otc,cold,other"`
	Kept      bool   `json:"kept,omitempty" doc:"Refused, and left at the point to be handed in for disposal"`
}

func linesOf(path string, in []bookLine) ([]exchange.BookLine, error) {
	var lines []exchange.BookLine
	for i, l := range in {
		lot, err := newLot{ItemID: l.ItemID, Quantity: l.Quantity, Strength: l.Strength, Form: l.Form, PackSize: l.PackSize, Batch: l.Batch,
			ExpiresOn: l.ExpiresOn, Seal: l.Seal}.model(at(path, i))
		if err != nil {
			return nil, err
		}
		lines = append(lines, exchange.BookLine{NewLot: lot, Refuse: l.Refuse, Kept: l.Kept,
			Seen: exchange.CheckIn{Sealed: l.Sealed, Readable: l.Readable, InDate: l.InDate, OTC: l.OTC}})
	}
	return lines, nil
}

func (a *API) bagRoutes() {
	handle(a, route{method: http.MethodPost, path: "/bags", id: "postBag", tag: "offers",
		summary: "Give a whole bag: no list, one code", created: true}, a.postBag)
	handle(a, route{method: http.MethodGet, path: "/bags/{id}/code", id: "bagCode", tag: "offers",
		summary: "The giver's code, while her bag is awaited"}, a.bagCode)
	handle(a, route{method: http.MethodPost, path: "/bags/{id}/cancel", id: "cancelBag", tag: "offers",
		summary: "I do not bring it"}, a.bagCall((*exchange.Service).CancelBag))
	handle(a, route{method: http.MethodPost, path: "/bags/{id}/close", id: "closeBag", tag: "worker",
		summary: "All of it is booked in"}, a.bagCall((*exchange.Service).CloseBag))
	handle(a, route{method: http.MethodGet, path: "/relays/{id}/bags", id: "bags", tag: "worker",
		summary: "The bags that a point waits for, or has open"}, a.bagsAt)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/bags/open", id: "openBag", tag: "worker",
		summary: "Open a bag by its code"}, a.openBag)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/book-in", id: "bookIn", tag: "worker",
		summary: "Check things and book them in, without a post before", created: true}, a.bookIn)
}

func (a *API) postBag(ctx context.Context, me models.Actor, in *newBag) (Offer, error) {
	if in.Body.RelayID != "" && !store.ValidID(in.Body.RelayID) {
		return Offer{}, fault.InvalidField("relay_id", "not_found")
	}
	if err := a.checkWords(ctx, me, in.Body.Note); err != nil {
		return Offer{}, err
	}
	v, err := a.o.Exchange.PostBag(ctx, me, in.Body.RelayID, in.Body.Note)
	if err != nil {
		return Offer{}, err
	}
	return a.offer(callOf(ctx), v), nil
}

func (a *API) bagCode(ctx context.Context, me models.Actor, in *One) (Code, error) {
	v, err := a.o.Exchange.BagCode(ctx, me, in.ID)
	if err != nil {
		return Code{}, err
	}
	qr, err := registry.QR(v.Token)
	return Code{Code: v.Code, Token: v.Token, QR: string(qr)}, err
}

// bagCall binds a use case that needs no more than the bag.
func (a *API) bagCall(use func(*exchange.Service, context.Context, models.Actor, models.ID) (models.Bag, error)) func(
	context.Context, models.Actor, *One) (Bag, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Bag, error) {
		v, err := use(a.o.Exchange, ctx, me, in.ID)
		return *bagOf(&v), err
	}
}

func (a *API) bagsAt(ctx context.Context, me models.Actor, in *One) (list[BagCard], error) {
	v, err := a.o.Exchange.Bags(ctx, me, in.ID)
	return list[BagCard]{Items: mapped(v, bagCard)}, err
}

func (a *API) openBag(ctx context.Context, me models.Actor, in *bagCode) (Bag, error) {
	if in.Body.Code == "" && in.Body.Token == "" {
		return Bag{}, fault.InvalidField("code", "missing")
	}
	v, err := a.o.Exchange.OpenBag(ctx, me, in.ID, in.Body.Code, in.Body.Token)
	return *bagOf(&v), err
}

func (a *API) bookIn(ctx context.Context, me models.Actor, in *bookIn) (Offer, error) {
	lines, err := linesOf("lines", in.Body.Lines)
	if err != nil {
		return Offer{}, err
	}
	for path, id := range map[string]string{"household_id": in.Body.HouseholdID, "bag_id": in.Body.BagID} {
		if id != "" && !store.ValidID(id) {
			return Offer{}, fault.InvalidField(path, "not_found")
		}
	}
	v, err := a.o.Exchange.BookIn(ctx, me, in.ID, exchange.BookIn{From: exchange.BookFrom(in.Body.From), HouseholdID: in.Body.HouseholdID,
		BagID: in.Body.BagID, Note: in.Body.Note, Lines: lines})
	if err != nil {
		return Offer{}, err
	}
	return a.offer(callOf(ctx), v), nil
}
