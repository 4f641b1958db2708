package api

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/words"

	"github.com/gin-gonic/gin"
)

// call is what the frame knows of a request.
type call struct {
	id      string
	request *gin.Context
	route   route
	known   bool // route is one of the published table
	lang    words.Lang
	log     *slog.Logger
	items   func(id string) Item
	actor   models.Actor
	hash    string // of the body
}

// address is who calls, behind trusted proxies only.
func (c *call) address() string { return c.request.ClientIP() }

type callKey struct{}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{lang: words.ZH, log: slog.Default(), items: func(id string) Item { return Item{ID: id} }}
}

// frame is around everything: request id, language, secure headers, recovery,
// one log line with ids only, and the metrics.
func (a *API) frame(c *gin.Context) {
	began := time.Now()
	info := &call{id: requestID(c.GetHeader("X-Request-Id"), a.o.NewID), request: c, log: a.o.Log, items: a.items,
		lang: langOf(c.GetHeader("Accept-Language"))}
	info.route, info.known = a.published[place{c.Request.Method, c.FullPath()}]
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callKey{}, info))
	header := c.Writer.Header()
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		maps.Copy(header, answerHeaders)
	} else {
		maps.Copy(header, pageHeaders)
	}
	header["X-Request-Id"] = []string{info.id}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			a.fail(c, fault.New(fault.Internal, "internal").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack())))
		}
		took := time.Since(began)
		a.o.Metrics.request(c.Request.Method, c.FullPath(), c.Writer.Status(), took)
		a.o.Log.LogAttrs(c.Request.Context(), slog.LevelInfo, "request", slog.String("request", info.id),
			slog.String("method", c.Request.Method), slog.String("route", c.FullPath()),
			slog.Int("status", c.Writer.Status()), slog.Duration("took", took),
			slog.String("person", info.actor.PersonID))
	}()
	c.Next()
}

// requestID takes a well-formed id of a proxy, so that its line and ours meet.
func requestID(given string, newID func() string) string {
	if len(given) < 8 || len(given) > 64 || strings.Trim(given, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		return newID()
	}
	return given
}

func langOf(accept string) words.Lang {
	if len(accept) >= 2 && strings.EqualFold(accept[:2], "en") {
		return words.EN
	}
	return words.ZH
}

// pageHeaders go with the app, the documentation and all that is opened in a
// browser: no foreign scripts, and nobody may frame it. Vant sets sizes as
// inline styles, hence style-src. The values are shared: they are replaced,
// never appended to.
var pageHeaders = http.Header{
	"Content-Security-Policy": {"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"},
	"X-Content-Type-Options":     {"nosniff"},
	"X-Frame-Options":            {"DENY"},
	"Referrer-Policy":            {"no-referrer"},
	"Permissions-Policy":         {"camera=(self), geolocation=(), microphone=()"},
	"Cross-Origin-Opener-Policy": {"same-origin"},
}

// answerHeaders go with JSON, which nobody opens as a page; what people need
// is no cache's business.
var answerHeaders = http.Header{
	"Content-Security-Policy": {"default-src 'none'; frame-ancestors 'none'"},
	"X-Content-Type-Options":  {"nosniff"},
	"Cache-Control":           {"no-store"},
}
