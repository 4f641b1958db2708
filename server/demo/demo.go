// Package demo is the example place: Chongzhou with its grids, one community
// in full, and four people to sign in as.
//
// It makes import files and feeds them through the same import that a city
// would use, then settles the personas; sessions of theirs flow out. It stands
// apart from registry because it exists for --demo only: without it no route,
// row or person of this room is ever made, and nothing else imports it but the
// program that was told to. People, doors and phones in it are invented.
package demo

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/server/registry"
)

// version names this example; another one is loaded over it at the next start.
const version = "1"

// loading marks a load that has begun and not ended: the next start goes on.
const loading = "loading"

// Load brings the example into an empty database, or goes on where a load was
// broken off; a database that holds a real place is refused. progress may be
// nil. Once loaded it costs one read.
func Load(ctx context.Context, r *registry.Service, progress func(kind string, done, total int)) error {
	have, err := r.DemoVersion(ctx)
	if err != nil || have == version {
		return err
	}
	if err := r.MarkDemo(ctx, loading); err != nil {
		return err
	}
	place := chongzhou()
	if err := load(ctx, r, registry.ImportGrids, place.gridFile(), progress); err != nil {
		return err
	}
	if err := load(ctx, r, registry.ImportHouseholds, place.householdFile(), progress); err != nil {
		return err
	}
	for _, p := range personas(place) {
		if err := r.SettlePersona(ctx, p.PersonaInput); err != nil {
			return err
		}
	}
	if err := load(ctx, r, registry.ImportRelays, place.relayFile(), progress); err != nil {
		return err
	}
	return r.MarkDemo(ctx, version)
}

func load(ctx context.Context, r *registry.Service, kind string, file []byte, progress func(string, int, int)) error {
	sheet, err := registry.OpenSheet(kind+".csv", file)
	if err != nil {
		return err
	}
	_, err = r.Import(ctx, kind, sheet, func(done, total int) {
		if progress != nil {
			progress(kind, done, total)
		}
	})
	return err
}

// Persona is somebody to sign in as. What she is about is the sentence
// "persona." + Key.
type Persona struct {
	Key  string
	Name string
	Role models.RoleKind
	Grid registry.GridRef
}

// Personas lists who there is, in the order of the story.
func Personas(ctx context.Context, r *registry.Service) ([]Persona, error) {
	settled, err := r.Personas(ctx)
	if err != nil {
		return nil, err
	}
	byKey := map[string]registry.PersonaView{}
	for _, p := range settled {
		byKey[p.Key] = p
	}
	list := []Persona{}
	for _, key := range order {
		if p, ok := byKey[key]; ok {
			list = append(list, Persona{Key: key, Name: p.Name, Role: p.Role, Grid: p.Grid})
		}
	}
	return list, nil
}

// Session signs in as a persona: one tap, no phone, no code.
func Session(ctx context.Context, r *registry.Service, key string) (string, error) {
	if demo, err := r.IsDemo(ctx); err != nil || !demo {
		return "", fault.New(fault.NotFound, "not_found")
	}
	return r.PersonaSession(ctx, key)
}
