package api

import (
	_ "embed"
	"encoding/json"
	"net"
	"net/http"

	"linli/models/fault"

	"github.com/gin-gonic/gin"
)

const streamPath = "/api/v1/stream"

//go:embed docs.html
var docsPage []byte

//go:embed docs.js
var docsScript []byte

// plain are the routes that are no JSON calls: health, figures, documentation.
func (a *API) plain() {
	a.router.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	a.router.GET("/readyz", func(c *gin.Context) {
		if err := a.o.Ready(c.Request); err != nil {
			a.fail(c, fault.New(fault.Unavailable, "not_ready_yet").Because(err))
			return
		}
		c.String(http.StatusOK, "ready\n")
	})
	a.router.GET("/metrics", func(c *gin.Context) {
		if !fromHere(c.Request) {
			a.fail(c, fault.New(fault.NotFound, "not_found"))
			return
		}
		a.o.Metrics.Handler().ServeHTTP(c.Writer, c.Request)
	})
	a.router.GET("/openapi.json", func(c *gin.Context) { a.spec().serve(c) })
	a.router.GET("/docs", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", docsPage) })
	a.router.GET("/docs.js", func(c *gin.Context) { c.Data(http.StatusOK, "text/javascript; charset=utf-8", docsScript) })
	a.router.GET(callbackPath, a.callback)
	a.router.POST(callbackPath, a.callback)
	a.router.GET(streamPath, gin.WrapH(a.o.Stream))
}

// fromHere: figures are for who runs the machine. What came through a proxy
// came from elsewhere, even when the proxy runs here.
func fromHere(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback()
}

// Spec is the published OpenAPI document, indented so that a change reads well.
func (a *API) Spec() []byte { return a.spec().plain }

// writeSpec runs when the document is first asked for: a start does not need it.
func (a *API) writeSpec() *staticFile {
	text, err := json.MarshalIndent(a.huma.OpenAPI(), "", " ")
	if err != nil {
		panic(err) // it is made of our own types
	}
	return newFile(append(text, '\n'), "application/json")
}
