package wire

import (
	"time"

	"umdeck/apiclient"
)

// A User is an account of the site.
type User struct {
	ID          apiclient.UserID     `json:"id"`
	Login       string               `json:"login"`
	Email       string               `json:"email"`
	Status      apiclient.Status     `json:"status"` // empty: Undefined; "?": not known
	Roles       []apiclient.RoleSlug `json:"roles"`  // the effective one first
	DisplayName string               `json:"display_name"`
	Nicename    string               `json:"nicename,omitempty"`
	URL         string               `json:"url"`
	Registered  time.Time            `json:"registered,omitzero"`
	LastLogin   time.Time            `json:"last_login,omitzero"`
	Fields      map[string]Value     `json:"fields,omitzero"` // absent: not asked for

	PasswordHash string `json:"password_hash,omitempty"` // absent: not asked for, or none is set
}

// UserOf returns the twin of u.
func UserOf(u apiclient.User) User {
	return User{
		ID: u.ID, Login: u.Login, Email: u.Email, Status: u.Status, Roles: some(u.Roles),
		DisplayName: u.DisplayName, Nicename: u.Nicename, URL: u.URL, Registered: u.Registered.UTC(), LastLogin: u.LastLogin.UTC(),
		Fields: valuesOf(u.Fields), PasswordHash: u.PasswordHash.Reveal(),
	}
}

// Domain returns the user.
func (u User) Domain() apiclient.User {
	return apiclient.User{
		ID: u.ID, Login: u.Login, Email: u.Email, Status: u.Status, Roles: none(u.Roles),
		DisplayName: u.DisplayName, Nicename: u.Nicename, URL: u.URL, Registered: u.Registered.UTC(), LastLogin: u.LastLogin.UTC(),
		Fields: domainValues(u.Fields), PasswordHash: apiclient.NewSecret(u.PasswordHash),
	}
}

// A UserRef names a user.
type UserRef struct {
	ID apiclient.UserID `json:"-" path:"id"`
}

// A FindRequest asks for a user by id, login or e-mail address.
type FindRequest struct {
	Ref string `json:"-" query:"ref"`
}

// A CountRequest asks how many users a filter matches.
type CountRequest struct {
	Filter Filter `json:"-" query:"filter"`
}

// A UsersRequest asks for one page of users.
type UsersRequest struct {
	Filter     Filter           `json:"-" query:"filter"`
	Sort       Sort             `json:"-" query:"sort"`
	After      apiclient.Cursor `json:"-" query:"after"`
	Limit      int              `json:"-" query:"limit"`
	WithFields bool             `json:"-" query:"fields"`
	WithHashes bool             `json:"-" query:"hashes"`
}

// UsersRequestOf returns the request for q.
func UsersRequestOf(q apiclient.UserQuery) UsersRequest {
	return UsersRequest{Filter(q.Filter), Sort(q.Sort), q.After, q.Limit, q.WithFields, q.WithHashes}
}

// Domain returns the query.
func (r UsersRequest) Domain() apiclient.UserQuery {
	return apiclient.UserQuery{
		Filter: apiclient.Filter(r.Filter), Sort: apiclient.Sort(r.Sort), After: r.After, Limit: r.Limit, WithFields: r.WithFields, WithHashes: r.WithHashes,
	}
}

// A UserPage is a part of a list of users.
type UserPage struct {
	Users []User           `json:"users"`
	Next  apiclient.Cursor `json:"next,omitempty"` // absent: the last page
	Note  string           `json:"note,omitempty"`
}

// UserPageOf returns the twin of p.
func UserPageOf(p apiclient.UserPage) UserPage {
	return UserPage{each(p.Users, UserOf), p.Next, p.Note}
}

// Domain returns the page.
func (p UserPage) Domain() apiclient.UserPage {
	return apiclient.UserPage{Users: back(p.Users, User.Domain), Next: p.Next, Note: p.Note}
}

// UserCounts is how many users there are.
type UserCounts struct {
	Total    int                      `json:"total"`
	ByStatus map[apiclient.Status]int `json:"by_status,omitzero"` // absent: the site cannot tell
}

