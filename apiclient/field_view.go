package apiclient

import "slices"

// A Viewer is who looks at somebody's profile, or edits it. The zero Viewer is a
// visitor who is not logged in.
type Viewer struct {
	ID    UserID     // 0: not logged in
	Roles []RoleSlug // all of the viewer's roles
	Edits bool       // the viewer's role lets them edit the accounts of others (can_edit_everyone), this one included
}

// VisibleTo reports whether the field's privacy lets v see the answer of the user
// owner, as Ultimate Member 2.13 decides it (um_can_view_field, includes/um-short-functions.php):
// what only some roles see, everybody logged in sees where no role is named, and who
// may edit the account sees what its owner sees.
func (f Field) VisibleTo(v Viewer, owner UserID) bool {
	listed := len(f.Roles) == 0 || slices.ContainsFunc(v.Roles, func(r RoleSlug) bool { return slices.Contains(f.Roles, r) })
	switch f.Privacy {
	case PrivacyMembers:
		return v.ID != 0
	case PrivacyOwner:
		return v.ID != 0 && (v.ID == owner || v.Edits)
	case PrivacyRoles:
		return v.ID != 0 && listed
	case PrivacyOwnerRoles:
		return v.ID != 0 && (v.ID == owner || listed)
	default:
		return true
	}
}

// Shown reports whether a profile shows the field (edit false) or its form asks it
// (edit true).
func (f Field) Shown(edit bool) bool {
	switch f.Visibility {
	case VisibleEdit:
		return edit
	case VisibleView:
		return !edit
	default:
		return true
	}
}

// EditableBy reports whether v may change the answer of the user owner once there is
// an account, as Ultimate Member 2.13 decides it (um_can_edit_field): nobody what is
// read-only or hidden from v, who may edit others all else, and the owner what is not
// locked.
func (f Field) EditableBy(v Viewer, owner UserID) bool {
	if f.ReadOnly || v.ID == 0 || !f.VisibleTo(v, owner) {
		return false
	}
	return v.Edits || v.ID == owner && !f.Locked
}
