package apiclient

import (
	"context"
	"strings"
	"time"
)

// Users finds, reads and changes the accounts of a site.
type Users interface {
	// Users returns one page of the users that the query asks for. An unknown
	// column, a cursor of another sort order or a filter that the site cannot
	// apply is Invalid or Unsupported; a filter that nobody matches is no error.
	Users(ctx context.Context, q UserQuery) (UserPage, error)
	// CountUsers counts the users that f matches: all of them, and per status
	// where the site can tell (CanFilterStatus).
	CountUsers(ctx context.Context, f Filter) (UserCounts, error)
	// User returns the user with that id and all that the site tells of them.
	User(ctx context.Context, id UserID) (User, error)
	// FindUser returns the user whose id ("#7" or digits that are no login), login
	// or e-mail address ref is; case does not matter. It fails with NotFound.
	FindUser(ctx context.Context, ref string) (User, error)
	// CreateUser registers an account as an administrator does. It fails with
	// Conflict when the login or the e-mail address is taken and Invalid when a
	// value is not accepted; nothing is stored then.
	CreateUser(ctx context.Context, n NewUser) (User, error)
	// CreateUsers registers several accounts, each as CreateUser does, and answers
	// one Outcome for each, in the order asked; the ids rise in that order where the
	// site gives them by itself. A refused account does not stop the others. With
	// b.Check nothing is stored, and an account is compared with those that there are
	// and not with the others of the batch. err is for a batch that could not be tried
	// at all, or whose answer was lost: some of it may be stored then.
	CreateUsers(ctx context.Context, b UserBatch) ([]Outcome, error)
	// UpdateUser changes what u names and leaves the rest; all or nothing.
	UpdateUser(ctx context.Context, id UserID, u UserUpdate) (User, error)
	// PlanUsers says what DoUsers would do now, and changes nothing.
	PlanUsers(ctx context.Context, a UserAction) (Plan, error)
	// DoUsers acts on each user and answers one Outcome for each, in the order
	// asked. A refused user does not stop the others; err is for a request that
	// could not be tried at all.
	DoUsers(ctx context.Context, a UserAction) ([]Outcome, error)
}

// UserID is the number of a user, from 1 on; 0 is no user.
type UserID int64

// A User is an account of the site.
type User struct {
	ID          UserID
	Login       string
	Email       string
	DisplayName string
	Nicename    string // the user's part of addresses, such as "ada-lovelace"; unique, and empty only where the site did not say or the login gives none
	URL         string
	Roles       []RoleSlug // in the order of their priority, the effective one first; may be empty
	Status      Status     // empty: Undefined; StatusUnknown: the site did not say
	Registered  time.Time  // UTC
	LastLogin   time.Time  // UTC; zero: never, or not known

	// PasswordHash is what the member's password is compared with; empty unless it
	// was asked for by UserQuery.WithHashes.
	PasswordHash Secret

	// Fields holds the stored values by field key, first_name and the like
	// included; nil when not asked for. Secrets are never in it.
	Fields map[string]Value
}

// Role returns the role whose settings apply to the user; empty when there is none.
func (u User) Role() RoleSlug {
	if len(u.Roles) == 0 {
		return ""
	}
	return u.Roles[0]
}

// Name returns the display name, or the login where that is empty.
func (u User) Name() string {
	if strings.TrimSpace(u.DisplayName) == "" {
		return u.Login
	}
	return u.DisplayName
}

// TimeFormat is how Ultimate Member stores user_registered and _um_last_login: UTC.
const TimeFormat = "2006-01-02 15:04:05"

// Value returns what is stored under a field key, wherever it is kept: a column
// of the account (user_email, display_name, role, account_status, ...) or Fields.
func (u User) Value(key string) Value {
	switch key {
	case "user_login", "username":
		return Text(u.Login)
	case "user_email":
		return Text(u.Email)
	case "user_url":
		return Text(u.URL)
	case "display_name":
		return Text(u.DisplayName)
	case "user_nicename":
		return Text(u.Nicename)
	case "user_registered":
		return stamp(u.Registered)
	case "_um_last_login":
		return stamp(u.LastLogin)
	case "account_status":
		if u.Status == StatusUnknown {
			return Value{}
		}
		return Text(string(u.Status))
	case "role", "role_select", "role_radio":
		return Text(string(u.Role()))
	case "roles":
		list := make([]string, len(u.Roles))
		for i, r := range u.Roles {
			list[i] = string(r)
		}
		return List(list...)
	}
	return u.Fields[key]
}

