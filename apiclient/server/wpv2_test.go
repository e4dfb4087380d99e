package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/server"
	"umdeck/apiclient/wire"
)

// What requests and answers look like is compared with WordPress itself, in the
// tests of package remote. Here is what is umdeck's own.

const restUsers = "/wp-json/wp/v2/users"

// refused checks status and code of an error, and that the message has a part.
func (a answer) refused(t *testing.T, status int, code, part string) {
	t.Helper()
	var body wire.WordPressError
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != status || body.Code != code || !strings.Contains(body.Message, part) {
		t.Errorf("%d %s, %v; want %d %s with %q", a.status, a.body, err, status, code, part)
	}
}

// rest asks the engine as the administrator.
func (r zapierRig) rest(t *testing.T, method, path, body string) answer {
	t.Helper()
	kind := ""
	if body != "" {
		kind = formType
	}
	return r.do(t, ask{method: method, path: path, user: "admin", password: r.password.Reveal(), kind: kind, body: body})
}

// TestRESTEvents creates, changes and deletes a user: as with Ultimate Member only
// the deletion raises an event, and the audit knows who did it all.
func TestRESTEvents(t *testing.T) {
	r := newZapierRig(t)
	for _, trigger := range []apiclient.Trigger{apiclient.TriggerRegistration, apiclient.TriggerEditProfile} {
		if _, err := r.engine.CreateZap(t.Context(), apitest.TriggerZap(string(trigger), trigger, "user_email")); err != nil {
			t.Fatal(err)
		}
	}
	made := r.rest(t, "POST", restUsers, "username=zoe&email=zoe@example.com&password=Secret-1")
	if made.status != 201 || !strings.HasSuffix(made.header.Get("Location"), restUsers+"/2") {
		t.Fatalf("%d %s, Location %s", made.status, made.body, made.header.Get("Location"))
	}
	if u, err := r.engine.User(t.Context(), 2); err != nil || u.Status != apiclient.StatusApproved {
		t.Errorf("the new user is %+v, %v; want one that is approved", u, err)
	}
	if got := r.rest(t, "POST", restUsers+"/2", "first_name=Zoe"); got.status != 200 {
		t.Errorf("the change: %d %s", got.status, got.body)
	}
	if got := r.rest(t, "DELETE", restUsers+"/2?force=true&reassign=", ""); got.status != 200 {
		t.Errorf("the deletion: %d %s", got.status, got.body)
	}
	r.checkRESTEvents(t)
	r.checkRESTAudit(t)
}

