package server_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/wire"
)

const updatedBody = `{"success":true,"data":"User account has been updated."}`

// set changes settings of the engine behind the server.
func (r zapierRig) set(t *testing.T, key, value string) {
	t.Helper()
	if _, err := r.engine.ChangeSettings(t.Context(), map[string]string{key: value}); err != nil {
		t.Fatal(err)
	}
}

func (r zapierRig) user(t *testing.T, ref string) apiclient.User {
	t.Helper()
	u, err := r.engine.FindUser(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if u, err = r.engine.User(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	return u
}

// newest returns the newest entry of the audit with that action.
func (r zapierRig) newest(t *testing.T, action string) apiclient.Audit {
	t.Helper()
	p, err := r.engine.Audits(t.Context(), apiclient.AuditQuery{Limit: 1, Filter: apiclient.FieldIs("action", action)})
	if err != nil || len(p.Audits) == 0 {
		t.Fatalf("no %s in the audit: %v", action, err)
	}
	return p.Audits[0]
}

// TestUnknownParameters says what became of what the site has no use for: in a header of
// the answer and in the audit, while the body stays the document's.
func TestUnknownParameters(t *testing.T) {
	r := newZapierRig(t)
	const more = "&zap_meta=1&wp_capabilities=administrator&user_registered=2020-01-01&roles=administrator&session_tokens=x&na%C3%AFve=y"
	made := r.call(t, wire.ActionRegister, member+"username=zoe&um_update_on_exists=No&user_email=zoe@example.com&first_name=Zoe"+more)
	made.created(t, `"first_name":"Zoe"`)
	want := "na%C3%AFve, roles, session_tokens, user_registered, wp_capabilities, zap_meta"
	if got := made.header.Get(wire.HeaderIgnored); got != want {
		t.Errorf("the header is %q; want %q", got, want)
	}
	if a := r.newest(t, "users.create"); !strings.Contains(a.After, `"(ignored)":["naïve","roles","session_tokens","user_registered","wp_capabilities","zap_meta"]`) {
		t.Errorf("the audit says %s", a.After)
	}
	changed := r.call(t, wire.ActionUpdate, member+"username=zoe&nonsense=1")
	changed.want(t, 200, updatedBody)
	if got := changed.header.Get(wire.HeaderIgnored); got != "nonsense" {
		t.Errorf("the header is %q", got)
	}
	if a := r.newest(t, "users.update"); a.After != `{"(ignored)":["nonsense"]}` {
		t.Errorf("the audit says %s", a.After)
	}
	if got := r.call(t, wire.ActionUpdate, member+"username=zoe&first_name=Ada"); got.header.Get(wire.HeaderIgnored) != "" {
		t.Errorf("a header where nothing was ignored: %q", got.header.Get(wire.HeaderIgnored))
	}
	u := r.user(t, "zoe")
	if diff := cmp.Diff([]apiclient.RoleSlug{"subscriber"}, u.Roles); diff != "" || len(u.Fields) != 1 {
		t.Errorf("the user is %+v", u)
	}
}

// TestEmptyParameters leaves fields as they are, unless a setting or the call says that
// they are to be cleared.
func TestEmptyParameters(t *testing.T) {
	r := newZapierRig(t)
	start := func(t *testing.T) {
		t.Helper()
		r.call(t, wire.ActionRegister, member+"username=zoe&um_update_on_exists=Yes&user_email=zoe@example.com&first_name=Zoe&birth_date=1996-12-08&user_url=https://example.com/")
	}
	for _, c := range []struct {
		name, setting, form string
		first, born, url    string
	}{
		{"kept", "keep", "first_name=&birth_date=&user_url=&user_email=", "Zoe", "1996-12-08", "https://example.com/"},
		{"cleared by the call", "keep", "first_name=&umdeck_clear=birth_date,+user_url", "Zoe", "", ""},
		{"cleared by the call, as a list", "keep", "umdeck_clear[]=birth_date&umdeck_clear[]=first_name", "", "", "https://example.com/"},
		{"cleared by the setting", "clear", "first_name=&birth_date=&user_url=&user_email=&user_password=", "", "", ""},
		{"absent is not empty", "clear", "first_name=", "", "1996-12-08", "https://example.com/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.set(t, "umdeck_api_empty", c.setting)
			start(t)
			r.call(t, wire.ActionUpdate, member+"username=zoe&"+c.form).want(t, 200, updatedBody)
			u := r.user(t, "zoe")
			if u.Value("first_name").Text != c.first || u.Value("birth_date").Text != c.born || u.URL != c.url || u.Email != "zoe@example.com" {
				t.Errorf("the user is %+v", u)
			}
		})
	}
	r.set(t, "umdeck_api_empty", "keep")
	start(t)
	for _, bad := range []string{"umdeck_clear=user_email", "umdeck_clear=user_password", "umdeck_clear=no_such", "umdeck_clear=roles", "umdeck_clear=first_name&first_name=Ada"} {
		r.call(t, wire.ActionUpdate, member+"username=zoe&birth_date=1990-01-01&"+bad).status400(t, "clear")
	}
	if u := r.user(t, "zoe"); u.Value("birth_date").Text != "1996-12-08" {
		t.Errorf("a refused call left %+v", u)
	}
}

// TestPartialFailure refuses one value: nothing of the call is kept.
func TestPartialFailure(t *testing.T) {
	r := newZapierRig(t)
	r.register(t)
	for _, bad := range []string{"birth_date=soon", "user_email=nobody", "user_email=admin@localhost.localdomain", "country=Atlantis", "user_url=ftp://x"} {
		got := r.call(t, wire.ActionUpdate, "um_actions_triggers={a}&um_account_role=um_member&um_account_status=inactive&username=zoe&first_name=Ada&"+bad)
		if got.status != 400 {
			t.Errorf("%s: %d %s", bad, got.status, got.body)
		}
	}
	if u := r.user(t, "zoe"); u.Value("first_name").Text != "Zoë" || u.Status != apiclient.StatusAwaitingReview || u.Role() != "subscriber" {
		t.Errorf("the user is %+v", u)
	}
	r.call(t, wire.ActionRegister, member+"username=new&um_update_on_exists=No&user_email=new@example.com&birth_date=soon").status400(t, "Birth Date")
	if _, err := r.engine.FindUser(t.Context(), "new"); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("the refused account: %v", err)
	}
}

