package exchange

import (
	"context"
	"fmt"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// RelayEdit is what those who run a point change by themselves: the days that are
// not like the week, the room, and who stands in. Version is the one that was seen.
type RelayEdit struct {
	Exceptions []models.HoursException
	Capacity   int
	DeputyID   models.ID // "" for nobody
	Version    int
}

// maxCapacity is the most room that a point may claim, as in an import.
const maxCapacity = 100_000

// EditRelay changes a point.
func (s *Service) EditRelay(ctx context.Context, actor models.Actor, id models.ID, in RelayEdit) (RelayView, error) {
	f := fault.New(fault.Invalid, "invalid_input")
	if i, wrong := models.CheckExceptions(in.Exceptions); wrong != "" {
		f = f.Field(fmt.Sprintf("exceptions[%d]", i), wrong)
	}
	if in.Capacity < 0 || in.Capacity > maxCapacity {
		f = f.Field("capacity", "out_of_range")
	}
	if len(f.Fields) > 0 {
		return RelayView{}, f
	}
	_, home, _, err := s.seeRelay(ctx, actor, id)
	if err != nil {
		return RelayView{}, err
	}
	var roles []models.Role
	var people []models.Person
	more := []store.Read{store.StaffAlong(home.AncestorPaths(), deputies, maxStaff, &roles)}
	if in.DeputyID != "" {
		if !store.ValidID(in.DeputyID) {
			return RelayView{}, fault.InvalidField("deputy_id", "deputy_not_staff")
		}
		more = append(more, store.PersonByID(in.DeputyID, &people))
	}
	return s.changeRelay(ctx, actor, id, "relay.changed", more, func(tx *store.Tx, r *models.RelayPoint) error {
		if r.Version != in.Version {
			return fault.New(fault.Conflict, "stale")
		}
		if deref(r.DeputyID) != in.DeputyID {
			works := slices.ContainsFunc(roles, func(role models.Role) bool { return role.PersonID == in.DeputyID })
			if in.DeputyID != "" && (!works || len(people) != 1 || people[0].State != models.PersonApproved) {
				return fault.InvalidField("deputy_id", "deputy_not_staff")
			}
			if r.DeputyID = nil; in.DeputyID != "" {
				r.DeputyID = &in.DeputyID
			}
		}
		r.Capacity = in.Capacity
		r.Exceptions = models.SortExceptions(in.Exceptions, models.DateOf(tx.Now))
		return nil
	})
}
