package wire

import "umdeck/apiclient"

// A Role is a set of rights and settings.
type Role struct {
	Slug         apiclient.RoleSlug `json:"slug"`
	Name         string             `json:"name"`
	Custom       bool               `json:"custom"`
	Priority     int                `json:"priority"`
	Registration string             `json:"registration,omitempty"` // absent: not known, and neither are the settings
	Capabilities []string           `json:"capabilities,omitzero"`  // absent: not known
	Settings     RoleSettings       `json:"settings,omitzero"`
	Users        int                `json:"users"` // -1: not known
	Warnings     []string           `json:"warnings,omitempty"`
}

// RoleOf returns the twin of r.
func RoleOf(r apiclient.Role) Role {
	return Role{
		r.Slug, r.Name, r.Custom, r.Priority, r.Registration, r.Capabilities, RoleSettings(r.Settings), r.Users, r.Warnings,
	}
}

// Domain returns the role.
func (r Role) Domain() apiclient.Role {
	return apiclient.Role{
		Slug: r.Slug, Name: r.Name, Custom: r.Custom, Priority: r.Priority, Registration: r.Registration,
		Capabilities: r.Capabilities, Settings: apiclient.RoleSettings(r.Settings), Users: r.Users, Warnings: none(r.Warnings),
	}
}

// RoleSettings is what a role lets its members do, and where it sends them. The
// names are Ultimate Member's, show_admin_bar and hide_homepage apart, which are
// the opposites of can_not_see_adminbar and default_homepage.
type RoleSettings struct {
	AccessWPAdmin        bool                 `json:"can_access_wpadmin,omitempty"`
	ShowAdminBar         bool                 `json:"show_admin_bar,omitempty"`
	EditEveryone         bool                 `json:"can_edit_everyone,omitempty"`
	EditRoles            []apiclient.RoleSlug `json:"can_edit_roles,omitzero"`
	DeleteEveryone       bool                 `json:"can_delete_everyone,omitempty"`
	DeleteRoles          []apiclient.RoleSlug `json:"can_delete_roles,omitzero"`
	EditProfile          bool                 `json:"can_edit_profile,omitempty"`
	DeleteProfile        bool                 `json:"can_delete_profile,omitempty"`
	ViewAll              bool                 `json:"can_view_all,omitempty"`
	ViewRoles            []apiclient.RoleSlug `json:"can_view_roles,omitzero"`
	MakePrivateProfile   bool                 `json:"can_make_private_profile,omitempty"`
	AccessPrivateProfile bool                 `json:"can_access_private_profile,omitempty"`
	ProfileNoindex       string               `json:"profile_noindex,omitempty"`
	HideHomepage         bool                 `json:"hide_homepage,omitempty"`
	RedirectHomepage     string               `json:"redirect_homepage,omitempty"`
	AutoApproveAct       apiclient.RoleNext   `json:"auto_approve_act,omitempty"`
	AutoApproveURL       string               `json:"auto_approve_url,omitempty"`
	CheckmailAction      apiclient.RoleNext   `json:"checkmail_action,omitempty"`
	CheckmailMessage     string               `json:"checkmail_message,omitempty"`
	CheckmailURL         string               `json:"checkmail_url,omitempty"`
	LoginEmailActivate   bool                 `json:"login_email_activate,omitempty"`
	URLEmailActivate     string               `json:"url_email_activate,omitempty"`
	PendingAction        apiclient.RoleNext   `json:"pending_action,omitempty"`
	PendingMessage       string               `json:"pending_message,omitempty"`
	PendingURL           string               `json:"pending_url,omitempty"`
	AfterLogin           apiclient.RoleNext   `json:"after_login,omitempty"`
	LoginRedirectURL     string               `json:"login_redirect_url,omitempty"`
	AfterLogout          apiclient.RoleNext   `json:"after_logout,omitempty"`
	LogoutRedirectURL    string               `json:"logout_redirect_url,omitempty"`
	AfterDelete          apiclient.RoleNext   `json:"after_delete,omitempty"`
	DeleteRedirectURL    string               `json:"delete_redirect_url,omitempty"`
}

// A NewRole is a role to be stored.
type NewRole struct {
	Name         string       `json:"name"`
	Priority     int          `json:"priority,omitempty"`
	Registration string       `json:"registration,omitempty"`
	Capabilities []string     `json:"capabilities,omitempty"`
	Settings     RoleSettings `json:"settings,omitzero"`
}

// NewRoleOf returns the request for r.
func NewRoleOf(r apiclient.Role) NewRole {
	return NewRole{r.Name, r.Priority, r.Registration, r.Capabilities, RoleSettings(r.Settings)}
}

// Domain returns the new role.
func (n NewRole) Domain() apiclient.Role {
	return apiclient.Role{
		Name: n.Name, Priority: n.Priority, Registration: n.Registration, Capabilities: n.Capabilities, Settings: apiclient.RoleSettings(n.Settings),
	}
}

// A RoleRef names a role.
type RoleRef struct {
	Slug apiclient.RoleSlug `json:"-" path:"slug"`
}

// A RoleUpdate says what to change of a role; what is absent stays as it is.
type RoleUpdate struct {
	Slug         apiclient.RoleSlug `json:"-" path:"slug"`
	Name         *string            `json:"name,omitempty"`
	Priority     *int               `json:"priority,omitempty"`
	Registration *string            `json:"registration,omitempty"`
	Capabilities []string           `json:"capabilities,omitzero"`
	Settings     map[string]Value   `json:"settings,omitempty"` // by Ultimate Member's names, such as can_edit_profile: "1" or "0"
}

// RoleUpdateOf returns the twin of u.
func RoleUpdateOf(slug apiclient.RoleSlug, u apiclient.RoleUpdate) RoleUpdate {
	return RoleUpdate{slug, u.Name, u.Priority, u.Registration, u.Capabilities, valuesOf(u.Settings)}
}

// Domain returns the update.
func (u RoleUpdate) Domain() apiclient.RoleUpdate {
	return apiclient.RoleUpdate{
		Name: u.Name, Priority: u.Priority, Registration: u.Registration, Capabilities: u.Capabilities, Settings: domainValues(u.Settings),
	}
}

// A RoleDeleted says what the deletion of a role did.
type RoleDeleted struct {
	Moved int `json:"moved"` // how many members were left without a role and have subscriber now
}

// An AccountStatus is a status that the site knows.
type AccountStatus struct {
	Slug  apiclient.Status `json:"slug"`
	Label string           `json:"label"`
	Users int              `json:"users"` // -1: not known
}

// AccountStatusOf returns the twin of s.
func AccountStatusOf(s apiclient.AccountStatus) AccountStatus { return AccountStatus(s) }

// Domain returns the status.
func (s AccountStatus) Domain() apiclient.AccountStatus { return apiclient.AccountStatus(s) }
