package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// named returns the user that the path names, by a number or as the caller ("me",
// and the routes without a number).
func (s *Server) named(ctx context.Context, in *restIn) (apiclient.User, error) {
	if in.user != nil {
		return *in.user, nil
	}
	me := callerOf(ctx).actor.ID
	id := me
	for _, name := range []string{"id", "user_id"} {
		if v, ok := in.Path.Get(name); ok && v != "me" {
			text, _ := v.(string) // the route has digits there
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return apiclient.User{}, noUser()
			}
			id = apiclient.UserID(n)
		} else if ok && me == 0 {
			return apiclient.User{}, notLoggedIn()
		}
	}
	if id <= 0 {
		return apiclient.User{}, noUser()
	}
	u, err := s.api.User(ctx, id)
	if err == nil {
		in.user = &u
	}
	return u, err
}

// mayEdit reports whether the caller may change a user: oneself, and everybody with
// edit_users, but nobody with more rights than the caller.
func (s *Server) mayEdit(ctx context.Context, id apiclient.UserID) bool {
	c := callerOf(ctx)
	return id == c.actor.ID || c.can(wire.CapEditUsers) && s.mayTouch(ctx, id) == nil
}

func (s *Server) maySeeUser(ctx context.Context, in *restIn) error {
	u, err := s.named(ctx, in)
	switch {
	case err != nil:
		return err
	case u.ID == callerOf(ctx).actor.ID:
		return nil
	case in.Text("context") == "edit" && !s.mayEdit(ctx, u.ID):
		return denied(ctx, "rest_forbidden_context", "Sorry, you are not allowed to edit this user.")
	case !s.mayEdit(ctx, u.ID) && !callerOf(ctx).can(wire.CapListUsers): // an author's page is public, and nobody is an author here
		return denied(ctx, "rest_user_cannot_view", "Sorry, you are not allowed to list users.")
	}
	return nil
}

