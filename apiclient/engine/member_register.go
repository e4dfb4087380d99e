package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A registration is a registration form that is filled in.
type registration struct {
	form    apiclient.Form
	o       apiclient.Options
	roles   []apiclient.Role
	fields  []apiclient.Field // of the form, with the roles that it offers
	in      apiclient.Intake
	answers map[string]apiclient.Value
}

// errNotSafe is what Ultimate Member says to who sends what no form of the site sends,
// and to who would get a role that no form may give.
var errNotSafe = apiclient.Errorf(apiclient.Forbidden, "This is not possible for security reasons.")

// registration returns the form that was filled in, and how to judge it.
func (e *Engine) registration(ctx context.Context, tx *store.Tx, v apiclient.Visitor, s apiclient.Submission) (r registration, err error) {
	if err := e.guest(ctx, tx, v); err != nil {
		return r, err
	}
	if r.form, err = formOf(ctx, tx, s.Form, apiclient.FormRegister); err != nil {
		return r, err
	}
	if r.o, err = e.options(ctx, tx); err != nil {
		return r, err
	}
	if r.roles, err = tx.Roles(ctx); err != nil {
		return r, err
	}
	for _, f := range apiclient.FieldsOf(r.form.Fields) {
		r.fields = append(r.fields, withRoles(f, r.roles))
	}
	r.in = apiclient.Intake{Mode: apiclient.FormRegister, Sent: s, SpecialChar: r.o.On("require_strongpass_special_char"), Now: e.now()}
	return r, nil
}

// read checks what was sent, in Ultimate Member's order (um_submit_form_errors_hook,
// includes/core/um-actions-form.php), and tells all that is wrong at once.
func (r *registration) read(ctx context.Context, tx *store.Tx) error {
	s := r.in.Sent
	for _, key := range []string{"user_email", "username"} {
		if code := r.o.BlockedEmail(s.First(key)); code != "" {
			return refuse(apiclient.Forbidden, apiclient.PathRegister, code)
		}
	}
	var problems apiclient.Problems
	r.answers, problems = r.in.Read(r.fields)
	for _, f := range r.fields {
		if named(f) && problems.Of(f.Key) == nil && r.o.BlockedWord(s.First(f.Key)) {
			problems = append(problems, apiclient.Problem{Field: f.Key, Message: apiclient.MessageBlockedWord})
		}
	}
	if r.form.On("use_gdpr") && s.First(apiclient.FieldAgreement) != "1" {
		problems = append(problems, apiclient.Problem{Field: apiclient.FieldAgreement, Message: r.form.Setting("use_gdpr_error_text")})
	}
	taken, err := apiclient.CheckUnique(ctx, r.fields, r.answers, r.in, holders{tx})
	if err != nil {
		return err
	}
	problems = append(problems, taken...)
	problems.Sort(r.fields)
	return problems.Err()
}

// named reports whether what a field is answered with can become the login.
func named(f apiclient.Field) bool {
	return slices.Contains([]string{"unique_username", "unique_email", "unique_username_or_email"}, f.Validate)
}

// holders tells who has what, in a transaction.
type holders struct{ tx *store.Tx }

var _ apiclient.Taken = holders{}

func (h holders) WhoHasLogin(ctx context.Context, login string) (apiclient.UserID, error) {
	a, err := h.tx.AccountByLogin(ctx, login)
	return a.ID, unlessAbsent(err)
}

func (h holders) WhoHasEmail(ctx context.Context, email string) (apiclient.UserID, error) {
	a, err := h.tx.AccountByEmail(ctx, email)
	return a.ID, unlessAbsent(err)
}

func (h holders) WhoHasValue(ctx context.Context, key, text string, but apiclient.UserID) (apiclient.UserID, error) {
	return h.tx.FieldHolder(ctx, key, text, but)
}

// role returns the role of who registers: what the form's field was answered with, else
// the form's own, else the setting register_role, else the site's default. What the
// form does not offer, and a role that no form may give, is not possible.
func (r *registration) role() (apiclient.Role, error) {
	slug := r.o.Text("default_role")
	own := ""
	if r.form.On("use_custom_settings") {
		own = r.form.Setting("role")
	}
	for _, wish := range []string{r.o.Text("register_role"), own} {
		if slices.ContainsFunc(r.roles, func(x apiclient.Role) bool { return string(x.Slug) == wish }) {
			slug = wish
		}
	}
	for _, key := range []string{"role", "role_select", "role_radio"} {
		sent := r.in.Sent.First(key)
		if sent == "" {
			continue
		}
		if !r.offers(sent) {
			return apiclient.Role{}, errNotSafe
		}
		slug = sent
	}
	i := slices.IndexFunc(r.roles, func(x apiclient.Role) bool { return string(x.Slug) == slug })
	if i < 0 || r.roles[i].Privileged() {
		return apiclient.Role{}, errNotSafe
	}
	return r.roles[i], nil
}

