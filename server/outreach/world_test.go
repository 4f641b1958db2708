package outreach_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/chat/platform"
	"linli/server/exchange"
	"linli/server/outreach"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"), // the throw-away server
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).writerDescriptor.func1"))
}

// group is the chat that a robot speaks in: it takes cards, or answers as told.
type group struct {
	rate platform.Rate

	mu    sync.Mutex
	cards []platform.Card
	at    []time.Time
	now   func() time.Time
	fail  func(n int) error // of the n-th try; nil takes it
	tries int
	taken chan struct{} // of Send, where a test wants to hold it
	hold  chan struct{}
}

func (g *group) Rate() platform.Rate { return g.rate }

func (g *group) Send(_ context.Context, card platform.Card) error {
	if g.hold != nil {
		g.taken <- struct{}{}
		<-g.hold
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tries++
	if g.fail != nil {
		if err := g.fail(g.tries); err != nil {
			return err
		}
	}
	g.cards, g.at = append(g.cards, card), append(g.at, g.now())
	return nil
}

// heard is what the group has read since it was asked last.
func (g *group) heard() []platform.Card {
	g.mu.Lock()
	defer g.mu.Unlock()
	cards := g.cards
	g.cards = nil
	return cards
}

// town is a place with neighbours, an exchange, and a group that hears of it.
type town struct {
	*storetest.Place
	exchange     *exchange.Service
	outreach     *outreach.Service
	groups       map[string]*group // by address
	elder, giver storetest.Neighbour
	worker       models.Actor
}

func newTown(t testing.TB, b storetest.Bench) *town {
	t.Helper()
	w := &town{Place: b.Place(t), groups: map[string]*group{}}
	w.elder = w.Neighbour(t, w.Micro, "1-1-201", "张婆婆", models.CareAlone)
	w.giver = w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
	w.worker = w.Worker(t, w.Micro)
	w.exchange = exchange.New(b.Store, catalogue.Embedded(), matching.DefaultPolicy)
	w.outreach = w.instance()
	return w
}

// instance is another process over the same database.
func (w *town) instance() *outreach.Service {
	return outreach.New(outreach.Options{Store: w.Store, Catalogue: catalogue.Embedded(), Log: slog.New(slog.DiscardHandler),
		Dial: func(r models.Robot) (platform.Robot, error) {
			return w.groups[r.Settings[outreach.SettingAddress]], nil
		},
		BaseURL: "https://linli.example", Jitter: func() float64 { return 0 }})
}

// connect adds a group of a grid.
func (w *town) connect(t testing.TB, name string, grid models.Grid) (outreach.RobotView, *group) {
	t.Helper()
	g := &group{now: w.Clock.Now}
	w.groups[name] = g
	v, err := w.outreach.Add(t.Context(), w.worker, outreach.RobotInput{Name: name, Platform: outreach.Webhook, GridIDs: []models.ID{grid.ID},
		Settings: map[string]string{outreach.SettingAddress: name, outreach.SettingSecret: "whsec"}})
	must(t, err)
	return v, g
}

// turn does all that is due, as often as something is.
func (w *town) turn(t testing.TB, s *outreach.Service) {
	t.Helper()
	for range 100 {
		followed, err := s.Follow(t.Context())
		must(t, err)
		told, err := s.Tell(t.Context())
		must(t, err)
		sent, err := s.Deliver(t.Context())
		must(t, err)
		if followed+told+sent == 0 {
			return
		}
	}
	t.Fatal("it never ends")
}

func (w *town) wait(d time.Duration) { w.Clock.Add(d) }

// ask posts one line; what it needs asked is answered.
func (w *town) ask(t testing.TB, who models.Actor, item string, units int, urgency models.Urgency, private bool) exchange.RequestView {
	t.Helper()
	v, err := w.exchange.OpenRequest(t.Context(), who, exchange.NewRequest{Way: models.WayRelay, Private: private,
		Lines: []exchange.NewNeed{{ItemID: item, Units: units, Urgency: urgency, Patient: models.Patient{Age: models.AgeElder}}}})
	must(t, err)
	return v
}

func (w *town) give(t testing.TB, who models.Actor, item string, units int) exchange.OfferView {
	t.Helper()
	v, err := w.exchange.PostOffer(t.Context(), who, exchange.NewOffer{Way: models.WayRelay,
		Lots: []exchange.NewLot{{ItemID: item, Units: units, ExpiresOn: "2027-08-31", Seal: models.SealBox}}})
	must(t, err)
	return v
}

// sound holds the tables against the laws.
func (w *town) sound(t testing.TB) {
	t.Helper()
	must(t, w.Store.View(t.Context(), func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			if len(f.Broken) > 0 {
				t.Errorf("%s: %v", f.Rule, f.Broken)
			}
		}
		return err
	}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
