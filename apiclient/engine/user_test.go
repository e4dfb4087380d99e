package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

func TestNames(t *testing.T) {
	e := open(t, t.TempDir())
	for _, c := range []struct {
		user        apiclient.NewUser
		login, name string // empty login: refused
	}{
		{apitest.User("ada"), "ada", "ada"},
		{apitest.User("b", apitest.Answer("first_name", "Ada"), apitest.Answer("last_name", "Lovelace")), "b", "Ada Lovelace"},
		{apitest.User("c", apitest.Answer("last_name", "Lovelace")), "c", "Lovelace"},
		{apitest.User("d", apitest.DisplayName("Own"), apitest.Answer("last_name", "Lovelace")), "d", "Own"},
		{apiclient.NewUser{Email: "Only@Example.com"}, "Only@Example.com", "Only@Example.com"},
		{apitest.User(" e x ", apitest.Email("e@example.com")), "e x", "e x"},
		{apitest.User("007"), "007", "007"},
		{apitest.User("long", apitest.Answer("first_name", strings.Repeat("ü", 249)), apitest.Answer("last_name", "Xyz")), "long", strings.Repeat("ü", 249)},
		{apitest.User("a.b_c-d@e", apitest.Email("j@example.com")), "a.b_c-d@e", "a.b_c-d@e"},
		{apitest.User("two  spaces", apitest.Email("f@example.com")), "", ""},
		{apitest.User("zoë", apitest.Email("g@example.com")), "", ""},
		{apitest.User("a/b", apitest.Email("h@example.com")), "", ""},
		{apitest.User("tab\tb", apitest.Email("i@example.com")), "", ""},
		{apitest.User(strings.Repeat("x", 60)), strings.Repeat("x", 60), strings.Repeat("x", 60)},
	} {
		u, err := e.CreateUser(t.Context(), c.user)
		switch {
		case c.login == "" && apiclient.KindOf(err) != apiclient.Invalid:
			t.Errorf("%q: %v; want it refused", c.user.Login, err)
		case c.login != "" && err != nil:
			t.Errorf("%q: %v", c.user.Login, err)
		case u.Login != c.login || u.DisplayName != c.name:
			t.Errorf("%q is %q, shown as %q; want %q and %q", c.user.Login, u.Login, u.DisplayName, c.login, c.name)
		}
	}
}

// TestLastAdministrator keeps the role with somebody.
func TestLastAdministrator(t *testing.T) {
	e := open(t, t.TempDir())
	act := func(a apiclient.Action, id apiclient.UserID) *apiclient.Error {
		action := apiclient.UserAction{Action: a, Users: []apiclient.UserID{id}, Role: "subscriber"}
		step := must(e.PlanUsers(t.Context(), action))(t).Steps[0]
		out := must(e.DoUsers(t.Context(), action))(t)[0]
		if (step.Refused == "") != (out.Err == nil) {
			t.Errorf("%s: planned %q, done %v", a, step.Refused, out.Err)
		}
		return out.Err
	}
	refused := func(what string, err error) {
		t.Helper()
		if apiclient.KindOf(err) != apiclient.Conflict || !strings.Contains(apiclient.MessageOf(err), "last administrator") {
			t.Errorf("%s: %v; want a conflict about the last administrator", what, err)
		}
	}
	refused("delete", act(apiclient.ActionDelete, 1))
	refused("role", act(apiclient.ActionRole, 1))
	_, err := e.UpdateUser(t.Context(), 1, apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"editor"}})
	refused("update", err)
	if _, err := e.UpdateUser(t.Context(), 1, apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"editor", "administrator"}}); err != nil {
		t.Errorf("a further role: %v", err)
	}
	other := must(e.CreateUser(t.Context(), apitest.User("other", apitest.Role("administrator"))))(t)
	if err := act(apiclient.ActionDelete, 1); err != nil {
		t.Errorf("delete one of two: %v", err)
	}
	refused("delete the one that is left", act(apiclient.ActionDelete, other.ID))

	// Both in one call: one has to stay.
	again := must(e.CreateUser(t.Context(), apitest.User("again", apitest.Role("administrator"))))(t)
	outs := must(e.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{other.ID, again.ID}}))(t)
	if outs[0].Err != nil || outs[1].Err == nil {
		t.Errorf("both at once: %v, %v; want the second refused", outs[0].Err, outs[1].Err)
	}
}

