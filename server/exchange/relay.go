package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// RelayView is a relay point as those who run it see it: who they are, how full it
// is, what waits there.
type RelayView struct {
	models.RelayPoint
	Serves string // the name of the node
	// MayChange: host, deputy or worker of its grid. Other workers whose grid it
	// serves only look.
	MayChange bool
	// Parcels take its room: so many lots lie in the box, so many are to be brought.
	// Waiting are hand-overs that are checked or to be collected there.
	Parcels, Coming, Waiting int
	Host, Deputy             *Staff
	Staff                    []Staff             // who may be deputy
	Others                   []models.RelayPoint // open ones to which the box may be carried
}

// Staff names somebody who works in a grid.
type Staff struct {
	ID   models.ID
	Name string
	Role models.RoleKind
}

// deputies are the roles of those who may look after a point.
var deputies = []models.RoleKind{models.RoleWorker, models.RoleLeader, models.RoleDoctor, models.RoleVolunteer}

// maxStaff is how many names a page offers.
const maxStaff = 100

// runsRelay reports whether the actor may change a point whose box is of that grid.
func runsRelay(actor models.Actor, r models.RelayPoint, home models.Grid) bool {
	return hosts(actor, &r) || actor.Works(home.Path)
}

// seeRelay finds a point with its grid and the node that it serves. Who has no part
// in it is told that it is not there.
func (s *Service) seeRelay(ctx context.Context, actor models.Actor, id models.ID) (r models.RelayPoint, home, serves models.Grid, err error) {
	if !store.ValidID(id) {
		return r, home, serves, fault.New(fault.NotFound, "not_found")
	}
	var points []models.RelayPoint
	var grids []models.Grid
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &points)); err != nil || len(points) == 0 {
			return err
		}
		return tx.Load(store.ByID([]models.ID{points[0].GridID, points[0].ServesID}, &grids))
	})
	if err != nil {
		return r, home, serves, err
	}
	if r, err = store.One(points); err != nil {
		return r, home, serves, err
	}
	at := byID(grids, func(g models.Grid) models.ID { return g.ID })
	home, serves = *at[r.GridID], *at[r.ServesID]
	served := slices.ContainsFunc(actor.Roles, func(role models.Role) bool {
		return (role.Kind == models.RoleWorker || role.Kind == models.RoleLeader) && models.Grid{Path: role.GridPath}.Within(serves.Path)
	})
	if !runsRelay(actor, r, home) && !served {
		err = fault.New(fault.NotFound, "not_found")
	}
	return r, home, serves, err
}

// Relay shows a point to those who run it and to the workers whom it serves.
func (s *Service) Relay(ctx context.Context, actor models.Actor, id models.ID) (RelayView, error) {
	r, home, serves, err := s.seeRelay(ctx, actor, id)
	if err != nil {
		return RelayView{}, err
	}
	view := RelayView{RelayPoint: r, Serves: serves.Name, MayChange: runsRelay(actor, r, home), Staff: []Staff{}, Others: []models.RelayPoint{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var loads []store.RelayLoad
		var counts []store.WaitingCount
		var around []models.RelayPoint
		var roles []models.Role
		var people []models.Person
		if err := tx.Load(store.RelayLoads([]models.ID{id}, &loads), store.WaitingAt([]models.ID{id}, &counts),
			store.RelaysServing(r.GridID, &around), store.StaffAlong(home.AncestorPaths(), deputies, maxStaff, &roles)); err != nil {
			return err
		}
		named := append(ids(roles, func(r models.Role) models.ID { return r.PersonID }), deref(r.HostID), deref(r.DeputyID))
		if err := tx.Load(store.ByID(slices.DeleteFunc(distinct(named), func(id models.ID) bool { return id == "" }), &people)); err != nil {
			return err
		}
		for _, l := range loads {
			view.Parcels = l.Parcels
		}
		for _, c := range counts {
			if c.State == models.HandoverAwaiting {
				view.Coming += c.Waiting
			} else {
				view.Waiting += c.Waiting
			}
		}
		for _, other := range around {
			if other.ID != r.ID && other.State == models.RelayOpen {
				view.Others = append(view.Others, other)
			}
		}
		view.name(people, roles)
		return nil
	})
	return view, err
}

// name tells who hosts, who stands in, and who could.
func (v *RelayView) name(people []models.Person, roles []models.Role) {
	at := byID(people, func(p models.Person) models.ID { return p.ID })
	staff := func(id models.ID, role models.RoleKind) *Staff {
		if p := at[id]; p != nil && p.State == models.PersonApproved {
			return &Staff{p.ID, p.Name, role}
		}
		return nil
	}
	for _, r := range roles {
		known := slices.ContainsFunc(v.Staff, func(s Staff) bool { return s.ID == r.PersonID })
		if one := staff(r.PersonID, r.Kind); one != nil && !known {
			v.Staff = append(v.Staff, *one)
		}
	}
	v.Host, v.Deputy = staff(deref(v.HostID), ""), staff(deref(v.DeputyID), "")
}

// changeRelay changes a point under the lock of its grid, tells everybody whom it
// concerns, and shows it. From then on
// no match of this instance goes by what it was.
func (s *Service) changeRelay(ctx context.Context, actor models.Actor, id models.ID, kind string, more []store.Read,
	command func(tx *store.Tx, r *models.RelayPoint) error) (RelayView, error) {
	r, home, _, err := s.seeRelay(ctx, actor, id)
	if err != nil {
		return RelayView{}, err
	}
	if !runsRelay(actor, r, home) {
		return RelayView{}, fault.New(fault.Forbidden, "relay_not_yours")
	}
	var waiting []models.Grid // of those who hear of it because they have something there
	if err := s.store.Read(ctx, store.GridsAtRelay(id, &waiting)); err != nil {
		return RelayView{}, err
	}
	told := distinct(append(ids(waiting, func(g models.Grid) models.ID { return g.ID }), r.ServesID))
	var rows []models.RelayPoint
	reads := append([]store.Read{store.ByID([]models.ID{id}, &rows)}, more...)
	_, err = store.Exchange(ctx, s.store, actor, distinct(append(slices.Clone(told), r.GridID)), reads, func(tx *store.Tx) (struct{}, error) {
		point, err := store.One(rows)
		if err != nil {
			return struct{}{}, err
		}
		if point.GridID != r.GridID { // an import moved it meanwhile
			return struct{}{}, fault.New(fault.Conflict, "stale")
		}
		if err := command(tx, &point); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.ChangeRelay(&point, kind, told...)
	})
	s.forgetScopes()
	if err != nil {
		return RelayView{}, err
	}
	return s.Relay(ctx, actor, id)
}
