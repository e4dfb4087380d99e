package engine

import (
	"context"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// askedFor is the reply to everybody who asks for a link.
const askedFor = apiclient.PathReset + "?updated=checkemail"

// ResetForm returns the form that asks for a link to a new password.
func (e *Engine) ResetForm(context.Context, apiclient.Visitor) (apiclient.PageForm, error) {
	return apiclient.PageForm{
		Title: "Password Reset", Submit: "Reset password",
		Fields: []apiclient.PageField{pageField(apiclient.Field{Key: apiclient.FieldResetLogin, Label: "Username or Email", Type: apiclient.FieldText, Required: true, MaxChars: 100})},
	}, nil
}

// pageField is a question below the others.
func pageField(f apiclient.Field) apiclient.PageField {
	return apiclient.PageField{FormField: apiclient.FormField{Field: f, Row: 1, SubRow: 1, Column: 1}}
}

// RequestReset sends a link for a new password. Ultimate Member tells who has asked
// too often, and so that there is such a user; here the answer is the same.
func (e *Engine) RequestReset(ctx context.Context, v apiclient.Visitor, s apiclient.Submission) (apiclient.Reply, error) {
	if err := checkHuman(s); err != nil {
		return apiclient.Reply{}, err
	}
	name := strings.TrimSpace(s.First(apiclient.FieldResetLogin))
	if name == "" {
		return apiclient.Reply{}, apiclient.Problems{{Field: apiclient.FieldResetLogin, Message: "Please provide your username or email"}}
	}
	err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		throttles := []throttle{{resetLimit, "reset/address/" + v.Address}}
		if err := wait(ctx, tx, throttles); err != nil {
			return err
		}
		if err := count(ctx, tx, throttles); err != nil {
			return err
		}
		a, err := accountNamed(ctx, tx, name)
		if err != nil {
			return unlessAbsent(err)
		}
		return e.sendReset(asGuest(ctx), tx, a)
	})
	return apiclient.Reply{Redirect: askedFor}, err
}

// sendReset sends the link, where the settings let the account have one.
func (e *Engine) sendReset(ctx context.Context, tx *store.Tx, a store.Account) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	if o.On("only_approved_user_reset_password") && a.Status != apiclient.StatusApproved && a.Status != apiclient.StatusUndefined {
		return nil
	}
	l, err := tx.PasswordLimits(ctx, a.ID)
	if err != nil {
		return err
	}
	if o.On("enable_reset_password_limit") && l.Requests >= o.Int("reset_password_limit_number") {
		return e.audit(ctx, tx, "members.reset_refused", subjectUser(a.User), nil, parts{"requests": l.Requests})
	}
	l.Requests++
	if err := tx.SetPasswordLimits(ctx, a.ID, l); err != nil {
		return err
	}
	link, err := e.resetLink(ctx, tx, a)
	if err != nil {
		return err
	}
	m := posting{Slug: apiclient.MailReset, User: a.User, Cause: cause(ctx, "members.reset_request"), Data: map[string]string{apiclient.PlaceReset: link}}
	if err := e.post(ctx, tx, m); err != nil {
		return err
	}
	return e.audit(ctx, tx, "members.reset_request", subjectUser(a.User), nil, parts{"requests": l.Requests})
}

// checkHuman refuses who has filled in what people do not see.
func checkHuman(s apiclient.Submission) error {
	if s.First(apiclient.FieldHoneypot) != "" {
		return apiclient.Errorf(apiclient.Forbidden, "Hello, spam bot!")
	}
	return nil
}

// keyThrottle keeps an address from trying keys.
func keyThrottle(v apiclient.Visitor) []throttle {
	return []throttle{{resetLimit, "reset/key/" + v.Address}}
}

// withKey returns the account of a link, or why it is not good for anything. Wrong
// keys are counted.
func (e *Engine) withKey(ctx context.Context, v apiclient.Visitor, login string, key apiclient.Secret) (store.Account, error) {
	a, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.Account, error) {
		if err := wait(ctx, tx, keyThrottle(v)); err != nil {
			return store.Account{}, err
		}
		return keyed(ctx, tx, login, key)
	})
	if apiclient.KindOf(err) == apiclient.Forbidden && err != nil {
		return a, e.failedOnce(ctx, keyThrottle(v), err)
	}
	return a, err
}