// TestPrivilegedRoles gives one through the API: it takes the setting, where the user does
// not have the role yet.
func TestPrivilegedRoles(t *testing.T) {
	r := newZapierRig(t)
	const admin = "um_actions_triggers={a}&um_account_role=administrator&um_account_status=approved&um_update_on_exists=Yes&"
	r.call(t, wire.ActionRegister, admin+"username=boss&user_email=boss@example.com").want(t, 403,
		`{"success":false,"data":"The role administrator has administrative rights, and this site does not give such roles through the API; turn its setting umdeck_api_privileged_roles on, or give the role by hand."}`)
	r.call(t, wire.ActionUpdate, admin+"username=admin&first_name=Ada").want(t, 200, updatedBody) // has it already
	r.set(t, "umdeck_api_privileged_roles", "on")
	r.call(t, wire.ActionRegister, admin+"username=boss&user_email=boss@example.com").created(t, `"roles":["administrator"]`)
	r.set(t, "umdeck_api_privileged_roles", "off")
	r.call(t, wire.ActionUpdate, admin+"username=boss&first_name=Bo").want(t, 200, updatedBody)
}

// TestSelfTarget refuses to change the own status and to delete the own account.
func TestSelfTarget(t *testing.T) {
	r := newZapierRig(t)
	const self = "um_actions_triggers={a}&um_account_role=administrator&username=admin&"
	for _, status := range []string{"inactive", "rejected", "awaiting_admin_review", "awaitingemailconfirmation"} {
		r.call(t, wire.ActionUpdate, self+"first_name=x&um_account_status="+status).status400(t, "your own account")
	}
	r.call(t, wire.ActionUpdate, self+"um_account_status=approved").want(t, 200, updatedBody)
	r.call(t, wire.ActionDelete, "um_actions_triggers={a}&email_on_account_deletion=No&username=admin").status400(t, "your own account")
	if u := r.user(t, "admin"); u.Status != apiclient.StatusApproved || u.Value("first_name").Text != "" {
		t.Errorf("the administrator is %+v", u)
	}
}

