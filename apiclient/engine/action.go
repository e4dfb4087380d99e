package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A deed is what an action does to one user.
type deed struct {
	account store.Account
	effect  apiclient.Effect     // of a status action; else From and To are the status
	roles   []apiclient.RoleSlug // afterwards; nil: unchanged
}

// consider looks whether the action may be done to the user and what it would do.
// A refusal is an apiclient.Error of kind NotFound or Conflict.
func (e *Engine) consider(ctx context.Context, tx *store.Tx, a apiclient.UserAction, id apiclient.UserID) (d deed, err error) {
	if d.account, err = tx.Account(ctx, id); err != nil {
		return d, err
	}
	d.effect = apiclient.Effect{From: d.account.Status, To: d.account.Status}
	if !a.Action.OnRoles() && id == apiclient.ActorOf(ctx).ID {
		return d, apiclient.Errorf(apiclient.Conflict, "You cannot do this to your own account; ask another administrator.")
	}
	switch a.Action {
	case apiclient.ActionRole, apiclient.ActionAddRole, apiclient.ActionRemoveRole:
		if d.roles, err = e.rolesOf(ctx, tx, a, d.account.User); err != nil {
			return d, err
		}
		return d, keepAdministrator(ctx, tx, d.account.User, d.roles)
	case apiclient.ActionDelete:
		if slices.Contains(d.account.Roles, apiclient.RoleAdministrator) {
			return d, lastAdministrator(ctx, tx, d.account.User)
		}
		return d, nil
	default:
		effect, refused := a.Action.Apply(d.account.Status)
		if refused != "" {
			return d, apiclient.Errorf(apiclient.Conflict, "%s", refused)
		}
		d.effect = effect
		return d, nil
	}
}

// rolesOf returns the roles of the user after an action on roles.
func (e *Engine) rolesOf(ctx context.Context, tx *store.Tx, a apiclient.UserAction, u apiclient.User) ([]apiclient.RoleSlug, error) {
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return nil, err
	}
	has := slices.Contains(u.Roles, a.Role)
	switch {
	case a.Action == apiclient.ActionRole:
		return roles.order([]apiclient.RoleSlug{a.Role})
	case a.Action == apiclient.ActionAddRole && has:
		return nil, apiclient.Errorf(apiclient.Conflict, "%s has the role %s already.", u.Login, a.Role)
	case a.Action == apiclient.ActionAddRole:
		return roles.order(append(slices.Clone(u.Roles), a.Role))
	case !has:
		return nil, apiclient.Errorf(apiclient.Conflict, "%s does not have the role %s.", u.Login, a.Role)
	case len(u.Roles) > 1:
		return slices.DeleteFunc(slices.Clone(u.Roles), func(r apiclient.RoleSlug) bool { return r == a.Role }), nil
	}
	// Nobody is left without a role: they get the one of new accounts.
	o, err := e.options(ctx, tx)
	if err != nil {
		return nil, err
	}
	first := apiclient.RegistrationRole(roles.all, o, "")
	if first == a.Role {
		return nil, apiclient.Errorf(apiclient.Conflict, "%s has no other role than %s, which is the role of new accounts; give another role instead.", u.Login, a.Role)
	}
	return []apiclient.RoleSlug{first}, nil
}

// checkRoleOf refuses an action on a role that the site does not have: it could not
// be done to anybody.
func (e *Engine) checkRoleOf(ctx context.Context, tx *store.Tx, a apiclient.UserAction) error {
	if !a.Action.OnRoles() {
		return nil
	}
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return err
	}
	return roles.known(a.Role)
}

// PlanUsers says what DoUsers would do now. It is exact, because both ask the same
// rules, as long as nothing changes in between.
func (e *Engine) PlanUsers(ctx context.Context, a apiclient.UserAction) (apiclient.Plan, error) {
	if err := a.Validate(); err != nil {
		return apiclient.Plan{}, err
	}
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Plan, error) {
		if err := e.checkRoleOf(ctx, tx, a); err != nil {
			return apiclient.Plan{}, err
		}
		p := apiclient.Plan{Action: a, Steps: make([]apiclient.Step, len(a.Users))}
		planned := map[apiclient.Trigger][]apiclient.PlannedTrigger{}
		for i, id := range a.Users {
			step, err := e.plan(ctx, tx, a, id, planned)
			if err != nil {
				return apiclient.Plan{}, err
			}
			p.Steps[i] = step
		}
		return p, nil
	})
}

// plan is PlanUsers for one user. planned keeps what was found out for a trigger.
func (e *Engine) plan(ctx context.Context, tx *store.Tx, a apiclient.UserAction, id apiclient.UserID, planned map[apiclient.Trigger][]apiclient.PlannedTrigger) (apiclient.Step, error) {
	d, err := e.consider(ctx, tx, a, id)
	step := apiclient.Step{User: id, Login: d.account.Login, From: d.account.Status, To: d.account.Status}
	if refusal, ok := errors.AsType[*apiclient.Error](err); ok && refused(refusal) {
		step.Refused = refusal.Message
		return step, nil
	}
	if err != nil {
		return step, err
	}
	step.To, step.Roles, step.Warning = d.effect.To, d.roles, d.effect.Warning
	trigger := d.effect.Trigger
	if step.Mails, err = e.planMails(ctx, tx, d.mails(a)); err != nil {
		return step, err
	}
	if a.Action == apiclient.ActionDelete {
		trigger = apiclient.TriggerDelete
	}
	if trigger == "" {
		return step, nil
	}
	if _, ok := planned[trigger]; !ok {
		if planned[trigger], err = e.planTrigger(ctx, tx, trigger); err != nil {
			return step, err
		}
	}
	step.Triggers = planned[trigger]
	return step, nil
}