func (s *Server) restGet(ctx context.Context, in *restIn) (restOut, error) {
	u, err := s.named(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	return s.userOut(ctx, in, u)
}

func (s *Server) restMe(ctx context.Context, in *restIn) (restOut, error) {
	if callerOf(ctx).actor.ID == 0 {
		return restOut{}, notLoggedIn()
	}
	return s.restGet(ctx, in)
}

// view is what the caller may see of a user.
func (s *Server) view(ctx context.Context, in *restIn) (wire.RestView, error) {
	v := wire.RestView{Home: in.home, Context: in.Text("context"), Fields: wire.ReadRestFields(in.Param("_fields"))}
	var err error
	if v.Context == "edit" && (v.Fields.Includes("capabilities") || v.Fields.Includes("extra_capabilities")) {
		v.Known, err = s.api.Roles(ctx)
	}
	return v, err
}

// item returns a user with the links.
func (s *Server) item(ctx context.Context, v wire.RestView, u apiclient.User) (item, links wire.RestObject) {
	edit := s.mayEdit(ctx, u.ID)
	v.Roles = edit || callerOf(ctx).can(wire.CapListUsers)
	if v.Allow = []string{http.MethodGet}; edit {
		v.Allow = append(v.Allow, http.MethodPost, http.MethodPut, http.MethodPatch)
	}
	if callerOf(ctx).can(wire.CapDeleteUsers) && s.mayTouch(ctx, u.ID) == nil {
		v.Allow = append(v.Allow, http.MethodDelete)
	}
	if v.Fields.Includes("_links") {
		links = v.Links(u)
	}
	return v.User(u), links
}

func (s *Server) userOut(ctx context.Context, in *restIn, u apiclient.User) (restOut, error) {
	v, err := s.view(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	item, links := s.item(ctx, v, u)
	return restOut{data: v.Fields.Cut(item), links: links}, nil
}

func (s *Server) mayCreateUser(ctx context.Context, _ *restIn) error {
	if !callerOf(ctx).can(wire.CapCreateUsers) {
		return denied(ctx, "rest_cannot_create_user", "Sorry, you are not allowed to create new users.")
	}
	return nil
}

// restCreate makes an account. Ultimate Member takes one that core's REST API made
// for approved, and no registration fires.
func (s *Server) restCreate(ctx context.Context, in *restIn) (restOut, error) {
	if wire.RestTruth(in.Param("id")) {
		return restOut{}, wire.RestErrorf(http.StatusBadRequest, "rest_user_exists", "Cannot create existing user.")
	}
	if err := s.rolesAllowed(ctx, in, 0); err != nil {
		return restOut{}, err
	}
	given := userGiven(in)
	n := apiclient.NewUser{
		Login: in.Text("username"), Email: in.Text("email"), Password: apiclient.NewSecret(in.Text("password")), DisplayName: in.Text("name"),
		URL: in.Text("url"), Roles: given.Roles, Status: apiclient.StatusApproved, Fields: given.Fields,
	}
	if given.Nicename != nil {
		n.Nicename = *given.Nicename
	}
	u, err := s.createNamed(ctx, n)
	if err != nil {
		return restOut{}, createError(err)
	}
	in.Set("context", "edit")
	out, err := s.userOut(ctx, in, u)
	out.status = http.StatusCreated
	out.header = http.Header{"Location": {fmt.Sprintf("%s%s/%s/users/%d", in.home, wire.RestRoot, wire.RestNamespace, u.ID)}}
	return out, err
}

// createNamed puts a number behind a nicename that is taken, as WordPress does.
func (s *Server) createNamed(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	base := n.Nicename
	for number := 2; ; number++ {
		u, err := s.api.CreateUser(ctx, n)
		if known, ok := errors.AsType[*apiclient.Error](err); !ok || base == "" || known.Kind != apiclient.Conflict || known.Field != "user_nicename" {
			return u, err
		}
		n.Nicename = apiclient.NumberedNicename(base, number)
	}
}

// createError says in WordPress's words why an account was not made.
func createError(err error) error {
	known, ok := errors.AsType[*apiclient.Error](err)
	if !ok || known.Kind != apiclient.Conflict && known.Kind != apiclient.Invalid {
		return err
	}
	switch taken := known.Kind == apiclient.Conflict; {
	case known.Field == "user_login" && taken:
		return &wire.RestError{Code: "existing_user_login", Message: "Sorry, that username already exists!", Err: err}
	case known.Field == "user_login":
		return &wire.RestError{Code: "user_login_too_long", Message: "Username may not be longer than 60 characters.", Err: err}
	case known.Field == "user_email" && taken:
		return &wire.RestError{Code: "existing_user_email", Message: "Sorry, that email address is already used!", Err: err}
	}
	return storeError(known, err)
}

// storeError is what core says of a value, new or changed, that does not fit.
func storeError(known *apiclient.Error, err error) error {
	switch {
	case known.Field == "user_nicename" && known.Kind == apiclient.Conflict:
		return &wire.RestError{Status: http.StatusBadRequest, Code: "rest_user_invalid_slug", Message: "Invalid slug.", Err: err}
	case known.Field == "user_nicename":
		return &wire.RestError{Code: "user_nicename_too_long", Message: "Nicename may not be longer than 50 characters.", Err: err}
	case known.Kind == apiclient.Conflict && known.Field != "":
		return wire.InvalidRestParam(restName(known.Field), known.Message, err)
	}
	return err
}

// mayUpdateUser is asked for roles first: who may give them needs no more for that.
func (s *Server) mayUpdateUser(ctx context.Context, in *restIn) error {
	u, err := s.named(ctx, in)
	if err != nil {
		return err
	}
	if in.Param("roles") != nil {
		if !callerOf(ctx).can(wire.CapPromoteUsers) {
			return denied(ctx, "rest_cannot_edit_roles", "Sorry, you are not allowed to edit roles of this user.")
		}
		if names := in.Names(); len(names) == 2 && slices.Contains(names, "id") {
			return nil
		}
	}
	if !s.mayEdit(ctx, u.ID) {
		return denied(ctx, "rest_cannot_edit", "Sorry, you are not allowed to edit this user.")
	}
	return nil
}

func (s *Server) restUpdate(ctx context.Context, in *restIn) (restOut, error) {
	u, err := s.named(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	if name := in.Text("username"); wire.RestTruth(in.Param("username")) && name != u.Login {
		if err := s.freeAddress(ctx, in, u); err != nil {
			return restOut{}, err
		}
		return restOut{}, wire.RestErrorf(http.StatusBadRequest, "rest_user_invalid_argument", "Username is not editable.")
	}
	if err := s.rolesAllowed(ctx, in, u.ID); err != nil {
		return restOut{}, err
	}
	given := userGiven(in)
	if given.DisplayName != nil && *given.DisplayName == "" {
		given.DisplayName = &u.Login // WordPress does not fall back to the names here
	}
	changed, err := s.api.UpdateUser(ctx, u.ID, given)
	if err != nil {
		return restOut{}, updateError(err)
	}
	in.user = &changed
	in.Set("context", "edit")
	return s.userOut(ctx, in, changed)
}

// freeAddress fails where the address is somebody else's.
func (s *Server) freeAddress(ctx context.Context, in *restIn, u apiclient.User) error {
	other, found, err := s.account(ctx, in.Text("email"))
	if err == nil && found && other.ID != u.ID {
		return errAddress(nil)
	}
	return err
}

func errAddress(cause error) error {
	return &wire.RestError{Status: http.StatusBadRequest, Code: "rest_user_invalid_email", Message: "Invalid email address.", Err: cause}
}

func updateError(err error) error {
	known, ok := errors.AsType[*apiclient.Error](err)
	switch {
	case !ok || known.Kind != apiclient.Conflict && known.Kind != apiclient.Invalid:
		return err
	case known.Kind == apiclient.Conflict && known.Field == "user_email":
		return errAddress(err)
	}
	return storeError(known, err)
}

// userGiven returns what a request says about a user, the login apart.
func userGiven(in *restIn) apiclient.UserUpdate {
	u := apiclient.UserUpdate{Fields: map[string]apiclient.Value{}}
	for name, to := range map[string]**string{"email": &u.Email, "name": &u.DisplayName, "url": &u.URL} {
		if in.Param(name) != nil {
			text := in.Text(name)
			*to = &text
		}
	}
	if in.Param("slug") != nil {
		slug := nicenameOf(in.Text("slug"))
		u.Nicename = &slug
	}
	if in.Param("password") != nil {
		secret := apiclient.NewSecret(in.Text("password"))
		u.Password = &secret
	}
	for _, name := range []string{"first_name", "last_name", "nickname", "description"} {
		if in.Param(name) != nil {
			u.Fields[name] = apiclient.Text(in.Text(name))
		}
	}
	if in.Param("roles") != nil {
		u.Roles = []apiclient.RoleSlug{}
		for _, slug := range in.Texts("roles") {
			u.Roles = append(u.Roles, apiclient.RoleSlug(slug))
		}
	}
	return u
}

// rolesAllowed refuses roles that do not exist, that the caller may not give, and
// that would take from the caller the right to edit users.
func (s *Server) rolesAllowed(ctx context.Context, in *restIn, id apiclient.UserID) error {
	slugs := in.Texts("roles")
	if len(slugs) == 0 {
		return nil
	}
	known, err := s.api.Roles(ctx)
	if err != nil {
		return err
	}
	const refused = "Sorry, you are not allowed to give users that role."
	for _, slug := range slugs {
		i := slices.IndexFunc(known, func(r apiclient.Role) bool { return string(r.Slug) == slug })
		switch {
		case i < 0:
			return wire.RestErrorf(http.StatusBadRequest, "rest_user_invalid_role", "The role "+slug+" does not exist.")
		case id != 0 && id == callerOf(ctx).actor.ID && !known[i].Can(wire.CapEditUsers):
			return denied(ctx, "rest_user_invalid_role", refused)
		}
		if err := s.mayGive(ctx, []apiclient.RoleSlug{known[i].Slug}); err != nil {
			return denied(ctx, "rest_user_invalid_role", refused)
		}
	}
	return nil
}

func (s *Server) mayDeleteUser(ctx context.Context, in *restIn) error {
	u, err := s.named(ctx, in)
	if err != nil {
		return err
	}
	if !callerOf(ctx).can(wire.CapDeleteUsers) || s.mayTouch(ctx, u.ID) != nil {
		return denied(ctx, "rest_user_cannot_delete", "Sorry, you are not allowed to delete this user.")
	}
	return nil
}

// restDelete removes an account, with Ultimate Member's mails, as every deletion in
// WordPress does. Unlike WordPress it keeps the caller's own account and the last
// administrator.
func (s *Server) restDelete(ctx context.Context, in *restIn) (restOut, error) {
	u, err := s.named(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	if !wire.RestTruth(in.Param("force")) {
		return restOut{}, wire.RestErrorf(http.StatusNotImplemented, "rest_trash_not_supported", "Users do not support trashing. Set 'force=true' to delete.")
	}
	if heir := apiclient.UserID(in.Integer("reassign")); heir != 0 {
		_, err := s.api.User(ctx, max(heir, -heir))
		if err != nil && apiclient.KindOf(err) != apiclient.NotFound {
			return restOut{}, err
		}
		if err != nil || max(heir, -heir) == u.ID {
			return restOut{}, wire.RestErrorf(http.StatusBadRequest, "rest_user_invalid_reassign", "Invalid user ID for reassignment.")
		}
	}
	in.Set("context", "edit")
	v, err := s.view(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	item, _ := s.item(ctx, v, u)
	outcomes, err := s.api.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}})
	if err != nil {
		return restOut{}, err
	}
	for _, o := range outcomes {
		if o.Err != nil && o.Err.Kind == apiclient.Conflict {
			return restOut{}, &wire.RestError{Status: http.StatusForbidden, Code: "rest_user_cannot_delete", Message: o.Err.Message, Err: o.Err}
		}
		if o.Err != nil {
			return restOut{}, o.Err
		}
	}
	in.user = nil
	return restOut{data: v.Fields.Cut(wire.RestObject{{Name: "deleted", Value: true}, {Name: "previous", Value: item}})}, nil
}
