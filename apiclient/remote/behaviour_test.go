package remote_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/remote/remotetest"
)

// register makes a user that is removed when the test ends.
func register(t *testing.T, api apiclient.API, n apiclient.NewUser) apiclient.User {
	t.Helper()
	u, err := api.CreateUser(t.Context(), n)
	if err != nil {
		t.Fatalf("CreateUser(%s): %v", n.Login, err)
	}
	removeLater(t, api, u.ID)
	return u
}

func removeLater(t *testing.T, api apiclient.API, id apiclient.UserID) {
	t.Cleanup(func() {
		ctx := contextOf(t)
		if _, err := api.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{id}}); err != nil {
			t.Errorf("remove user %d: %v", id, err)
		}
	})
}

func wantError(t *testing.T, err error, kind apiclient.Kind, text string) {
	t.Helper()
	if err == nil || apiclient.KindOf(err) != kind || !strings.Contains(apiclient.MessageOf(err), text) {
		t.Errorf("the error is %v (%s); want %s with %q", err, apiclient.KindOf(err), kind, text)
	}
}

// TestEditKeepsStatus edits a member who awaits review and has two roles: neither
// changes by accident, and no mail goes.
func TestEditKeepsStatus(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	api := connect(t, site)
	u := register(t, api, apitest.User("edit-me", apitest.AwaitingReview, apitest.Role("subscriber", "author"), apitest.Answer("country", "France")))
	mails := len(site.Mails(t))
	for _, c := range []struct {
		name   string
		update apiclient.UserUpdate
	}{
		{"core", apiclient.UserUpdate{DisplayName: new("Edit <me> & co")}},
		{"a field of a zap", apiclient.UserUpdate{Fields: map[string]apiclient.Value{"mobile_number": apiclient.Text("+32 2 123")}}},
		{"both", apiclient.UserUpdate{URL: new("https://example.com/me"), Fields: map[string]apiclient.Value{"interests": apiclient.List("art", "music"), "last_name": apiclient.Text("O'Neil")}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := api.UpdateUser(t.Context(), u.ID, c.update)
			if err != nil {
				t.Fatalf("UpdateUser: %v", err)
			}
			if got.Status != apiclient.StatusAwaitingReview || !slices.Equal(got.Roles, u.Roles) || got.Value("country").Text != "France" {
				t.Errorf("the user is %+v; want status, roles and country as before", got)
			}
			for key, want := range c.update.Fields {
				if got.Value(key).String() != want.String() {
					t.Errorf("%s is %q; want %q", key, got.Value(key), want)
				}
			}
		})
	}
	if got := len(site.Mails(t)); got != mails {
		t.Errorf("%d mails went", got-mails)
	}
	_, err := api.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"mobile_number": {}}})
	wantError(t, err, apiclient.Invalid, "cannot clear a field")
}

// TestUnknownStatus takes the zaps away that tell a status: nothing is assumed.
func TestUnknownStatus(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	u := register(t, connect(t, site), apitest.User("unknown", apitest.Rejected))
	for event, id := range site.Zaps {
		if strings.HasPrefix(event, "um_") {
			site.Zap(t, id, false)
		}
	}
	api := connect(t, site)
	got, err := api.User(t.Context(), u.ID)
	if err != nil || got.Status != apiclient.StatusUnknown {
		t.Errorf("the status is %q, %v; want not known", got.Status, err)
	}
	_, err = api.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"mobile_number": apiclient.Text("1")}})
	wantError(t, err, apiclient.Conflict, "wants a status with every change of a member field")
	_, err = api.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionApprove, Users: []apiclient.UserID{u.ID}})
	wantError(t, err, apiclient.Unsupported, "does not tell an account's status")
	given := apiclient.StatusRejected
	if _, err := api.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: &given, Fields: map[string]apiclient.Value{"mobile_number": apiclient.Text("1")}}); err != nil {
		t.Errorf("with the status given: %v", err)
	}
	if _, err := api.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{DisplayName: new("Core alone")}); err != nil {
		t.Errorf("a change that core does: %v", err)
	}
}

// TestNoActionZap stops the action zaps: what needs one says so.
func TestNoActionZap(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	u := register(t, connect(t, site), apitest.User("no-zap", apitest.Inactive))
	site.Zap(t, site.Zaps["action"], false)
	site.Zap(t, site.Zaps["any"], false)
	api := connect(t, site)
	_, err := api.CreateUser(t.Context(), apitest.User("no-zap-2"))
	wantError(t, err, apiclient.Unsupported, "no running action zap")
	_, err = api.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionReactivate, Users: []apiclient.UserID{u.ID}})
	wantError(t, err, apiclient.Unsupported, "no running action zap")
	out, err := api.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}})
	if err != nil || out[0].Err != nil {
		t.Errorf("core deletes: %+v, %v", out, err)
	}
}