// refused reports whether an error is about this user and not about the site.
func refused(err *apiclient.Error) bool {
	return err.Kind == apiclient.NotFound || err.Kind == apiclient.Conflict
}

// mails are the e-mails that the action posts.
func (d deed) mails(a apiclient.UserAction) []posting {
	switch {
	case d.effect.Mail != "":
		return []posting{posting{Slug: d.effect.Mail, User: d.account.User}.choice(a.Mail)}
	case a.Action == apiclient.ActionDelete:
		return farewells(d.account, a.Mail)
	}
	return nil
}

func (e *Engine) planTrigger(ctx context.Context, tx *store.Tx, t apiclient.Trigger) ([]apiclient.PlannedTrigger, error) {
	r, err := e.rules(ctx, tx)
	if err != nil {
		return nil, err
	}
	origin := apiclient.ActorOf(ctx).Origin
	zaps, _ := r.firing(t, origin, r.raise(t, origin))
	var list []apiclient.PlannedTrigger
	for _, f := range zaps {
		list = append(list, apiclient.PlannedTrigger{Trigger: t, Zap: f.zap.ID, Name: f.zap.Name, Targets: len(f.targets)})
	}
	if len(list) == 0 {
		list = []apiclient.PlannedTrigger{{Trigger: t}}
	}
	return list, nil
}

// doBatch is how many users of an action share a transaction: others get their
// turn between two of them.
const doBatch = 50

// DoUsers acts on each user, in the order asked. When the disk fails midway, the
// users from there on have that as their outcome.
func (e *Engine) DoUsers(ctx context.Context, a apiclient.UserAction) ([]apiclient.Outcome, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	var done []apiclient.Outcome
	for ids := range slices.Chunk(a.Users, doBatch) {
		var part []apiclient.Outcome
		err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
			part = part[:0]
			if err := e.checkRoleOf(ctx, tx, a); err != nil {
				return err
			}
			for _, id := range ids {
				o, err := e.do(ctx, tx, a, id)
				if err != nil {
					return err
				}
				part = append(part, o)
			}
			return nil
		})
		if err != nil && len(done) == 0 {
			return nil, err
		}
		if err != nil {
			done = append(done, failed(a.Users[len(done):], err)...)
			break
		}
		done = append(done, part...)
	}
	return done, nil
}

func failed(ids []apiclient.UserID, err error) []apiclient.Outcome {
	e, ok := errors.AsType[*apiclient.Error](err)
	if !ok {
		e = &apiclient.Error{Kind: apiclient.Internal, Err: err}
	}
	list := make([]apiclient.Outcome, len(ids))
	for i, id := range ids {
		list[i] = apiclient.Outcome{User: id, Err: e}
	}
	return list
}

// do is DoUsers for one user. An error is the site's; a refusal is in the outcome.
func (e *Engine) do(ctx context.Context, tx *store.Tx, a apiclient.UserAction, id apiclient.UserID) (apiclient.Outcome, error) {
	d, err := e.consider(ctx, tx, a, id)
	done := apiclient.Outcome{User: id, Login: d.account.Login, From: d.account.Status, To: d.account.Status}
	if refusal, ok := errors.AsType[*apiclient.Error](err); ok && refused(refusal) {
		done.Err = refusal
		return done, nil
	}
	if err != nil {
		return done, err
	}
	done.To = d.effect.To
	if a.Action == apiclient.ActionDelete {
		return done, e.remove(ctx, tx, d.account, a.Mail)
	}
	is := d.account
	if d.roles != nil {
		is.Roles = d.roles
	} else if err := e.apply(ctx, tx, &is, d.effect); err != nil {
		return done, err
	}
	if err := tx.UpdateUser(ctx, d.account, is); err != nil {
		return done, err
	}
	if d.effect.Trigger != "" {
		if _, err := e.raise(ctx, tx, moment{trigger: d.effect.Trigger, user: is.User}); err != nil {
			return done, err
		}
	}
	if err := e.postStatus(ctx, tx, is, d.effect.Mail, fmt.Sprintf("users.%s", a.Action), a.Mail); err != nil {
		return done, err
	}
	before, after := diff(userParts(d.account), userParts(is))
	return done, e.audit(ctx, tx, fmt.Sprintf("users.%s", a.Action), subjectUser(is.User), before, after)
}

// remove raises the deletion and posts its mails while the user is there, and removes
// them.
func (e *Engine) remove(ctx context.Context, tx *store.Tx, a store.Account, mail *bool) error {
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerDelete, user: a.User}); err != nil {
		return err
	}
	for _, m := range farewells(a, mail) {
		m.Cause = cause(ctx, "users.delete")
		if err := e.post(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := tx.DeleteUser(ctx, a.ID); err != nil {
		return err
	}
	return e.audit(ctx, tx, "users.delete", subjectUser(a.User), userParts(a), nil)
}
