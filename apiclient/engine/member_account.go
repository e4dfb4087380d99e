package engine

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// The tabs of the account page that have something on them. Ultimate Member itself
// has nothing for its tab notifications, and hides it.
const (
	tabGeneral  = "general"
	tabPassword = "password"
	tabPrivacy  = "privacy"
	tabDelete   = "delete"
)

// ownPassword is what the fields for the current password answer.
const ownPassword = "This is not your password"

// A tab is a part of the account page for one member.
type tab struct {
	apiclient.AccountTab
	submit, intro string
	fields        []apiclient.Field
	disabled      []string // keys of fields that are shown alone
	current       string   // the field that must hold the current password; empty: none
}

// tabs returns the tabs that the member has, in Ultimate Member's order
// (includes/core/class-account.php, get_tabs).
func (e *Engine) tabs(o apiclient.Options, s apiclient.RoleSettings) []tab {
	list := []tab{e.generalTab(o)}
	if o.On("account_tab_password") {
		list = append(list, e.passwordTab())
	}
	if t := e.privacyTab(o, s); o.On("account_tab_privacy") && len(t.fields) > 0 {
		list = append(list, t)
	}
	if o.On("account_tab_delete") && (s.DeleteProfile || s.DeleteEveryone) {
		list = append(list, tab{
			AccountTab: apiclient.AccountTab{Slug: tabDelete, Title: "Delete Account"}, submit: "Delete Account", intro: o.Text("delete_account_text"),
			fields: []apiclient.Field{e.known[apiclient.FieldOwnPass]}, current: apiclient.FieldOwnPass,
		})
	}
	return list
}

func (e *Engine) generalTab(o apiclient.Options) tab {
	t := tab{AccountTab: apiclient.AccountTab{Slug: tabGeneral, Title: "Account"}, submit: "Update Account", disabled: []string{"user_login"}}
	keys := []string{"user_login"}
	if o.On("account_name") {
		keys = append(keys, "first_name", "last_name")
		if o.On("account_name_disable") {
			t.disabled = append(t.disabled, "first_name", "last_name")
		}
	}
	if o.On("account_email") {
		keys = append(keys, "user_email")
	}
	if o.On("account_general_password") {
		keys, t.current = append(keys, apiclient.FieldOwnPass), apiclient.FieldOwnPass
	}
	for _, key := range keys {
		f := e.known[key]
		f.Required = key == "user_email" || key == apiclient.FieldOwnPass || o.On("account_name_require") && strings.HasSuffix(key, "_name")
		t.fields = append(t.fields, f)
	}
	return t
}

func (e *Engine) passwordTab() tab {
	current, next := e.known[apiclient.FieldOwnPass], e.known["user_password"]
	current.Key, current.Label = apiclient.FieldOldPass, "Current Password"
	next.Label, next.Password.Confirm = "New Password", true
	return tab{
		AccountTab: apiclient.AccountTab{Slug: tabPassword, Title: "Change Password"}, submit: "Update Password",
		fields: []apiclient.Field{current, next}, current: apiclient.FieldOldPass,
	}
}

func (e *Engine) privacyTab(o apiclient.Options, s apiclient.RoleSettings) tab {
	t := tab{AccountTab: apiclient.AccountTab{Slug: tabPrivacy, Title: "Privacy"}, submit: "Update Privacy"}
	if s.MakePrivateProfile {
		t.fields = append(t.fields, e.known["profile_privacy"], e.known["profile_noindex"])
	}
	if o.On("members_page") && o.On("account_hide_in_directory") {
		f := e.known["hide_in_members"]
		f.Default = o.Text("account_hide_in_directory_default")
		t.fields = append(t.fields, f)
	}
	t.fields = append(t.fields, e.known["um_show_last_login"])
	return t
}

// An accountVisit is a member on a tab of the account page.
type accountVisit struct {
	visit
	tabs []tab
	at   tab
	o    apiclient.Options
	role apiclient.RoleSettings
}

func accountPath(slug string) string {
	if slug == "" || slug == tabGeneral {
		return apiclient.PathAccount
	}
	return apiclient.PathAccount + "/" + slug
}

