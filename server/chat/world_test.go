package chat_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/chat"
	"linli/server/chat/platform"
	"linli/server/chat/understand"
	"linli/server/exchange"
	"linli/server/outreach"
	"linli/server/registry"
)

// town is a place with a group whose robot listens, and who writes in it.
type town struct {
	*storetest.Place
	*chat.Service
	robot            models.ID
	elder, neighbour storetest.Neighbour
	worker           storetest.Neighbour // of 07, where she lives as well
	messages         int
}

func newTown(t *testing.T, b storetest.Bench) *town {
	t.Helper()
	w := &town{Place: b.Place(t)}
	w.elder = w.Neighbour(t, w.Micro, "3-2-501", "张婆婆", models.CareAlone)
	w.neighbour = w.Neighbour(t, w.Micro, "5-1-302", "陈姐", models.CareNone)
	w.worker = w.Neighbour(t, w.Micro, "5-1-101", "林月", models.CareNone)
	w.appoint(t, &w.worker, w.Micro)
	w.Service = listener(t, w.Place, w.Clock.Now)
	leader := w.Worker(t, w.Community)
	v, err := w.Outreach.Add(t.Context(), leader, outreach.RobotInput{Name: "邻里", Platform: outreach.Chat, GridIDs: []models.ID{w.Community.ID}})
	must(t, err)
	w.robot = v.ID
	for _, n := range []storetest.Neighbour{w.elder, w.neighbour, w.worker} {
		w.joins(t, n)
	}
	t.Cleanup(func() { w.sound(t) })
	return w
}

// listener is what hears the robots of a place, and sends nothing.
func listener(t *testing.T, w *storetest.Place, now func() time.Time) *chat.Service {
	t.Helper()
	out := outreach.New(outreach.Options{Store: w.Store, Catalogue: catalogue.Embedded(), Log: slog.New(slog.DiscardHandler),
		Dial: func(models.Robot) (platform.Robot, error) { return nil, nil }, Jitter: func() float64 { return 0 }})
	people := registry.New(w.Store)
	must(t, people.Prepare(t.Context()))
	return chat.New(chat.Options{Outreach: out, Exchange: exchange.New(w.Store, catalogue.Embedded(), matching.DefaultPolicy),
		Registry: people, Catalogue: catalogue.Embedded(), Reader: understand.Embedded(), Now: now, BaseURL: "https://linli.example"})
}

// appoint makes somebody a worker of a grid.
func (w *town) appoint(t *testing.T, n *storetest.Neighbour, grid models.Grid) {
	t.Helper()
	must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		role := models.Role{ID: tx.NewID(), PersonID: n.PersonID, GridID: grid.ID, GridPath: grid.Path, Kind: models.RoleWorker, CreatedAt: tx.Now}
		n.Actor.Roles = append(n.Actor.Roles, role)
		return tx.CreateRoles(role)
	}))
}

// joins binds somebody to the group.
func (w *town) joins(t *testing.T, n storetest.Neighbour) {
	t.Helper()
	code, _, err := w.Outreach.PairingCode(t.Context(), n.Actor)
	must(t, err)
	w.says(t, n, code)
}

// says is what somebody hears who writes something new.
func (w *town) says(t *testing.T, n storetest.Neighbour, text string) string {
	t.Helper()
	w.messages++
	return w.writes(t, n, fmt.Sprint("m-", w.messages), text)
}

func (w *town) writes(t *testing.T, n storetest.Neighbour, id, text string) string {
	t.Helper()
	r, err := w.Hear(t.Context(), w.robot, chat.Message{ID: id, Sender: n.PersonID, Text: text})
	must(t, err)
	for _, secret := range []string{"张婆婆", "王婆婆", "陈姐", "林月", "138"} {
		if strings.Contains(r.Text, secret) {
			t.Errorf("%q tells %s: %q", text, secret, r.Text)
		}
	}
	return r.Text
}

// hears fails where the answer is another.
func (w *town) hears(t *testing.T, n storetest.Neighbour, text, want string) {
	t.Helper()
	if said := w.says(t, n, text); !strings.Contains(said, want) {
		t.Errorf("%q is answered with %q, not %q", text, said, want)
	}
}

// lines are the lines that were posted for somebody.
func (w *town) lines(t *testing.T, n storetest.Neighbour) []exchange.NeedView {
	t.Helper()
	posts, err := w.Exchange.Requests(t.Context(), n.Actor, false, exchange.Page{Limit: 50})
	must(t, err)
	var all []exchange.NeedView
	for _, p := range posts {
		all = append(all, p.Needs...)
	}
	return all
}

// open is how many units of an item are still looked for, for somebody.
func (w *town) open(t *testing.T, n storetest.Neighbour, item models.ItemID) (units int) {
	t.Helper()
	for _, l := range w.lines(t, n) {
		if l.ItemID == item {
			units += l.Open
		}
	}
	return units
}

// sound holds the tables against the laws.
func (w *town) sound(t *testing.T) {
	t.Helper()
	must(t, w.Store.View(context.WithoutCancel(t.Context()), func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			if len(f.Broken) > 0 {
				t.Errorf("%s: %v", f.Rule, f.Broken)
			}
		}
		return err
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
