package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// filled is a registration form that a person has filled in.
func (s memberSite) filled(t testing.TB, id apiclient.FormID, pairs ...string) apiclient.Submission {
	t.Helper()
	form, err := s.RegisterForm(t.Context(), apiclient.Visitor{}, id)
	if err != nil {
		t.Fatal(err)
	}
	s.pass(5 * time.Second)
	sub := sent(pairs...)
	sub.Form, sub.Stamp = id, form.Stamp
	return sub
}

// ada is what the site's own form asks, with some answers changed.
func ada(changes ...string) []string {
	answers := map[string]string{
		"user_login": "ada", "first_name": "Ada", "last_name": "Lovelace", "user_email": "ada@example.com",
		"user_password": goodPassword, "confirm_user_password": goodPassword,
	}
	for i := 0; i < len(changes); i += 2 {
		answers[changes[i]] = changes[i+1]
	}
	var pairs []string
	for key, value := range answers {
		if value != "-" {
			pairs = append(pairs, key, value)
		}
	}
	return pairs
}

// form makes a registration form of the given fields of the catalogue.
func (s memberSite) form(t testing.TB, settings apiclient.FormSettings, keys ...string) apiclient.FormID {
	t.Helper()
	n := apiclient.NewForm{Title: "Own", Mode: apiclient.FormRegister, Settings: settings}
	for _, key := range keys {
		n.Fields = append(n.Fields, apiclient.FormField{Field: apiclient.Field{Key: key}})
	}
	return must(s.CreateForm(t.Context(), n))(t).ID
}

func TestRegister(t *testing.T) {
	s := openSite(t)
	form := must(s.RegisterForm(t.Context(), apiclient.Visitor{}, 0))(t)
	var keys []string
	for _, f := range form.Fields {
		keys = append(keys, f.Key)
	}
	if diff := cmp.Diff([]string{"user_login", "first_name", "last_name", "user_email", "user_password"}, keys); diff != "" {
		t.Error(diff)
	}
	v := apiclient.Visitor{Address: "192.0.2.1"}
	r, err := s.Register(t.Context(), v, s.filled(t, 0, ada()...))
	if got := outcome(r, err); got != "redirect /user/ada" {
		t.Fatal(got)
	}
	v.Token = r.Session.Token
	if got := s.who(t, v); got != "ada" {
		t.Errorf("who has registered is logged in as %q", got)
	}
	u := must(s.User(t.Context(), r.User))(t)
	want := apiclient.User{
		ID: u.ID, Login: "ada", Nicename: "ada", Email: "ada@example.com", DisplayName: "Ada Lovelace", Roles: []apiclient.RoleSlug{"subscriber"},
		Status: apiclient.StatusApproved, Registered: s.now(),
		Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Ada"), "last_name": apiclient.Text("Lovelace")},
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"um_registration_complete form ada"}, s.triggers(t, "ada")); diff != "" {
		t.Error("the events:", diff)
	}
	if diff := cmp.Diff([]string{"members.register"}, s.audited(t, "ada")); diff != "" {
		t.Error(diff)
	}
	if got := outcome(s.Register(t.Context(), v, s.filled(t, 0, ada("user_login", "bob", "user_email", "bob@example.com")...))); got != "refused /user/ada" {
		t.Errorf("a member who registers: %s", got)
	}
	s.enter(t, "ada@example.com")
	page := must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 1000}))(t)
	for _, a := range page.Audits {
		if strings.Contains(a.Before+a.After, goodPassword) {
			t.Errorf("the audit has the password: %+v", a)
		}
	}
}