// TestRefusals asks for what WordPress would do badly.
func TestRefusals(t *testing.T) {
	api := connect(t, sites.Site(t, remotetest.Options{Users: 60}))
	for _, c := range []struct {
		name, want string
		user       apiclient.NewUser
	}{
		{"a login that would be emptied", "which WordPress would strip", apitest.User("山田", apitest.Email("x@example.com"))},
		{"a login that would be changed", "which WordPress would strip", apitest.User("Jörg Müller", apitest.Email("x@example.com"))},
		{"a login with two spaces", "spaces that WordPress would strip", apitest.User("a  b", apitest.Email("x@example.com"))},
		{"a day that is none", "day that exists", apitest.User("refused", apitest.Answer("birth_date", "1990-02-30"))},
		{"a choice that is none", "use one of Basic, Plus, Lifetime", apitest.User("refused", apitest.Answer("membership_plan", "Gold"))},
		{"a status that is none", "no account status", apitest.User("refused", apitest.InStatus("on holiday"))},
		{"a date of registration", "sets the registration date itself", apitest.User("refused", apitest.Registered(time.Now()))},
		{"a name without an end", "display name has 300 characters", apitest.User("refused", apitest.DisplayName(strings.Repeat("x", 300)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := api.CreateUser(t.Context(), c.user)
			wantError(t, err, apiclient.Invalid, c.want)
		})
	}
	for _, a := range append(apiclient.StatusActions(), apiclient.ActionDelete) {
		out, err := api.DoUsers(t.Context(), apiclient.UserAction{Action: a, Users: []apiclient.UserID{1}})
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		wantError(t, out[0].Err, apiclient.Conflict, "cannot act on itself")
	}
	_, err := api.UpdateUser(t.Context(), 1, apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"subscriber"}})
	wantError(t, err, apiclient.Conflict, "lock itself out")
}

// TestShowStatus opens a site whose owner shows the account status over REST.
func TestShowStatus(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	site.Behave(t, "show-status")
	api := connect(t, site)
	s, err := api.Site(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if ok, why := s.Can(apiclient.CanFilterStatus); !ok {
		t.Fatalf("the status cannot be filtered: %s", why)
	}
	counts, err := api.CountUsers(t.Context(), apiclient.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for status, n := range counts.ByStatus {
		sum += n
		page, err := api.Users(t.Context(), apiclient.UserQuery{Filter: apiclient.FieldIs("status", string(status)), Limit: 200})
		if err != nil || len(page.Users) != n {
			t.Errorf("%d users are %q, %v; the count says %d", len(page.Users), status, err, n)
		}
	}
	if sum != counts.Total || len(counts.ByStatus) < 3 {
		t.Errorf("the counts are %+v; want them to add up, for several statuses", counts)
	}
}

// TestPages walks over all users in every order that WordPress has.
func TestPages(t *testing.T) {
	api := connect(t, sites.Site(t, remotetest.Options{Users: 60}))
	for _, sort := range []apiclient.Sort{{}, {Column: "id"}, {Column: "id", Desc: true}, {Column: "login"}, {Column: "email", Desc: true}, {Column: "display_name"}, {Column: "registered"}} {
		t.Run(sort.String(), func(t *testing.T) {
			counts, err := api.CountUsers(t.Context(), apiclient.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			met := map[apiclient.UserID]int{}
			q := apiclient.UserQuery{Sort: sort, Limit: 7}
			for {
				p, err := api.Users(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, u := range p.Users {
					met[u.ID]++
				}
				if q.After = p.Next; q.After == "" {
					break
				}
			}
			if len(met) != counts.Total {
				t.Errorf("%d users were met; the site has %d", len(met), counts.Total)
			}
			for id, n := range met {
				if n != 1 {
					t.Errorf("user %d was met %d times", id, n)
				}
			}
		})
	}
	for _, column := range []string{"status", "role", "last_login", "country"} {
		_, err := api.Users(t.Context(), apiclient.UserQuery{Sort: apiclient.Sort{Column: column}})
		if apiclient.KindOf(err) != apiclient.Unsupported || err == nil {
			t.Errorf("sorted by %s: %v; want Unsupported", column, err)
		}
	}
}

// TestFilters filters by what core shows: WordPress itself or umdeck behind it.
func TestFilters(t *testing.T) {
	api := connect(t, sites.Site(t, remotetest.Options{Users: 60}))
	register(t, api, apitest.User("filter-one", apitest.DisplayName("First O'Neil"), apitest.Answer("first_name", "Zoë"), apitest.Role("author")))
	register(t, api, apitest.User("filter-two", apitest.DisplayName("Second"), apitest.Answer("first_name", "Søn"), apitest.Role("author", "editor")))
	text := func(s string) apiclient.Filter {
		return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Op: apiclient.Contains, Value: s}}
	}
	for _, c := range []struct {
		name   string
		filter apiclient.Filter
		want   []string
	}{
		{"text", text("filter-"), []string{"filter-one", "filter-two"}},
		{"text with a quote", text("o'neil"), []string{"filter-one"}},
		{"an address", text("filter-two@example.com"), []string{"filter-two"}},
		{"text and a role", apiclient.AllOf(text("filter-"), apiclient.FieldIs("role", "editor")), []string{"filter-two"}},
		{"two roles", apiclient.AllOf(text("filter-"), apiclient.FieldIs("role", "editor"), apiclient.FieldIs("role", "author")), []string{"filter-two"}},
		{"a first name", apiclient.AllOf(text("filter-"), apiclient.FieldIs("first_name", "zoë")), []string{"filter-one"}},
		{"a login", apiclient.FieldIs("login", "FILTER-ONE"), []string{"filter-one"}},
		{"not", apiclient.AllOf(text("filter-"), apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{apiclient.FieldIs("login", "filter-one")}}), []string{"filter-two"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := api.Users(t.Context(), apiclient.UserQuery{Filter: c.filter, Sort: apiclient.Sort{Column: "login"}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range p.Users {
				got = append(got, u.Login)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("the users (-want +got):\n%s", diff)
			}
			n, err := api.CountUsers(t.Context(), c.filter)
			if err != nil || n.Total != len(c.want) {
				t.Errorf("the count is %d, %v", n.Total, err)
			}
		})
	}
}

// TestSubscribe has WordPress post to this machine.
func TestSubscribe(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	api := connect(t, site)
	bodies := make(chan []byte, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies <- body
	}))
	t.Cleanup(receiver.Close)
	zap := site.Zaps["um_registration_complete"]
	s, added, err := api.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: zap, URL: receiver.URL + "/hook"})
	if err != nil || !added || s.ID != 0 || s.Zap != zap || s.State != apiclient.SubscriptionActive || s.By != "admin" {
		t.Fatalf("AddSubscription: %+v, %t, %v", s, added, err)
	}
	u := register(t, api, apitest.User("subscribed", apitest.Answer("first_name", "Ada")))
	select {
	case body := <-bodies:
		var got map[string]any
		if err := json.Unmarshal(body, &got); err != nil || got["first_name"] != "Ada" || got["user_id"] != float64(u.ID) {
			t.Errorf("the hook is %s, %v", body, err)
		}
	case <-time.After(15 * time.Second):
		t.Error("no hook came")
	}
	_, _, err = api.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: site.Zaps["action"], URL: receiver.URL})
	wantError(t, err, apiclient.Conflict, "is an action")
	_, _, err = api.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: 9999, URL: receiver.URL})
	wantError(t, err, apiclient.NotFound, "no zap 9999")
}