// TestOwnStatus keeps who acts from changing the own status by an update.
func TestOwnStatus(t *testing.T) {
	e := open(t, t.TempDir())
	ctx := apiclient.WithActor(t.Context(), apiclient.Actor{ID: 1, Login: "admin", Origin: apiclient.OriginAPI})
	if _, err := e.UpdateUser(ctx, 1, apiclient.UserUpdate{Status: new(apiclient.StatusInactive)}); apiclient.KindOf(err) != apiclient.Conflict {
		t.Errorf("%v; want a conflict", err)
	}
	if _, err := e.UpdateUser(ctx, 1, apiclient.UserUpdate{Status: new(apiclient.StatusApproved), DisplayName: new("A")}); err != nil {
		t.Errorf("the same status: %v", err)
	}
}

// TestManyAtOnce acts on more users than share a transaction.
func TestManyAtOnce(t *testing.T) {
	e := open(t, t.TempDir())
	fill(t, e, 0, 130)
	action := apiclient.UserAction{Action: apiclient.ActionDeactivate}
	for id := range apiclient.UserID(130) {
		action.Users = append(action.Users, id+2)
	}
	plan := must(e.PlanUsers(t.Context(), action))(t)
	done := must(e.DoUsers(t.Context(), action))(t)
	if len(done) != 130 {
		t.Fatalf("%d outcomes; want 130", len(done))
	}
	for i, o := range done {
		if o.User != action.Users[i] || (o.Err == nil) != (plan.Steps[i].Refused == "") {
			t.Errorf("outcome %d is %+v; the plan was %+v", i, o, plan.Steps[i])
		}
	}
	if got := must(e.CountUsers(t.Context(), apiclient.Filter{}))(t).ByStatus[apiclient.StatusInactive]; got != 130 {
		t.Errorf("%d users are inactive; want 130", got)
	}
}

func TestAuthenticate(t *testing.T) {
	e := open(t, t.TempDir())
	u := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.Role("editor", "um_member"))))(t)
	p, secret, err := e.CreatePassword(t.Context(), u.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	text := secret.Reveal()
	try := func(user, password string) error {
		actor, role, err := e.Authenticate(t.Context(), user, password)
		if err == nil && (actor.ID != u.ID || actor.Login != "ada" || !role.Can("edit_posts") || role.Can("edit_users")) {
			t.Errorf("%s logs in as %+v with %+v", user, actor, role)
		}
		return err
	}
	for _, good := range [][2]string{{"ada", text}, {"ADA", text}, {"Ada@Example.com", text}, {"ada", strings.ReplaceAll(text, " ", "")}, {"ada", " " + text + "\n"}} {
		if err := try(good[0], good[1]); err != nil {
			t.Errorf("%q with %q: %v", good[0], good[1], err)
		}
	}
	for _, bad := range [][2]string{{"ada", ""}, {"ada", text[1:]}, {"ada", strings.ToUpper(text)}, {"admin", text}, {"nobody", text}, {"", text}, {"", ""}} {
		if err := try(bad[0], bad[1]); apiclient.KindOf(err) != apiclient.Unauthorized {
			t.Errorf("%q with %q: %v; want unauthorized", bad[0], bad[1], err)
		}
	}
	if used := must(e.Passwords(t.Context(), u.ID))(t)[0].LastUsed; used.IsZero() {
		t.Error("the use of the password was not noted")
	}
	for _, status := range []apiclient.Status{apiclient.StatusInactive, apiclient.StatusRejected, apiclient.StatusAwaitingEmail, apiclient.StatusAwaitingReview} {
		must(e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: &status}))(t)
		if err := try("ada", text); apiclient.KindOf(err) != apiclient.Unauthorized {
			t.Errorf("while %s: %v; want unauthorized", status, err)
		}
	}
	must(e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: new(apiclient.StatusApproved)}))(t)
	if err := e.RevokePassword(t.Context(), p.UUID); err != nil {
		t.Fatal(err)
	}
	if err := try("ada", text); apiclient.KindOf(err) != apiclient.Unauthorized {
		t.Errorf("with a revoked password: %v; want unauthorized", err)
	}
}

