package api

import (
	"context"
	"fmt"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
	"linli/server/registry"
)

type newOffer struct {
	Body struct {
		HouseholdID string   `json:"household_id,omitempty" maxLength:"64"`
		PersonID    string   `json:"person_id,omitempty" maxLength:"64"`
		Lots        []newLot `json:"lots" minItems:"1" maxItems:"10" nullable:"false"`
		Way         string   `json:"way" enum:"relay,door"`
		Note        string   `json:"note,omitempty" maxLength:"300"`
		CallID      string   `json:"call_id,omitempty" maxLength:"64" doc:"The notice whose call it answers"`
	}
}

type newLot struct {
	ItemID    string `json:"item_id" maxLength:"20"`
	Quantity  int    `json:"quantity" minimum:"1" maximum:"1000"`
	Strength  string `json:"strength,omitempty" maxLength:"60"`
	Form      string `json:"form,omitempty" maxLength:"60"`
	PackSize  int    `json:"pack_size,omitempty" minimum:"0" maximum:"1000"`
	Batch     string `json:"batch,omitempty" maxLength:"60"`
	ExpiresOn string `json:"expires_on,omitempty" maxLength:"10" doc:"2027-08-31, or 2027-08: to its last day"`
	Seal      string `json:"seal" enum:"box,blister,opened"`
	Kind      string `json:"kind,omitempty" enum:"gift,loan" doc:"A gift, where nothing is said"`
	LendDays  int    `json:"lend_days,omitempty" minimum:"0" maximum:"30" doc:"Of a loan; 0: as long as is usual"`
}

func (l newLot) model(path string) (exchange.NewLot, error) {
	lot := exchange.NewLot{ItemID: l.ItemID, Units: l.Quantity, Strength: l.Strength, Form: l.Form, PackSize: l.PackSize,
		Batch: l.Batch, Seal: models.Seal(l.Seal), Kind: models.LotKind(l.Kind), LendDays: l.LendDays}
	if l.ExpiresOn == "" {
		return lot, nil
	}
	day, err := models.ParseDate(l.ExpiresOn)
	if err != nil {
		return lot, fault.InvalidField(path+"expires_on", "date_unreadable").Because(err)
	}
	lot.ExpiresOn = day
	return lot, nil
}

func lotsOf(lines []newLot) ([]exchange.NewLot, error) {
	var lots []exchange.NewLot
	for i, l := range lines {
		lot, err := l.model(fmt.Sprintf("lots[%d].", i))
		if err != nil {
			return nil, err
		}
		lots = append(lots, lot)
	}
	return lots, nil
}

type checkIn struct {
	One
	Body struct {
		Sealed    bool   `json:"sealed"`
		Readable  bool   `json:"readable"`
		InDate    bool   `json:"in_date"`
		OTC       bool   `json:"otc"`
		Wiped     bool   `json:"wiped,omitempty" doc:"Of what is lent"`
		Works     bool   `json:"works,omitempty" doc:"Of what is lent: it works and is complete"`
		ExpiresOn string `json:"expires_on,omitempty" maxLength:"10"`
		Batch     string `json:"batch,omitempty" maxLength:"60"`
		Counted   int    `json:"counted" minimum:"1" maximum:"1000"`
		Labelled  bool   `json:"labelled,omitempty"`
	}
}

type lotRefusal struct {
	One
	Body struct {
		Reason string `json:"reason" enum:"opened,unreadable,expired,no_otc,cold,other"`
	}
}

// LotCode is what a giver shows when she brings something.
type LotCode struct {
	Link string `json:"link" doc:"The page on which the worker checks it"`
	QR   string `json:"qr" doc:"An SVG of the link"`
}

func (a *API) offerRoutes() {
	handle(a, route{method: http.MethodPost, path: "/offers", id: "postOffer", tag: "offers",
		summary: "Offer what can be spared", created: true}, a.postOffer)
	handle(a, route{method: http.MethodGet, path: "/offers", id: "offers", tag: "offers",
		summary: "My offers, newest first"}, a.offers)
	handle(a, route{method: http.MethodGet, path: "/offers/{id}", id: "offer", tag: "offers",
		summary: "One offer: where each unit went"}, a.oneOffer)
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/withdraw", id: "withdrawLot", tag: "offers",
		summary: "Take back what is still free"}, a.lotCall((*exchange.Service).WithdrawLot))
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/hand-in", id: "handIn", tag: "offers",
		summary: "I have dropped it off"}, a.lotCall((*exchange.Service).HandIn))
	handle(a, route{method: http.MethodGet, path: "/lots/{id}/code", id: "lotCode", tag: "offers",
		summary: "What I show at the point: it leads the worker to the check"}, a.lotCode)
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/check-in", id: "checkIn", tag: "worker",
		summary: "Checked and taken into the box"}, a.checkIn)
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/refuse", id: "refuseLot", tag: "worker",
		summary: "Not taken; the giver hears why"}, a.refuseLot)
}

