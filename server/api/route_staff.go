package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/registry"
)

type roleOfGrid struct {
	One
	Role string `path:"role" maxLength:"64"`
}

type newInvitation struct {
	Body struct {
		Role   string `json:"role" enum:"volunteer,worker,leader,doctor,operator"`
		GridID string `json:"grid_id" maxLength:"64"`
	}
}

// staffRoutes are how roles are given and taken away.
func (a *API) staffRoutes() {
	handle(a, route{method: http.MethodPost, path: "/invitations", id: "invite", tag: "worker", created: true,
		summary: "Invite somebody to a role"}, a.invite)
	handle(a, route{method: http.MethodGet, path: "/invitations/{id}/link", id: "invitationLink", tag: "worker",
		summary: "The link of my invitation"}, a.invitationLink)
	handle(a, route{method: http.MethodGet, path: "/grids/{id}/roles", id: "roles", tag: "operator",
		summary: "Who holds a role that I may take away"}, a.roles)
	handleSilent(a, route{method: http.MethodDelete, path: "/grids/{id}/roles/{role}", id: "takeRole", tag: "operator",
		summary: "Take a role away, at once"}, a.takeRole)
}

func (a *API) invite(ctx context.Context, me models.Actor, in *newInvitation) (Invitation, error) {
	if !store.ValidID(in.Body.GridID) {
		return Invitation{}, fault.InvalidField("grid_id", "grid_unknown")
	}
	v, err := a.o.Registry.Invite(ctx, me, registry.InviteInput{Role: models.RoleKind(in.Body.Role), GridID: in.Body.GridID})
	return Invitation{v.ID, string(v.Role), v.GridID, v.ExpiresAt}, err
}

func (a *API) invitationLink(ctx context.Context, me models.Actor, in *One) (Link, error) {
	link, err := a.o.Registry.InvitationLink(ctx, me, in.ID, a.o.BaseURL)
	return Link{link}, err
}

func (a *API) roles(ctx context.Context, me models.Actor, in *One) (list[RoleHolder], error) {
	holders, err := a.o.Registry.Roles(ctx, me, in.ID)
	return list[RoleHolder]{Items: mapped(holders, func(h registry.RoleHolder) RoleHolder {
		return RoleHolder{h.ID, string(h.Kind), h.Name}
	})}, err
}

func (a *API) takeRole(ctx context.Context, me models.Actor, in *roleOfGrid) error {
	err := a.o.Registry.TakeRole(ctx, me, in.ID, in.Role)
	a.o.Feed.HintRevoked()
	return err
}
