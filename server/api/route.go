package api

import (
	"context"
	"net/http"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"

	"github.com/danielgtaylor/huma/v2"
)

// body is an answer with a JSON body.
type body[T any] struct{ Body T }

// list is a piece of a list; Next is "" at its end.
type list[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next"`
}

// Paging are the parameters of every list.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"Where the last page ended"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// One names the thing of a path. Embedded types are exported, because huma
// binds no others.
type One struct {
	ID string `path:"id" maxLength:"64"`
}

func (o One) pathID() string { return o.ID }

// route is a row of the published table.
type route struct {
	method, path, id, tag, summary string
	open                           bool // without a session
	created                        bool // answers 201
	noKey                          bool // repeats are harmless: no Idempotency-Key
}

// handle publishes a route: bind, call, answer. What the use case returns is
// the body; what it fails with becomes a problem document.
func handle[I, O any](a *API, r route, call func(ctx context.Context, actor models.Actor, in *I) (O, error)) {
	op := huma.Operation{OperationID: r.id, Method: r.method, Path: "/api/v1" + r.path, Tags: []string{r.tag},
		Summary: r.summary, MaxBodyBytes: maxBody, SkipValidateParams: false}
	if r.created {
		op.DefaultStatus = http.StatusCreated
	}
	if !r.open {
		op.Security = []map[string][]string{{"token": {}}}
	}
	if r.method != http.MethodGet && !r.noKey {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Required: !r.open,
			Description: "1 to 255 visible characters; the same call twice has one effect and one answer.",
			Schema:      &huma.Schema{Type: "string", MinLength: ptr(1), MaxLength: ptr(255)}})
	}
	if r.method != http.MethodGet && (r.noKey || r.open) {
		a.withoutKey[r.method+" /api/v1"+ginPath(r.path)] = true
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*body[O], error) {
		actor, err := callerOf(ctx, r.open)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		if named, ok := any(in).(interface{ pathID() string }); ok && !store.ValidID(named.pathID()) {
			return nil, problemOf(ctx, fault.New(fault.NotFound, "not_found"))
		}
		out, err := call(ctx, actor, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return &body[O]{Body: out}, nil
	})
}

func ptr[T any](v T) *T { return &v }

type actorKey struct{}

// callerOf gives the actor that signIn found.
func callerOf(ctx context.Context, open bool) (models.Actor, error) {
	actor, _ := ctx.Value(actorKey{}).(models.Actor)
	if actor.PersonID == "" && !open {
		return actor, fault.New(fault.Unauthenticated, "signed_out")
	}
	return actor, nil
}

// ginPath writes "{id}" as gin does, ":id".
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
