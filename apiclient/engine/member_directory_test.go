package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

func listed(d apiclient.Directory) string {
	var list []string
	for _, c := range d.Members {
		list = append(list, strings.TrimPrefix(c.Path, "/user/"))
	}
	return strings.Join(list, " ")
}

func TestDirectory(t *testing.T) {
	s := openSite(t)
	s.profile(t, field("country"), field("gender"), apiclient.Field{Key: "languages", Privacy: apiclient.PrivacyOwner})
	gold := must(s.CreateRole(t.Context(), apiclient.Role{Name: "Gold", Capabilities: []string{"read"}}))(t).Slug
	at := func(minute int) apitest.UserOption {
		return apitest.Registered(s.now().Add(time.Duration(minute) * time.Minute))
	}
	s.join(t, "ada", at(1), apitest.DisplayName("Ada"), apitest.Email("secret@example.com"), apitest.Answer("country", "Spain"))
	s.join(t, "bob", at(2), apitest.DisplayName("bob"), apitest.Answer("country", "France"), apitest.AnswerValue("languages", apiclient.List("English")))
	s.join(t, "cec", at(3), apitest.DisplayName("Čec"), apitest.Role(gold), apitest.Answer("country", "Spain"))
	s.join(t, "hid", at(4), apitest.AnswerValue("hide_in_members", apiclient.List("Yes")))
	s.join(t, "pri", at(5), apitest.Answer("profile_privacy", "Only me"))
	s.join(t, "new", at(6), apitest.AwaitingReview)
	s.join(t, "not", at(7), apitest.AnswerValue("hide_in_members", apiclient.List("No")))
	bob, guest := s.enter(t, "bob"), apiclient.Visitor{}
	query := func(v apiclient.Visitor, q apiclient.DirectoryQuery) string {
		t.Helper()
		d, err := s.Directory(t.Context(), v, q)
		if err != nil {
			return outcome(apiclient.Reply{}, err)
		}
		return listed(d)
	}
	for _, c := range []struct {
		name string
		who  apiclient.Visitor
		q    apiclient.DirectoryQuery
		want string
	}{
		{"newest first", guest, apiclient.DirectoryQuery{}, "not cec bob ada admin"},
		{"oldest first", guest, apiclient.DirectoryQuery{Sort: "user_registered_asc"}, "admin ada bob cec not"},
		{"by name", bob, apiclient.DirectoryQuery{Sort: "display_name"}, "ada admin bob not cec"},
		{"searched", guest, apiclient.DirectoryQuery{Search: " AD "}, "ada admin"},
		{"not by e-mail", guest, apiclient.DirectoryQuery{Search: "secret"}, ""},
		{"not by e-mail, to a member", bob, apiclient.DirectoryQuery{Search: "example.com"}, ""},
		{"filtered", guest, apiclient.DirectoryQuery{Where: map[string][]string{"country": {"Spain"}}}, "cec ada"},
		{"any of", guest, apiclient.DirectoryQuery{Where: map[string][]string{"country": {"Spain", "France", ""}}}, "cec bob ada"},
		{"filtered by nothing", guest, apiclient.DirectoryQuery{Where: map[string][]string{"country": {""}}}, "not cec bob ada admin"},
		{"filtered by what is private", guest, apiclient.DirectoryQuery{Where: map[string][]string{"languages": {"English"}}}, `invalid The directory cannot be filtered by "languages".`},
		{"filtered by a column", guest, apiclient.DirectoryQuery{Where: map[string][]string{"email": {"secret@example.com"}}}, `invalid The directory cannot be filtered by "email".`},
		{"sorted by a column", guest, apiclient.DirectoryQuery{Sort: "email"}, `invalid The directory cannot be sorted by "email"; use one of its orders.`},
		{"hostile", guest, apiclient.DirectoryQuery{Search: `%' OR 1=1 -- "*`}, ""},
	} {
		if got := query(c.who, c.q); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	s.role(t, "subscriber", "", "can_view_roles", string(gold))
	if got := query(bob, apiclient.DirectoryQuery{}); got != "cec" {
		t.Errorf("who sees one role: %s", got)
	}
	s.role(t, "subscriber", "", "can_view_roles", "", "can_view_all", "0")
	if got := query(bob, apiclient.DirectoryQuery{}); got != "bob" {
		t.Errorf("who sees nobody else: %s", got)
	}
	s.role(t, "subscriber", "", "can_view_all", "1", "can_access_private_profile", "1")
	if got := query(bob, apiclient.DirectoryQuery{}); got != "not pri cec bob ada admin" {
		t.Errorf("who sees private profiles: %s", got)
	}
	s.setting(t, "account_hide_in_directory_default", "Yes")
	if got := query(guest, apiclient.DirectoryQuery{}); got != "not" {
		t.Errorf("hidden unless told otherwise: %s", got)
	}
	s.setting(t, "members_page", "0")
	if got := query(guest, apiclient.DirectoryQuery{}); !strings.HasPrefix(got, "not_found") {
		t.Errorf("switched off: %s", got)
	}
}

// TestDirectoryPages walks pages by keyset while members come.
func TestDirectoryPages(t *testing.T) {
	s := openSite(t)
	for i := range 30 {
		s.join(t, fmt.Sprintf("user%02d", i), apitest.Registered(s.now().Add(time.Duration(i+1)*time.Minute)))
	}
	var got []string
	q := apiclient.DirectoryQuery{}
	for {
		d := must(s.Directory(t.Context(), apiclient.Visitor{}, q))(t)
		if len(d.Members) > 12 {
			t.Fatalf("a page has %d members", len(d.Members))
		}
		got = append(got, strings.Fields(listed(d))...)
		if d.Next == "" {
			break
		}
		q.After = d.Next
		s.join(t, fmt.Sprintf("late%d", len(got)), apitest.Registered(s.now().Add(time.Hour)))
	}
	if len(got) != 31 || got[0] != "user29" || got[30] != "admin" {
		t.Errorf("%d members: %q", len(got), got)
	}
}
