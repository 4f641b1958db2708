package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/server/registry"
)

// Demo opens the people of the example; it exists only under --demo.
type Demo struct {
	Personas func(ctx context.Context) ([]Persona, error)
	Session  func(ctx context.Context, key string) (string, error)
}

// Persona is somebody to sign in as; what she is about is the sentence
// "persona." + Key.
type Persona struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Role string `json:"role"`
	Grid Grid   `json:"grid"`
}

type personas struct {
	Personas []Persona `json:"personas" nullable:"false"`
}

// demoRoutes are always published, so that the document is one; outside
// --demo they answer that there is nothing.
func (a *API) demoRoutes() {
	handle(a, route{method: http.MethodGet, path: "/demo", id: "demo", tag: "demo", open: true,
		summary: "The people of the example"}, func(ctx context.Context, _ models.Actor, _ *struct{}) (personas, error) {
		if a.o.Demo == nil {
			return personas{}, fault.New(fault.NotFound, "not_found")
		}
		all, err := a.o.Demo.Personas(ctx)
		return personas{all}, err
	})
	handle(a, route{method: http.MethodPost, path: "/demo/{key}/session", id: "demoSession", tag: "demo", open: true, created: true,
		summary: "Sign in as one of them"}, func(ctx context.Context, _ models.Actor, in *struct {
		Key string `path:"key" maxLength:"40"`
	}) (Token, error) {
		if a.o.Demo == nil {
			return Token{}, fault.New(fault.NotFound, "not_found")
		}
		token, err := a.o.Demo.Session(ctx, in.Key)
		return Token{token}, err
	})
}

// PersonaOf makes a persona of what the example knows of her.
func PersonaOf(key, name, role string, grid registry.GridRef) Persona {
	return Persona{key, name, role, gridOf(grid)}
}