// onAccount finds out who is on which tab.
func (e *Engine) onAccount(ctx context.Context, tx *store.Tx, v apiclient.Visitor, slug string) (a accountVisit, err error) {
	if a.visit, err = e.member(ctx, tx, v, accountPath(slug)); err != nil {
		return a, err
	}
	if a.o, err = e.options(ctx, tx); err != nil {
		return a, err
	}
	if a.role, err = e.settingsOf(ctx, tx, a.account.User); err != nil {
		return a, err
	}
	a.tabs = e.tabs(a.o, a.role)
	i := slices.IndexFunc(a.tabs, func(t tab) bool { return t.Slug == slug })
	if slug == "" {
		i = 0
	}
	if i < 0 {
		return a, apiclient.Errorf(apiclient.NotFound, "Your account page has no tab %q.", slug)
	}
	a.at = a.tabs[i]
	return a, nil
}

// Account returns a tab of the visitor's account page.
func (e *Engine) Account(ctx context.Context, v apiclient.Visitor, slug string) (apiclient.AccountPage, error) {
	a, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (accountVisit, error) { return e.onAccount(ctx, tx, v, slug) })
	if err != nil {
		return apiclient.AccountPage{}, err
	}
	p := apiclient.AccountPage{Current: a.at.AccountTab, Intro: a.at.intro, Form: apiclient.PageForm{Title: a.at.Title, Submit: a.at.submit}}
	for _, t := range a.tabs {
		p.Tabs = append(p.Tabs, t.AccountTab)
	}
	for _, f := range a.at.fields {
		q := pageField(f)
		q.Disabled = slices.Contains(a.at.disabled, f.Key)
		q.Confirm = f.Password.Confirm
		if !f.Secret {
			q.Values = filledIn(f, a.account.Value(f.Key))
		}
		p.Form.Fields = append(p.Form.Fields, q)
	}
	return p, nil
}

// filledIn are the values of a field's inputs: what is stored, or the default.
func filledIn(f apiclient.Field, v apiclient.Value) []string {
	switch {
	case v.Empty() && f.Default != "":
		return []string{f.Default}
	case v.List != nil:
		return v.List
	case v.Text != "":
		return []string{v.Text}
	}
	return nil
}

// SaveAccount saves a tab of the visitor's account page.
func (e *Engine) SaveAccount(ctx context.Context, v apiclient.Visitor, slug string, s apiclient.Submission) (apiclient.Reply, error) {
	if err := checkHuman(s); err != nil {
		return apiclient.Reply{}, err
	}
	a, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (accountVisit, error) { return e.onAccount(ctx, tx, v, slug) })
	if err != nil {
		return apiclient.Reply{}, err
	}
	if err := e.current(ctx, a, s); err != nil {
		return apiclient.Reply{}, err
	}
	save := map[string]func(context.Context, apiclient.Visitor, accountVisit, apiclient.Submission) (apiclient.Reply, error){
		tabGeneral: e.saveGeneral, tabPassword: e.savePassword, tabPrivacy: e.savePrivacy, tabDelete: e.saveDelete,
	}[a.at.Slug]
	return save(asMember(ctx, a.account.User), v, a, s)
}

// current asks for the password that the member has, where the tab does. Wrong ones
// are counted: a session that somebody has left open must not be a way to guess it.
func (e *Engine) current(ctx context.Context, a accountVisit, s apiclient.Submission) error {
	key := a.at.current
	if key == "" {
		return nil
	}
	text := s.First(key)
	if key == apiclient.FieldOwnPass {
		text = strings.TrimSpace(text)
	}
	if text == "" {
		message := "You must enter your password"
		if key == apiclient.FieldOldPass {
			message = ownPassword
		}
		return apiclient.Problems{{Field: key, Message: message}}
	}
	throttles := []throttle{ownThrottle(a.account.ID)}
	if _, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (none struct{}, err error) {
		return none, wait(ctx, tx, throttles)
	}); err != nil {
		return err
	}
	ok, _, err := e.verify(ctx, a.account.PasswordHash, apiclient.NewSecret(text))
	if err != nil || ok {
		return err
	}
	return e.failedOnce(ctx, throttles, apiclient.Problems{{Field: key, Message: ownPassword}})
}

// saveTab runs fn in a transaction with the member as they are then, and tells of the
// change. fn changes is, and may end sessions.
func (e *Engine) saveTab(ctx context.Context, v apiclient.Visitor, a accountVisit, fn func(ctx context.Context, tx *store.Tx, now accountVisit, is *store.Account, r *apiclient.Reply) error) (r apiclient.Reply, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := e.onAccount(ctx, tx, v, a.at.Slug)
		if err != nil {
			return err
		}
		if now.account.PasswordHash != a.account.PasswordHash && a.at.current != "" {
			return apiclient.Problems{{Field: a.at.current, Message: ownPassword}} // changed since it was looked at
		}
		was, is := now.account, now.account
		r = apiclient.Reply{User: is.ID, Redirect: accountPath(a.at.Slug) + "?updated=account"}
		if err := fn(ctx, tx, now, &is, &r); err != nil {
			return err
		}
		return e.tellAccount(ctx, tx, a.at.Slug, was, is)
	})
	return r, err
}

