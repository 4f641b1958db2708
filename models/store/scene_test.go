package store_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

// scene is a place in which neighbours exchange things by the verbs of the
// store alone, as the use cases do.
type scene struct {
	*storetest.Place
	elder, giver storetest.Neighbour
	worker       models.Actor
}

func newScene(t *testing.T, b storetest.Bench) *scene {
	t.Helper()
	s := &scene{Place: b.Place(t)}
	s.elder = s.Neighbour(t, s.Micro, "1-1-101", "张婆婆", models.CareAlone)
	s.giver = s.Neighbour(t, s.Micro, "3-2-501", "王师傅", models.CareNone)
	s.worker = s.Worker(t, s.Micro)
	return s
}

// deal is one exchange: units of a lot for a need, by one handover.
type deal struct {
	need  models.Need
	lot   models.Lot
	match models.Match
	hand  models.Handover
}

var everybody = models.Audience{Grid: true}

// in changes the exchange of grids; a test without errors goes on.
func (s *scene) in(t *testing.T, change func(tx *store.Tx) error, grids ...models.ID) {
	t.Helper()
	must(t, s.Store.InGrids(t.Context(), append(grids, s.Micro.ID), nil, change))
}

// agree posts a request and an offer and pairs so many units of them.
func (s *scene) agree(t *testing.T, asked, offered, units int) *deal {
	t.Helper()
	return s.agreeOn(t, asked, offered, units, models.LotGift)
}

func (s *scene) agreeOn(t *testing.T, asked, offered, units int, kind models.LotKind) *deal {
	t.Helper()
	d := &deal{}
	s.in(t, func(tx *store.Tx) error {
		request := models.Request{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.elder.HouseholdID,
			PersonID: s.elder.PersonID, PostedBy: s.elder.PersonID, Way: models.WayRelay, CreatedAt: tx.Now}
		offer := models.Offer{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.giver.HouseholdID,
			PersonID: s.giver.PersonID, Way: models.WayRelay, CreatedAt: tx.Now}
		d.need = models.Need{ID: tx.NewID(), RequestID: request.ID, GridID: s.Micro.ID, HouseholdID: s.elder.HouseholdID,
			PersonID: s.elder.PersonID, ItemID: "M140", Requested: asked, Open: asked, State: models.NeedOpen,
			Urgency: models.UrgencyToday, Patient: models.Patient{Age: models.AgeElder}, Why: []models.Reason{}, CreatedAt: tx.Now}
		d.lot = models.Lot{ID: tx.NewID(), OfferID: offer.ID, GridID: s.Micro.ID, GiverGridID: s.Micro.ID, HouseholdID: s.giver.HouseholdID,
			PersonID: s.giver.PersonID, ItemID: "M004", Strength: "0.5 g", Form: "片", Seal: models.SealBlister, Kind: kind,
			Way: models.WayRelay, Offered: offered, Remaining: offered, State: models.LotOffered, Place: models.PlaceHome, CreatedAt: tx.Now}
		d.hand = models.Handover{ID: tx.NewID(), GridID: s.Micro.ID, RelayID: &s.Relay.ID, ReceiverID: s.elder.PersonID,
			ReceiverHouseholdID: s.elder.HouseholdID, GiverHouseholdID: &s.giver.HouseholdID,
			State: models.HandoverAwaiting, Way: models.WayRelay, Generation: 1, CreatedAt: tx.Now}
		d.match = models.Match{ID: tx.NewID(), GridID: s.Micro.ID, LotGridID: s.Micro.ID, NeedID: d.need.ID, LotID: d.lot.ID,
			HandoverID: d.hand.ID, ReceiverID: s.elder.PersonID, ReceiverHouseholdID: s.elder.HouseholdID,
			GiverID: s.giver.PersonID, GiverHouseholdID: s.giver.HouseholdID, ItemID: "M004", Quantity: units,
			State: models.MatchAgreed, Reasons: []models.Reason{}, PolicyVersion: "1", CatalogueVersion: "1", CreatedAt: tx.Now}
		return first(tx.CreateRequest(&request), tx.CreateOffer(&offer),
			tx.SaveNeed(&d.need, "need.opened", everybody), tx.SaveLot(&d.lot, "lot.offered", everybody),
			d.need.Reserve(units), d.lot.Reserve(units), d.save(tx, "agreed"))
	})
	return d
}