func stamp(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Text(t.UTC().Format(TimeFormat))
}

// AccountKeys are the field keys that are columns of the account and not stored
// values: [UserUpdate] and [NewUser] have members of their own for them.
func AccountKeys() []string {
	return []string{"user_login", "username", "user_email", "user_password", "user_url", "display_name", "role", "roles", "account_status", "user_registered", "_um_last_login"}
}

// A NewUser is an account to be registered. Email is required of the origins admin and
// console.
type NewUser struct {
	Login       string // empty: the e-mail address; of the origin form: made of the names, see [Options.LoginFrom]
	Email       string // empty, of the origins form and api: nobody's, such as nobody63f1c0a2b3c4d@example.com
	Password    Secret // empty: none is set, and the account cannot log in until one is
	DisplayName string // empty: what the site's setting display_name makes of the rest, such as "First Last"
	Nicename    string // empty: what the login gives; else Conflict when another user has it
	URL         string
	Roles       []RoleSlug // empty: the site's default role
	Status      Status     // empty: what the effective role gives to new accounts
	Registered  time.Time  // zero: now
	Mail        *bool      // nil: the site's settings say which mails go; false: none goes; true: they go although they are off
	LastLogin   time.Time  // zero: never; needs CanMoveUsers

	// PasswordHash is the hash of the member's password as WordPress has stored it in
	// user_pass, of an account that moves in; not beside Password. Needs CanMoveUsers.
	PasswordHash Secret

	// Fields holds values by field key in any form that [Field.Accept] takes.
	Fields map[string]Value
}

// A UserUpdate says what to change; what is nil stays as it is.
type UserUpdate struct {
	Email       *string
	Password    *Secret
	DisplayName *string
	Nicename    *string // empty: what the login gives; Conflict when another user has it
	URL         *string
	Roles       []RoleSlug // nil: unchanged; else they replace all of the user's roles; among those of equal priority the first one comes first
	UMRole      *RoleSlug  // sets the UM role, the first custom one of the user: that one goes, WordPress's own roles stay; empty: none. Not together with Roles
	Status      *Status    // changed as [ChangeStatus] says

	// Fields holds values by field key in any form that [Field.Accept] takes; an
	// empty value clears the field.
	Fields map[string]Value
}

// IsZero reports whether u changes nothing.
func (u UserUpdate) IsZero() bool {
	return u.Email == nil && u.Password == nil && u.DisplayName == nil && u.Nicename == nil && u.URL == nil && u.Roles == nil && u.UMRole == nil && u.Status == nil && len(u.Fields) == 0
}

// A UserQuery asks for one page of users. The zero query is the first 50 users,
// newest first, as Ultimate Member lists them.
type UserQuery struct {
	Filter     Filter
	Sort       Sort   // zero: registered, descending
	After      Cursor // UserPage.Next of the page before; empty: the first page
	Limit      int    // 1 to MaxLimit; 0: 50
	WithFields bool   // fill User.Fields
	WithHashes bool   // fill User.PasswordHash; needs CanReadHashes
}

// MaxLimit is the largest page of any list.
const MaxLimit = 1000

// A UserPage is a part of a list of users.
type UserPage struct {
	Users []User
	Next  Cursor // where the next page starts; empty: this is the last one
	Note  string // how the filter was applied when not by the site, as a sentence; usually empty
}

// UserCounts is how many users there are.
type UserCounts struct {
	Total    int
	ByStatus map[Status]int // nil when the site cannot tell; statuses without users are absent
}

// UserColumns are the columns that a query can sort by and a filter can name,
// besides any field key.
func UserColumns() []string {
	return []string{"id", "login", "email", "display_name", "role", "status", "registered", "last_login"}
}
