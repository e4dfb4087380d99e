package engine_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// matrix is what Ultimate Member's row actions make of each status (2.13,
// includes/common/class-users.php): rows as in StatusActions, "-" is refused.
var matrix = []struct {
	from apiclient.Status
	to   [6]string // approve, reject, pending, resend, deactivate, reactivate
}{
	{apiclient.StatusUndefined, [6]string{"approved", "-", "awaiting_admin_review", "awaiting_email_confirmation", "inactive", "-"}},
	{apiclient.StatusApproved, [6]string{"-", "-", "awaiting_admin_review", "awaiting_email_confirmation", "inactive", "-"}},
	{apiclient.StatusAwaitingReview, [6]string{"approved", "rejected", "-", "awaiting_email_confirmation", "inactive", "-"}},
	{apiclient.StatusAwaitingEmail, [6]string{"approved", "-", "awaiting_admin_review", "awaiting_email_confirmation", "inactive", "-"}},
	{apiclient.StatusInactive, [6]string{"-", "-", "awaiting_admin_review", "awaiting_email_confirmation", "-", "approved"}},
	{apiclient.StatusRejected, [6]string{"approved", "-", "awaiting_admin_review", "awaiting_email_confirmation", "inactive", "-"}},
	{"on_hold", [6]string{"approved", "-", "awaiting_admin_review", "awaiting_email_confirmation", "inactive", "-"}},
}

var hashShape = regexp.MustCompile(`^[A-Za-z0-9]{40}$`)

// TestStatusActions does each action to an account in each status, with an activation link
// out that has an expiry, and sessions.
func TestStatusActions(t *testing.T) {
	s := openSite(t)
	set(t, s.Engine, "umdeck_statuses", "on_hold|On hold")
	const old, stale = "oldoldoldoldoldoldoldoldoldoldoldoldoldo", 1000
	for _, row := range matrix {
		for i, action := range apiclient.StatusActions() {
			t.Run(fmt.Sprintf("%s %s", action, row.from), func(t *testing.T) {
				u := must(s.CreateUser(t.Context(), apitest.User(fmt.Sprintf("u%d%s", i, row.from))))(t)
				s.execute(t, `UPDATE users SET status = ?, activation_hash = ?, activation_expiry = ?, sessions_from = 0 WHERE id = ?`, row.from, old, stale, u.ID)
				before := len(s.triggers(t, u.Login))
				s.pass(time.Second)
				out := must(s.DoUsers(t.Context(), apiclient.UserAction{Action: action, Users: []apiclient.UserID{u.ID}}))(t)[0]
				want := row.to[i]
				if want == "-" {
					want = string(row.from)
					if out.Err == nil || out.Err.Kind != apiclient.Conflict {
						t.Fatalf("%+v; want it refused", out)
					}
				} else if out.Err != nil {
					t.Fatal(out.Err)
				}
				is := must(s.User(t.Context(), u.ID))(t)
				if string(is.Status) != want || out.To != is.Status || out.From != row.from {
					t.Errorf("%+v, and the account is %q; want %s", out, is.Status, want)
				}
				s.checkLink(t, u.ID, action, row.to[i] != "-", old, stale)
				raised := s.triggers(t, u.Login)[before:]
				if approval := row.from == apiclient.StatusAwaitingReview && action == apiclient.ActionApprove; approval != (len(raised) == 1) {
					t.Errorf("raised %v", raised)
				}
			})
		}
	}
}

// checkLink looks at the activation link and the sessions after an action that was done
// just now, or refused.
func (s memberSite) checkLink(t *testing.T, id apiclient.UserID, a apiclient.Action, done bool, old string, stale int) {
	t.Helper()
	hash, expiry, sessions := s.column(t, id, "activation_hash"), s.column(t, id, "activation_expiry"), s.column(t, id, "sessions_from")
	ended := sessions == fmt.Sprint(s.now().UnixMilli())
	right := false
	switch {
	case !done:
		right = hash == old && expiry == fmt.Sprint(stale) && sessions == "0"
	case a == apiclient.ActionResend:
		right = hashShape.MatchString(hash) && hash != old && expiry == "0" && ended
	default:
		right = hash == "" && expiry == "0" && ended == (a != apiclient.ActionApprove && a != apiclient.ActionReactivate)
	}
	if !right {
		t.Errorf("done %t: the link is %q until %s, sessions are from %s", done, hash, expiry, sessions)
	}
}