// CheckReset returns the form for a new password.
func (e *Engine) CheckReset(ctx context.Context, v apiclient.Visitor, login string, key apiclient.Secret) (apiclient.PageForm, error) {
	a, err := e.withKey(ctx, v, login, key)
	if err != nil {
		return apiclient.PageForm{}, err
	}
	f := e.known["user_password"]
	f.Label, f.Password.Confirm = "New Password", true
	form := apiclient.PageForm{Title: "Change Password", Submit: "Change password", Fields: []apiclient.PageField{pageField(f)}}
	if a.MustSetPassword {
		form.Title, form.Submit = "Set Password", "Save Password"
	}
	form.Fields[0].Confirm = true
	return form, nil
}

// newPassword returns the password that a form has sent twice. The problems are about
// its fields.
func newPassword(s apiclient.Submission, rules apiclient.PasswordRules, a store.Account) (apiclient.Secret, error) {
	const key = "user_password"
	text, again := strings.TrimSpace(s.First(key)), strings.TrimSpace(s.First(apiclient.FieldConfirm+key))
	var problems apiclient.Problems
	if text == "" {
		return apiclient.Secret{}, apiclient.Problems{{Field: key, Message: "You must enter a new password"}}
	}
	if message := rules.Problem(text, a.Login, a.Email); message != "" {
		problems = append(problems, apiclient.Problem{Field: key, Message: message})
	}
	switch again {
	case text:
	case "":
		problems = append(problems, apiclient.Problem{Field: apiclient.FieldConfirm + key, Message: "You must confirm your new password"})
	default:
		problems = append(problems, apiclient.Problem{Field: apiclient.FieldConfirm + key, Message: "Your passwords do not match"})
	}
	return apiclient.NewSecret(text), problems.Err()
}

// ResetPassword sets the password of the account whose link the visitor has.
func (e *Engine) ResetPassword(ctx context.Context, v apiclient.Visitor, login string, key apiclient.Secret, s apiclient.Submission) (r apiclient.Reply, err error) {
	if err := checkHuman(s); err != nil {
		return r, err
	}
	a, err := e.withKey(ctx, v, login, key)
	if err != nil {
		return r, err
	}
	o, err := view(ctx, e, e.options)
	if err != nil {
		return r, err
	}
	secret, err := newPassword(s, o.PasswordRules(), a)
	if err != nil {
		return r, err
	}
	hash, err := e.hash(secret)
	if err != nil {
		return r, err
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := keyed(ctx, tx, login, key) // once more: it works once
		if err != nil {
			return err
		}
		r = apiclient.Reply{User: a.ID, Redirect: apiclient.PathLogin + "?updated=password_changed"}
		return e.reset(asMember(ctx, a.User), tx, v, a, hash)
	})
	return r, err
}

// reset stores the password that a link has set. The link, the sessions and the
// limits of the member end with it, and the address is known from then on.
func (e *Engine) reset(ctx context.Context, tx *store.Tx, v apiclient.Visitor, a store.Account, hash string) error {
	is := a
	is.PasswordHash, is.MustSetPassword, is.SessionsFrom = hash, false, tx.Now()
	if err := tx.UpdateUser(ctx, a, is); err != nil {
		return err
	}
	if err := tx.DeleteResetKey(ctx, a.ID); err != nil {
		return err
	}
	if _, err := tx.EndSessions(ctx, a.ID, 0); err != nil {
		return err
	}
	if err := resetRequests(ctx, tx, a.ID); err != nil {
		return err
	}
	if err := knows(ctx, tx, v, nil, a.ID); err != nil {
		return err
	}
	if err := e.post(ctx, tx, posting{Slug: apiclient.MailChangedPassword, User: is.User, Cause: cause(ctx, "members.reset")}); err != nil {
		return err
	}
	return e.audit(ctx, tx, "members.reset", subjectUser(a.User), parts{"user_password": ""}, parts{"user_password": "changed"})
}