func (d *deal) save(tx *store.Tx, kind string, grids ...models.ID) error {
	return first(tx.SaveNeed(&d.need, "need."+kind, everybody), tx.SaveLot(&d.lot, "lot."+kind, everybody, grids...),
		tx.SaveMatch(&d.match, "match."+kind, everybody), tx.SaveHandover(&d.hand, "handover."+kind, everybody))
}

// bring lays the lot into the box of a relay point, from where the match is ready.
func (s *scene) bring(t *testing.T, d *deal, relay models.RelayPoint) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		from, home := d.lot.GridID, d.lot.Holder()
		d.lot.Place, d.lot.RelayID, d.lot.GridID, d.match.LotGridID = models.PlaceBox, &relay.ID, relay.GridID, relay.GridID
		d.hand.ReadyAt, d.hand.RelayID = &tx.Now, &relay.ID
		return first(d.match.Apply(models.CommandHandIn), d.match.Apply(models.CommandReady),
			d.hand.Apply(models.CommandHandIn), d.hand.Apply(models.CommandReady), d.save(tx, "ready", from),
			tx.CreateCustody([]models.Custody{{GridID: d.lot.GridID, LotID: d.lot.ID, Units: d.lot.Remaining + d.lot.Reserved, From: home,
				To: d.lot.Holder(), Why: "hand_in", By: &s.worker.PersonID}}))
	}, relay.GridID)
}

// give hands over what is ready.
func (s *scene) give(t *testing.T, d *deal) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		d.match.ClosedAt, d.hand.ClosedAt, d.hand.ClosedBy = &tx.Now, &tx.Now, &s.worker.PersonID
		return first(d.match.Apply(models.CommandGive), d.hand.Apply(models.CommandGive),
			d.need.Fulfil(d.match.Quantity), d.lot.Give(d.match.Quantity), d.save(tx, "given"),
			tx.CreateCustody([]models.Custody{{GridID: d.lot.GridID, LotID: d.lot.ID, MatchID: &d.match.ID, Units: d.match.Quantity,
				From: d.lot.Holder(), To: models.Home(s.elder.HouseholdID), Why: "give", By: &s.worker.PersonID}}))
	}, d.lot.GridID)
}

// message lets the giver of a deal know that its worker waits for her.
func (s *scene) message(t *testing.T, d *deal) (id models.ID) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		m := models.Message{ID: tx.NewID(), GridID: s.Micro.ID, PersonID: s.giver.PersonID, About: models.ThingMatch, AboutID: d.match.ID,
			AboutGridID: s.Micro.ID, ItemID: d.lot.ItemID, Units: d.match.Quantity, Code: models.MessageBring, SentBy: s.worker.PersonID,
			State: models.MessageOpen, CreatedAt: tx.Now, DueAt: tx.Now.Add(time.Hour)}
		id = m.ID
		return tx.SaveMessage(&m, "message.sent")
	})
	return id
}

// wechat binds the elder's account and queues a message about a deal to her.
func (s *scene) wechat(t *testing.T, d *deal) models.WechatMessage {
	t.Helper()
	var m models.WechatMessage
	must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
		m = models.WechatMessage{ID: tx.NewID(), PersonID: s.elder.PersonID, Moment: models.MomentMatch, HandoverID: d.hand.ID,
			State: models.WechatWaiting, CreatedAt: tx.Now, DueAt: tx.Now}
		return first(tx.BindWechat(&models.WechatBinding{PersonID: s.elder.PersonID, OpenID: "openid-elder",
			OpenIDIndex: s.Store.Keys().Index("openid", "openid-elder"), CreatedAt: tx.Now}),
			tx.CreateWechatTicket(&models.WechatTicket{ID: tx.NewID(), Kind: models.WechatEnter, Hash: []byte{0, 255}, OpenID: "openid-new",
				CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(time.Minute)}),
			tx.AllowWechat(s.elder.PersonID, models.MomentReady), tx.FollowWechat(s.Micro.ID),
			tx.CreateWechatMessages([]models.WechatMessage{m}))
	}))
	return m
}