// tellAccount raises um_user_updated_account, whatever has changed, and records it.
func (e *Engine) tellAccount(ctx context.Context, tx *store.Tx, slug string, was, is store.Account) error {
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerAccount, user: is.User}); err != nil {
		return err
	}
	if err := e.postAccount(ctx, tx, slug, is); err != nil {
		return err
	}
	before, after := diff(userParts(was), userParts(is))
	if slug == tabPassword {
		before["user_password"], after["user_password"] = "", "changed"
	}
	after["tab"] = slug
	return e.audit(ctx, tx, "members.account", subjectUser(is.User), before, after)
}

// postAccount mails the member that something has changed: of a password by its own
// mail, where that is on.
func (e *Engine) postAccount(ctx context.Context, tx *store.Tx, slug string, is store.Account) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	slugs := []apiclient.MailSlug{apiclient.MailChangedAccount}
	if slug == tabPassword {
		slugs = []apiclient.MailSlug{apiclient.MailChangedPassword}
		if !o.MailTemplate(apiclient.MailChangedPassword).On {
			slugs = append(slugs, apiclient.MailChangedAccount)
		}
	}
	for _, m := range slugs {
		if err := e.post(ctx, tx, posting{Slug: m, User: is.User, Cause: cause(ctx, "members.account")}); err != nil {
			return err
		}
	}
	return nil
}

// saveGeneral saves names and address. A new address ends the other sessions, since
// it is what a member logs in with.
func (e *Engine) saveGeneral(ctx context.Context, v apiclient.Visitor, a accountVisit, s apiclient.Submission) (apiclient.Reply, error) {
	return e.saveTab(ctx, v, a, func(ctx context.Context, tx *store.Tx, now accountVisit, is *store.Account, _ *apiclient.Reply) error {
		was := *is
		values, problems := now.general(s)
		if email, ok := values["user_email"]; ok {
			is.Email = email
			other, err := tx.AccountByEmail(ctx, email)
			if unlessAbsent(err) != nil {
				return err
			}
			if err == nil && other.ID != is.ID {
				problems = append(problems, apiclient.Problem{Field: "user_email", Message: "Please provide a valid email"})
			}
			delete(values, "user_email")
		}
		if len(problems) > 0 {
			return problems
		}
		is.Fields = withTexts(was.Fields, values)
		is.DisplayName = now.o.DisplayName(was.User, is.User)
		if err := tx.UpdateUser(ctx, was, *is); err != nil {
			return err
		}
		if !strings.EqualFold(was.Email, is.Email) {
			if _, err := tx.EndSessions(ctx, is.ID, now.session.ID); err != nil {
				return err
			}
		}
		return e.keepSlug(ctx, tx, *is)
	})
}

// general reads the tab general: the fields that are on it and may be changed, with
// the messages of Ultimate Member's account page.
func (a accountVisit) general(s apiclient.Submission) (map[string]string, apiclient.Problems) {
	missing := map[string]string{"first_name": "You must provide your first name", "last_name": "You must provide your last name", "user_email": "You must provide your email"}
	values := map[string]string{}
	var problems apiclient.Problems
	for _, f := range a.at.fields {
		if _, sent := s.Values[f.Key]; !sent || f.Secret || slices.Contains(a.at.disabled, f.Key) {
			continue
		}
		value, err := f.Accept(apiclient.Text(s.First(f.Key)))
		switch {
		case err != nil && f.Key == "user_email":
			problems = append(problems, apiclient.Problem{Field: f.Key, Message: "Please provide a valid email"})
		case err != nil:
			problems = append(problems, apiclient.Problem{Field: f.Key, Message: apiclient.MessageOf(err)})
		case value.Empty() && f.Required:
			problems = append(problems, apiclient.Problem{Field: f.Key, Message: missing[f.Key]})
		default:
			values[f.Key] = value.Text
		}
	}
	return values, problems
}

// withTexts returns the fields as values change them; an empty text clears one.
func withTexts(was map[string]apiclient.Value, values map[string]string) map[string]apiclient.Value {
	is := make(map[string]apiclient.Value, len(was)+len(values))
	maps.Copy(is, was)
	for key, text := range values {
		delete(is, key)
		if text != "" {
			is[key] = apiclient.Text(text)
		}
	}
	return is
}