func TestTargets(t *testing.T) {
	e := open(t, t.TempDir())
	z := subscribed(t, e, apitest.TriggerZap("Login", apiclient.TriggerLogin, "user_login"))
	add := func(i int) error {
		_, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: fmt.Sprint("https://example.com/", i)})
		return err
	}
	for i := range 100 {
		if err := add(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(100); apiclient.KindOf(err) != apiclient.Conflict {
		t.Errorf("the 101st: %v; want a conflict", err)
	}
	if err := add(5); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	if _, err := e.RemoveSubscription(t.Context(), 6, false); err != nil {
		t.Fatal(err)
	}
	if err := add(100); err != nil {
		t.Errorf("after one was removed: %v", err)
	}
	if err := add(5); apiclient.KindOf(err) != apiclient.Conflict {
		t.Errorf("reviving a 101st: %v; want a conflict", err)
	}
}

// TestPublicTargetsOnly refuses what could reach into the own network.
func TestPublicTargetsOnly(t *testing.T) {
	e := must(openPublic(t))(t)
	z := subscribed(t, e, apitest.TriggerZap("Login", apiclient.TriggerLogin, "user_login"), "hook")
	for _, url := range []string{"http://example.com/hook", "https://127.0.0.1/hook", "https://[::1]/hook", "https://localhost/hook", "https://10.1.2.3/hook"} {
		_, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: url})
		if apiclient.KindOf(err) != apiclient.Invalid || err == nil || !strings.Contains(apiclient.MessageOf(err), "--allow-private-targets") {
			t.Errorf("%s: %v; want it refused with the name of the flag", url, err)
		}
	}
}

// TestAllowedTargets lets subscriptions into the networks that are listed, and says which
// those are.
func TestAllowedTargets(t *testing.T) {
	list, err := apiclient.ParseNetworks("allow-targets", "127.0.0.0/8,fd00:1::/32")
	if err != nil {
		t.Fatal(err)
	}
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir(), AllowTargets: list})))(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	z := subscribed(t, e, apitest.TriggerZap("Login", apiclient.TriggerLogin, "user_login"), "hook")
	for url, want := range map[string]string{ // what the refusal says; empty: there is none
		"http://127.0.0.1:9000/hook": "", "https://127.9.9.9/hook": "", "http://[fd00:1::5]/hook": "", "https://hooks.example.com/": "",
		"https://10.1.2.3/hook": "private", "https://[fd00:2::5]/": "unique-local", "http://hooks.example.com/": "--allow-targets",
	} {
		_, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: url})
		if want == "" && err != nil || want != "" && (apiclient.KindOf(err) != apiclient.Invalid || !strings.Contains(apiclient.MessageOf(err), want)) {
			t.Errorf("%s: %v; want %q", url, err, want)
		}
	}
	site := must(e.Site(t.Context()))(t)
	if got := strings.Join(site.AllowTargets, " "); got != "127.0.0.0/8 fd00:1::/32" || site.PrivateTargets || len(site.Warnings) != 0 {
		t.Errorf("the site is %+v", site)
	}
}

// TestSort takes columns by each of their names and fields, and nothing else.
func TestSort(t *testing.T) {
	e := open(t, t.TempDir())
	fill(t, e, 0, 3)
	for by, ok := range map[string]bool{"login": true, "user_login": true, "user_registered": true, "user_url": true, "birth_date": true, "user_password": false, "registred": false, "login;--": false} {
		_, err := e.Users(t.Context(), apiclient.UserQuery{Sort: apiclient.Sort{Column: by}})
		if ok != (err == nil) || !ok && apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("by %s: %v", by, err)
		}
	}
	p := must(e.Users(t.Context(), apiclient.UserQuery{Sort: apiclient.Sort{Column: "user_login", Desc: true}, Limit: 2}))(t)
	if p.Users[0].Login != "member2" || p.Next == "" {
		t.Errorf("by login, descending: %s first, next %q", p.Users[0].Login, p.Next)
	}
}
