package wordpress

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
)

const administrator apiclient.RoleSlug = "administrator"

func isAdmin(roles []apiclient.RoleSlug) bool { return slices.Contains(roles, administrator) }

// capability returns what the action needs of the site.
func capability(a apiclient.Action) apiclient.Capability {
	switch a {
	case apiclient.ActionRole, apiclient.ActionAddRole, apiclient.ActionRemoveRole:
		return apiclient.CanSetRoles
	case apiclient.ActionDelete:
		return apiclient.CanDeleteUsers
	default:
		return apiclient.CanActOnUsers
	}
}

// PlanUsers predicts by Ultimate Member's rules; the site decides.
func (c *Client) PlanUsers(ctx context.Context, a apiclient.UserAction) (apiclient.Plan, error) {
	b, err := c.prepare(ctx, a)
	if err != nil {
		return apiclient.Plan{}, err
	}
	plan := apiclient.Plan{Action: a, Predicted: true, Steps: make([]apiclient.Step, len(a.Users))}
	err = b.each(ctx, func(ctx context.Context, i int, u apiclient.User) error {
		step, err := b.step(ctx, u)
		plan.Steps[i] = step
		return err
	})
	for i, id := range a.Users {
		if _, ok := b.users[id]; !ok {
			plan.Steps[i] = apiclient.Step{User: id, Refused: "There is no such user."}
		}
	}
	return plan, err
}

// DoUsers acts on each user: it reads the status, asks the rules, writes once and
// reads back.
func (c *Client) DoUsers(ctx context.Context, a apiclient.UserAction) ([]apiclient.Outcome, error) {
	b, err := c.prepare(ctx, a)
	if err != nil {
		return nil, err
	}
	out := make([]apiclient.Outcome, len(a.Users))
	for i, id := range a.Users {
		out[i] = apiclient.Outcome{User: id, Err: apiclient.Errorf(apiclient.NotFound, "There is no user %d on the site.", id)}
	}
	err = b.each(ctx, func(ctx context.Context, i int, u apiclient.User) error {
		out[i] = b.do(ctx, u)
		return nil // one user's failure does not stop the others
	})
	return out, err
}

// A batch is one action on several users.
type batch struct {
	c      *Client
	a      apiclient.UserAction
	users  map[apiclient.UserID]apiclient.User
	spared map[apiclient.UserID]string // who must not be touched, and why
	zap    zap
	hasZap bool
}

func (c *Client) prepare(ctx context.Context, a apiclient.UserAction) (*batch, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := c.need(ctx, capability(a.Action)); err != nil {
		return nil, err
	}
	b := &batch{c: c, a: a, users: map[apiclient.UserID]apiclient.User{}}
	if a.Action.OnRoles() {
		if err := c.checkRoles(ctx, []apiclient.RoleSlug{a.Role}); err != nil && c.noZapier == nil {
			return nil, err
		}
	}
	if c.noZapier == nil {
		z, _, err := c.actionZap(ctx, nil, nil)
		if err != nil && apiclient.KindOf(err) != apiclient.Unsupported {
			return nil, err
		}
		b.zap, b.hasZap = z, err == nil
	}
	if err := b.read(ctx); err != nil {
		return nil, err
	}
	return b, b.spare(ctx)
}

// read reads the accounts, a hundred at a time.
func (b *batch) read(ctx context.Context) error {
	for part := range slices.Chunk(b.a.Users, pageSize) {
		var ids []string
		for _, id := range part {
			if id > 0 {
				ids = append(ids, idText(id))
			}
		}
		if len(ids) == 0 {
			continue
		}
		rows, _, err := b.c.window(ctx, url.Values{"include": {strings.Join(ids, ",")}, "orderby": {"id"}}, 0, pageSize, true)
		if err != nil {
			return err
		}
		for _, u := range rows {
			b.users[u.ID] = u
		}
	}
	return nil
}