func TestRegisterProblems(t *testing.T) {
	s := openSite(t)
	s.join(t, "taken", apitest.Email("taken@example.com"))
	s.setting(t, "blocked_emails", "one@example.org\n*@bad.example")
	const login, email = "user_login: The username you entered is incorrect", "user_email: The email you entered is incorrect"
	for _, c := range []struct {
		name    string
		answers []string
		want    string
	}{
		{"login taken", ada("user_login", "TAKEN"), login},
		{"address taken", ada("user_email", "Taken@Example.com"), email},
		{"both", ada("user_login", "taken", "user_email", "taken@example.com"), login + "; " + email},
		{"no login", ada("user_login", ""), "user_login: Username is required"},
		{"login not sent", ada("user_login", "-"), "user_login: Username is required"},
		{"login is an address", ada("user_login", "a@example.com"), "user_login: Username cannot be an email"},
		{"login of other letters", ada("user_login", "žofie"), "user_login: Your username contains invalid characters"},
		{"login too short", ada("user_login", "ad"), "user_login: Your Username must contain at least 3 characters"},
		{"blocked word", ada("user_login", "Webmaster"), "user_login: You are not allowed to use this word as your username."},
		{"no address", ada("user_email", ""), "user_email: You must provide your email"},
		{"no such address", ada("user_email", "ada"), email},
		{"blocked address", ada("user_email", "ONE@example.org"), "refused /register?err=blocked_email"},
		{"blocked domain", ada("user_email", "x@bad.example"), "refused /register?err=blocked_domain"},
		{"weak password", ada("user_password", "weakweak", "confirm_user_password", "weakweak"), "user_password: Your password must contain at least one capital letter"},
		{"two passwords", ada("confirm_user_password", "x"), "confirm_user_password: Your passwords do not match"},
		{"no password", ada("user_password", "", "confirm_user_password", ""), "user_password: Password is required"},
		{"trap", ada("um_request", "x"), "forbidden Hello, spam bot!"},
		{"a role that is not asked", ada("role", "um_member"), "forbidden This is not possible for security reasons."},
		{"administrator", ada("role", "administrator"), "forbidden This is not possible for security reasons."},
	} {
		if got := outcome(s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, 0, c.answers...))); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	audits := must(s.Audits(t.Context(), apiclient.AuditQuery{Filter: apiclient.FieldIs("action", "members.suspicious")}))(t).Audits
	if len(audits) != 2 || !strings.Contains(audits[0].After, "administrator") {
		t.Errorf("who has reached for a role is recorded as %+v", audits)
	}
	if n := must(s.CountUsers(t.Context(), apiclient.Filter{}))(t).Total; n != 2 {
		t.Errorf("there are %d users; want 2", n)
	}
}

