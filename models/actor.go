package models

import "strings"

// Call names one unsafe call for idempotency: the client's key, the route and
// a hash of the body. An empty Key means that the call may not be repeated.
type Call struct {
	Key   string
	Route string
	Hash  string
}

// Actor is who calls: a person with her roles at this moment. The zero Actor
// is nobody; System acts for the sweep.
type Actor struct {
	PersonID     ID
	HouseholdID  ID // "" for staff
	GridID       ID // home micro-grid
	GridPath     string
	State        PersonState
	Roles        []Role
	Consents     map[ConsentKind]bool // standing ones that hold
	CredentialID ID
	Call         Call
	System       bool
}

// Approved reports whether a worker has let this person in.
func (a Actor) Approved() bool { return a.State == PersonApproved }

// Reaches reports whether the actor holds one of the roles on the grid at
// path or above it.
func (a Actor) Reaches(path string, kinds ...RoleKind) bool {
	if a.System {
		return true
	}
	for _, r := range a.Roles {
		for _, k := range kinds {
			if r.Kind == k && r.GridPath != "" && strings.HasPrefix(path, r.GridPath) {
				return true
			}
		}
	}
	return false
}

// Works reports whether the actor is a worker or leader of the grid at path.
func (a Actor) Works(path string) bool { return a.Reaches(path, RoleWorker, RoleLeader) }

// Walks reports whether the actor may carry things in the grid at path.
func (a Actor) Walks(path string) bool {
	return a.Reaches(path, RoleVolunteer, RoleWorker, RoleLeader)
}

// LivesIn reports whether the actor is an approved resident of that micro-grid.
func (a Actor) LivesIn(grid ID) bool {
	return grid != "" && a.GridID == grid && a.HouseholdID != "" && a.Approved()
}
