//go:build !race

// A table of single calls, thousands of them: nothing here runs beside another.

package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"linli/models/store/storetest"

	"github.com/google/uuid"
)

const matrixFile = "testdata/matrix.tsv"

// principals are the columns of the matrix: who calls, in the words of the
// scene. The examples act on things of the elder (self) and the giver (her
// counterpart); the resident is a neighbour who has no part in them.
var principals = []struct{ column, who string }{
	{"anonymous", anonymous}, {"stranger", stranger}, {"pending", pending}, {"resident", other}, {"self", elder},
	{"counterpart", giver}, {"worker", worker}, {"volunteer", walker}, {"worker_other", beside}, {"leader", leader}, {"operator", operator}, {"bot", bot},
}

// TestMatrix_WhoMayDoWhat calls every published route as everybody and holds
// the statuses against the committed matrix. A route without an example or
// without a row fails.
func TestMatrix_WhoMayDoWhat(t *testing.T) {
	t.Parallel()
	routes := published(t)
	for route := range examples {
		if !slices.Contains(routes, route) {
			t.Errorf("there is no route %s any more", route)
		}
	}
	k := newKit(t)
	read := k.open(t)
	rows := make([]string, len(routes))
	t.Run("routes", func(t *testing.T) {
		for i, route := range routes {
			t.Run(route, func(t *testing.T) {
				t.Parallel()
				e, known := examples[route]
				if !known {
					t.Fatal("this route has no example")
				}
				rows[i] = route + "\t" + strings.Join(statusesOf(t, k, read, route, e), "\t")
			})
		}
	})
	head := "route"
	for _, p := range principals {
		head += "\t" + p.column
	}
	got := head + "\n" + strings.Join(rows, "\n") + "\n"
	if *update {
		must(t, os.WriteFile(matrixFile, []byte(got), 0o644))
	}
	committed, err := os.ReadFile(matrixFile)
	must(t, err)
	want := strings.Split(string(committed), "\n")
	for i, row := range strings.Split(got, "\n") {
		if !slices.Contains(want, row) {
			t.Errorf("not in the matrix: %s", row)
		}
		if i < len(want) && !strings.Contains(got, want[i]) {
			t.Errorf("in the matrix only: %s", want[i])
		}
	}
}

// published lists the routes of the committed document.
func published(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(committedSpec)
	must(t, err)
	var spec struct {
		Paths map[string]map[string]any
	}
	must(t, json.Unmarshal(text, &spec))
	var routes []string
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(spec.Paths[path])) {
			routes = append(routes, strings.ToUpper(method)+" "+strings.TrimPrefix(path, "/api/v1"))
		}
	}
	return routes
}

// statusesOf calls one route as everybody. Those that only read share a scene; a call
// that changed something has used its own up: the next one gets a new copy.
func statusesOf(t *testing.T, k *kit, read *scene, route string, e example) []string {
	t.Helper()
	method, _, _ := strings.Cut(route, " ")
	var s *scene
	if method == "GET" {
		s = read
	}
	var row []string
	for _, p := range principals {
		if s == nil {
			s = k.open(t)
		}
		path, body := s.fill(t, e.path), s.fill(t, e.body)
		got := s.send(t, p.who, method, "/api/v1"+path, body, append(contentOf(e.body), "Idempotency-Key", uuid.NewString())...)
		if got.status >= 500 {
			t.Errorf("as %s: %d %s", p.column, got.status, got.body)
		}
		row = append(row, fmt.Sprint(got.status))
		if method != "GET" && got.status < 300 {
			s = nil
		}
	}
	return row
}

// TestMatrix_RoutesOfTheRouterArePublished finds routes that would escape the
// matrix because the document does not hold them.
func TestMatrix_RoutesOfTheRouterArePublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	routes := published(t)
	plain := []string{"GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json", "GET /docs", "GET /docs.js",
		"GET /robots/{id}/callback", "POST /robots/{id}/callback"}
	for _, route := range w.srv.Routes() {
		name := strings.Replace(route, "/api/v1", "", 1)
		if !slices.Contains(routes, name) && !slices.Contains(plain, name) {
			t.Errorf("%s is neither published nor plain", route)
		}
	}
}