// call tells the community of something that is collected; the lot of a deal
// answers it.
func (s *scene) call(t *testing.T, d *deal) (id models.ID) {
	t.Helper()
	must(t, s.Store.InGrids(t.Context(), []models.ID{s.Community.ID}, nil, func(tx *store.Tx) error {
		n := models.Notice{ID: tx.NewID(), GridID: s.Community.ID, SentBy: s.worker.PersonID, Text: "征集退烧药", ItemID: d.lot.ItemID, Wanted: 9,
			State: models.NoticeOpen, CreatedAt: tx.Now, DueAt: tx.Now.Add(time.Hour)}
		id = n.ID
		return tx.SaveNotice(&n, "notice.posted")
	}))
	execute(t, s.Bare(t), "UPDATE lots SET call_id = "+quoted(id)+" WHERE id = "+quoted(d.lot.ID))
	return id
}

// lend hands over what is ready, for some days.
func (s *scene) lend(t *testing.T, d *deal) models.Loan {
	t.Helper()
	loan := models.Loan{GridID: s.Micro.ID, MatchID: d.match.ID, LotID: d.lot.ID, ReceiverID: s.elder.PersonID, HouseholdID: s.elder.HouseholdID,
		ItemID: d.match.ItemID, Quantity: d.match.Quantity, DueOn: "2026-12-21", State: models.LoanOut}
	s.in(t, func(tx *store.Tx) error {
		loan.ID, loan.CreatedAt, loan.Version = tx.NewID(), tx.Now, 0
		d.match.ClosedAt, d.hand.ClosedAt, d.hand.ClosedBy = &tx.Now, &tx.Now, &s.worker.PersonID
		return first(d.match.Apply(models.CommandGive), d.hand.Apply(models.CommandGive),
			d.need.Fulfil(d.match.Quantity), d.lot.Lend(d.match.Quantity), d.save(tx, "given"),
			tx.SaveLoan(&loan, "loan.out", everybody, d.lot.GridID, s.Micro.ID),
			tx.CreateCustody([]models.Custody{{GridID: d.lot.GridID, LotID: d.lot.ID, MatchID: &d.match.ID, Units: d.match.Quantity,
				From: d.lot.Holder(), To: models.Home(s.elder.HouseholdID), Why: "give", By: &s.worker.PersonID}}))
	}, d.lot.GridID)
	return loan
}

// takeBack ends a loan: the worker has it again, wiped and checked.
func (s *scene) takeBack(t *testing.T, d *deal, loan models.Loan) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		loan.ClosedAt, loan.CheckedBy, loan.Wiped = &tx.Now, &s.worker.PersonID, true
		return first(loan.Apply(models.CommandReturn), d.lot.TakeBack(loan.Quantity),
			tx.SaveLot(&d.lot, "lot.back", everybody), tx.SaveLoan(&loan, "loan.back", everybody, d.lot.GridID, s.Micro.ID),
			tx.CreateCustody([]models.Custody{{GridID: d.lot.GridID, LotID: d.lot.ID, MatchID: &d.match.ID, Units: loan.Quantity,
				From: models.Home(s.elder.HouseholdID), To: d.lot.Holder(), Why: "loan_back", By: &s.worker.PersonID}}))
	}, d.lot.GridID)
}

// lent is a deal about a thing that is lent.
func (s *scene) lent(t *testing.T) *deal {
	t.Helper()
	d := s.agreeOn(t, 1, 1, 1, models.LotLoan)
	s.bring(t, d, s.Relay)
	return d
}

// search looks further for what a deal has not brought, asks the giver for it,
// and has the worker look.
func (s *scene) search(t *testing.T, d *deal) (ask, review models.ID) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		d.need.Reach = s.Community.Path
		w := models.Widening{ID: tx.NewID(), NeedID: d.need.ID, GridID: s.Micro.ID, ToGridID: s.Community.ID, At: tx.Now}
		a := models.Ask{ID: tx.NewID(), GridID: s.Micro.ID, NeedID: d.need.ID, NeedGridID: s.Micro.ID, ItemID: "M004", Units: 1,
			PersonID: s.giver.PersonID, HouseholdID: s.giver.HouseholdID, State: models.AskOpen, CreatedAt: tx.Now, DueAt: tx.Now.Add(time.Hour)}
		r := models.Review{ID: tx.NewID(), GridID: s.Micro.ID, NeedID: d.need.ID, PersonID: s.elder.PersonID, Note: "怎么还没有",
			State: models.ReviewOpen, CreatedAt: tx.Now}
		ask, review = a.ID, r.ID
		return first(tx.CreateWidening(&w), tx.SaveNeed(&d.need, "need.widened", everybody), tx.SaveAsk(&a, "ask.sent"),
			tx.SaveReview(&r, "review.asked"))
	})
	return ask, review
}