func (r zapierRig) checkRESTEvents(t *testing.T) {
	t.Helper()
	events, err := r.engine.Events(t.Context(), apiclient.EventQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events.Events {
		if e.Deliveries > 0 || e.Trigger == apiclient.TriggerDelete {
			got = append(got, fmt.Sprint(e.Trigger, " ", e.Login, " ", e.Origin, " ", e.Actor))
		}
	}
	if diff := cmp.Diff([]string{"um_delete_user zoe api admin"}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func (r zapierRig) checkRESTAudit(t *testing.T) {
	t.Helper()
	audits, err := r.engine.Audits(t.Context(), apiclient.AuditQuery{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range audits.Audits {
		if a.Actor != "admin" || a.Origin != apiclient.OriginAPI || !strings.HasPrefix(a.Action, "users.") {
			t.Errorf("the audit has %+v", a)
		}
	}
}

// TestRESTKeeps has what WordPress would do and umdeck does not.
func TestRESTKeeps(t *testing.T) {
	r := newZapierRig(t)
	r.rest(t, "DELETE", restUsers+"/1?force=true&reassign=", "").refused(t, 403, "rest_user_cannot_delete", "your own account")
	r.rest(t, "DELETE", restUsers+"/me?force=true&reassign=", "").refused(t, 403, "rest_user_cannot_delete", "your own account")
	if got := r.rest(t, "POST", restUsers+"/me", "roles="); got.status != 409 || !strings.Contains(got.body, "last administrator") {
		t.Errorf("the last administrator's roles: %d %s", got.status, got.body)
	}
	r.rest(t, "POST", restUsers+"/1", "url=ftp://example.com").refused(t, 400, "rest_invalid_param", "url")
	r.rest(t, "POST", restUsers, "username=x&email=x@example.com&password=Secret-1&name="+strings.Repeat("x", 251)).refused(t, 400, "rest_invalid_param", "name")
}

// TestRESTRights has a helper, who may edit and delete users but promote nobody.
func TestRESTRights(t *testing.T) {
	r := start(t, server.Config{})
	as := func(user, method, path, body string) answer {
		t.Helper()
		return r.do(t, ask{method: method, path: restUsers + path, user: user, kind: formType, body: body})
	}
	as("helper", "POST", "/1", "email=evil@example.com").refused(t, 403, "rest_cannot_edit", "")
	as("helper", "POST", "/1", "password=evil").refused(t, 403, "rest_cannot_edit", "")
	as("helper", "POST", "/2", "roles=administrator").refused(t, 403, "rest_cannot_edit_roles", "")
	as("helper", "DELETE", "/1?force=true&reassign=", "").refused(t, 403, "rest_user_cannot_delete", "")
	as("helper", "POST", "/1/application-passwords", "name=evil").refused(t, 403, "rest_cannot_create_application_passwords", "")
	as("helper", "GET", "/1?context=edit", "").refused(t, 403, "rest_forbidden_context", "")
	as("helper", "POST", "", "username=x&email=x@example.com&password=x").refused(t, 403, "rest_cannot_create_user", "")
	as("ada", "POST", "/me", "roles=administrator").refused(t, 403, "rest_cannot_edit_roles", "")
	as("ada", "POST", "/me", "roles=").refused(t, 403, "rest_cannot_edit_roles", "")
	as("ada", "POST", "/2", "id=7&first_name=x").want200(t)
	as("helper", "POST", "/7", "first_name=Seven").want200(t)
	if len(r.edits) != 2 || len(r.made) != 0 || len(r.acts) != 0 {
		t.Errorf("edits %v, made %v, acts %v; want two edits", r.edits, r.made, r.acts)
	}
}

func (a answer) want200(t *testing.T) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Errorf("%d %s; want 200", a.status, a.body)
	}
}

// TestRESTLogin has visitors, wrong passwords and a socket's owner.
func TestRESTLogin(t *testing.T) {
	r := start(t, server.Config{})
	got := r.do(t, ask{path: restUsers})
	if got.status != 200 || got.body != "[]" || got.header.Get("X-WP-Total") != "0" || got.header.Get("Allow") != "GET" {
		t.Errorf("a visitor gets %d %s %v", got.status, got.body, got.header)
	}
	for range 10 {
		r.do(t, ask{path: restUsers, user: "admin", password: "wrong"}).refused(t, 401, "incorrect_password", "")
	}
	got = r.do(t, ask{path: restUsers, user: "admin", password: "wrong"})
	got.refused(t, 429, "too_many_requests", "try again")
	if got.header.Get("Retry-After") == "" {
		t.Error("it does not say how long to wait")
	}
	r.do(t, ask{path: "/wp-json/"}).want200(t) // visitors have not failed
	if strings.Contains(r.log.String(), "wrong") {
		t.Error("the log has the password")
	}
	r = start(t, server.Config{Trust: &apiclient.Actor{Login: "root"}})
	r.do(t, ask{path: restUsers + "/me"}).refused(t, 401, "rest_not_logged_in", "")
	r.do(t, ask{path: restUsers + "/2?context=edit"}).want200(t)
	r.do(t, ask{path: restUsers + "/2/application-passwords/introspect"}).refused(t, 403, "rest_cannot_introspect_app_password_for_non_authenticated_user", "")
}

// TestRESTFailure has a site that fails: the reason stays in the log.
func TestRESTFailure(t *testing.T) {
	r := start(t, server.Config{Trust: &apiclient.Actor{ID: 1, Login: "admin"}})
	r.fail = fmt.Errorf("disk on fire")
	r.do(t, ask{path: restUsers + "/2"}).refused(t, 500, "umdeck_internal", "internal error")
	got := r.do(t, ask{path: "/wp-json/?_envelope"})
	if got.status != 500 || strings.Contains(got.body, "fire") || !strings.Contains(r.log.String(), "disk on fire") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestRESTHome finds the REST API from the home page, and the page that programs send
// people to for an application password.
func TestRESTHome(t *testing.T) {
	r := start(t, server.Config{URL: "https://example.com/blog/"})
	for _, method := range []string{"GET", "HEAD"} {
		if got := r.do(t, ask{method: method}).header.Get("Link"); got != `<https://example.com/blog/wp-json/>; rel="https://api.w.org/"` {
			t.Errorf("the home page links %q", got)
		}
	}
	got := r.do(t, ask{path: "/wp-admin/authorize-application.php?app_name=%3Cb%3EX"})
	if got.status != 200 || !strings.Contains(got.body, "&lt;b&gt;X") || strings.Contains(got.body, "<b>") || !strings.Contains(got.body, "umdeck passwords create") {
		t.Errorf("%d %s", got.status, got.body)
	}
	r.do(t, ask{method: "POST", path: "/?rest_route=/wp/v2/users/me", header: map[string]string{"Sec-Fetch-Site": "cross-site"}}).
		refused(t, 403, "umdeck_forbidden", "another website")
}

// TestRESTIndexNamesRoutes looks for every route of umdeck/v1 in the index.
func TestRESTIndexNamesRoutes(t *testing.T) {
	r := start(t, server.Config{})
	var index struct {
		Routes map[string]struct{ Methods []string }
	}
	got := r.do(t, ask{path: "/wp-json/?_fields=routes"})
	if err := json.Unmarshal([]byte(got.body), &index); err != nil {
		t.Fatal(err)
	}
	for _, route := range wire.Routes() {
		pattern := "/umdeck/v1" + strings.NewReplacer("{", "(?P<", "}", ">[^/]+)").Replace(route.Path)
		if !slices.Contains(index.Routes[pattern].Methods, route.Method) {
			t.Errorf("the index lacks %s %s", route.Method, pattern)
		}
	}
}
