// Package server wires Linli up, runs it, drains it and stops it.
//
// A checked configuration flows in; one process serves until its context ends.
// It joins the rooms and decides nothing: the store's commit hook goes to the
// feed, the feed to the sockets, the clock to the sweep.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"linli/frontend"
	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/server/api"
	"linli/server/chat"
	"linli/server/chat/group"
	"linli/server/chat/understand"
	"linli/server/config"
	"linli/server/demo"
	"linli/server/exchange"
	"linli/server/feed"
	"linli/server/jobs"
	"linli/server/miniprogram"
	"linli/server/outreach"
	"linli/server/push"
	"linli/server/registry"
)

// Version is set when the program is built.
var Version = "dev"

// How long things may take; a slow client must not hold a connection.
const (
	headerWait = 5 * time.Second
	bodyWait   = 30 * time.Second
	idleWait   = 2 * time.Minute
	drainWait  = 10 * time.Second
	readyWait  = 2 * time.Second
	sweepEvery = 5 * time.Second
	tidyEvery  = 10 * time.Minute
)

// Server is one process.
type Server struct {
	store    *store.Store
	registry *registry.Service
	exchange *exchange.Service
	feed     *feed.Hub
	outreach *outreach.Service
	push     *push.Hub
	api      *api.API
	metrics  *api.Metrics
	mini     *miniprogram.Service // nil without WeChat
	log      *slog.Logger
	draining atomic.Bool

	metricsAddr string // "" for none of its own
}

// New wires a process over an open, migrated and prepared store.
func New(c config.Serve, s *store.Store, log *slog.Logger) (*Server, error) {
	items, reader, err := catalogueOf(c)
	if err != nil {
		return nil, err
	}
	policy, err := policyOf(c.Policy)
	if err != nil {
		return nil, err
	}
	proxies, err := c.Proxies()
	if err != nil {
		return nil, err
	}
	srv := &Server{metricsAddr: c.Metrics, store: s, log: log, registry: registry.New(s), exchange: exchange.New(s, items, policy)}
	srv.exchange.AllowNotices(c.Notices)
	srv.wirePush(c)
	if srv.mini, err = miniProgram(c, s, log); err != nil {
		return nil, err
	}
	domain, proof, err := c.Wechat.DomainCheck()
	if err != nil {
		return nil, err
	}
	networks, err := c.Networks()
	if err != nil {
		return nil, err
	}
	robots := newAdapters(c.Robots, networks, s.Now)
	srv.outreach = outreach.New(outreach.Options{Store: s, Catalogue: items, Log: log, Dial: robots.dial, BaseURL: c.Base()})
	talk := chat.New(chat.Options{Outreach: srv.outreach, Exchange: srv.exchange, Registry: srv.registry, Catalogue: items, Reader: reader,
		Now: s.Now, BaseURL: c.Base()})
	residents := group.New(group.Options{Exchange: srv.exchange, Registry: srv.registry, Reader: reader, Now: s.Now, BaseURL: c.Base()})
	options := api.Options{Group: residents, Outreach: srv.outreach, Chat: talk, Inbound: robots.hear, Registry: srv.registry, Exchange: srv.exchange, Feed: srv.feed, Stream: srv.push,
		App: frontend.Files(), Log: log, Now: s.Now, NewID: NewID, Ready: srv.ready, BaseURL: c.Base(),
		TrustedProxies: proxies, Metrics: srv.metrics, Mini: srv.mini, DomainName: domain, DomainProof: proof,
		Rates: api.Rates{Person: c.PersonRate, Address: c.AddressRate}}
	if c.Demo {
		options.Demo = srv.demo()
	}
	srv.api, err = api.New(options)
	return srv, err
}

// catalogueOf reads the items and joins the words of the chat with them; without
// a file those of the program.
func catalogueOf(c config.Serve) (*catalogue.Catalogue, *understand.Reader, error) {
	if c.Catalogue == "" {
		return catalogue.Embedded(), understand.Embedded(), nil
	}
	items, err := catalogue.Load(c.Catalogue, c.CatalogueKey)
	if err != nil {
		return nil, nil, err
	}
	reader, err := understand.New(items)
	return items, reader, err
}

// policyOf reads the figures of the plans; without a file those of the program.
func policyOf(path string) (matching.Policy, error) {
	if path == "" {
		return matching.DefaultPolicy, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return matching.Policy{}, fmt.Errorf("--policy: %w", err)
	}
	policy, err := matching.ParsePolicy(string(text))
	if err != nil {
		return policy, fmt.Errorf("--policy %s: %w", path, err)
	}
	return policy, nil
}

// wirePush joins commit hook, feed and sockets.
func (srv *Server) wirePush(c config.Serve) {
	srv.feed = feed.New(feed.Options{Store: srv.store, Log: srv.log, Bus: feed.BusOptions{URLs: c.NATS, Embedded: true}})
	var watcher *feed.Watcher
	srv.push = push.New(push.Options{Log: srv.log, Origins: c.Origins,
		Authenticate: srv.streamer,
		Problem:      func(w http.ResponseWriter, r *http.Request, err error) { srv.api.Problem(w, r, err) },
		Source: push.Source{Open: srv.feed.Open, Replay: srv.feed.Replay,
			Follow: func(g models.ID, after int64) { watcher.Follow(g, after) },
			Leave:  func(g models.ID) { watcher.Leave(g) }}})
	watcher = srv.feed.Watch(feed.Listener{Events: srv.push.Deliver, Lost: srv.push.Lost,
		Revoked: srv.push.Revoked, Renewed: srv.push.Renewed})
	srv.metrics = api.NewMetrics(srv.push.Sockets)
	srv.store.OnCommit(func(events []models.Event) {
		srv.metrics.Events(len(events))
		srv.feed.Hint(events)
		srv.outreach.Hint()
	})
}

