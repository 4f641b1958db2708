package api

import (
	"net/http"
	"strings"

	"linli/models"
	"linli/models/fault"

	"github.com/gin-gonic/gin"
)

// signIn finds who calls a published route, before its body is read. Without a
// token only open routes go on, as nobody.
func (a *API) signIn(c *gin.Context) {
	call := callOf(c.Request.Context())
	if !call.known {
		return
	}
	var err error
	if call.actor, err = a.Authenticate(c.Request); err == nil && call.actor.PersonID == "" && !call.route.open {
		err = fault.New(fault.Unauthenticated, "signed_out")
	}
	if err != nil {
		a.fail(c, a.counted(call, err))
		return
	}
	if err := a.limits.take(call.actor.PersonID, call.address); err != nil {
		a.fail(c, err)
	}
}

// counted counts a refused sign-in against its address; who tries too often
// hears that instead. Those who are signed in never pay for their neighbours
// behind the same address.
func (a *API) counted(call *call, err error) error {
	if !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	if limited := a.limits.take("", call.address); limited != nil {
		return limited
	}
	return err
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

// keyed gives an unsafe call its Idempotency-Key. With the path and the body's
// hash it tells one call from another.
func (a *API) keyed(c *gin.Context) {
	call := callOf(c.Request.Context())
	if !call.known || c.Request.Method == http.MethodGet {
		return
	}
	key := c.GetHeader("Idempotency-Key")
	switch {
	case key == "" && (call.route.noKey || call.route.open):
	case key == "":
		a.fail(c, badRequest("key_missing", ""))
	case len(key) > 255 || strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' }):
		a.fail(c, badRequest("key_unreadable", ""))
	default:
		call.actor.Call = models.Call{Key: key, Route: c.Request.Method + " " + c.Request.URL.Path, Hash: call.hash}
	}
}
