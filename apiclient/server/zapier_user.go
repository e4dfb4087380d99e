package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// registerUser answers um_register_user: a new account (201), or an update of
// the one that exists (200).
func (s *Server) registerUser(ctx context.Context, p wire.Params) (reply, error) {
	in, err := wire.ReadRegistration(p, true)
	if err != nil {
		return reply{}, err
	}
	group, err := s.runningGroup(ctx, in.Zap, apiclient.ZapAction)
	if err != nil {
		return reply{}, err
	}
	existing, found, err := s.registered(ctx, in)
	switch {
	case err != nil:
		return reply{}, err
	case found && !in.Update:
		return reply{}, apiclient.Errorf(apiclient.Conflict, wire.MessageExists)
	case found:
		return s.change(ctx, in, existing)
	}
	answer, err := s.create(ctx, in, group)
	if !in.Update || apiclient.KindOf(err) != apiclient.Conflict {
		return answer, err
	}
	// Somebody else has registered the account since it was looked for, or another
	// one has what must be unique.
	existing, found, missed := s.registered(ctx, in)
	if !found || missed != nil {
		return answer, err
	}
	return s.change(ctx, in, existing)
}

// changeUser answers um_update_user.
func (s *Server) changeUser(ctx context.Context, p wire.Params) (reply, error) {
	in, err := wire.ReadRegistration(p, false)
	if err != nil {
		return reply{}, err
	}
	if _, err := s.runningZap(ctx, in.Zap, apiclient.ZapAction); err != nil {
		return reply{}, err
	}
	user, found, err := s.account(ctx, in.Username)
	if err != nil {
		return reply{}, err
	}
	if !found {
		return reply{}, noAccount(nil)
	}
	return s.change(ctx, in, user)
}

// deleteUser answers um_delete_user.
func (s *Server) deleteUser(ctx context.Context, p wire.Params) (reply, error) {
	in, err := wire.ReadDeletion(p)
	if err != nil {
		return reply{}, err
	}
	if _, err := s.runningZap(ctx, in.Zap, apiclient.ZapAction); err != nil {
		return reply{}, err
	}
	if err := callerOf(ctx).need(wire.CapDeleteUsers); err != nil {
		return reply{}, err
	}
	user, found, err := s.account(ctx, in.Username)
	if err != nil {
		return reply{}, err
	}
	if !found {
		return reply{}, noAccount(nil)
	}
	if err := s.mayTouch(ctx, user.ID); err != nil {
		return reply{}, err
	}
	outcomes, err := s.api.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{user.ID}, Mail: in.Mail})
	if err != nil {
		return reply{}, err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return reply{}, accountGone(o.Err)
		}
	}
	return reply{data: wire.MessageDeleted}, nil
}

// account finds who has a login or an e-mail address. Other references that
// FindUser knows, such as a number, are no username: a spreadsheet's "7" must
// never delete user 7.
func (s *Server) account(ctx context.Context, username string) (u apiclient.User, found bool, err error) {
	if username == "" {
		return u, false, nil
	}
	u, err = s.api.FindUser(ctx, username)
	if apiclient.KindOf(err) == apiclient.NotFound {
		return u, false, nil
	}
	if err != nil {
		return u, false, err
	}
	return u, strings.EqualFold(u.Login, username) || strings.EqualFold(u.Email, username), nil
}

// registered finds the account that a registration is about: that of its
// username, or else of its e-mail address.
func (s *Server) registered(ctx context.Context, in wire.Registration) (apiclient.User, bool, error) {
	u, found, err := s.account(ctx, in.Username)
	if found || err != nil {
		return u, found, err
	}
	email, err := wire.OneText("user_email", in.Fields["user_email"])
	if err != nil {
		return u, false, err
	}
	return s.account(ctx, strings.TrimSpace(email))
}

func (s *Server) create(ctx context.Context, in wire.Registration, group apiclient.FieldGroup) (reply, error) {
	given, err := s.given(ctx, in)
	if err != nil {
		return reply{}, err
	}
	n := apiclient.NewUser{Login: in.Username, Roles: given.Roles, Status: *given.Status, Fields: given.Fields}
	switch {
	case given.Email != nil:
		n.Email = *given.Email
	case strings.Contains(in.Username, "@"):
		n.Email = in.Username
	default: // the document does not ask for one; the site makes one up
	}
	if given.Password != nil {
		n.Password = *given.Password
	}
	if given.DisplayName != nil {
		n.DisplayName = *given.DisplayName
	}
	if given.URL != nil {
		n.URL = *given.URL
	}
	// What the answer needs is read first: after the commit nothing may fail.
	site, err := s.api.Site(ctx)
	if err != nil {
		return reply{}, err
	}
	u, err := s.api.CreateUser(ctx, n)
	if apiclient.KindOf(err) == apiclient.Conflict {
		return reply{}, &apiclient.Error{Kind: apiclient.Conflict, Message: wire.MessageExists, Err: err}
	}
	if err != nil {
		return reply{}, err
	}
	payload := apiclient.NewPayload(int64(group.Zap.ID), group.Zap, group.Fields, &u, s.info(site))
	return reply{status: http.StatusCreated, data: wire.Registered{
		Message: wire.MessageCreated, User: wire.UserDataOf(u, payload), Requests: u.ID,
	}}, nil
}