// TestActivationExpiry rewrites the expiry with each link, or removes it.
func TestActivationExpiry(t *testing.T) {
	s := openSite(t)
	u := must(s.CreateUser(t.Context(), apitest.User("ada", apitest.AwaitingEmail)))(t)
	first := s.column(t, u.ID, "activation_hash")
	if !hashShape.MatchString(first) || s.column(t, u.ID, "activation_expiry") != "0" {
		t.Errorf("the first link is %q", first)
	}
	seen := map[string]bool{first: true}
	for _, c := range []struct {
		days string
		want func() string
	}{
		{"3", func() string { return fmt.Sprint(s.now().Add(72 * time.Hour).UnixMilli()) }},
		{"1", func() string { return fmt.Sprint(s.now().Add(24 * time.Hour).UnixMilli()) }},
		{"", func() string { return "0" }},
	} {
		set(t, s.Engine, "activation_link_expiry_time", c.days)
		s.pass(time.Hour)
		events, audits := len(s.triggers(t, "ada")), len(must(s.Audits(t.Context(), apiclient.AuditQuery{}))(t).Audits)
		out := must(s.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionResend, Users: []apiclient.UserID{u.ID}}))(t)[0]
		hash := s.column(t, u.ID, "activation_hash")
		if out.Err != nil || seen[hash] || !hashShape.MatchString(hash) || s.column(t, u.ID, "activation_expiry") != c.want() {
			t.Errorf("%q days: %+v, the link %q until %s; want a new one until %s", c.days, out, hash, s.column(t, u.ID, "activation_expiry"), c.want())
		}
		seen[hash] = true
		if len(s.triggers(t, "ada")) != events {
			t.Error("sending it again raised a trigger")
		}
		if now := must(s.Audits(t.Context(), apiclient.AuditQuery{}))(t).Audits; len(now) != audits+1 || strings.Contains(now[0].After+now[0].Before, hash) {
			t.Errorf("the audit says %+v", now[0])
		}
	}
	set(t, s.Engine, "activation_link_expiry_time", "2")
	other := must(s.CreateUser(t.Context(), apitest.User("bob", apitest.AwaitingEmail)))(t)
	if got, want := s.column(t, other.ID, "activation_expiry"), fmt.Sprint(s.now().Add(48*time.Hour).UnixMilli()); got != want {
		t.Errorf("a new account's link ends at %s; want %s", got, want)
	}
}

// TestOwnStatuses keeps statuses of the site's own: configured, counted, filtered, and
// kept by who has one when the setting has it no more.
func TestOwnStatuses(t *testing.T) {
	e := open(t, t.TempDir())
	set(t, e, "umdeck_statuses", "on_hold|On hold\nvip")
	u := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.Approved)))(t)
	u = must(e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: new(apiclient.Status("On Hold"))}))(t)
	if u.Status != "on_hold" {
		t.Errorf("it is %q", u.Status)
	}
	list := must(e.Statuses(t.Context()))(t)
	if len(list) != 7 || list[5] != (apiclient.AccountStatus{Slug: "on_hold", Label: "On hold", Users: 1}) || list[6] != (apiclient.AccountStatus{Slug: "vip", Label: "vip"}) {
		t.Errorf("%+v", list)
	}
	page := must(e.Users(t.Context(), apiclient.UserQuery{Filter: apiclient.FieldIs("status", "on_hold")}))(t)
	if len(page.Users) != 1 {
		t.Errorf("%d are found; want 1", len(page.Users))
	}
	set(t, e, "umdeck_statuses", "")
	if _, err := e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: new(apiclient.Status("on_hold")), DisplayName: new("Ada")}); err != nil {
		t.Errorf("the same status, which is no more configured: %v", err)
	}
	if _, err := e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Status: new(apiclient.Status("vip"))}); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("another one: %v", err)
	}
	if list := must(e.Statuses(t.Context()))(t); len(list) != 6 || list[5].Slug != "on_hold" || list[5].Users != 1 {
		t.Errorf("%+v", list)
	}
}
