// Package api speaks HTTP: routes, binding, problems, the published OpenAPI.
//
// A request flows in; it is bounded, checked for strictness, signed in and
// bound to a Go type, a use case is called once, and its result or fault flows
// out as JSON or a problem document. No rule stands here, and nothing here
// touches the database.
package api

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"sync"
	"time"

	"linli/models"
	"linli/server/chat"
	"linli/server/chat/group"
	"linli/server/chat/platform"
	"linli/server/exchange"
	"linli/server/feed"
	"linli/server/miniprogram"
	"linli/server/outreach"
	"linli/server/registry"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// Options is what the API stands on.
type Options struct {
	Registry *registry.Service
	Exchange *exchange.Service
	Group    *group.Service
	Feed     *feed.Hub
	Outreach *outreach.Service
	Chat     *chat.Service
	// Inbound gives what reads the calls of a robot's platform.
	Inbound func(models.Robot) (platform.Inbound, error)
	Stream  http.Handler // the sockets
	App     fs.FS        // the built web app
	Log     *slog.Logger
	Now     func() time.Time
	NewID   func() string
	// Ready says why the service cannot serve now; nil when it can.
	Ready func(r *http.Request) error
	// Demo opens the personas; nil outside --demo.
	Demo *Demo
	// BaseURL is what door codes and invitations link to.
	BaseURL string
	// TrustedProxies are believed when they say who calls; none by default.
	TrustedProxies []netip.Prefix
	// Rates limit who calls too often.
	Rates   Rates
	Metrics *Metrics
	// Mini is the mini-program; nil where WeChat is not configured.
	Mini *miniprogram.Service
	// DomainName and DomainProof are the file by which WeChat checks our domain.
	DomainName  string
	DomainProof []byte
}

// API is the HTTP face of Linli.
type API struct {
	o       Options
	router  *gin.Engine
	huma    huma.API
	limits  *limits
	hearing *hearing
	// published is the table of the routes that huma serves.
	published map[place]route
	spec      func() *staticFile
	static    static
	items     func(id string) Item
}

// New wires the routes. The result is an http.Handler.
func New(o Options) (*API, error) {
	gin.SetMode(gin.ReleaseMode)
	a := &API{o: o, router: gin.New(), limits: newLimits(o.Now, o.Rates), hearing: newHearing(), published: map[place]route{}}
	a.static.files = o.App
	a.items = a.item
	a.spec = sync.OnceValue(a.writeSpec)
	if err := a.trust(); err != nil {
		return nil, err
	}
	a.router.HandleMethodNotAllowed = true
	a.router.UseRawPath = true
	a.router.Use(a.frame, a.signIn, a.strict, a.keyed)
	a.router.NoRoute(a.app)
	a.router.NoMethod(func(c *gin.Context) { a.fail(c, errMethod) })
	a.huma = humagin.New(a.router, document())
	a.routes()
	a.plain()
	return a, nil
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.router.ServeHTTP(w, r) }

// Routes lists everything that is served by name, "GET /api/v1/grids/{id}".
func (a *API) Routes() []string {
	var all []string
	for _, r := range a.router.Routes() {
		all = append(all, r.Method+" "+ginParam.ReplaceAllString(r.Path, "{$1}"))
	}
	return all
}

var ginParam = regexp.MustCompile(`:([a-z]+)`)

func (a *API) trust() error {
	var names []string
	for _, p := range a.o.TrustedProxies {
		names = append(names, p.String())
	}
	return a.router.SetTrustedProxies(names) // nil: a forged X-Forwarded-For has no effect
}

// document begins the published document. Its version is that of the API, not
// of the program: the same routes are the same document.
func document() huma.Config {
	config := huma.DefaultConfig("Linli 邻里药箱", "1")
	config.Info.Description = "Mutual aid inside a micro-grid. Sentences come as codes with arguments; " +
		"every unsafe call takes an Idempotency-Key; errors are application/problem+json."
	config.DocsPath, config.OpenAPIPath, config.SchemasPath = "", "", "" // served by plain.go, without a foreign host
	config.CreateHooks = nil                                             // no $schema links
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "Opaque token, revocable at once."}}
	return config
}

func (a *API) routes() {
	a.peopleRoutes()
	a.staffRoutes()
	a.placeRoutes()
	a.catalogueRoutes()
	a.requestRoutes()
	a.searchRoutes()
	a.reachRoutes()
	a.shareRoutes()
	a.noticeRoutes()
	a.offerRoutes()
	a.bagRoutes()
	a.boxRoutes()
	a.recallRoutes()
	a.matchRoutes()
	a.handoverRoutes()
	a.roundRoutes()
	a.photoRoutes()
	a.sampleRoutes()
	a.loanRoutes()
	a.groupRoutes()
	a.relayRoutes()
	a.robotRoutes()
	a.chatRoutes()
	a.streamRoutes()
	a.wechatRoutes()
	a.demoRoutes()
}