// spare finds out who must be left alone: oneself, and the last administrator.
// Ultimate Member's extension would delete both.
func (b *batch) spare(ctx context.Context) error {
	b.spared = map[apiclient.UserID]string{}
	self := apiclient.UserID(b.c.me.ID)
	harmless := keepsAdministrators(b.a)
	if slices.Contains(b.a.Users, self) && !harmless {
		b.spared[self] = "This is the account that umdeck works with; it cannot act on itself."
	}
	if harmless || b.a.Action == apiclient.ActionApprove || b.a.Action == apiclient.ActionReactivate {
		return nil
	}
	var admins []apiclient.UserID
	for _, id := range b.a.Users {
		if isAdmin(b.users[id].Roles) && id != self && !slices.Contains(admins, id) {
			admins = append(admins, id)
		}
	}
	if len(admins) == 0 {
		return nil
	}
	all, err := b.c.count(ctx, administrator)
	if err != nil {
		return err
	}
	if len(admins) >= all {
		last := admins[len(admins)-1]
		b.spared[last] = b.users[last].Login + " is the last administrator; make another one first."
	}
	return nil
}

// keepsAdministrators reports whether the action is one on roles that leaves every
// administrator one.
func keepsAdministrators(a apiclient.UserAction) bool {
	switch a.Action {
	case apiclient.ActionAddRole:
		return true
	case apiclient.ActionRole:
		return a.Role == administrator
	case apiclient.ActionRemoveRole:
		return a.Role != administrator
	default:
		return false
	}
}

// each calls fn for each user that exists, a few at a time; the first call for an
// id named twice has to do.
func (b *batch) each(ctx context.Context, fn func(context.Context, int, apiclient.User) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i, id := range b.a.Users {
		if u, ok := b.users[id]; ok {
			g.Go(func() error { return fn(ctx, i, u) })
		}
	}
	return g.Wait()
}

// step predicts what the action would do to one user.
func (b *batch) step(ctx context.Context, u apiclient.User) (apiclient.Step, error) {
	s := apiclient.Step{User: u.ID, Login: u.Login, From: u.Status, To: u.Status}
	if full, err := b.c.complete(ctx, u); err != nil {
		return s, err
	} else {
		u = full
	}
	s.From, s.To = u.Status, u.Status
	if why := b.spared[u.ID]; why != "" {
		s.Refused = why
		return s, nil
	}
	switch b.a.Action {
	case apiclient.ActionRole, apiclient.ActionAddRole, apiclient.ActionRemoveRole:
		b.stepRole(&s, u)
	case apiclient.ActionDelete:
		b.stepDelete(&s, u)
	default:
		b.stepStatus(&s, u)
	}
	return s, nil
}

func (b *batch) stepRole(s *apiclient.Step, u apiclient.User) {
	has := slices.Contains(u.Roles, b.a.Role)
	switch {
	case b.a.Action == apiclient.ActionAddRole && has:
		s.Refused = "The user has that role already."
	case b.a.Action == apiclient.ActionAddRole:
		s.Roles = append(slices.Clone(u.Roles), b.a.Role)
	case b.a.Action == apiclient.ActionRemoveRole && !has:
		s.Refused = "The user does not have that role."
	case b.a.Action == apiclient.ActionRemoveRole && len(u.Roles) == 1:
		s.Refused = "The user has no other role, and the site does not tell which one new accounts get; give another one first."
	case b.a.Action == apiclient.ActionRemoveRole:
		s.Roles = slices.DeleteFunc(slices.Clone(u.Roles), func(r apiclient.RoleSlug) bool { return r == b.a.Role })
	case has && len(u.Roles) == 1:
		s.Refused = "The user has that role alone already."
	default:
		s.Roles = []apiclient.RoleSlug{b.a.Role}
		if len(u.Roles) > 1 {
			s.Warning = "The user loses the roles " + strings.Join(roleTexts(u.Roles), ", ") + "."
		}
	}
}

func (b *batch) stepDelete(s *apiclient.Step, u apiclient.User) {
	s.Triggers = []apiclient.PlannedTrigger{{Trigger: apiclient.TriggerDelete, Targets: -1}}
	mail := apiclient.PlannedMail{Slug: apiclient.MailDeletion}
	switch {
	case b.a.Mail != nil && !*b.a.Mail:
		mail.Off = "not asked for, but Ultimate Member may send its own deletion mail all the same"
	case !b.hasZap:
		mail.Off = "no action zap runs, and WordPress itself sends none"
	case u.Status != apiclient.StatusApproved && u.Status != apiclient.StatusUndefined && u.Status != apiclient.StatusUnknown:
		mail.Off = "the account is not approved"
	}
	s.Mails = []apiclient.PlannedMail{mail}
	s.Warning = "What the user wrote on the site is deleted too."
}

