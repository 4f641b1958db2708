package api

import (
	"context"
	"net/http"
	"reflect"
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
	bodyless                       bool // takes {} or nothing; found out by handle
	photo                          bool // takes a picture instead of JSON; found out by handle
}

// place is where a request arrives: a method and gin's route template.
type place struct{ method, path string }

const base = "/api/v1"

// handle publishes a route: bind, call, answer. What the use case returns is
// the body; what it fails with becomes a problem document.
func handle[I, O any](a *API, r route, call func(ctx context.Context, actor models.Actor, in *I) (O, error)) {
	huma.Register(a.huma, publish[I](a, r), func(ctx context.Context, in *I) (*body[O], error) {
		out, err := run(ctx, in, call)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return &body[O]{Body: out}, nil
	})
}

// handleSilent publishes a route that answers 204: there is nothing to tell.
func handleSilent[I any](a *API, r route, call func(ctx context.Context, actor models.Actor, in *I) error) {
	huma.Register(a.huma, publish[I](a, r), func(ctx context.Context, in *I) (*struct{}, error) {
		_, err := run(ctx, in, func(ctx context.Context, actor models.Actor, in *I) (struct{}, error) {
			return struct{}{}, call(ctx, actor, in)
		})
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return nil, nil
	})
}

// run calls a use case; an id that can be none is not looked for.
func run[I, O any](ctx context.Context, in *I, call func(context.Context, models.Actor, *I) (O, error)) (O, error) {
	if named, ok := any(in).(interface{ pathID() string }); ok && !store.ValidID(named.pathID()) {
		var none O
		return none, fault.New(fault.NotFound, "not_found")
	}
	return call(ctx, callOf(ctx).actor, in)
}

// publish enters a route into the table that the frame looks at, and into the
// document.
func publish[I any](a *API, r route) huma.Operation {
	_, hasBody := reflect.TypeFor[I]().FieldByName("Body")
	_, r.photo = reflect.TypeFor[I]().FieldByName("RawBody")
	r.bodyless = !hasBody && !r.photo
	a.published[place{r.method, base + ginPath(r.path)}] = r
	op := huma.Operation{OperationID: r.id, Method: r.method, Path: base + r.path, Tags: []string{r.tag},
		Summary: r.summary, MaxBodyBytes: maxBody + 1}
	if r.photo {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
		for _, name := range photoTypes {
			op.RequestBody.Content[name] = &huma.MediaType{Schema: binary()}
		}
	}
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
	return op
}

func ptr[T any](v T) *T { return &v }

var ginParams = strings.NewReplacer("{", ":", "}", "")

// ginPath writes "{id}" as gin does, ":id".
func ginPath(path string) string { return ginParams.Replace(path) }
