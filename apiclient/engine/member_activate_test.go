package engine_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// activate opens an activation link.
func (s memberSite) activate(t testing.TB, v apiclient.Visitor, hash string, id apiclient.UserID) (apiclient.Reply, error) {
	t.Helper()
	return s.Activate(t.Context(), v, hash, strconv.Itoa(int(id)))
}

func TestActivate(t *testing.T) {
	const ok = "redirect /login?updated=account_active"
	const used, expired = "refused /login?err=activation_link_used", "refused /login?err=activation_link_expired"
	for _, c := range []struct {
		name   string
		do     func(t *testing.T, s memberSite, u apiclient.User, hash string) string // what the link comes to
		want   string
		status apiclient.Status
		events []string // after the registration
	}{
		{"opened", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID))
		}, ok, apiclient.StatusApproved, []string{"um_user_email_activation form eve"}},
		{"in another case", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.activate(t, apiclient.Visitor{}, strings.ToUpper(hash), u.ID))
		}, ok, apiclient.StatusApproved, []string{"um_user_email_activation form eve"}},
		{"twice", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			_, _ = s.activate(t, apiclient.Visitor{}, hash, u.ID) // see "opened"
			return outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID))
		}, used, apiclient.StatusApproved, []string{"um_user_email_activation form eve"}},
		{"of somebody else", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.activate(t, apiclient.Visitor{}, hash, s.join(t, "other").ID))
		}, used, apiclient.StatusAwaitingEmail, nil},
		{"of nobody", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.activate(t, apiclient.Visitor{}, hash, 999))
		}, used, apiclient.StatusAwaitingEmail, nil},
		{"wrong", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.activate(t, apiclient.Visitor{}, strings.Repeat("x", 40), u.ID))
		}, used, apiclient.StatusAwaitingEmail, nil},
		{"too short", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.activate(t, apiclient.Visitor{}, hash[:39], u.ID))
		}, "redirect ", apiclient.StatusAwaitingEmail, nil},
		{"no number", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			return outcome(s.Activate(t.Context(), apiclient.Visitor{}, hash, "eve"))
		}, "redirect ", apiclient.StatusAwaitingEmail, nil},
		{"somebody else is logged in", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.join(t, "other")
			return outcome(s.activate(t, s.enter(t, "other"), hash, u.ID))
		}, "refused /user/other", apiclient.StatusAwaitingEmail, nil},
		{"somebody else is logged in, and it is too short", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.join(t, "other")
			return outcome(s.activate(t, s.enter(t, "other"), hash[:39], u.ID))
		}, "redirect ", apiclient.StatusAwaitingEmail, nil},
		{"sent again since", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.act(t, apiclient.ActionResend, u.ID)
			return outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID))
		}, used, apiclient.StatusAwaitingEmail, nil},
		{"approved by an administrator since", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.act(t, apiclient.ActionApprove, u.ID)
			return outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID))
		}, used, apiclient.StatusApproved, nil},
		{"at its expiry", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.execute(t, `UPDATE users SET activation_expiry = ? WHERE id = ?`, s.now().UnixMilli(), u.ID)
			return outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID))
		}, ok, apiclient.StatusApproved, []string{"um_user_email_activation form eve"}},
		{"after its expiry", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.execute(t, `UPDATE users SET activation_expiry = ? WHERE id = ?`, s.now().UnixMilli(), u.ID)
			s.pass(time.Second)
			return outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID))
		}, expired, apiclient.StatusAwaitingEmail, nil},
		{"wrong, and after its expiry", func(t *testing.T, s memberSite, u apiclient.User, hash string) string {
			s.execute(t, `UPDATE users SET activation_expiry = ? WHERE id = ?`, s.now().UnixMilli(), u.ID)
			s.pass(time.Second)
			return outcome(s.activate(t, apiclient.Visitor{}, strings.Repeat("x", 40), u.ID))
		}, used, apiclient.StatusAwaitingEmail, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSite(t)
			u := s.join(t, "eve", apitest.AwaitingEmail)
			if got := c.do(t, s, u, s.column(t, u.ID, "activation_hash")); got != c.want {
				t.Errorf("%s; want %s", got, c.want)
			}
			if is := must(s.User(t.Context(), u.ID))(t); is.Status != c.status {
				t.Errorf("the status is %s; want %s", is.Status, c.status)
			}
			want := append([]string{"um_registration_complete console "}, c.events...)
			if diff := cmp.Diff(want, s.triggers(t, "eve")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestActivateTogether opens one link many times at once: it works once.
func TestActivateTogether(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "eve", apitest.AwaitingEmail)
	hash := s.column(t, u.ID, "activation_hash")
	var wg sync.WaitGroup
	got := make([]string, 20)
	for i := range got {
		wg.Go(func() { got[i] = outcome(s.activate(t, apiclient.Visitor{}, hash, u.ID)) })
	}
	wg.Wait()
	opened := 0
	for _, o := range got {
		if o == "redirect /login?updated=account_active" {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("the link was opened %d times: %q", opened, got)
	}
	if got := s.triggers(t, "eve"); len(got) != 2 {
		t.Errorf("the events are %q", got)
	}
}

// TestActivateWithoutPassword leads to the form for one, with a key that works once.
func TestActivateWithoutPassword(t *testing.T) {
	s := openSite(t)
	u := must(s.CreateUser(t.Context(), apitest.User("eve", apitest.AwaitingEmail)))(t)
	r := must(s.activate(t, apiclient.Visitor{}, s.column(t, u.ID, "activation_hash"), u.ID))(t)
	login, key := linked(t, r.Redirect)
	if form := must(s.CheckReset(t.Context(), apiclient.Visitor{}, login, key))(t); form.Title != "Set Password" || !form.Fields[0].Confirm {
		t.Errorf("the form is %+v", form)
	}
	set := sent("user_password", goodPassword, "confirm_user_password", goodPassword)
	if got := outcome(s.ResetPassword(t.Context(), apiclient.Visitor{Address: "192.0.2.1"}, login, key, set)); got != "redirect /login?updated=password_changed" {
		t.Fatal(got)
	}
	if got := outcome(s.ResetPassword(t.Context(), apiclient.Visitor{Address: "192.0.2.1"}, login, key, set)); got != "refused /password-reset?updated=invalidkey" {
		t.Errorf("again: %s", got)
	}
	s.enter(t, "eve")
	want := []string{"um_registration_complete console ", "um_user_email_activation form eve", "um_user_login form eve"}
	if diff := cmp.Diff(want, s.triggers(t, "eve")); diff != "" {
		t.Error(diff)
	}
}
