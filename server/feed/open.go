package feed

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Open says what a person may follow now. Session, state, roles and numbers
// are read in one snapshot, so that every later change of her rights has an
// event or a revocation after these numbers. Of the actor only PersonID and
// CredentialID are looked at; the answer holds the whole. After a restore it
// refuses until everybody has heard of it.
func (h *Hub) Open(ctx context.Context, actor models.Actor) (models.Following, error) {
	following, err := h.table.Open(ctx, actor)
	if err == nil && !h.sameEpoch(following.Epoch) {
		err = fault.New(fault.Unavailable, "stopping")
	}
	return following, err
}

// open reads the snapshot.
func open(ctx context.Context, s *store.Store, actor models.Actor) (models.Following, error) {
	var following models.Following
	err := s.View(ctx, func(tx *store.Tx) (err error) {
		if following.Epoch, err = epochOf(tx); err != nil {
			return err
		}
		if following.Actor, err = present(tx, actor); err != nil {
			return err
		}
		following.Grids, err = grids(tx, following.Actor)
		return err
	})
	return following, err
}

// present reads the rights that the person of a session holds at this moment.
func present(tx *store.Tx, actor models.Actor) (models.Actor, error) {
	var sessions []models.Credential
	var people []models.Person
	err := tx.Load(store.ByID([]models.ID{actor.CredentialID}, &sessions), store.PersonByID(actor.PersonID, &people),
		store.RolesOf(actor.PersonID, &actor.Roles))
	if err != nil {
		return actor, err
	}
	if len(sessions) != 1 || len(people) != 1 || sessions[0].Kind != models.CredentialSession ||
		sessions[0].PersonID == nil || *sessions[0].PersonID != actor.PersonID || !sessions[0].Live(tx.Now) ||
		people[0].State == models.PersonRefused || people[0].State == models.PersonLeft {
		return actor, fault.New(fault.Unauthenticated, "signed_out")
	}
	var home []models.Grid
	if err := tx.Load(store.GridByID(people[0].GridID, &home)); err != nil {
		return actor, err
	}
	if len(home) != 1 {
		return actor, fault.New(fault.NotFound, "grid_unknown")
	}
	actor.GridID, actor.GridPath, actor.State = home[0].ID, home[0].Path, people[0].State
	actor.HouseholdID = ""
	if people[0].HouseholdID != nil {
		actor.HouseholdID = *people[0].HouseholdID
	}
	return actor, nil
}

// grids lists what the actor follows: her own grid first, then the grids above
// her and her roles for their notices, then the micro-grids below her roles, and
// the nodes between, which have notices of their own.
func grids(tx *store.Tx, actor models.Actor) ([]models.FollowedGrid, error) {
	paths := above(actor.GridPath)
	for _, r := range actor.Roles {
		paths = append(paths, above(r.GridPath)...)
	}
	slices.Sort(paths)
	var nodes []models.Grid
	if err := tx.Load(store.GridsByPath(slices.Compact(paths), &nodes)); err != nil {
		return nil, err
	}
	for _, r := range actor.Roles {
		var below, between []models.Grid
		if err := tx.Load(store.MicroGridsWithin(r.GridPath, models.MaxFollowed, &below),
			store.NodesWithin(r.GridPath, models.MaxFollowed, &between)); err != nil {
			return nil, err
		}
		nodes = append(append(nodes, below...), between...)
	}
	slices.SortStableFunc(nodes, func(a, b models.Grid) int { return rank(actor, a, paths) - rank(actor, b, paths) })
	var ids []models.ID
	reach := map[models.ID]models.FollowedGrid{}
	for _, n := range nodes {
		if _, twice := reach[n.ID]; !twice && len(ids) < models.MaxFollowed {
			reach[n.ID] = reachOf(actor, n)
			ids = append(ids, n.ID)
		}
	}
	return withNumbers(tx, ids, reach)
}

func above(path string) []string { return models.Grid{Path: path}.AncestorPaths() }

// rank puts first what must not fall out when there are more than a stream may follow.
// A leader of many hears rather of her micro-grids than of the notices between.
func rank(actor models.Actor, g models.Grid, above []string) int {
	switch {
	case g.ID == actor.GridID:
		return 0
	case g.Level != models.LevelMicro && slices.Contains(above, g.Path):
		return 1
	case g.Level != models.LevelMicro:
		return 4
	case actor.Works(g.Path):
		return 2
	}
	return 3
}

func reachOf(actor models.Actor, g models.Grid) models.FollowedGrid {
	works := actor.Works(g.Path)
	f := models.FollowedGrid{GridID: g.ID, OfGrid: works || actor.LivesIn(g.ID), Worker: works}
	if g.Level != models.LevelMicro {
		// Whoever is let in below a grid is meant by its notices.
		f.OfGrid, f.NoticesOnly = works || actor.Approved(), !works
	}
	return f
}

// withNumbers adds the counters; a grid without one has no events to follow.
func withNumbers(tx *store.Tx, ids []models.ID, reach map[models.ID]models.FollowedGrid) ([]models.FollowedGrid, error) {
	followed := []models.FollowedGrid{}
	for some := range slices.Chunk(ids, countersAtOnce) {
		var counters []models.GridSeq
		if err := tx.Load(store.Counters(some, &counters)); err != nil {
			return nil, err
		}
		for _, c := range counters {
			f := reach[c.GridID]
			f.Seq, f.FirstSeq = c.Seq, c.FirstSeq
			followed = append(followed, f)
		}
	}
	return followed, nil
}