// walk has the worker out with what is ready, on her way to a visit too, and plans
// another round.
func (s *scene) walk(t *testing.T, d *deal) (out, idle models.ID) {
	t.Helper()
	round := func(tx *store.Tx) (models.Round, models.Stop) {
		at := models.RoundEnd{Kind: models.EndRelay, RelayID: &s.Relay.ID, Lat: s.Relay.Lat, Lon: s.Relay.Lon}
		r := models.Round{ID: tx.NewID(), GridID: s.Micro.ID, PersonID: s.worker.PersonID, PlannedBy: s.worker.PersonID, Day: models.DateOf(tx.Now),
			StartAt: tx.Now, Start: at, End: at, State: models.RoundPlanned, AcceptedAt: &tx.Now, CreatedAt: tx.Now}
		return r, models.Stop{ID: tx.NewID(), RoundID: r.ID, Position: 1, Kind: models.StopVisit, GridID: s.Micro.ID,
			HouseholdID: &s.elder.HouseholdID, Reason: "look", Arrival: tx.Now, State: models.StopOpen}
	}
	s.in(t, func(tx *store.Tx) error {
		walked, visit := round(tx)
		planned, other := round(tx)
		brought := visit
		brought.ID, brought.Position, brought.Kind, brought.Reason = tx.NewID(), 2, models.StopBring, ""
		brought.HandoverID, brought.RelayID = &d.hand.ID, &s.Relay.ID
		out, idle = walked.ID, planned.ID
		err := first(tx.SaveRound(&walked, "round.planned", 2), tx.SaveRound(&planned, "round.planned", 1),
			tx.CreateStops([]models.Stop{visit, brought, other}))
		if err != nil {
			return err
		}
		d.hand.CarrierID = &s.worker.PersonID
		return first(walked.Apply(models.CommandSend), tx.SaveRound(&walked, "round.out", 2), d.hand.Apply(models.CommandSend),
			tx.SaveHandover(&d.hand, "handover.out", everybody), tx.CreateCustody([]models.Custody{{GridID: s.Micro.ID, LotID: d.lot.ID,
				MatchID: &d.match.ID, Units: d.match.Quantity, From: d.lot.Holder(), To: models.Carrier(s.worker.PersonID), Why: "send"}}))
	})
	return out, idle
}

// photo keeps a picture, which need be none for the store.
func (s *scene) photo(t *testing.T, thing models.Thing, id models.ID, kind models.PhotoKind, by models.ID, image []byte) models.Photo {
	t.Helper()
	var p models.Photo
	s.in(t, func(tx *store.Tx) error {
		p = models.Photo{ID: tx.NewID(), Thing: thing, ThingID: id, Kind: kind, PersonID: by, Width: 640, Height: 480,
			Bytes: len(image), CreatedAt: tx.Now, Image: image}
		return tx.CreatePhoto(&p)
	})
	return p
}

// lapse ends what nobody brought.
func (s *scene) lapse(t *testing.T, d *deal) {
	t.Helper()
	s.in(t, func(tx *store.Tx) error {
		d.match.ClosedAt, d.hand.ClosedAt, d.match.EndReason = &tx.Now, &tx.Now, "giver"
		return first(d.match.Apply(models.CommandLapse), d.hand.Apply(models.CommandLapse),
			d.need.Release(d.match.Quantity), d.lot.Release(d.match.Quantity), d.save(tx, "lapsed"))
	})
}

// relayAt opens a relay point in one grid that serves another.
func (s *scene) relayAt(t *testing.T, grid, serves models.Grid) models.RelayPoint {
	t.Helper()
	r := models.RelayPoint{GridID: grid.ID, ServesID: serves.ID, Code: "R-" + grid.Code, Name: "药物中转站",
		Hours: []models.Hours{}, State: models.RelayOpen}
	must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
		r.ID, r.CreatedAt, r.Version = tx.NewID(), tx.Now, 0
		return tx.SaveRelay(&r)
	}))
	return r
}

// wait moves the clock, so that what follows is later.
func (s *scene) wait(d time.Duration) { s.Clock.Add(d) }

// first is the first error of a list of steps.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