// UserCountsOf returns the twin of c.
func UserCountsOf(c apiclient.UserCounts) UserCounts { return UserCounts(c) }

// Domain returns the counts.
func (c UserCounts) Domain() apiclient.UserCounts { return apiclient.UserCounts(c) }

// A NewUser is an account to be registered.
type NewUser struct {
	Login       string               `json:"login,omitempty"`
	Email       string               `json:"email,omitempty"`
	Password    string               `json:"password,omitempty"`
	DisplayName string               `json:"display_name,omitempty"`
	Nicename    string               `json:"nicename,omitempty"`
	URL         string               `json:"url,omitempty"`
	Roles       []apiclient.RoleSlug `json:"roles,omitempty"`
	Status      apiclient.Status     `json:"status,omitempty"`
	Registered  time.Time            `json:"registered,omitzero"`
	LastLogin   time.Time            `json:"last_login,omitzero"`
	Mail        *bool                `json:"mail,omitempty"` // absent: as the site's settings say
	Fields      map[string]Value     `json:"fields,omitempty"`

	PasswordHash string `json:"password_hash,omitempty"`
}

// NewUserOf returns the twin of n, its password in the open: it is for the site.
func NewUserOf(n apiclient.NewUser) NewUser {
	return NewUser{
		Login: n.Login, Email: n.Email, Password: n.Password.Reveal(), DisplayName: n.DisplayName, Nicename: n.Nicename, URL: n.URL,
		Roles: n.Roles, Status: n.Status, Registered: n.Registered.UTC(), LastLogin: n.LastLogin.UTC(), Mail: n.Mail, Fields: valuesOf(n.Fields),
		PasswordHash: n.PasswordHash.Reveal(),
	}
}

// Domain returns the new user.
func (n NewUser) Domain() apiclient.NewUser {
	return apiclient.NewUser{
		Login: n.Login, Email: n.Email, Password: apiclient.NewSecret(n.Password), DisplayName: n.DisplayName, Nicename: n.Nicename, URL: n.URL,
		Roles: none(n.Roles), Status: n.Status, Registered: n.Registered.UTC(), LastLogin: n.LastLogin.UTC(), Mail: n.Mail, Fields: domainValues(n.Fields),
		PasswordHash: apiclient.NewSecret(n.PasswordHash),
	}
}

// A UserUpdate says what to change of a user; what is absent stays as it is.
type UserUpdate struct {
	ID          apiclient.UserID     `json:"-" path:"id"`
	Email       *string              `json:"email,omitempty"`
	Password    *string              `json:"password,omitempty"`
	DisplayName *string              `json:"display_name,omitempty"`
	Nicename    *string              `json:"nicename,omitempty"`
	URL         *string              `json:"url,omitempty"`
	Roles       []apiclient.RoleSlug `json:"roles,omitzero"`    // [] takes all roles away
	UMRole      *apiclient.RoleSlug  `json:"um_role,omitempty"` // "" takes the UM role away
	Status      *apiclient.Status    `json:"status,omitempty"`
	Fields      map[string]Value     `json:"fields,omitempty"`
}

// UserUpdateOf returns the twin of u, its password in the open: it is for the site.
func UserUpdateOf(id apiclient.UserID, u apiclient.UserUpdate) UserUpdate {
	w := UserUpdate{
		ID: id, Email: u.Email, DisplayName: u.DisplayName, Nicename: u.Nicename, URL: u.URL, Roles: u.Roles, UMRole: u.UMRole, Status: u.Status, Fields: valuesOf(u.Fields),
	}
	if u.Password != nil {
		text := u.Password.Reveal()
		w.Password = &text
	}
	return w
}

// Domain returns the update.
func (u UserUpdate) Domain() apiclient.UserUpdate {
	d := apiclient.UserUpdate{
		Email: u.Email, DisplayName: u.DisplayName, Nicename: u.Nicename, URL: u.URL, Roles: u.Roles, UMRole: u.UMRole, Status: u.Status, Fields: domainValues(u.Fields),
	}
	if u.Password != nil {
		secret := apiclient.NewSecret(*u.Password)
		d.Password = &secret
	}
	return d
}
