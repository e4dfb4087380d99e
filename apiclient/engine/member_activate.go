package engine

import (
	"context"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Activate opens the link of an activation mail, with Ultimate Member's checks in its
// order (activate_account_via_email_link, includes/core/class-permalinks.php).
func (e *Engine) Activate(ctx context.Context, v apiclient.Visitor, hash, user string) (r apiclient.Reply, err error) {
	id, err := strconv.ParseInt(user, 10, 64)
	if len(hash) != hashLength || err != nil || id <= 0 {
		return apiclient.Reply{}, nil
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err = e.activate(ctx, tx, v, hash, apiclient.UserID(id))
		return err
	})
	return r, err
}

func (e *Engine) activate(ctx context.Context, tx *store.Tx, v apiclient.Visitor, hash string, id apiclient.UserID) (r apiclient.Reply, err error) {
	who, err := e.visiting(ctx, tx, v)
	if err != nil {
		return r, err
	}
	a, err := e.activatable(ctx, tx, who, hash, id)
	if err != nil {
		return r, err
	}
	ctx = withLinks(asMember(ctx, a.User))
	was := a
	if err := e.confirm(ctx, tx, &a); err != nil {
		return r, err
	}
	r.User = a.ID
	set, err := e.settingsOf(ctx, tx, a.User)
	if err != nil {
		return r, err
	}
	if set.LoginEmailActivate && who == nil {
		session, err := e.admit(ctx, tx, v, a, false)
		if err != nil {
			return r, err
		}
		r.Session = &session
	}
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerActivation, user: a.User}); err != nil {
		return r, err
	}
	if r.Redirect, err = e.afterActivation(ctx, tx, a, set); err != nil {
		return r, err
	}
	before, after := diff(userParts(was), userParts(a))
	return r, e.audit(ctx, tx, "members.activate", subjectUser(a.User), before, after)
}

// activatable returns the account whose link was opened, or why the link is good for
// nothing.
func (e *Engine) activatable(ctx context.Context, tx *store.Tx, who *visit, hash string, id apiclient.UserID) (store.Account, error) {
	if who != nil && who.account.ID != id {
		home, err := e.home(ctx, tx, who.account.User)
		if err != nil {
			return store.Account{}, err
		}
		return store.Account{}, &apiclient.Refusal{Kind: apiclient.Forbidden, Redirect: home}
	}
	a, err := tx.Account(ctx, id)
	switch {
	case unlessAbsent(err) != nil:
		return a, err
	case a.ActivationHash == "" || !strings.EqualFold(a.ActivationHash, hash):
		return a, refuse(apiclient.Conflict, apiclient.PathLogin, "activation_link_used")
	case !a.ActivationExpiry.IsZero() && tx.Now().After(a.ActivationExpiry):
		return a, refuse(apiclient.Conflict, apiclient.PathLogin, "activation_link_expired")
	}
	return a, nil
}

// confirm approves the account, whatever its status, and takes the hash away: of two
// that open the link, one does.
func (e *Engine) confirm(ctx context.Context, tx *store.Tx, a *store.Account) error {
	was, effect := *a, apiclient.ChangeStatus(a.Status, apiclient.StatusApproved)
	effect.Hash = apiclient.HashCleared
	if err := e.apply(ctx, tx, a, effect); err != nil {
		return err
	}
	if err := tx.UpdateUser(ctx, was, *a); err != nil {
		return err
	}
	if err := e.postStatus(ctx, tx, *a, effect.Mail, "members.activate", nil); err != nil || effect.Trigger == "" {
		return err
	}
	_, err := e.raise(ctx, tx, moment{trigger: effect.Trigger, user: a.User})
	return err
}

// afterActivation is where an opened link leads: to a form for a password where the
// member has none, else where the role says, else to the login page.
func (e *Engine) afterActivation(ctx context.Context, tx *store.Tx, a store.Account, set apiclient.RoleSettings) (string, error) {
	if a.MustSetPassword {
		link, err := e.resetLink(ctx, tx, a)
		return strings.TrimPrefix(link, e.siteURL()), err
	}
	if set.URLEmailActivate != "" {
		return set.URLEmailActivate, nil
	}
	return apiclient.PathLogin + "?updated=account_active", nil
}
