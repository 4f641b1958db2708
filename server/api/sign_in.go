package api

import (
	"context"
	"net/http"
	"strings"

	"linli/models"
	"linli/models/fault"

	"github.com/gin-gonic/gin"
)

// signIn finds who calls, and gives the call its key. Without a token the
// request goes on as nobody: each route says whether that is enough.
func (a *API) signIn(c *gin.Context) {
	if !strings.HasPrefix(c.Request.URL.Path, "/api/") || c.FullPath() == streamPath {
		return
	}
	actor, err := a.Authenticate(c.Request)
	if err != nil {
		a.fail(c, err)
		return
	}
	if err := a.limits.take(actor.PersonID, c.ClientIP()); err != nil {
		a.fail(c, err)
		return
	}
	if actor.Call, err = a.key(c); err != nil {
		a.fail(c, err)
		return
	}
	c.Set("person", actor.PersonID)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), actorKey{}, actor))
}

// Authenticate gives the actor of a bearer token; no token is nobody, a token
// that opens nothing is an error.
func (a *API) Authenticate(r *http.Request) (models.Actor, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return models.Actor{}, nil
	}
	token, found := strings.CutPrefix(header, "Bearer ")
	if !found || token == "" || len(token) > 200 {
		return models.Actor{}, fault.New(fault.Unauthenticated, "signed_out")
	}
	return a.o.Registry.Actor(r.Context(), token)
}

// key reads the Idempotency-Key of an unsafe call. The body's hash was taken
// by strict; with the path it tells one call from another.
func (a *API) key(c *gin.Context) (models.Call, error) {
	if c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
		return models.Call{}, nil
	}
	key := c.GetHeader("Idempotency-Key")
	route := c.Request.Method + " " + c.FullPath()
	if key == "" {
		if !a.withoutKey[route] {
			return models.Call{}, &edgeError{http.StatusBadRequest, fault.New(fault.Invalid, "key_missing")}
		}
		return models.Call{}, nil
	}
	if len(key) > 255 || strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' }) {
		return models.Call{}, &edgeError{http.StatusBadRequest, fault.New(fault.Invalid, "key_unreadable")}
	}
	return models.Call{Key: key, Route: c.Request.Method + " " + c.Request.URL.Path, Hash: c.GetString(hashKey)}, nil
}
