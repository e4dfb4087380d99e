package engine

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A candidate is who may be logging in.
type candidate struct {
	account   store.Account // ID 0: nobody has that name
	throttles []throttle
}

// A logon is what a login form has sent.
type logon struct {
	key, name string // which of the three fields, and what it holds
	password  apiclient.Secret
	remember  bool
	back      string
}

func logonOf(s apiclient.Submission) (logon, error) {
	l := logon{password: apiclient.NewSecret(s.First("user_password")), remember: s.First(apiclient.FieldRemember) == "1", back: s.First(apiclient.FieldRedirect)}
	asks := map[string]string{"username": "Please enter your username or email", "user_login": "Please enter your username", "user_email": "Please enter your email"}
	var problems apiclient.Problems
	for _, key := range []string{"username", "user_login", "user_email"} {
		if _, sent := s.Values[key]; sent {
			l.key, l.name = key, strings.TrimSpace(s.First(key))
			break
		}
	}
	l.key = cmp.Or(l.key, "username")
	if l.name == "" {
		problems = append(problems, apiclient.Problem{Field: l.key, Message: asks[l.key]})
	}
	if l.password.IsZero() {
		problems = append(problems, apiclient.Problem{Field: "user_password", Message: "Please enter your password"})
	}
	return l, problems.Err()
}

// wrongPassword is the same for a name that nobody has.
func wrongPassword() error {
	return apiclient.Problems{{Field: "user_password", Message: "Password is incorrect. Please try again."}}
}

// Login opens a session for who has the password.
func (e *Engine) Login(ctx context.Context, v apiclient.Visitor, s apiclient.Submission) (apiclient.Reply, error) {
	l, err := logonOf(s)
	if err != nil {
		return apiclient.Reply{}, err
	}
	c, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (candidate, error) { return e.candidate(ctx, tx, v, l) })
	if err != nil {
		return apiclient.Reply{}, err
	}
	ok, upgrade, err := e.verify(ctx, c.account.PasswordHash, l.password)
	if err != nil {
		return apiclient.Reply{}, err
	}
	if !ok {
		return apiclient.Reply{}, e.failedOnce(ctx, c.throttles, wrongPassword())
	}
	better := ""
	if upgrade {
		if better, err = e.hash(l.password); err != nil {
			return apiclient.Reply{}, err
		}
	}
	var r apiclient.Reply
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, err = e.logIn(ctx, tx, v, l, c, better)
		return err
	})
	return r, err
}

// candidate looks whether the visitor may try, and who has the name.
func (e *Engine) candidate(ctx context.Context, tx *store.Tx, v apiclient.Visitor, l logon) (c candidate, err error) {
	o, err := e.options(ctx, tx)
	if err != nil {
		return c, err
	}
	if err := blocked(o, l.name); err != nil {
		return c, err
	}
	switch l.key {
	case "username":
		c.account, err = accountNamed(ctx, tx, l.name)
	case "user_email":
		c.account, err = tx.AccountByEmail(ctx, l.name)
	default:
		c.account, err = tx.AccountByLogin(ctx, l.name)
	}
	if unlessAbsent(err) != nil {
		return c, err
	}
	if c.throttles, err = e.loginThrottles(ctx, tx, v, c.account.ID, l.name); err != nil {
		return c, err
	}
	return c, wait(ctx, tx, c.throttles)
}

// blocked refuses an e-mail address that the setting blocked_emails has, by itself
// or with its domain.
func blocked(o apiclient.Options, email string) error {
	if code := o.BlockedEmail(email); code != "" {
		return refuse(apiclient.Forbidden, apiclient.PathLogin, code)
	}
	return nil
}

// logIn is Login once the password was right. The account may have changed since.
func (e *Engine) logIn(ctx context.Context, tx *store.Tx, v apiclient.Visitor, l logon, c candidate, better string) (r apiclient.Reply, err error) {
	a, err := tx.Account(ctx, c.account.ID)
	if err != nil || a.PasswordHash != c.account.PasswordHash {
		return r, cmp.Or(unlessAbsent(err), wrongPassword())
	}
	if barred(a.Status) {
		return r, refuse(apiclient.Forbidden, apiclient.PathLogin, string(a.Status))
	}
	ctx = asMember(ctx, a.User)
	was := a
	if better != "" {
		a.PasswordHash = better
	}
	a.LastLogin = tx.Now()
	if err := tx.UpdateUser(ctx, was, a); err != nil {
		return r, err
	}
	session, err := e.admit(ctx, tx, v, a, l.remember)
	if err != nil {
		return r, err
	}
	if err := knows(ctx, tx, v, c.throttles, a.ID); err != nil {
		return r, err
	}
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerLogin, user: a.User}); err != nil {
		return r, err
	}
	r = apiclient.Reply{User: a.ID, Session: &session}
	if r.Redirect, err = e.afterLogin(ctx, tx, a.User, l.back); err != nil {
		return r, err
	}
	return r, e.audit(ctx, tx, "members.login", subjectUser(a.User), nil, parts{"remember": l.remember})
}

// admit opens a session, by a login or by a link, and forgets how many links for
// new passwords were asked for.
func (e *Engine) admit(ctx context.Context, tx *store.Tx, v apiclient.Visitor, a store.Account, remember bool) (apiclient.Session, error) {
	if err := resetRequests(ctx, tx, a.ID); err != nil {
		return apiclient.Session{}, err
	}
	return e.begin(ctx, tx, v, a, remember)
}

// resetRequests sets password_rst_attempts to 0.
func resetRequests(ctx context.Context, tx *store.Tx, id apiclient.UserID) error {
	l, err := tx.PasswordLimits(ctx, id)
	if err != nil || l.Requests == 0 {
		return err
	}
	l.Requests = 0
	return tx.SetPasswordLimits(ctx, id, l)
}

// afterLogin is where a member goes: back where they came from, where that is a path
// of this site, else what the role says. The administration of WordPress, where
// administrators go there, is no page of this site; their profile is.
func (e *Engine) afterLogin(ctx context.Context, tx *store.Tx, u apiclient.User, back string) (string, error) {
	if path, ok := onSite(back); ok {
		return path, nil
	}
	s, err := e.settingsOf(ctx, tx, u)
	switch {
	case err != nil:
		return "", err
	case s.AfterLogin == apiclient.RedirectURL && s.LoginRedirectURL != "":
		return s.LoginRedirectURL, nil
	case s.AfterLogin == apiclient.RefreshPage:
		return apiclient.PathLogin, nil
	}
	return e.home(ctx, tx, u)
}

func (e *Engine) afterLogout(ctx context.Context, tx *store.Tx, u apiclient.User) (string, error) {
	s, err := e.settingsOf(ctx, tx, u)
	if err == nil && s.AfterLogout == apiclient.RedirectURL && s.LogoutRedirectURL != "" {
		return s.LogoutRedirectURL, nil
	}
	return "/", err
}

// onSite returns a path of this site, and false for anything that a browser might
// take elsewhere.
func onSite(text string) (string, bool) {
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\r\n\t") {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.IsAbs() || u.Host != "" {
		return "", false
	}
	return u.String(), true
}
