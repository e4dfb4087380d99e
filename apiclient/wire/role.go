package wire

import "umdeck/apiclient"

// A Role is a set of rights and settings.
type Role struct {
	Slug         apiclient.RoleSlug `json:"slug"`
	Name         string             `json:"name"`
	Priority     int                `json:"priority"`
	Registration string             `json:"registration,omitempty"`
	Capabilities []string           `json:"capabilities,omitzero"` // absent: not known
	Users        int                `json:"users"`                 // -1: not known
}

// RoleOf returns the twin of r.
func RoleOf(r apiclient.Role) Role { return Role(r) }

// Domain returns the role.
func (r Role) Domain() apiclient.Role { return apiclient.Role(r) }

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
