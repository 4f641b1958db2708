package api

import (
	"context"
	"fmt"
	"log/slog"
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
	address string
	lang    words.Lang
	log     *slog.Logger
	items   func(id string) Item
	actor   models.Actor
	hash    string // of the body
}

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
	info := &call{id: requestID(c.GetHeader("X-Request-Id"), a.o.NewID), address: c.ClientIP(), lang: langOf(c.GetHeader("Accept-Language")),
		log: a.o.Log, items: a.item}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callKey{}, info))
	secure(c.Writer.Header())
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Header("Cache-Control", "no-store") // what people need is nobody's cache's business
	}
	c.Header("X-Request-Id", info.id)
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

// secure are the headers of every answer. The app has no foreign scripts, and
// nobody may frame it; Vant sets sizes as inline styles, hence style-src.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "+
		"connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}