// info is what a payload must know; without a home address files have none either.
func (s *Server) info(site apiclient.Site) apiclient.SiteInfo {
	home := cmp.Or(s.cfg.URL, site.URL)
	if home == "" {
		return apiclient.SiteInfo{}
	}
	return apiclient.SiteInfo{UploadsURL: home + "/wp-content/uploads"}
}

func (s *Server) change(ctx context.Context, in wire.Registration, u apiclient.User) (reply, error) {
	given, err := s.given(ctx, in)
	if err != nil {
		return reply{}, err
	}
	if err := s.mayTouch(ctx, u.ID); err != nil {
		return reply{}, err
	}
	if _, err := s.api.UpdateUser(ctx, u.ID, given); err != nil {
		return reply{}, accountGone(err)
	}
	return reply{data: wire.MessageUpdated}, nil
}

// given returns what a call says about a user. The fields are those of the
// catalogue, whether the zap has them or not; other parameters are ignored, since
// Zapier and people's scripts send some of their own.
func (s *Server) given(ctx context.Context, in wire.Registration) (apiclient.UserUpdate, error) {
	var u apiclient.UserUpdate
	status, err := s.givenStatus(ctx, in.Status)
	if err != nil {
		return u, err
	}
	u.Status = &status
	role, err := s.givenRole(ctx, in.Role)
	if err != nil {
		return u, err
	}
	u.Roles = []apiclient.RoleSlug{role}
	catalogue, err := s.api.Fields(ctx)
	if err != nil {
		return u, err
	}
	if err := column(&u.Email, in, "user_email"); err != nil {
		return u, err
	}
	if err := column(&u.DisplayName, in, "display_name"); err != nil {
		return u, err
	}
	if err := column(&u.URL, in, "user_url"); err != nil {
		return u, err
	}
	if password, ok := in.Fields["user_password"]; ok {
		text, err := wire.OneText("user_password", password)
		if err != nil {
			return u, err
		}
		secret := apiclient.NewSecret(text) // as it is: its spaces count
		u.Password = &secret
	}
	columns := apiclient.AccountKeys()
	u.Fields = map[string]apiclient.Value{}
	for _, f := range catalogue {
		value, ok := in.Fields[f.Key]
		if ok && !f.Secret && !f.ReadOnly && !slices.Contains(columns, f.Key) {
			u.Fields[f.Key] = value
		}
	}
	return u, nil
}

// column takes a parameter that is a column of the account.
func column(to **string, in wire.Registration, name string) error {
	value, ok := in.Fields[name]
	if !ok {
		return nil
	}
	text, err := wire.OneText(name, value)
	if text = strings.TrimSpace(text); text != "" {
		*to = &text
	}
	return err
}

func (s *Server) givenStatus(ctx context.Context, text string) (apiclient.Status, error) {
	if status, err := apiclient.ParseStatus(text); err == nil {
		return status, nil
	}
	known, err := s.api.Statuses(ctx)
	if err != nil {
		return "", err
	}
	var own []apiclient.AccountStatus // what is not Ultimate Member's
	for _, k := range known {
		if !slices.ContainsFunc(apiclient.DefaultStatuses(), func(d apiclient.AccountStatus) bool { return d.Slug == k.Slug }) {
			own = append(own, k)
		}
	}
	return apiclient.ParseStatus(text, own...)
}

// givenRole returns the role that a call names: by its slug, or, as the API
// document's examples do, by Ultimate Member's own key of one of its roles ("member"
// for um_member) or by its name. It refuses a role that the site does not have, and
// one with administrative rights to who may not promote users.
func (s *Server) givenRole(ctx context.Context, text apiclient.RoleSlug) (apiclient.RoleSlug, error) {
	roles, err := s.api.Roles(ctx)
	if err != nil {
		return "", err
	}
	if r, ok := apiclient.RoleNamed(roles, string(text)); ok {
		return r.Slug, s.mayGive(ctx, []apiclient.RoleSlug{r.Slug})
	}
	var slugs []string
	for _, r := range roles {
		slugs = append(slugs, string(r.Slug))
	}
	return "", apiclient.FieldErrorf(wire.ParamRole, "%q is no role of this site; use one of %s.", string(text), strings.Join(slugs, ", "))
}

func noAccount(cause error) error {
	return &apiclient.Error{Kind: apiclient.NotFound, Message: wire.MessageNoUser, Err: cause}
}

// accountGone gives a user who vanished meanwhile the document's sentence.
func accountGone(err error) error {
	if apiclient.KindOf(err) == apiclient.NotFound {
		return noAccount(err)
	}
	return err
}