// changeEvery is how often a member may change the password where the setting
// change_password_request_limit is on.
const changeEvery = 30 * time.Minute

// savePassword changes the password: all sessions end, and another one begins here.
func (e *Engine) savePassword(ctx context.Context, v apiclient.Visitor, a accountVisit, s apiclient.Submission) (apiclient.Reply, error) {
	secret, err := newPassword(s, a.o.PasswordRules(), a.account)
	if err != nil {
		return apiclient.Reply{}, err
	}
	hash, err := e.hash(secret)
	if err != nil {
		return apiclient.Reply{}, err
	}
	return e.saveTab(ctx, v, a, func(ctx context.Context, tx *store.Tx, now accountVisit, is *store.Account, r *apiclient.Reply) error {
		l, err := tx.PasswordLimits(ctx, is.ID)
		if err != nil {
			return err
		}
		if now.o.On("change_password_request_limit") && tx.Now().Sub(l.Changed) < changeEvery {
			return apiclient.Problems{{Field: "user_password", Message: "Unable to change password because of password change limit. Please try again later."}}
		}
		l.Changed = tx.Now()
		if err := tx.SetPasswordLimits(ctx, is.ID, l); err != nil {
			return err
		}
		was := *is
		is.PasswordHash, is.MustSetPassword, is.SessionsFrom, is.LastLogin = hash, false, tx.Now(), tx.Now()
		if err := tx.UpdateUser(ctx, was, *is); err != nil {
			return err
		}
		if err := e.endAll(ctx, tx, is.ID); err != nil {
			return err
		}
		session, err := e.begin(ctx, tx, apiclient.Visitor{Address: v.Address, Agent: v.Agent}, *is, now.session.Remember)
		r.Session = &session
		return err
	})
}

// endAll ends the sessions of a user, and a link for a new password that is out.
func (e *Engine) endAll(ctx context.Context, tx *store.Tx, id apiclient.UserID) error {
	if err := tx.DeleteResetKey(ctx, id); err != nil {
		return err
	}
	_, err := tx.EndSessions(ctx, id, 0)
	return err
}

// savePrivacy saves what the member wants to be seen. What is as everybody has it is
// not stored.
func (e *Engine) savePrivacy(ctx context.Context, v apiclient.Visitor, a accountVisit, s apiclient.Submission) (apiclient.Reply, error) {
	return e.saveTab(ctx, v, a, func(ctx context.Context, tx *store.Tx, now accountVisit, is *store.Account, _ *apiclient.Reply) error {
		was := *is
		is.Fields = withTexts(was.Fields, nil)
		var problems apiclient.Problems
		for _, f := range now.at.fields {
			text := s.First(f.Key)
			if _, sent := s.Values[f.Key]; !sent {
				continue
			}
			i := slices.IndexFunc(f.Choices, func(c apiclient.Choice) bool { return c.Value == text })
			if i < 0 {
				problems = append(problems, apiclient.Problem{Field: f.Key, Message: f.Label + " is required"})
				continue
			}
			delete(is.Fields, f.Key)
			switch {
			case f.Type.Many() && text != f.Default:
				is.Fields[f.Key] = apiclient.List(text)
			case !f.Type.Many():
				is.Fields[f.Key] = apiclient.Text(text)
			}
		}
		if len(problems) > 0 {
			return problems
		}
		return tx.UpdateUser(ctx, was, *is)
	})
}

// saveDelete removes the member's own account.
func (e *Engine) saveDelete(ctx context.Context, v apiclient.Visitor, a accountVisit, _ apiclient.Submission) (r apiclient.Reply, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := e.onAccount(ctx, tx, v, tabDelete)
		if err != nil {
			return err
		}
		roles, err := e.roleSet(ctx, tx)
		if err != nil {
			return err
		}
		u, s := now.account.User, now.role
		if !s.DeleteProfile && !roles.rights(u).Can("delete_users") {
			return apiclient.Errorf(apiclient.Forbidden, "You are not allowed to delete your account.")
		}
		if now.account.PasswordHash != a.account.PasswordHash {
			return apiclient.Problems{{Field: a.at.current, Message: ownPassword}}
		}
		if err := keepAdministrator(ctx, tx, u, nil); err != nil {
			return err
		}
		r = apiclient.Reply{User: u.ID, Session: &apiclient.Session{}, Redirect: "/"}
		if s.AfterDelete == apiclient.RedirectURL && s.DeleteRedirectURL != "" {
			r.Redirect = s.DeleteRedirectURL
		}
		return e.remove(ctx, tx, now.account, nil)
	})
	return r, err
}