// offers reports whether a field of the form offers the role.
func (r *registration) offers(slug string) bool {
	return slices.ContainsFunc(r.fields, func(f apiclient.Field) bool {
		return (f.Key == "role_select" || f.Key == "role_radio") && slices.ContainsFunc(f.Choices, func(c apiclient.Choice) bool { return c.Value == slug })
	})
}

// Register makes an account of a registration form.
func (e *Engine) Register(ctx context.Context, v apiclient.Visitor, s apiclient.Submission) (apiclient.Reply, error) {
	if err := checkHuman(s); err != nil {
		return apiclient.Reply{}, err
	}
	ctx = asGuest(ctx)
	r, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (registration, error) {
		r, err := e.registration(ctx, tx, v, s)
		if err != nil {
			return r, err
		}
		if err := e.checkStamp(r.form.ID, s.Stamp, time.Duration(r.o.Int("umdeck_form_seconds"))*time.Second); err != nil {
			return r, err
		}
		if _, err := r.role(); err != nil {
			return r, err
		}
		return r, r.read(ctx, tx)
	})
	if errors.Is(err, errNotSafe) {
		return apiclient.Reply{}, e.suspect(ctx, v, s)
	}
	if err != nil {
		return apiclient.Reply{}, err
	}
	files, err := e.takeFiles(ctx, r.in, r.fields)
	defer drop(files)
	if err != nil {
		return apiclient.Reply{}, err
	}
	hash, err := e.hash(apiclient.NewSecret(strings.TrimSpace(s.First("user_password"))))
	if err != nil {
		return apiclient.Reply{}, err
	}
	var reply apiclient.Reply
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		reply, err = e.enroll(ctx, tx, v, s, hash, files)
		return err
	})
	return reply, err
}

// suspect records who has reached for a role that no form gives. Where Ultimate Member
// bans the account afterwards, none is made here.
func (e *Engine) suspect(ctx context.Context, v apiclient.Visitor, s apiclient.Submission) error {
	role := cmp.Or(s.First("role"), s.First("role_select"), s.First("role_radio"))
	err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		return e.audit(ctx, tx, "members.suspicious", "registration", nil, parts{"address": v.Address, "role": clipped(role)})
	})
	return cmp.Or(err, error(errNotSafe))
}

// enroll is Register in its transaction: the form is judged again, by what the site
// is then.
func (e *Engine) enroll(ctx context.Context, tx *store.Tx, v apiclient.Visitor, s apiclient.Submission, hash string, files []*pending) (apiclient.Reply, error) {
	r, err := e.registration(ctx, tx, v, s)
	if err != nil {
		return apiclient.Reply{}, err
	}
	if err := r.read(ctx, tx); err != nil {
		return apiclient.Reply{}, err
	}
	role, err := r.role()
	if err != nil {
		return apiclient.Reply{}, err
	}
	a, err := e.registered(ctx, tx, r)
	if err != nil {
		return apiclient.Reply{}, err
	}
	a.Roles, a.PasswordHash, a.MustSetPassword = []apiclient.RoleSlug{role.Slug}, hash, hash == ""
	for _, p := range files {
		a.Fields[p.key] = p.Value()
	}
	a.DisplayName = r.o.DisplayName(apiclient.User{}, a.User)
	effect := apiclient.ChangeStatus(apiclient.StatusUndefined, role.RegistrationStatus())
	if err := e.apply(ctx, tx, &a, effect); err != nil {
		return apiclient.Reply{}, err
	}
	if err := e.insert(ctx, tx, &a, r, files); err != nil {
		return apiclient.Reply{}, err
	}
	ctx = asMember(ctx, a.User)
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerRegistration, user: a.User}); err != nil {
		return apiclient.Reply{}, err
	}
	if err := e.postRegistration(ctx, tx, r, a, effect); err != nil {
		return apiclient.Reply{}, err
	}
	if err := e.audit(ctx, tx, "members.register", subjectUser(a.User), nil, userParts(a)); err != nil {
		return apiclient.Reply{}, err
	}
	return e.welcome(ctx, tx, v, s, a, role)
}