func (b *batch) stepStatus(s *apiclient.Step, u apiclient.User) {
	if b.a.Mail != nil {
		s.Refused = reasonMailWish
		return
	}
	if u.Status == apiclient.StatusUnknown {
		s.Refused = "The site does not tell the account's status, so Ultimate Member's rules cannot be checked; edit the user and name the status."
		return
	}
	if len(u.Roles) == 0 {
		s.Refused = "The user has no role, and the Zapier extension wants one with every change of a status; give one first."
		return
	}
	e, refused := b.a.Action.Apply(u.Status)
	if refused != "" {
		s.Refused = refused
		return
	}
	s.To, s.Warning = e.To, e.Warning
	if e.Mail != "" {
		mail := apiclient.PlannedMail{Slug: e.Mail}
		if !e.Mail.OnByDefault() {
			mail.Off = "Ultimate Member has it off unless the site turned it on, which the site does not tell"
		}
		s.Mails = []apiclient.PlannedMail{mail}
	}
	if e.Trigger != "" {
		s.Triggers = []apiclient.PlannedTrigger{{Trigger: e.Trigger, Targets: -1}}
	}
}

// do acts on one user.
func (b *batch) do(ctx context.Context, u apiclient.User) apiclient.Outcome {
	s, err := b.step(ctx, u)
	out := apiclient.Outcome{User: u.ID, Login: u.Login, From: s.From, To: s.From}
	switch {
	case err != nil:
	case s.Refused != "":
		err = apiclient.Errorf(apiclient.Conflict, "%s", s.Refused)
	case b.a.Action.OnRoles():
		err = b.c.write(ctx, u.ID, url.Values{"roles[]": roleTexts(s.Roles)})
	case b.a.Action == apiclient.ActionDelete:
		err = b.delete(ctx, u)
	default:
		err = b.setStatus(ctx, u, s)
	}
	if out.Err = asError(err); out.Err == nil {
		out.To = s.To
	}
	return out
}

func (b *batch) setStatus(ctx context.Context, u apiclient.User, s apiclient.Step) error {
	u.Status = s.From
	ch, err := newChange(u, b.zap, s.To, nil)
	if err != nil {
		return err
	}
	if err := b.c.send(ctx, *ch); err != nil {
		return err
	}
	after, err := b.c.account(ctx, u.ID)
	if err == nil {
		after, err = b.c.complete(ctx, after)
	}
	if err != nil {
		return partly(err, "The site says that it is done, but the account cannot be read back")
	}
	if after.Status != s.To {
		return apiclient.Errorf(apiclient.Conflict, "The site says that it is done, but the status of %s is %s.", u.Login, after.Status.Label())
	}
	return nil
}

// delete removes the account through the extension, which can send the mail, or
// through core where no action zap runs.
func (b *batch) delete(ctx context.Context, u apiclient.User) error {
	var err error
	if b.hasZap {
		mail := map[bool]string{true: "Yes", false: "No"}[b.a.Mail == nil || *b.a.Mail]
		_, err = b.c.act(ctx, "um_delete_user", url.Values{"username": {nameOf(u)}, "um_actions_triggers": {idText(b.zap.id)}, "email_on_account_deletion": {mail}}, false)
	} else {
		err = b.c.core(ctx, request{method: "DELETE", path: "/wp/v2/users/" + idText(u.ID), query: url.Values{"force": {"true"}, "reassign": {"false"}}}, nil)
	}
	if err != nil && !link.Lost(err) {
		return err
	}
	return b.checkGone(ctx, u, err)
}

// checkGone looks whether the account is gone; cause is the error of an answer
// that was lost.
func (b *batch) checkGone(ctx context.Context, u apiclient.User, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAfter)
	defer cancel()
	switch _, err := b.c.account(ctx, u.ID); {
	case err != nil && apiclient.KindOf(err) == apiclient.NotFound:
		return nil
	case err != nil:
		return partly(err, "Whether "+u.Login+" was deleted cannot be read")
	case cause != nil:
		return partly(cause, u.Login+" was not deleted: the account is still there")
	}
	return apiclient.Errorf(apiclient.Conflict, "The site says that %s is deleted, but the account is still there.", u.Login)
}

// count counts the users who have the role.
func (c *Client) count(ctx context.Context, role apiclient.RoleSlug) (int, error) {
	var h head
	err := c.core(ctx, request{path: "/wp/v2/users", query: url.Values{"context": {"edit"}, "roles": {string(role)}, "per_page": {"1"}, "_fields": {"id"}}, head: &h}, nil)
	return h.total, err
}
