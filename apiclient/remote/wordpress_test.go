package remote_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/remote/remotetest"
)

func TestWordPressSuite(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	apitest.Run(t, func(t *testing.T) apiclient.API { return connect(t, site) }, apitest.Options{Shared: true})
}

// TestSubdirectory does one of everything on a site whose addresses have a folder.
func TestSubdirectory(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Subdir: "blog"})
	if !strings.HasSuffix(site.URL, "/blog") {
		t.Fatalf("the site is at %s", site.URL)
	}
	api := connect(t, site)
	if s, err := api.Site(t.Context()); err != nil || s.URL != site.URL || len(s.Warnings) > 0 {
		t.Errorf("Site: %+v, %v", s, err)
	}
	u := register(t, api, apitest.User("in-a-folder", apitest.AwaitingReview, apitest.Answer("country", "Spain")))
	out, err := api.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionApprove, Users: []apiclient.UserID{u.ID}})
	if err != nil || out[0].Err != nil {
		t.Errorf("approve: %+v, %v", out, err)
	}
	edited, err := api.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{DisplayName: new("In a folder"), Fields: map[string]apiclient.Value{"mobile_number": apiclient.Text("123")}})
	if err != nil || edited.Status != apiclient.StatusApproved || edited.DisplayName != "In a folder" || edited.Value("mobile_number").Text != "123" || edited.Value("country").Text != "Spain" {
		t.Errorf("UpdateUser: %+v, %v", edited, err)
	}
	readSubdirectory(t, api, u.ID)
}

func readSubdirectory(t *testing.T, api apiclient.API, id apiclient.UserID) {
	t.Helper()
	if found, err := api.FindUser(t.Context(), "IN-A-FOLDER@example.com"); err != nil || found.ID != id {
		t.Errorf("FindUser: %+v, %v", found, err)
	}
	page, err := api.Users(t.Context(), apiclient.UserQuery{Limit: 1})
	if err != nil || len(page.Users) != 1 || page.Users[0].ID != id || page.Next == "" {
		t.Errorf("Users: %+v, %v", page, err)
	}
	if zaps, err := api.Zaps(t.Context(), apiclient.ZapQuery{Kind: apiclient.ZapTrigger}); err != nil || len(zaps) != 7 {
		t.Errorf("%d trigger zaps, %v; want 7", len(zaps), err)
	}
	if passwords, err := api.Passwords(t.Context(), 0); err != nil || len(passwords) != 1 {
		t.Errorf("Passwords: %+v, %v", passwords, err)
	}
}

// TestDiagnoses makes a real site misbehave: each fault has a sentence of its own.
func TestDiagnoses(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	for _, c := range []struct {
		behave string
		change func(*remote.Config)
		kind   apiclient.Kind
		want   string
	}{
		{"strip-auth", nil, apiclient.Unauthorized, "drops the Authorization header"},
		{"", wrongPassword, apiclient.Unauthorized, "Check the password"},
		{"", wrongUser, apiclient.Unauthorized, "Check the password"},
		{"early-auth", wrongPassword, apiclient.Unauthorized, "application password is wrong"},
		{"early-auth", wrongUser, apiclient.Unauthorized, "no user of that name"},
		{"no-rest", wrongPassword, apiclient.Unauthorized, "closes the REST API to visitors"},
		{"", nobody, apiclient.Unauthorized, "wants a user and an application password"},
		{"no-app-passwords", nil, apiclient.Unauthorized, "Application passwords are switched off"},
		{"redirect", nil, apiclient.Unavailable, "connect to http://localhost:"},
		{"maintenance", nil, apiclient.Unavailable, "maintenance mode (503) and asks to come back in 10m0s"},
		{"broken", nil, apiclient.Unavailable, "broke while answering"},
		{"cut", nil, apiclient.Unavailable, "cut in the middle"},
		{"rate-limit=0", nil, apiclient.Unavailable, "too many requests (429)"},
		{"slow=2", func(c *remote.Config) { c.Timeout = 1e9 }, apiclient.Unavailable, "did not answer /wp-json/ within 1s"},
	} {
		t.Run(c.behave+" "+c.want, func(t *testing.T) {
			if c.behave != "" {
				site.Behave(t, c.behave)
			}
			_, err := tryConnect(t, site, c.change)
			if err == nil {
				t.Fatal("Open succeeds")
			}
			if apiclient.KindOf(err) != c.kind || !strings.Contains(apiclient.MessageOf(err), c.want) {
				t.Errorf("Open fails with %s: %s\nwant %s with %q", apiclient.KindOf(err), apiclient.MessageOf(err), c.kind, c.want)
			}
			t.Log(err)
		})
	}
}

func wrongPassword(c *remote.Config) {
	c.Password = apiclient.NewSecret("aaaa bbbb cccc dddd eeee ffff")
}
func wrongUser(c *remote.Config) { c.User = "umdeck" }
func nobody(c *remote.Config)    { c.User, c.Password = "", apiclient.Secret{} }

// TestAddress opens sites at addresses that people give.
func TestAddress(t *testing.T) {
	plain, blog := sites.Site(t, remotetest.Options{Users: 60}), sites.Site(t, remotetest.Options{Subdir: "blog"})
	for _, c := range []struct {
		name, url, want string
	}{
		{"with a slash", blog.URL + "/", ""},
		{"of wp-admin", blog.URL + "/wp-admin/users.php?role=author", ""},
		{"of the REST API", blog.URL + "/wp-json/", ""},
		{"of a page", plain.URL + "/no-such-page", ""},
		{"without the folder", strings.TrimSuffix(blog.URL, "/blog"), "name the folder too"},
		{"of nothing", "http://127.0.0.1:1", "Nothing listens at 127.0.0.1:1"},
		{"of a host that is none", "https://no-such-host.invalid", "There is no address for the host no-such-host.invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := *blog
			if strings.HasPrefix(c.url, plain.URL) {
				site = *plain
			}
			home := site.URL
			site.URL = c.url
			api, err := tryConnect(t, &site, nil)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("Open: %v; want %q in it", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatalf("Open: %v", err)
			}
			if s, err := api.Site(t.Context()); err != nil || s.URL != home {
				t.Errorf("the site is at %q, %v; want %q", s.URL, err, home)
			}
		})
	}
}

// TestPartly opens sites of which a part works: what is out of reach says why.
func TestPartly(t *testing.T) {
	site := sites.Site(t, remotetest.Options{Users: 60})
	for _, c := range []struct {
		behave  string
		missing apiclient.Capability // that has the reason; empty: nothing but a warning
		want    string
	}{
		{"page-cache", apiclient.CanReadZaps, "A page cache answered um_zapier_auth_test"},
		{"waf", apiclient.CanReadZaps, "firewall or security plugin refused um_zapier_auth_test (403, \"403 Forbidden\")"},
		{"notice", "", "PHP prints messages into the site's answers (Warning : Undefined array key"},
		{"no-rewrite", "", ""},
		{"no-rest", "", ""},
	} {
		t.Run(c.behave, func(t *testing.T) {
			site.Behave(t, c.behave)
			api := connect(t, site)
			s, err := api.Site(t.Context())
			if err != nil {
				t.Fatalf("Site: %v", err)
			}
			if got := s.Missing[c.missing] + strings.Join(s.Warnings, "\n"); !strings.Contains(got, c.want) {
				t.Errorf("the site says %q; want %q in it", got, c.want)
			}
			p, err := api.Users(t.Context(), apiclient.UserQuery{Limit: 3})
			if err != nil || len(p.Users) != 3 {
				t.Errorf("Users gives %d users, %v; want 3", len(p.Users), err)
			}
		})
	}
}