// TestRegisterStamp refuses what sends the form at once, late, or unseen.
func TestRegisterStamp(t *testing.T) {
	s := openSite(t)
	other := s.form(t, nil, "user_login", "user_email")
	const again = "An error has been encountered. Probably page was cached. Please try again."
	for _, c := range []struct {
		name string
		do   func(*apiclient.Submission)
		want string
	}{
		{"none", func(f *apiclient.Submission) { f.Stamp = "" }, ": " + again},
		{"forged", func(f *apiclient.Submission) { f.Stamp = "zzzzzzz" + f.Stamp[7:] }, ": " + again},
		{"of another form", func(f *apiclient.Submission) {
			f.Stamp = must(s.RegisterForm(t.Context(), apiclient.Visitor{}, other))(t).Stamp
			s.pass(time.Minute)
		}, ": " + again},
		{"at once", func(f *apiclient.Submission) {
			f.Stamp = must(s.RegisterForm(t.Context(), apiclient.Visitor{}, 0))(t).Stamp
		}, ": The form was sent faster than a person can fill it in. Please wait a few seconds and send it again."},
		{"a day later", func(*apiclient.Submission) { s.pass(24 * time.Hour) }, ": The form was open for too long. Please send it again."},
		{"in time", func(*apiclient.Submission) {}, "redirect /user/ada"},
	} {
		f := s.filled(t, 0, ada()...)
		c.do(&f)
		if got := outcome(s.Register(t.Context(), apiclient.Visitor{}, f)); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
}

// TestRegisterStatus follows the role: its status, and what is shown then.
func TestRegisterStatus(t *testing.T) {
	for _, c := range []struct {
		name, registration string
		settings           []string
		want               string
		status             apiclient.Status
		session            bool
	}{
		{"approved", "approved", nil, "redirect /user/ada", apiclient.StatusApproved, true},
		{"approved, elsewhere", "approved", []string{"auto_approve_act", "redirect_url", "auto_approve_url", "https://example.com/hi"}, "redirect https://example.com/hi", apiclient.StatusApproved, true},
		{"e-mail", "checkmail", []string{"checkmail_message", "Look at your mail."}, "message Look at your mail.", apiclient.StatusAwaitingEmail, false},
		{"e-mail, elsewhere", "checkmail", []string{"checkmail_action", "redirect_url", "checkmail_url", "/look"}, "redirect /look", apiclient.StatusAwaitingEmail, false},
		{"review", "pending", []string{"pending_message", "Wait."}, "message Wait.", apiclient.StatusAwaitingReview, false},
		{"review, elsewhere", "pending", []string{"pending_action", "redirect_url", "pending_url", "/wait"}, "redirect /wait", apiclient.StatusAwaitingReview, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSite(t)
			s.role(t, "subscriber", c.registration, c.settings...)
			zap := must(s.CreateZap(t.Context(), apitest.TriggerZap("new", apiclient.TriggerRegistration, "account_status")))(t)
			if _, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: zap.ID, URL: "http://127.0.0.1:9000/hook"}); err != nil {
				t.Fatal(err)
			}
			r, err := s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, 0, ada()...))
			if got := outcome(r, err); got != c.want {
				t.Fatalf("%s; want %s", got, c.want)
			}
			if (r.Session != nil) != c.session {
				t.Errorf("the session is %v", r.Session)
			}
			if u := must(s.User(t.Context(), r.User))(t); u.Status != c.status {
				t.Errorf("the status is %s; want %s", u.Status, c.status)
			}
			if hash := s.column(t, r.User, "activation_hash"); (len(hash) == 40) != (c.status == apiclient.StatusAwaitingEmail) {
				t.Errorf("the activation hash is %q", hash)
			}
			page := must(s.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t)
			if len(page.Deliveries) != 1 {
				t.Fatalf("%d deliveries; want 1", len(page.Deliveries))
			}
			d := must(s.Delivery(t.Context(), page.Deliveries[0].ID))(t)
			if want := fmt.Sprintf("%q:%q", "account_status", c.status); !strings.Contains(string(d.Body), want) {
				t.Errorf("the body is %s; want %s in it: the status is set before", d.Body, want)
			}
		})
	}
}

// TestRegisterRole selects the role: the default, the setting, the form's own, the answer.
func TestRegisterRole(t *testing.T) {
	s := openSite(t)
	gold := must(s.CreateRole(t.Context(), apiclient.Role{Name: "Gold", Capabilities: []string{"read"}}))(t).Slug
	king := must(s.CreateRole(t.Context(), apiclient.Role{Name: "King", Capabilities: []string{"manage_options"}}))(t).Slug
	plain := s.form(t, nil, "user_login", "user_email")
	own := s.form(t, apiclient.FormSettings{"use_custom_settings": "1", "role": string(gold)}, "user_login", "user_email")
	unused := s.form(t, apiclient.FormSettings{"role": string(gold)}, "user_login", "user_email")
	asks := s.form(t, nil, "user_login", "user_email", "role_select")
	n := 0
	for _, c := range []struct {
		name     string
		settings []string
		form     apiclient.FormID
		answers  []string
		want     string // role, or the outcome
	}{
		{"default", nil, plain, nil, "subscriber"},
		{"default of the site", []string{"default_role", "um_member"}, plain, nil, "um_member"},
		{"register_role", []string{"register_role", string(gold)}, plain, nil, string(gold)},
		{"the form's own", []string{"register_role", "um_member"}, own, nil, string(gold)},
		{"the form's own that does not count", []string{"register_role", "um_member"}, unused, nil, "um_member"},
		{"an answer", []string{"register_role", "um_member"}, asks, []string{"role_select", string(gold)}, string(gold)},
		{"an answer as role", nil, asks, []string{"role", "um_member", "role_select", "um_member"}, "um_member"},
		{"no answer", nil, asks, []string{"role_select", ""}, "subscriber"},
		{"not offered", nil, asks, []string{"role_select", "editor"}, "forbidden This is not possible for security reasons."},
		{"privileged", nil, asks, []string{"role_select", string(king)}, "forbidden This is not possible for security reasons."},
		{"privileged by the setting", []string{"register_role", string(king)}, plain, nil, "forbidden This is not possible for security reasons."},
		{"administrator by the setting", []string{"default_role", "administrator"}, plain, nil, "forbidden This is not possible for security reasons."},
	} {
		s.setting(t, "default_role", "subscriber", "register_role", "")
		s.setting(t, c.settings...)
		n++
		login := fmt.Sprintf("user-%d", n)
		r, err := s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, c.form, append([]string{"user_login", login, "user_email", login + "@example.com"}, c.answers...)...))
		got := outcome(r, err)
		if err == nil {
			got = string(must(s.User(t.Context(), r.User))(t).Role())
		}
		if got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	form := must(s.RegisterForm(t.Context(), apiclient.Visitor{}, asks))(t)
	i := slices.IndexFunc(form.Fields, func(f apiclient.PageField) bool { return f.Key == "role_select" })
	var offers []string
	for _, o := range form.Fields[i].Choices {
		offers = append(offers, o.Value)
	}
	slices.Sort(offers)
	if diff := cmp.Diff([]string{"subscriber", string(gold), "um_member"}, offers); diff != "" {
		t.Error("the form offers", diff)
	}
}

