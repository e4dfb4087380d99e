package wordpress

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A site answers what a real one would not on demand: rows of users, and words of
// the extension to the letter.
type site struct {
	mu     sync.Mutex // guards the fields below
	me     string     // the answer of users/me
	users  []map[string]any
	totals map[string]int    // X-WP-Total by role
	acts   map[string]string // answers by action; else a proper one
	sent   []string          // "METHOD path" and "action form" of what changes something
}

const admin = `{"id":1,"username":"admin","roles":["administrator"],"meta":[],"capabilities":{"list_users":true,"edit_users":true,"create_users":true,"delete_users":true,"promote_users":true}}`

var proper = map[string]string{
	"um_zapier_auth_test":             `{"success":true,"data":"UM Zapier is connected!"}`,
	"um_get_zap_actions_options":      `{"success":true,"data":{"choices":{"4":"Import"}}}`,
	"um_get_zap_triggers_options":     `{"success":true,"data":{"choices":{"5":"Login"}}}`,
	"um_get_fields":                   `{"success":true,"data":[{"key":"first_name","type":"string"},{"key":"account_status","type":"string"}]}`,
	"um_account_roles":                `{"success":true,"data":{"administrator":"Administrator","subscriber":"Subscriber"}}`,
	"um_get_account_statuses":         `{"success":true,"data":{"approved":"Approved","rejected":"Rejected","awaiting_admin_review":"Awaiting Admin Review","inactive":"Inactive"}}`,
	"um_zapier_activity_perform_list": `{"id":5,"um_zap_id":5,"user_id":%s,"account_status":"approved"}`,
	"um_update_user":                  `{"success":true,"data":"User account has been updated."}`,
	"um_delete_user":                  `{"success":true,"data":"The account has been successfully deleted."}`,
	"umm_zapier_subscribe":            `{"success":true,"data":[]}`,
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if action := r.URL.Query().Get("action"); action != "" {
		s.act(w, r, action)
		return
	}
	if r.Method != http.MethodGet {
		s.sent = append(s.sent, r.Method+" "+r.URL.Path+" "+r.PostForm.Encode())
	}
	path := strings.TrimPrefix(r.URL.Path, "/wp-json/wp/v2/users")
	switch path {
	case "/me":
		_, _ = io.WriteString(w, s.me) // the client may be gone
	case "":
		s.list(w, r.URL.Query())
	default:
		s.one(w, r, strings.TrimPrefix(path, "/"))
	}
}

func (s *site) act(w http.ResponseWriter, r *http.Request, action string) {
	if action == "um_update_user" || action == "um_delete_user" || action == "um_register_user" || action == "umm_zapier_subscribe" {
		s.sent = append(s.sent, action+" "+r.PostForm.Encode())
	}
	text, ok := s.acts[action]
	if !ok {
		text = proper[action]
	}
	if action == "um_zapier_activity_perform_list" && strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, r.PostForm.Get("user_id"))
	}
	_, _ = io.WriteString(w, text) // the client may be gone
}

func (s *site) list(w http.ResponseWriter, q url.Values) {
	rows := s.users
	if ids := q.Get("include"); ids != "" {
		rows = nil
		for _, u := range s.users {
			if strings.Contains(","+ids+",", fmt.Sprintf(",%v,", u["id"])) {
				rows = append(rows, u)
			}
		}
	}
	total := len(rows)
	if role := q.Get("roles"); role != "" {
		total = s.totals[role]
	}
	w.Header().Set("X-WP-Total", strconv.Itoa(total))
	offset, _ := strconv.Atoi(q.Get("offset")) // 0 where there is none
	n, _ := strconv.Atoi(q.Get("per_page"))    // 0 where there is none
	offset = min(offset, len(rows))
	_ = json.NewEncoder(w).Encode(rows[offset:min(len(rows), offset+n)]) // the client may be gone
}

