package api_test

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server"
	"linli/server/config"
	"linli/server/registry"
	"linli/server/wechat/wechattest"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"), // the throw-away server
		goleak.IgnoreTopFunction("internal/poll.runtime_pollWait")) // kept connections of http.DefaultTransport
}

// The people of every test, by the name that transcripts call them.
const (
	elder     = "elder"     // 72, lives alone, 1 栋
	giver     = "giver"     // two doors away
	other     = "other"     // a neighbour who has no part in it
	stranger  = "stranger"  // of the micro-grid beside
	pending   = "pending"   // has scanned a door, waits for the worker
	worker    = "worker"    // of the micro-grid
	walker    = "walker"    // a volunteer of the micro-grid
	beside    = "beside"    // worker of the micro-grid beside
	operator  = "operator"  // of the city
	leader    = "leader"    // of the community, in the scene alone
	bot       = "bot"       // the robot of a group of the micro-grid, in the scene alone
	anonymous = "anonymous" // nobody
)

// world is the whole service behind a real socket, with people who are signed
// in. Its clock stands until it is moved, and it sweeps when it is told to.
type world struct {
	*storetest.Place
	srv    *server.Server
	url    string
	people map[string]models.Actor
	tokens map[string]string
}

// tables is the WeChat of the tables of calls, which change nothing in it.
var tables = sync.OnceValue(func() *wechattest.Server {
	fake, _ := wechattest.Start()
	fake.Standing("wx-code", "openid-new")
	return fake
})

func serveConfig() config.Serve { return withWechat(tables()) }

// templateOf is the template of a moment.
func templateOf(moment string) string { return "template-of-the-moment-" + moment }

func withWechat(fake *wechattest.Server) config.Serve {
	keys := " thing1=what thing2=say thing3=place time4=until"
	return config.Serve{Addr: "localhost:8080", Lanes: 2, Wechat: config.Wechat{AppID: wechattest.AppID, Secret: wechattest.Secret, API: fake.URL,
		State: "formal", CheckWords: true, OfficialID: wechattest.AppID, OfficialSecret: wechattest.Secret,
		TemplateMatch: templateOf("match") + keys, TemplateDrop: templateOf("drop") + keys, TemplateReady: templateOf("ready") + keys,
		TemplateLapse: templateOf("lapse") + keys, TemplateClosed: templateOf("closed") + keys}}
}

// newWorld builds the place and serves it.
func newWorld(t testing.TB, b storetest.Bench) *world {
	t.Helper()
	w := settle(t, b)
	w.serve(t, serveConfig(), slog.New(slog.DiscardHandler))
	return w
}

// settle puts the people into the place and signs them in.
func settle(t testing.TB, b storetest.Bench) *world {
	t.Helper()
	w := &world{Place: b.Place(t), people: map[string]models.Actor{}, tokens: map[string]string{}}
	r := registry.New(b.Store)
	must(t, r.Prepare(t.Context()))
	w.people[elder] = w.Neighbour(t, w.Micro, "1-1-201", "张婆婆", models.CareAlone).Actor
	w.people[giver] = w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone).Actor
	w.people[other] = w.Neighbour(t, w.Micro, "5-1-302", "陈姐", models.CareNone).Actor
	w.people[stranger] = w.Neighbour(t, w.Beside, "9-1-101", "隔壁", models.CareNone).Actor
	w.people[worker] = w.Worker(t, w.Micro)
	w.people[beside] = w.Worker(t, w.Beside)
	w.people[operator] = w.person(t, w.City, "", models.PersonApproved, models.RoleOperator)
	w.people[pending] = w.person(t, w.Micro, w.people[other].HouseholdID, models.PersonPending, "")
	w.people[walker] = w.person(t, w.Micro, "", models.PersonApproved, models.RoleVolunteer)
	for _, name := range []string{elder, giver, other, stranger, pending, worker, walker, beside, operator} {
		token, err := r.MintSession(t.Context(), w.people[name].PersonID)
		must(t, err)
		w.tokens[name] = token
	}
	return w
}

// person makes somebody who has no home of her own or is not let in yet.
func (w *world) person(t testing.TB, grid models.Grid, home models.ID, state models.PersonState, role models.RoleKind) models.Actor {
	t.Helper()
	actor := models.Actor{GridID: grid.ID, GridPath: grid.Path, State: state, HouseholdID: home}
	must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		p := models.Person{ID: tx.NewID(), GridID: grid.ID, Name: "某人", Phone: "13800000013", State: state, Version: 1, CreatedAt: tx.Now}
		if home != "" {
			p.HouseholdID = &home
		}
		actor.PersonID = p.ID
		if err := tx.CreatePeople([]models.Person{p}); err != nil || role == "" {
			return err
		}
		return tx.CreateRoles(models.Role{ID: tx.NewID(), PersonID: p.ID, GridID: grid.ID, GridPath: grid.Path, Kind: role, CreatedAt: tx.Now})
	}))
	return actor
}

// serve starts the service, its sockets included, and stops it with the test.
func (w *world) serve(t testing.TB, c config.Serve, log *slog.Logger) {
	t.Helper()
	var err error
	w.srv, err = server.New(c, w.Store, log)
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { w.srv.Follow(ctx) })
	front := httptest.NewServer(w.srv.Handler())
	w.url = front.URL
	t.Cleanup(func() {
		end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		must(t, w.srv.CloseSockets(end))
		w.srv.Finish()
		stop()
		following.Wait()
		front.Close()
	})
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes one request as somebody; headers are pairs.
func (w *world) send(t testing.TB, who, method, path, body string, headers ...string) answer {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, w.url+path, content)
	must(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token, ok := w.tokens[who]; ok {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res.StatusCode, res.Header, text}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