// TestRegisterNames makes logins and addresses for who gives none.
func TestRegisterNames(t *testing.T) {
	s := openSite(t)
	mail := s.form(t, nil, "first_name", "last_name", "user_email")
	login := s.form(t, nil, "user_login")
	either := s.form(t, nil, "username", "user_login")
	register := func(id apiclient.FormID, answers ...string) apiclient.User {
		t.Helper()
		r, err := s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, id, answers...))
		if err != nil {
			t.Fatal(outcome(r, err))
		}
		return must(s.User(t.Context(), r.User))(t)
	}
	u := register(mail, "first_name", "Zoë", "last_name", "de Roo", "user_email", "zoe@example.com")
	if u.Login != "zoederoo" || u.DisplayName != "Zoë de Roo" {
		t.Errorf("names make the login %s and the name %s", u.Login, u.DisplayName)
	}
	if must := s.column(t, u.ID, "must_set_password"); must != "1" {
		t.Error("who gave no password need not set one")
	}
	if u := register(mail, "first_name", "Zoë", "last_name", "de Roo", "user_email", "zoe2@example.com"); u.Login != "zoederoo1" {
		t.Errorf("the same names again make %s", u.Login)
	}
	s.setting(t, "permalink_base", "name_dash")
	u = register(mail, "first_name", "Ada", "last_name", "Lovelace", "user_email", "l@example.com")
	if path := must(s.Profile(t.Context(), apiclient.Visitor{}, "ada-lovelace"))(t); u.Login != "ada-lovelace" || path.User != u.ID {
		t.Errorf("with dashes: %s, at the profile of %d", u.Login, path.User)
	}
	if u := register(mail, "first_name", "Ada", "user_email", "Ada@Example.com"); u.Login != "Ada@Example.com" || u.Email != "Ada@Example.com" {
		t.Errorf("without a last name: %s, %s", u.Login, u.Email)
	}
	if u := register(login, "user_login", "bob"); !strings.HasPrefix(u.Email, "nobody") || !strings.HasSuffix(u.Email, "@site.example") {
		t.Errorf("without an address: %s", u.Email)
	}
	if u := register(either, "username", "eve@example.com", "user_login", "eve"); u.Login != "eve" || u.Email != "eve@example.com" {
		t.Errorf("an address as username: %s, %s", u.Login, u.Email)
	}
}