// registered returns the account that the answers make, without its role.
func (e *Engine) registered(ctx context.Context, tx *store.Tx, r registration) (a store.Account, err error) {
	a.Registered, a.Fields = tx.Now(), map[string]apiclient.Value{}
	for key, v := range r.answers {
		switch {
		case key == "user_url":
			a.URL = v.Text
		case !slices.Contains(apiclient.AccountKeys(), key) && key != "role_select" && key != "role_radio" && !v.Empty():
			a.Fields[key] = v
		}
	}
	if r.form.On("use_gdpr") {
		a.Fields[apiclient.FieldAgreement] = apiclient.Text(tx.Now().UTC().Format(apiclient.TimeFormat))
	}
	name := r.answers["username"].Text
	if strings.Contains(name, "@") {
		a.Email = name
	}
	a.Email = cmp.Or(a.Email, r.answers["user_email"].Text)
	a.Login = cmp.Or(r.answers["user_login"].Text, name)
	return a, asProblem(e.names(ctx, tx, r.o, &a))
}

// insert stores the account with all that belongs to it.
func (e *Engine) insert(ctx context.Context, tx *store.Tx, a *store.Account, r registration, files []*pending) (err error) {
	if err := e.checkUnique(ctx, tx, store.Account{}, *a); err != nil {
		return asProblem(err)
	}
	if a.Nicename, err = nicename(ctx, tx, *a, ""); err != nil {
		return err
	}
	if a.ID, err = tx.InsertUser(ctx, *a); err != nil {
		return err
	}
	submitted := r.answers
	submitted["user_login"], submitted["user_email"] = apiclient.Text(a.Login), apiclient.Text(a.Email)
	if err := tx.InsertSubmission(ctx, a.ID, store.Submission{Form: r.form.ID, At: tx.Now(), Answers: submitted}); err != nil {
		return err
	}
	for _, p := range files {
		if err := e.keepUpload(ctx, tx, a.ID, p); err != nil {
			return err
		}
	}
	return e.keepSlug(ctx, tx, *a)
}

// postRegistration mails the member what the status brings, and the administrators
// that there is somebody new, or somebody to be reviewed.
func (e *Engine) postRegistration(ctx context.Context, tx *store.Tx, r registration, a store.Account, effect apiclient.Effect) error {
	if err := e.postStatus(ctx, tx, a, effect.Mail, "members.register", nil); err != nil {
		return err
	}
	m := posting{
		Slug: apiclient.MailNewToAdmin, User: a.User, Cause: cause(ctx, "members.register"),
		Data: map[string]string{"submitted_registration": r.submitted()},
	}
	if a.Status == apiclient.StatusAwaitingReview {
		m.Slug = apiclient.MailReviewToAdmin
	}
	return e.post(ctx, tx, m)
}

// submitted is what was filled in, a line for each answer, without passwords.
func (r *registration) submitted() string {
	var lines []string
	for _, f := range r.fields {
		if v, ok := r.answers[f.Key]; ok && !v.Empty() {
			lines = append(lines, cmp.Or(f.Label, f.Title, f.Key)+": "+v.String())
		}
	}
	return strings.Join(lines, "\n")
}

// asProblem makes a refusal of the engine's one of the form's.
func asProblem(err error) error {
	if e := asError(err); e != nil && e.Field != "" && (e.Kind == apiclient.Conflict || e.Kind == apiclient.Invalid) {
		return apiclient.Problems{{Field: e.Field, Message: e.Message}}
	}
	return err
}

// welcome answers who has registered: with a session and the profile where the role
// approves by itself, else with what the role says to who must wait.
func (e *Engine) welcome(ctx context.Context, tx *store.Tx, v apiclient.Visitor, s apiclient.Submission, a store.Account, role apiclient.Role) (r apiclient.Reply, err error) {
	r.User = a.ID
	set := role.Settings
	switch a.Status {
	case apiclient.StatusAwaitingEmail:
		return waiting(r, set.CheckmailAction, set.CheckmailURL, set.CheckmailText()), nil
	case apiclient.StatusAwaitingReview:
		return waiting(r, set.PendingAction, set.PendingURL, set.PendingText()), nil
	default: // approved
	}
	session, err := e.begin(ctx, tx, v, a, false)
	if err != nil {
		return r, err
	}
	r.Session = &session
	if path, ok := onSite(s.First(apiclient.FieldRedirect)); ok {
		r.Redirect = path
		return r, nil
	}
	if set.AutoApproveAct == apiclient.RedirectURL && set.AutoApproveURL != "" {
		r.Redirect = set.AutoApproveURL
		return r, nil
	}
	r.Redirect, err = e.home(ctx, tx, a.User)
	return r, err
}

func waiting(r apiclient.Reply, next apiclient.RoleNext, url, message string) apiclient.Reply {
	if next == apiclient.RedirectURL && url != "" {
		r.Redirect = url
		return r
	}
	r.Message = message
	return r
}
