package apiclient

import (
	"context"
	"slices"
)

// Roles reads what a user can be and in what state an account can be.
type Roles interface {
	// Roles returns the roles of the site, by priority and then by name.
	Roles(ctx context.Context) ([]Role, error)
	// Statuses returns the account statuses of the site in its own order, with
	// how many users have each where the site can tell.
	Statuses(ctx context.Context) ([]AccountStatus, error)
}

// RoleSlug is the key of a role, such as "subscriber" or "um_member".
type RoleSlug string

// A Role is a set of rights and settings.
type Role struct {
	Slug         RoleSlug
	Name         string
	Priority     int      // of a user's roles the highest one's settings apply; 0 where the site does not say
	Registration string   // status of new accounts: "approved", "checkmail" (e-mail activation) or "pending" (review); empty: not known
	Capabilities []string // WordPress capabilities, sorted; nil: not known
	Users        int      // how many have it; -1: not known
}

// Can reports whether the role has a WordPress capability.
func (r Role) Can(capability string) bool {
	return slices.Contains(r.Capabilities, capability)
}

// RegistrationStatus returns the account status that the role's registration
// setting gives to a new account: checkmail and pending are words of roles, not
// of accounts. Anything else is approved.
func (r Role) RegistrationStatus() Status {
	switch r.Registration {
	case "checkmail":
		return StatusAwaitingEmail
	case "pending":
		return StatusAwaitingReview
	}
	return StatusApproved
}

// An AccountStatus is a status that the site knows.
type AccountStatus struct {
	Slug  Status
	Label string
	Users int // how many have it; -1: not known
}