// TestFieldGroups reads every zap of the site and a sample of each trigger.
func TestFieldGroups(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	site.Zap(t, site.Zaps["um_user_login"], false)
	api := connect(t, site)
	zaps, err := api.Zaps(t.Context(), apiclient.ZapQuery{})
	if err != nil || len(zaps) != 8 {
		t.Fatalf("%d zaps, %v; want 8: the draft is not offered", len(zaps), err)
	}
	for _, z := range zaps {
		g, err := api.FieldGroup(t.Context(), z.ID)
		if err != nil {
			t.Fatalf("FieldGroup(%d): %v", z.ID, err)
		}
		var keys []string
		for _, f := range g.Fields {
			keys = append(keys, f.Key)
		}
		if diff := cmp.Diff(z.Fields, keys); diff != "" || len(keys) < 17 {
			t.Errorf("the fields of %d (-zap +group):\n%s", z.ID, diff)
		}
		sample, err := api.SampleZap(t.Context(), z.ID, 1)
		if z.Kind == apiclient.ZapAction {
			wantError(t, err, apiclient.Conflict, "only a trigger has a sample")
			continue
		}
		if v, _ := sample.Get("user_email"); err != nil || v != "admin@example.com" {
			t.Errorf("the sample of %d is %v, %v", z.ID, sample, err)
		}
		if _, err := api.SampleZap(t.Context(), z.ID, 0); err != nil {
			t.Errorf("the sample of %d without a user: %v", z.ID, err)
		}
		_, err = api.SampleZap(t.Context(), z.ID, 1<<40)
		wantError(t, err, apiclient.NotFound, "")
	}
	_, err = api.FieldGroup(t.Context(), site.Zaps["um_user_login"])
	wantError(t, err, apiclient.NotFound, "drafts are not offered")
}

// TestReadOnly reads a site and changes nothing.
func TestReadOnly(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	api, err := tryConnect(t, site, func(c *remote.Config) { c.ReadOnly = true })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Users(t.Context(), apiclient.UserQuery{}); err != nil {
		t.Errorf("Users: %v", err)
	}
	if _, err := api.SampleZap(t.Context(), site.Zaps["um_user_login"], 1); err != nil {
		t.Errorf("SampleZap: %v", err)
	}
	if _, err := api.CreateUser(t.Context(), apitest.User("read-only")); apiclient.KindOf(err) != apiclient.Forbidden {
		t.Errorf("CreateUser: %v; want Forbidden", err)
	}
}

func ExampleAddress() {
	for _, text := range []string{"example.com", "https://example.com/blog/wp-admin/", "ftp://example.com"} {
		fmt.Println(remote.Address(text))
	}
	// Output:
	// https://example.com <nil>
	// https://example.com/blog <nil>
	//  The site's address starts with "ftp"; use https://.
}