// TestStatusesOfTheAPI writes each status from each other one, in either spelling.
func TestStatusesOfTheAPI(t *testing.T) {
	r := newZapierRig(t)
	r.set(t, "umdeck_statuses", "on_hold|On hold")
	spelled := map[apiclient.Status][]string{
		apiclient.StatusApproved: {"approved", "Approved"}, apiclient.StatusRejected: {"rejected", "Membership rejected"}, apiclient.StatusInactive: {"inactive"},
		apiclient.StatusAwaitingEmail:  {"awaiting_email_confirmation", "awaitingemailconfirmation", "Waiting email confirmation"},
		apiclient.StatusAwaitingReview: {"awaiting_admin_review", "AwaitingAdminReview"},
		"on_hold":                      {"on_hold", "On Hold", "onhold"},
	}
	r.call(t, wire.ActionStatuses, "").want(t, 200, `{"success":true,"data":{"approved":"Approved","awaiting_email_confirmation":"Awaiting Email Confirmation","awaiting_admin_review":"Awaiting Admin Review","inactive":"Inactive","rejected":"Rejected","on_hold":"On hold"}}`)
	u, err := r.engine.CreateUser(t.Context(), apitest.User("zoe", apitest.Approved))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []apiclient.Status{apiclient.StatusApproved, apiclient.StatusRejected, apiclient.StatusInactive, apiclient.StatusAwaitingEmail, apiclient.StatusAwaitingReview, "on_hold"} {
		for to, spellings := range spelled {
			if _, err := r.engine.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: &from}); err != nil {
				t.Fatal(err)
			}
			events := len(r.approvals(t))
			text := spellings[int(from[0])%len(spellings)]
			r.call(t, wire.ActionUpdate, "um_actions_triggers={a}&um_account_role=subscriber&username=zoe&um_account_status="+url.QueryEscape(text)).want(t, 200, updatedBody)
			if got := r.user(t, "zoe").Status; got != to {
				t.Errorf("%s, as %q, from %s: it is %q", to, text, from, got)
			}
			raised := len(r.approvals(t)) - events
			if want := from == apiclient.StatusAwaitingReview && to == apiclient.StatusApproved; raised != map[bool]int{true: 1}[want] {
				t.Errorf("%s to %s: %d approvals were raised", from, to, raised)
			}
			if from == to {
				continue // there may be no entry yet
			}
			if a := r.newest(t, "users.update"); !strings.Contains(a.Before, fmt.Sprintf("%q", from)) || !strings.Contains(a.After, fmt.Sprintf("%q", to)) {
				t.Errorf("%s to %s: the audit says %s, %s", from, to, a.Before, a.After)
			} else if flagged := strings.Contains(a.After, "rejects only accounts that await review"); flagged != (to == apiclient.StatusRejected && from != apiclient.StatusAwaitingReview) {
				t.Errorf("%s to %s: flagged %t: %s", from, to, flagged, a.After)
			}
		}
	}
	r.call(t, wire.ActionUpdate, "um_actions_triggers={a}&um_account_role=subscriber&username=zoe&um_account_status=pending").status400(t, "on_hold")
}

func (r zapierRig) approvals(t *testing.T) []apiclient.Event {
	t.Helper()
	p, err := r.engine.Events(t.Context(), apiclient.EventQuery{Limit: 1000, Filter: apiclient.FieldIs("trigger", string(apiclient.TriggerApprove))})
	if err != nil {
		t.Fatal(err)
	}
	return p.Events
}

// TestWithoutAddress registers without an e-mail address: the site makes one up.
func TestWithoutAddress(t *testing.T) {
	r := newZapierRig(t)
	r.call(t, wire.ActionRegister, member+"username=zoe&um_update_on_exists=No").created(t, `"user_login":"zoe","user_email":"nobody`)
	r.call(t, wire.ActionRegister, member+"username=ada@example.com&um_update_on_exists=No").created(t, `"user_login":"ada@example.com","user_email":"ada@example.com"`)
}

// TestAPIFires changes users through the API: which triggers that raises is the setting's.
func TestAPIFires(t *testing.T) {
	r := newZapierRig(t)
	for _, trigger := range []apiclient.Trigger{apiclient.TriggerRegistration, apiclient.TriggerEditProfile} {
		z, err := r.engine.CreateZap(t.Context(), apitest.TriggerZap(string(trigger), trigger, "user_login"))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.engine.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: "http://127.0.0.1:8099/" + string(trigger)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ setting, login, want string }{
		{"off", "zoe", ""},
		{"on", "ada", "um_registration_complete, um_user_edit_profile"},
	} {
		r.set(t, "umdeck_api_fires", c.setting)
		r.call(t, wire.ActionRegister, member+"um_update_on_exists=No&username="+c.login)
		r.call(t, wire.ActionUpdate, member+"first_name=x&username="+c.login).want(t, 200, updatedBody)
		p, err := r.engine.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: apiclient.FieldIs("login", c.login)})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range slices.Backward(p.Deliveries) {
			got = append(got, string(d.Event))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("while it is %s: %v; want %s", c.setting, got, c.want)
		}
	}
}
