package apiclient

import (
	"context"
	"slices"
	"strings"
)

// Roles reads and changes what a user can be, and reads in what state an account
// can be.
type Roles interface {
	// Roles returns the roles of the site, by priority and then by name.
	Roles(ctx context.Context) ([]Role, error)
	// CreateRole stores a role of Ultimate Member's own (Role.Custom). The site
	// gives it its slug, see [RoleKey]; Slug, Custom, Users and Warnings of r are
	// not looked at. An empty Registration is "approved". It fails with Conflict
	// when there is a role of that name or key, and Invalid when a value is not
	// accepted.
	CreateRole(ctx context.Context, r Role) (Role, error)
	// UpdateRole changes what u names and leaves the rest; all or nothing. Of
	// WordPress's own roles only the priority, the registration status and the
	// settings can be changed, as Ultimate Member has it: the name and the
	// capabilities fail with Conflict. Whoever has the role has another effective
	// role afterwards where the priority makes it so.
	UpdateRole(ctx context.Context, slug RoleSlug, u RoleUpdate) (Role, error)
	// ResetRole gives the priority, the registration status and the settings of one
	// of WordPress's own roles the values that Ultimate Member installs. It fails
	// with Conflict for a custom role.
	ResetRole(ctx context.Context, slug RoleSlug) (Role, error)
	// DeleteRole removes a custom role and takes it from everyone who has it; those
	// left without any role get subscriber, and moved is how many they are. It fails
	// with Conflict for one of WordPress's own roles, and for a role that a setting,
	// a form or another role names; the message says which.
	DeleteRole(ctx context.Context, slug RoleSlug) (moved int, err error)
	// Statuses returns the account statuses of the site in its own order, with
	// how many users have each where the site can tell.
	Statuses(ctx context.Context) ([]AccountStatus, error)
}

// RoleSlug is the key of a role, such as "subscriber" or "um_member".
type RoleSlug string

// The roles that rules name.
const (
	RoleAdministrator RoleSlug = "administrator" // somebody must always have it
	RoleSubscriber    RoleSlug = "subscriber"    // of members whose last role was deleted
)

// customPrefix begins the slugs of Ultimate Member's own roles.
const customPrefix = "um_"

// The words of Role.Registration.
const (
	RegistrationApproved  = "approved"
	RegistrationCheckmail = "checkmail" // e-mail activation
	RegistrationPending   = "pending"   // review by an administrator
)

// A Role is a set of rights and settings.
type Role struct {
	Slug         RoleSlug
	Name         string
	Custom       bool     // made in Ultimate Member, and not one of WordPress's own
	Priority     int      // of a user's roles the highest one's settings apply; 0 where the site does not say
	Registration string   // status of new accounts: "approved", "checkmail" (e-mail activation) or "pending" (review); empty: not known, and neither are the settings
	Capabilities []string // WordPress capabilities, sorted; nil: not known
	Settings     RoleSettings
	Users        int      // how many have it, whether it is their effective one or not; -1: not known
	Warnings     []string // what an administrator may not expect of it, as sentences
}

// Can reports whether the role has a WordPress capability.
func (r Role) Can(capability string) bool {
	return slices.Contains(r.Capabilities, capability)
}

// Privileged reports whether the role lets its members reach for more rights than
// members should: whether it is the administrator or has one of the capabilities
// that Ultimate Member bans from its forms, see [PrivilegedCapabilities].
func (r Role) Privileged() bool {
	return r.Slug == RoleAdministrator || slices.ContainsFunc(PrivilegedCapabilities(), r.Can)
}

// RegistrationStatus returns the account status that the role's registration
// setting gives to a new account: checkmail and pending are words of roles, not
// of accounts. Anything else is approved.
func (r Role) RegistrationStatus() Status {
	switch r.Registration {
	case RegistrationCheckmail:
		return StatusAwaitingEmail
	case RegistrationPending:
		return StatusAwaitingReview
	}
	return StatusApproved
}

// EditableRoles returns the roles that front-end forms may offer, in the order of
// all: subscriber and every custom role, without the privileged ones (Ultimate
// Member 2.13, includes/core/class-roles-capabilities.php).
func EditableRoles(all []Role) []Role {
	var list []Role
	for _, r := range all {
		if (r.Custom || r.Slug == RoleSubscriber) && !r.Privileged() {
			list = append(list, r)
		}
	}
	return list
}

// RegistrationRole returns the role of a new account that names none, as Ultimate
// Member chooses it: that of the registration form, or else the setting register_role,
// or else the setting default_role; each if there is such a role. Where none is,
// subscriber.
func RegistrationRole(all []Role, o Options, form RoleSlug) RoleSlug {
	for _, slug := range []RoleSlug{form, RoleSlug(o.Text("register_role")), RoleSlug(o.Text("default_role"))} {
		if slug != "" && slices.ContainsFunc(all, func(r Role) bool { return r.Slug == slug }) {
			return slug
		}
	}
	return RoleSubscriber
}

// FormRole returns the role of an account that a form registers. submitted is what was
// chosen there, which counts only where front-end forms may offer it ([EditableRoles])
// and this one does (offered).
func FormRole(all []Role, o Options, form, submitted RoleSlug, offered []RoleSlug) RoleSlug {
	editable := slices.ContainsFunc(EditableRoles(all), func(r Role) bool { return r.Slug == submitted })
	if editable && slices.Contains(offered, submitted) {
		return submitted
	}
	return RegistrationRole(all, o, form)
}

// RoleNamed finds a role by its slug, or else by Ultimate Member's own key of it
// ("member" for um_member), or else by its name in any case.
func RoleNamed(all []Role, text string) (Role, bool) {
	for _, is := range []func(Role) bool{
		func(r Role) bool { return string(r.Slug) == text },
		func(r Role) bool { return string(r.Slug) == customPrefix+text },
		func(r Role) bool { return strings.EqualFold(r.Name, text) },
	} {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return all[i], true
		}
	}
	return Role{}, false
}

// A RoleUpdate says what to change of a role; what is nil stays as it is.
type RoleUpdate struct {
	Name         *string
	Priority     *int
	Registration *string
	Capabilities []string         // nil: unchanged; else all of them
	Settings     map[string]Value // by the keys of [RoleSettingCatalogue]; those that are absent stay as they are
}

// Apply returns r as u changes it, or an Error of kind Invalid, or of kind Conflict
// for what cannot be changed of one of WordPress's own roles.
func (u RoleUpdate) Apply(r Role) (Role, error) {
	if !r.Custom && (u.Name != nil && *u.Name != r.Name || u.Capabilities != nil && !slices.Equal(sortedOnce(u.Capabilities), r.Capabilities)) {
		return r, Errorf(Conflict, "The role %s is WordPress's own: its priority, its registration status and its settings can be changed, but not its name and its capabilities; create a role instead.", r.Slug)
	}
	if u.Name != nil {
		r.Name = *u.Name
	}
	if u.Priority != nil {
		r.Priority = *u.Priority
	}
	if u.Registration != nil {
		if *u.Registration == "" {
			return r, FieldErrorf("registration", "The registration status is empty; use approved, checkmail or pending.")
		}
		r.Registration = *u.Registration
	}
	if u.Capabilities != nil {
		r.Capabilities = u.Capabilities
	}
	r.Settings = r.Settings.clone()
	for _, key := range sortedKeys(u.Settings) {
		if err := r.Settings.Set(key, u.Settings[key]); err != nil {
			return r, err
		}
	}
	return r.Normal()
}

// An AccountStatus is a status that the site knows.
type AccountStatus struct {
	Slug  Status
	Label string
	Users int // how many have it; -1: not known
}