// TestRegisterAgreement asks to agree, and keeps when that was.
func TestRegisterAgreement(t *testing.T) {
	s := openSite(t)
	id := s.form(t, apiclient.FormSettings{"use_gdpr": "1", "use_gdpr_error_text": "Agree, please."}, "user_login", "user_email")
	if form := must(s.RegisterForm(t.Context(), apiclient.Visitor{}, id))(t); form.AgreementLabel == "" {
		t.Error("the form does not ask to agree")
	}
	answers := []string{"user_login", "ada", "user_email", "ada@example.com"}
	if got := outcome(s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, id, answers...))); got != "use_gdpr_agreement: Agree, please." {
		t.Error(got)
	}
	r := must(s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, id, append(answers, "use_gdpr_agreement", "1")...)))(t)
	if got := must(s.User(t.Context(), r.User))(t).Fields["use_gdpr_agreement"].Text; got != s.now().Format(apiclient.TimeFormat) {
		t.Errorf("agreed at %q", got)
	}
}

// TestRegisterTogether registers one address two hundred times at once: one is taken.
func TestRegisterTogether(t *testing.T) {
	s := openSite(t)
	const n = 200
	form := must(s.RegisterForm(t.Context(), apiclient.Visitor{}, 0))(t)
	s.pass(time.Minute)
	var wg sync.WaitGroup
	got := make([]string, n)
	for i := range n {
		wg.Go(func() {
			f := sent(ada("user_login", fmt.Sprintf("ada%d", i))...)
			f.Stamp = form.Stamp
			got[i] = outcome(s.Register(t.Context(), apiclient.Visitor{}, f))
		})
	}
	wg.Wait()
	in, refused := 0, 0
	for _, o := range got {
		switch {
		case strings.HasPrefix(o, "redirect /user/ada"):
			in++
		case o == "user_email: The email you entered is incorrect":
			refused++
		default:
			t.Errorf("unexpected: %s", o)
		}
	}
	if in != 1 || refused != n-1 {
		t.Errorf("%d in, %d refused; want 1 and %d", in, refused, n-1)
	}
	if total := must(s.CountUsers(t.Context(), apiclient.Filter{}))(t).Total; total != 2 {
		t.Errorf("%d users; want the administrator and one", total)
	}
	if page := must(s.Events(t.Context(), apiclient.EventQuery{Limit: 1000}))(t); len(page.Events) != 1 {
		t.Errorf("%d events; want 1", len(page.Events))
	}
}

// FuzzRegister sends anything: it is taken, or refused with a reason for a person.
func FuzzRegister(f *testing.F) {
	f.Add("ada", "Ada", "Lovelace", "ada@example.com", goodPassword, "role", "administrator")
	f.Add("a\x00b", "<b>", "\xff", "@", "", "user_id", "1")
	f.Add(strings.Repeat("x", 100), "", "", "x@y.z", `\`, "wp_capabilities", "x")
	f.Add("  ", "'", `"`, "ada@example.com\n", "ü", "confirm_user_password", "ü")
	s := openSite(f)
	form := must(s.RegisterForm(f.Context(), apiclient.Visitor{}, 0))(f)
	s.pass(time.Minute)
	f.Fuzz(func(t *testing.T, login, first, last, email, password, key, value string) {
		sub := sent("user_login", login, "first_name", first, "last_name", last, "user_email", email, "user_password", password, "confirm_user_password", password, key, value)
		sub.Stamp = form.Stamp
		r, err := s.Register(t.Context(), apiclient.Visitor{Agent: first}, sub)
		if err != nil {
			if kind := apiclient.KindOf(err); kind != apiclient.Invalid && kind != apiclient.Forbidden || apiclient.MessageOf(err) == "" {
				t.Fatalf("%v: %v", kind, err)
			}
			return
		}
		u, err := s.User(t.Context(), r.User)
		if err != nil {
			t.Fatal(err)
		}
		if u.Role() != "subscriber" || u.Status != apiclient.StatusApproved || apiclient.CheckLogin(u.Login) != nil {
			t.Errorf("somebody came in as %+v", u)
		}
		if _, ok := u.Fields["wp_capabilities"]; ok || !u.Fields["user_password"].Empty() {
			t.Errorf("what no form asks was stored: %+v", u.Fields)
		}
	})
}