// streamer says who opens a stream: by ticket, or by bearer token.
func (srv *Server) streamer(r *http.Request) (models.Actor, error) {
	if ticket := r.URL.Query().Get("ticket"); ticket != "" {
		return srv.feed.RedeemTicket(r.Context(), ticket)
	}
	return srv.api.Authenticate(r)
}

func (srv *Server) demo() *api.Demo {
	return &api.Demo{
		Personas: func(ctx context.Context) ([]api.Persona, error) {
			all, err := demo.Personas(ctx, srv.registry)
			personas := []api.Persona{}
			for _, p := range all {
				personas = append(personas, api.PersonaOf(p.Key, p.Name, string(p.Role), p.Grid))
			}
			return personas, err
		},
		Session: func(ctx context.Context, key string) (string, error) { return demo.Session(ctx, srv.registry, key) },
	}
}

// ready: the database answers, its schema is ours, and we are not on the way out.
func (srv *Server) ready(r *http.Request) error {
	if srv.draining.Load() {
		return errors.New("draining")
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyWait)
	defer cancel()
	epoch, err := srv.registry.Epoch(ctx)
	if err == nil && epoch == "" {
		err = errors.New("the database was emptied")
	}
	return err
}

// Handler answers requests; for tests that need no socket of their own.
func (srv *Server) Handler() http.Handler { return srv.api }

// Routes lists everything that is served by name.
func (srv *Server) Routes() []string { return srv.api.Routes() }

// Spec is the published OpenAPI document. It depends on the routes alone.
func Spec(log *slog.Logger) ([]byte, error) {
	a, err := api.New(api.Options{Exchange: exchange.New(nil, catalogue.Embedded(), matching.DefaultPolicy),
		Stream: http.NotFoundHandler(), App: frontend.Files(), Log: log, Now: time.Now, NewID: NewID,
		Metrics: api.NewMetrics(func() int { return 0 })})
	if err != nil {
		return nil, err
	}
	return a.Spec(), nil
}

// Run serves on the listener until ctx ends, then lets what is under way
// finish and sends the sockets away, spread over a short time. When it returns
// nothing of it uses the store any more.
func (srv *Server) Run(ctx context.Context, listener net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var background sync.WaitGroup
	background.Go(func() { srv.Follow(work) })
	background.Go(func() { srv.sweepOnTime(work) })
	background.Go(func() { srv.remindOnTime(work) })
	background.Go(func() { srv.reachOnTime(work) })
	defer background.Wait()
	defer stop()
	app := srv.http(srv.api)
	failed := make(chan error, 2)
	go func() { failed <- app.Serve(listener) }()
	if srv.metricsAddr != "" {
		figures := srv.http(srv.metrics.Handler())
		figures.Addr = srv.metricsAddr
		go func() { failed <- figures.ListenAndServe() }()
		defer figures.Close()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	srv.draining.Store(true)
	end, cancel := context.WithTimeout(context.Background(), drainWait)
	defer cancel()
	err = errors.Join(err, srv.CloseSockets(end), app.Shutdown(end))
	srv.Finish()
	return err
}

// http bounds every connection: slow headers, slow bodies, long headers.
func (srv *Server) http(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: headerWait, ReadTimeout: bodyWait,
		WriteTimeout: bodyWait, IdleTimeout: idleWait, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(srv.log.Handler(), slog.LevelWarn)}
}

// Follow hands committed events to the open sockets until ctx ends.
func (srv *Server) Follow(ctx context.Context) { srv.feed.Run(ctx) }

// Reach tells group chats what they are to hear until ctx ends. A second process
// that does so says nothing twice.
func (srv *Server) Reach(ctx context.Context) { srv.outreach.Run(ctx) }

// reachOnTime does so whenever this is the instance that does: what one has put into
// the queue, two would only fight about.
func (srv *Server) reachOnTime(ctx context.Context) {
	jobs.Run(ctx, jobs.Options{Store: srv.store, Log: srv.log, Lease: "robots", Holder: NewID()},
		jobs.Job{Name: "robots", Every: sweepEvery, Do: func(ctx context.Context, _ int64) error {
			srv.Reach(ctx)
			return nil
		}})
}

// CloseSockets sends the open sockets away, spread over a short time.
func (srv *Server) CloseSockets(ctx context.Context) error { return srv.push.Shutdown(ctx) }

// Finish waits for what is still worked on when its call has been answered.
func (srv *Server) Finish() { srv.api.Finish() }

// Sweep does once what time demands. Rows are judged again under their grid's
// lock, so that two processes may sweep at once, which the lease makes rare.
func (srv *Server) Sweep(ctx context.Context) error {
	_, err := srv.exchange.Sweep(ctx)
	return err
}

// sweepOnTime sweeps and tidies until ctx ends, whenever this is the instance
// that does so.
func (srv *Server) sweepOnTime(ctx context.Context) {
	jobs.Run(ctx, jobs.Options{Store: srv.store, Log: srv.log, Lease: "sweep", Holder: NewID()},
		jobs.Job{Name: "sweep", Every: sweepEvery, Do: func(ctx context.Context, _ int64) error { return srv.Sweep(ctx) }},
		jobs.Job{Name: "tidy", Every: tidyEvery, Do: func(ctx context.Context, _ int64) error {
			return errors.Join(srv.exchange.Tidy(ctx), srv.outreach.Tidy(ctx))
		}})
}
