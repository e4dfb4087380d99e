package server

import (
	"cmp"
	"context"
	"net/http"
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
	act := apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{user.ID}}
	if !in.Mail {
		act.Mail = new(false)
	}
	outcomes, err := s.api.DoUsers(ctx, act)
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
	given, ignored, err := s.given(ctx, in, apiclient.User{})
	if err != nil {
		return reply{}, err
	}
	ctx = apiclient.WithIgnored(ctx, ignored)
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
	return reply{status: http.StatusCreated, ignored: ignored, data: wire.Registered{
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
	given, ignored, err := s.given(ctx, in, u)
	if err != nil {
		return reply{}, err
	}
	if err := s.mayTouch(ctx, u.ID); err != nil {
		return reply{}, err
	}
	if _, err := s.api.UpdateUser(apiclient.WithIgnored(ctx, ignored), u.ID, given); err != nil {
		return reply{}, accountGone(err)
	}
	return reply{data: wire.MessageUpdated, ignored: ignored}, nil
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