func (a *API) postOffer(ctx context.Context, me models.Actor, in *newOffer) (Offer, error) {
	post := exchange.NewOffer{HouseholdID: in.Body.HouseholdID, PersonID: in.Body.PersonID, Way: models.Way(in.Body.Way), Note: in.Body.Note, CallID: in.Body.CallID}
	if post.CallID != "" && !store.ValidID(post.CallID) {
		return Offer{}, fault.InvalidField("call_id", "not_found")
	}
	if post.HouseholdID != "" && !store.ValidID(post.HouseholdID) {
		return Offer{}, fault.InvalidField("household_id", "not_found")
	}
	if post.PersonID != "" && !store.ValidID(post.PersonID) {
		return Offer{}, fault.InvalidField("person_id", "not_found")
	}
	var err error
	if post.Lots, err = lotsOf(in.Body.Lots); err != nil {
		return Offer{}, err
	}
	if err := a.checkWords(ctx, me, post.Note); err != nil {
		return Offer{}, err
	}
	v, err := a.o.Exchange.PostOffer(ctx, me, post)
	if err != nil {
		return Offer{}, err
	}
	return a.offer(callOf(ctx), v), nil
}

func (a *API) lotCode(ctx context.Context, me models.Actor, in *One) (LotCode, error) {
	if err := a.o.Exchange.LotCode(ctx, me, in.ID); err != nil {
		return LotCode{}, err
	}
	link := a.o.BaseURL + "/#/lots/" + in.ID + "/check-in"
	qr, err := registry.QR(link)
	return LotCode{Link: link, QR: string(qr)}, err
}

func (a *API) offers(ctx context.Context, me models.Actor, in *ownList) (list[Offer], error) {
	page, err := in.page()
	if err != nil {
		return list[Offer]{}, err
	}
	views, err := a.o.Exchange.Offers(ctx, me, in.State == "live", page)
	if err != nil {
		return list[Offer]{}, err
	}
	out := list[Offer]{Items: mapped(views, func(v exchange.OfferView) Offer { return a.offer(callOf(ctx), v) })}
	if len(views) == page.Limit {
		last := views[len(views)-1]
		out.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return out, nil
}

func (a *API) oneOffer(ctx context.Context, me models.Actor, in *One) (Offer, error) {
	v, err := a.o.Exchange.Offer(ctx, me, in.ID)
	if err != nil {
		return Offer{}, err
	}
	return a.offer(callOf(ctx), v), nil
}

// lotCall binds a use case that needs no more than the lot.
func (a *API) lotCall(use func(*exchange.Service, context.Context, models.Actor, models.ID) (exchange.LotView, error)) func(
	context.Context, models.Actor, *One) (Lot, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Lot, error) {
		v, err := use(a.o.Exchange, ctx, me, in.ID)
		return a.lot(v), err
	}
}

func (a *API) checkIn(ctx context.Context, me models.Actor, in *checkIn) (Lot, error) {
	seen := exchange.CheckIn{Sealed: in.Body.Sealed, Readable: in.Body.Readable, InDate: in.Body.InDate, OTC: in.Body.OTC, Wiped: in.Body.Wiped, Works: in.Body.Works,
		Batch: in.Body.Batch, Counted: in.Body.Counted, Labelled: in.Body.Labelled}
	if in.Body.ExpiresOn != "" {
		day, err := models.ParseDate(in.Body.ExpiresOn)
		if err != nil {
			return Lot{}, fault.InvalidField("expires_on", "date_unreadable").Because(err)
		}
		seen.ExpiresOn = day
	}
	v, err := a.o.Exchange.CheckInLot(ctx, me, in.ID, seen)
	return a.lot(v), err
}

func (a *API) refuseLot(ctx context.Context, me models.Actor, in *lotRefusal) (Lot, error) {
	v, err := a.o.Exchange.RefuseLot(ctx, me, in.ID, in.Body.Reason)
	return a.lot(v), err
}
