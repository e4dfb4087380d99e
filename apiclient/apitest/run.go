package apitest

import (
	"cmp"
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
)

// Options tells the suite what it cannot find out by itself. The zero value is a
// subject that opens a new site each time and can post to this machine.
type Options struct {
	// Shared says that every open gives the same site: the suite removes the users
	// that it made.
	Shared bool
	// Unreachable says why the site cannot post to 127.0.0.1 of this machine; the
	// tests that receive hooks are skipped with that reason. Empty: it can.
	Unreachable string
	// Patience is how long the suite waits for what must come; zero means 15 s.
	Patience time.Duration
	// Parallel says that the groups may run side by side.
	Parallel bool
}

// patience is how long is waited for what must come, where nothing else is said.
const patience = 15 * time.Second

// Run runs the suite: one group for each noun, each on an API of its own, which
// the suite closes. More than one Options is a mistake of the caller and fails.
func Run(t *testing.T, open func(t *testing.T) apiclient.API, opts ...Options) {
	t.Helper()
	var o Options
	switch len(opts) {
	case 0:
	case 1:
		o = opts[0]
	default:
		t.Fatal("apitest.Run takes one Options")
	}
	o.Patience = cmp.Or(o.Patience, patience)
	for _, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			if o.Parallel {
				t.Parallel()
			}
			api := open(t)
			t.Cleanup(func() {
				if err := api.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			site, err := api.Site(t.Context())
			if err != nil {
				t.Fatalf("Site: %v", err)
			}
			g.run(t, &subject{API: api, site: site, opts: o, tag: newTag()})
		})
	}
}

// A group is the tests of one noun.
type group struct {
	name string
	run  func(*testing.T, *subject)
}

func groups() []group {
	return []group{
		{"Site", testSite},
		{"Health", testHealth},
		{"Missing", testMissing},
		{"Users", testUsers},
		{"UserBatches", testUserBatches},
		{"UserText", testUserText},
		{"UserUpdate", testUserUpdate},
		{"UserPages", testUserPages},
		{"UserFilters", testUserFilters},
		{"Actions", testActions},
		{"Roles", testRoles},
		{"RoleWriting", testWriteRoles},
		{"Zaps", testZaps},
		{"FieldGroups", testFieldGroups},
		{"Fields", testFields},
		{"Forms", testForms},
		{"Uploads", testUploads},
		{"Subscriptions", testSubscriptions},
		{"Events", testEvents},
		{"Deliveries", testDeliveries},
		{"Replays", testReplays},
		{"Watch", testWatch},
		{"Passwords", testPasswords},
		{"Settings", testSettings},
		{"Audits", testAudits},
		{"Mails", testMails},
		{"Undo", testUndo},
		{"Contexts", testContexts},
	}
}

// A subject is an open API, what it says of itself, and the tag by which its test
// knows its own rows.
type subject struct {
	apiclient.API
	site apiclient.Site
	opts Options
	tag  string
}

// newTag returns eight lower-case letters and digits that start with a letter.
func newTag() string { return "t" + strings.ToLower(rand.Text()[:7]) }

// can reports whether the subject has all the capabilities.
func (s *subject) can(caps ...apiclient.Capability) bool {
	for _, c := range caps {
		if ok, _ := s.site.Can(c); !ok {
			return false
		}
	}
	return true
}

// need skips the test when the subject lacks one of the capabilities; group
// Missing checks that it says so properly.
func (s *subject) need(t *testing.T, caps ...apiclient.Capability) {
	t.Helper()
	for _, c := range caps {
		if ok, why := s.site.Can(c); !ok {
			t.Skipf("the site lacks %s: %s", c, why)
		}
	}
}

// login returns a login of this test.
func (s *subject) login(name string) string { return s.tag + "-" + name }

// mine is a filter for the users of this test, whose logins carry the tag.
func (s *subject) mine() apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Op: apiclient.Contains, Value: s.tag}}
}

// user creates a user of this test: name becomes a login with the tag in it.
func (s *subject) user(t *testing.T, name string, more ...UserOption) apiclient.User {
	t.Helper()
	u, err := s.CreateUser(t.Context(), User(s.login(name), more...))
	if err != nil {
		t.Fatalf("CreateUser(%s): %v", s.login(name), err)
	}
	s.removeLater(t, u.ID)
	return u
}

// registered makes an account that old, where the site takes a date: WordPress sets
// it itself.
func (s *subject) registered(at time.Time) UserOption {
	if s.site.Kind == apiclient.SiteWordPress {
		return func(*apiclient.NewUser) {}
	}
	return Registered(at)
}

// removeLater removes a user when the test ends and the site outlives it.
func (s *subject) removeLater(t *testing.T, id apiclient.UserID) {
	if !s.opts.Shared || !s.can(apiclient.CanDeleteUsers) {
		return
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
		defer cancel()
		// The test may have removed it itself: the outcome does not matter.
		if _, err := s.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{id}}); err != nil && apiclient.KindOf(err) != apiclient.NotFound {
			t.Errorf("remove user %d: %v", id, err)
		}
	})
}

// zap creates a zap of this test.
func (s *subject) zap(t *testing.T, n apiclient.NewZap) apiclient.Zap {
	t.Helper()
	n.Name = s.tag + " " + n.Name
	z, err := s.CreateZap(t.Context(), n)
	if err != nil {
		t.Fatalf("CreateZap(%s): %v", n.Name, err)
	}
	return z
}

// subscribe adds a subscription that must be new.
func (s *subject) subscribe(t *testing.T, z apiclient.ZapID, url string) apiclient.Subscription {
	t.Helper()
	sub, added, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z, URL: url})
	if err != nil || !added {
		t.Fatalf("AddSubscription: added %t, err %v; want a new one", added, err)
	}
	return sub
}