func (s *site) one(w http.ResponseWriter, r *http.Request, id string) {
	for _, u := range s.users {
		if fmt.Sprint(u["id"]) != id {
			continue
		}
		if roles, ok := r.PostForm["roles[]"]; ok {
			u["roles"] = roles
		}
		_ = json.NewEncoder(w).Encode(u) // the client may be gone
		return
	}
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"code":"rest_user_invalid_id","message":"Invalid user ID.","data":{"status":404}}`) // the client may be gone
}

func user(id int, login string, roles ...string) map[string]any {
	if roles == nil {
		roles = []string{}
	}
	return map[string]any{"id": id, "username": login, "email": login + "@example.com", "roles": roles, "meta": []any{}}
}

func open(t *testing.T, s *site) *Client {
	t.Helper()
	if s.me == "" {
		s.me = admin
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	l := link.New(link.Config{User: "admin", Password: apiclient.NewSecret("x y z")})
	c, err := Open(t.Context(), Config{Link: l, Home: srv.URL, REST: srv.URL + "/wp-json"})
	if err != nil {
		l.Close()
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // never fails
	return c
}

func refusals(t *testing.T, c *Client, a apiclient.UserAction) []string {
	t.Helper()
	plan, err := c.PlanUsers(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, s := range plan.Steps {
		list = append(list, s.Refused)
	}
	return list
}

// TestLastAdministrator acts as somebody who may edit users and is no administrator.
func TestLastAdministrator(t *testing.T) {
	s := &site{
		me:     strings.NewReplacer(`"id":1`, `"id":9`, `"administrator"`, `"manager"`).Replace(admin),
		users:  []map[string]any{user(1, "root", "administrator"), user(2, "toor", "administrator"), user(3, "ada", "subscriber"), user(9, "boss", "manager")},
		totals: map[string]int{"administrator": 2},
	}
	c := open(t, s)
	const last, self = "toor is the last administrator; make another one first.", "This is the account that umdeck works with; it cannot act on itself."
	for _, a := range []apiclient.Action{apiclient.ActionDelete, apiclient.ActionDeactivate, apiclient.ActionPending} {
		got := refusals(t, c, apiclient.UserAction{Action: a, Users: []apiclient.UserID{1, 2, 3, 9}})
		if diff := cmp.Diff([]string{"", last, "", self}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a, diff)
		}
	}
	got := refusals(t, c, apiclient.UserAction{Action: apiclient.ActionRole, Role: "subscriber", Users: []apiclient.UserID{1, 2, 3, 9}})
	if diff := cmp.Diff([]string{"", last, "The user has that role alone already.", self}, got); diff != "" {
		t.Errorf("role (-want +got):\n%s", diff)
	}
	_, err := c.PlanUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionRole, Role: "editor", Users: []apiclient.UserID{3}})
	if apiclient.KindOf(err) != apiclient.Invalid || err == nil {
		t.Errorf("a role that the site lacks: %v; want Invalid", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sent) > 0 {
		t.Errorf("planning sent %q", s.sent)
	}
}

// TestUpdateForm looks at what um_update_user is sent: the role and the status
// that were read, and the other roles given back.
func TestUpdateForm(t *testing.T) {
	s := &site{users: []map[string]any{user(3, "ada", "subscriber", "author"), user(4, "bob@example.org", "subscriber"), user(5, "none")}}
	c := open(t, s)
	answer := map[string]apiclient.Value{"first_name": apiclient.Text("Ada")}
	status := apiclient.StatusInactive
	if _, err := c.UpdateUser(t.Context(), 3, apiclient.UserUpdate{Status: &status, Fields: answer}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateUser(t.Context(), 4, apiclient.UserUpdate{Status: &status}); err != nil {
		t.Fatal(err)
	}
	_, err := c.UpdateUser(t.Context(), 5, apiclient.UserUpdate{Status: &status})
	if apiclient.KindOf(err) != apiclient.Conflict || err == nil {
		t.Errorf("a user without a role: %v; want Conflict", err)
	}
	want := []string{
		"um_update_user um_account_role=subscriber&um_account_status=inactive&um_actions_triggers=4&username=ada",
		"POST /wp-json/wp/v2/users/3 roles%5B%5D=subscriber&roles%5B%5D=author",
		"POST /wp-json/wp/v2/users/3 first_name=Ada",
		"um_update_user um_account_role=subscriber&um_account_status=inactive&um_actions_triggers=4&username=bob%40example.org%40example.com",
	}
	if diff := cmp.Diff(want, s.sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

// TestUntrusted reads samples that say nothing of the user who was asked for.
func TestUntrusted(t *testing.T) {
	for _, c := range []struct {
		name, sample string
		want         apiclient.Status
	}{
		{"a slug", `{"um_zap_id":5,"user_id":3,"account_status":"rejected"}`, apiclient.StatusRejected},
		{"a label", `[{"um_zap_id":5,"user_id":"3","account_status":"Pending administrator review"}]`, apiclient.StatusAwaitingReview},
		{"the site's own", `{"success":true,"data":{"um_zap_id":5,"user_id":3,"account_status":"on_holiday"}}`, "on_holiday"},
		{"none", `{"um_zap_id":5,"user_id":3,"account_status":""}`, apiclient.StatusUndefined},
		{"another user's", `{"um_zap_id":5,"user_id":4,"account_status":"approved"}`, apiclient.StatusUnknown},
		{"a list", `{"um_zap_id":5,"user_id":3,"account_status":["approved"]}`, apiclient.StatusUnknown},
		{"a stopped zap", `{"success":false,"data":"This UM Zap is not running or disabled."}`, apiclient.StatusUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := open(t, &site{users: []map[string]any{user(3, "ada", "subscriber")}, acts: map[string]string{"um_zapier_activity_perform_list": c.sample}})
			u, err := client.User(t.Context(), 3)
			if err != nil || u.Status != c.want {
				t.Errorf("the status is %q, %v; want %q", u.Status, err, c.want)
			}
		})
	}
}

// TestUndocumented answers what the API document does not show.
func TestUndocumented(t *testing.T) {
	for _, c := range []struct {
		action, text string
		kind         apiclient.Kind
		want         string
		do           func(context.Context, *Client) error
	}{
		{"um_account_roles", `{"success":"yes","data":{}}`, apiclient.Unavailable, "is not the documented one", roles},
		{"um_account_roles", `{"status":"ok"}`, apiclient.Unavailable, "is not the documented one", roles},
		{"um_account_roles", `[]`, apiclient.Unavailable, "is not the documented one", roles},
		{"um_account_roles", `{"success":true,"data":"none"}`, apiclient.Unavailable, "in another shape", roles},
		{"um_account_roles", `{"success":false,"data":"Zapier Authorization Failed"}`, apiclient.Unauthorized, "does not know who asks", roles},
		{"um_account_roles", `{"success":false,"data":"Too <b>bad</b>\u001b[31m"}`, apiclient.Invalid, "The site refuses: Too bad [31m.", roles},
		{"um_get_zap_actions_options", `{"success":true,"data":[]}`, apiclient.Unavailable, "in another shape", zaps},
		{"um_get_fields", `{"success":true,"data":{"0":{"key":"a"}}}`, apiclient.Unavailable, "in another shape", zaps},
		{"umm_zapier_subscribe", `{"success":false,"data":"Invalid value: subscription_target_url"}`, apiclient.Invalid, "Invalid value: subscription_target_url.", subscribe},
		{"umm_zapier_subscribe", `{"code":"internal_server_error","message":"<p>There has been a critical error on this website.</p>"}`, apiclient.Invalid, "critical error", subscribe},
	} {
		t.Run(c.action+" "+c.text, func(t *testing.T) {
			err := c.do(t.Context(), open(t, &site{acts: map[string]string{c.action: c.text}}))
			if err == nil || apiclient.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %s: %v; want %s with %q", apiclient.KindOf(err), err, c.kind, c.want)
			}
		})
	}
}

func roles(ctx context.Context, c *Client) error { _, err := c.Roles(ctx); return err }

func zaps(ctx context.Context, c *Client) error {
	_, err := c.Zaps(ctx, apiclient.ZapQuery{})
	return err
}

func subscribe(ctx context.Context, c *Client) error {
	_, _, err := c.AddSubscription(ctx, apiclient.NewSubscription{Zap: 5, URL: "https://example.com/x"})
	return err
}

// TestScan filters 5,000 users here: no call reads more than 2,000, and the pages
// together miss nobody.
func TestScan(t *testing.T) {
	s := &site{}
	for id := 1; id <= 5000; id++ {
		u := user(id, "u"+strconv.Itoa(id), "subscriber")
		u["first_name"] = map[bool]string{true: "Ada", false: "Bob"}[id%1000 == 0]
		s.users = append(s.users, u)
	}
	c := open(t, s)
	q := apiclient.UserQuery{Filter: apiclient.FieldIs("first_name", "ada"), Sort: apiclient.Sort{Column: "id"}}
	var got []apiclient.UserID
	pages := 0
	for {
		p, err := c.Users(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, u := range p.Users {
			got = append(got, u.ID)
		}
		if p.Next != "" && !strings.Contains(p.Note, "The first 2000 users were looked at") {
			t.Errorf("the note is %q", p.Note)
		}
		if q.After = p.Next; q.After == "" {
			break
		}
	}
	if diff := cmp.Diff([]apiclient.UserID{1000, 2000, 3000, 4000, 5000}, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
	_, err := c.CountUsers(t.Context(), q.Filter)
	if apiclient.KindOf(err) != apiclient.Unsupported || err == nil {
		t.Errorf("the count: %v; want Unsupported", err)
	}
}

// TestShift changes the list between two pages of every size: by id, nobody who
// stays is missed or met twice.
func TestShift(t *testing.T) {
	for _, change := range []struct{ removed, added int }{{1, 0}, {5, 0}, {150, 0}, {0, 3}, {0, 150}, {4, 4}} {
		t.Run(fmt.Sprintf("%d go, %d come", change.removed, change.added), func(t *testing.T) {
			s := &site{}
			for id := 1000; id > 600; id-- {
				s.users = append(s.users, user(id, "u"+strconv.Itoa(id)))
			}
			c := open(t, s)
			first, err := c.Users(t.Context(), apiclient.UserQuery{Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			kept := s.users[change.removed:]
			s.users = nil
			for id := 1000 + change.added; id > 1000; id-- {
				s.users = append(s.users, user(id, "u"+strconv.Itoa(id)))
			}
			s.users = append(s.users, kept...)
			s.mu.Unlock()
			second, err := c.Users(t.Context(), apiclient.UserQuery{Limit: 1000, After: first.Next})
			if err != nil {
				t.Fatal(err)
			}
			if len(second.Users) != 200 || second.Users[0].ID != 800 || second.Users[199].ID != 601 || second.Next != "" {
				t.Errorf("the second page has %d users and the next %q; want 800 to 601", len(second.Users), second.Next)
			}
		})
	}
}
