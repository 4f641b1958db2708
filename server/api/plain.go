package api

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"

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
	a.router.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", a.Spec()) })
	a.router.GET("/docs", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", docsPage) })
	a.router.GET("/docs.js", func(c *gin.Context) { c.Data(http.StatusOK, "text/javascript; charset=utf-8", docsScript) })
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
func (a *API) Spec() []byte { return a.spec() }

// document is made when it is first asked for: a start does not need it.
func (a *API) document() []byte {
	text, err := json.MarshalIndent(a.huma.OpenAPI(), "", " ")
	if err != nil {
		panic(err) // it is made of our own types
	}
	return append(text, '\n')
}

// app serves the built web app: hashed files for good, the page itself never
// kept. Anything else that looks like the API is a problem document.
func (a *API) app(c *gin.Context) {
	name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
	if strings.HasPrefix(name, "api/") {
		a.fail(c, fault.New(fault.NotFound, "not_found"))
		return
	}
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		a.fail(c, errMethod)
		return
	}
	if name == "" || name == "." {
		name = "index.html"
	}
	info, err := fs.Stat(a.o.App, name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		a.fail(c, fault.New(fault.NotFound, "not_found"))
		return
	}
	c.Header("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	a.serveFile(c, name)
}

// serveFile prefers the copy that the build has compressed.
func (a *API) serveFile(c *gin.Context, name string) {
	if strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		if _, err := fs.Stat(a.o.App, name+".gz"); err == nil {
			c.Header("Content-Encoding", "gzip")
			c.Header("Vary", "Accept-Encoding")
			c.Header("Content-Type", contentType(name))
			name += ".gz"
		}
	}
	http.ServeFileFS(c.Writer, c.Request, a.o.App, name)
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	}
	return "text/html; charset=utf-8"
}
