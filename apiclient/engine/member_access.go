package engine

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A viewer is a visitor with the rights that their role gives.
type viewer struct {
	visit *visit // nil: a guest
	role  apiclient.RoleSettings
}

func (e *Engine) viewer(ctx context.Context, tx *store.Tx, v apiclient.Visitor) (w viewer, err error) {
	if w.visit, err = e.visiting(ctx, tx, v); err != nil || w.visit == nil {
		return w, err
	}
	w.role, err = e.settingsOf(ctx, tx, w.visit.account.User)
	return w, err
}

// is reports whether the viewer is that user.
func (w viewer) is(id apiclient.UserID) bool { return w.visit != nil && w.visit.account.ID == id }

// private reports whether a member wants nobody else to see their profile.
func private(u apiclient.User) bool { return u.Fields["profile_privacy"].String() == "Only me" }

// edits reports whether the viewer may edit the profile of the user, as Ultimate
// Member decides it (um_current_user_can, includes/core/class-roles-capabilities.php).
func (w viewer) edits(u apiclient.User) bool {
	switch {
	case w.visit == nil:
		return false
	case w.is(u.ID):
		return w.role.EditProfile
	case private(u) && !w.role.AccessPrivateProfile:
		return false
	}
	return w.role.EditEveryone && apiclient.May(w.role.EditRoles, u.Roles)
}

// sees reports whether the viewer may see the profile of the user
// (um_can_view_profile, includes/um-short-functions.php). That of an account that is
// not approved is for who may edit it.
func (w viewer) sees(u apiclient.User) bool {
	switch {
	case w.is(u.ID):
		return true
	case barred(u.Status):
		return w.edits(u)
	case w.visit == nil:
		return !private(u)
	case !w.role.ViewAll, private(u) && !w.role.AccessPrivateProfile:
		return false
	}
	return apiclient.May(w.role.ViewRoles, u.Roles)
}

// on is how fields see the viewer of the user's profile.
func (w viewer) on(u apiclient.User) apiclient.Viewer {
	if w.visit == nil {
		return apiclient.Viewer{}
	}
	return apiclient.Viewer{ID: w.visit.account.ID, Roles: w.visit.account.Roles, Edits: w.role.EditEveryone && w.edits(u)}
}
