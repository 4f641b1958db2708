// Package registry holds the use cases of places and people: grids,
// households, sign-in, claims, roles, consents, relay points and imports.
//
// An actor and an input flow in; the use case authorises, reads or changes
// rows through the store's doors, and a description flows out that its reader
// may see. It never speaks HTTP or SQL, never tells a door or phone to who may
// not see it, and does not know who listens to the events it writes.
//
// # Use cases
//
// Start: Prepare (epoch, key check), Epoch, CheckKey, IsDemo, MarkDemo, DemoVersion,
// SettlePersona, Personas, PersonaSession.
// Sign-in: Actor, Session, SignOut, MintSession, MintTokens, RevokeToken.
// WeChat: IssueWechatTicket, ArriveByWechat, BindWechat, UnbindWechat.
// Joining: JoinByDoor, JoinByInvitation, Invite, InvitationLink, Leave.
// Claims: Claims, Approve, Refuse.
// Roles: Roles, TakeRole, RevokeRole.
// Consents: Consents, Consent.
// Places: Grid, Children, Overview, Households, HomesAt, ReplaceDoorCode, DoorSheet, QR.
// Imports: OpenSheet, Import.
// Audit: VerifyAudit.
package registry

import (
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Service serves every use case of places and people; safe for concurrent use.
type Service struct {
	store    *store.Store
	sessions *sessionCache
	knocks   *knocks
}

// New gives a Service over a store, which brings clock, ids and keys.
func New(s *store.Store) *Service {
	return &Service{store: s, sessions: newSessionCache(s.Now), knocks: newKnocks(s.Now)}
}

// SessionDays is how long a token lives. Losing one costs a resident a scan
// and the worker an approval, so it is long; it can be revoked at any moment.
const SessionDays = 400

// PageLimit is the most rows of one page; DefaultLimit is what none asked for.
const (
	PageLimit    = 100
	DefaultLimit = 20
)

func page(limit int) int {
	if limit <= 0 {
		return DefaultLimit
	}
	return min(limit, PageLimit)
}

// Page is a piece of a list; Next is "" at its end.
type Page[T any] struct {
	Items []T
	Next  string
}

// GridRef names a grid as everybody may see it.
type GridRef struct {
	ID    models.ID
	Code  string
	Name  string
	Level models.GridLevel
	// Community is the name of the general grid above, "" at or above it.
	Community string
	Homes     int
}

// refs names grids, with their communities read in the same transaction.
func refs(tx *store.Tx, grids []models.Grid) (map[models.ID]GridRef, error) {
	var paths []string
	for _, g := range grids {
		paths = append(paths, g.AncestorPaths()...)
	}
	var above []models.Grid
	if err := tx.Load(store.GridsByPath(paths, &above)); err != nil {
		return nil, err
	}
	community := map[string]string{}
	for _, g := range above {
		if g.Level == models.LevelGeneral {
			community[g.Path] = g.Name
		}
	}
	named := make(map[models.ID]GridRef, len(grids))
	for _, g := range grids {
		ref := GridRef{ID: g.ID, Code: g.Code, Name: g.Name, Level: g.Level, Homes: g.Homes}
		for _, path := range g.AncestorPaths() {
			if path != g.Path {
				ref.Community += community[path] // at most one ancestor is general
			}
		}
		named[g.ID] = ref
	}
	return named, nil
}

// oneGrid reads a grid that must be there.
func oneGrid(tx *store.Tx, id models.ID) (models.Grid, error) {
	if !store.ValidID(id) {
		return models.Grid{}, fault.New(fault.NotFound, "not_found")
	}
	var grids []models.Grid
	if err := tx.Load(store.GridByID(id, &grids)); err != nil {
		return models.Grid{}, err
	}
	return store.One(grids)
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

func forbidden(reason string) error { return fault.New(fault.Forbidden, reason) }
