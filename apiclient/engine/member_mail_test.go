package engine_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// mailed are the mails from number on, oldest first, as "slug address"; one that
// does not go has its state in brackets.
func (s memberSite) mailed(t testing.TB, from int) []string {
	t.Helper()
	page, err := s.Mails(t.Context(), apiclient.MailQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, m := range page.Mails {
		text := string(m.Slug) + " " + m.To
		if m.State == apiclient.MailSuppressed {
			text += " (" + string(m.State) + ")"
		}
		list = append(list, text)
	}
	slices.Reverse(list)
	return list[from:]
}

// linkIn is the first link with a hash in the newest mail of the slug.
func (s memberSite) linkIn(t testing.TB, slug apiclient.MailSlug) string {
	t.Helper()
	page, err := s.Mails(t.Context(), apiclient.MailQuery{Filter: apiclient.FieldIs("slug", string(slug))})
	if err != nil || len(page.Mails) == 0 {
		t.Fatalf("there is no %s: %v", slug, err)
	}
	m, err := s.RevealMail(t.Context(), page.Mails[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`http://site\.example\S*hash=\S+`).FindString(m.Text)
	if link == "" {
		t.Fatalf("%s has no link with a hash: %s", slug, m.Text)
	}
	return strings.TrimRight(link, ".,)>]")
}

// TestMemberMails says which mails each deed brings.
func TestMemberMails(t *testing.T) {
	const next = "Another-Horse-8"
	on := func(slugs ...string) []string {
		pairs := []string{"admin_email", "boss@example.com"}
		for _, slug := range slugs {
			pairs = append(pairs, slug+"_on", "1")
		}
		return pairs
	}
	account := func(tab string, pairs ...string) func(*testing.T, memberSite) {
		return func(t *testing.T, s memberSite) {
			if got := s.save(t, s.enter(t, "eve"), tab, pairs...); !strings.HasPrefix(got, "redirect ") {
				t.Fatal(got)
			}
		}
	}
	register := func(registration string) func(*testing.T, memberSite) {
		return func(t *testing.T, s memberSite) {
			s.role(t, "subscriber", registration)
			must(s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, 0, ada()...)))(t)
		}
	}
	password := []string{"current_user_password", goodPassword, "user_password", next, "confirm_user_password", next}
	const to, boss = " ada@example.com", " boss@example.com"
	for _, c := range []struct {
		name     string
		settings []string
		do       func(*testing.T, memberSite)
		want     []string
	}{
		{"registered", on(), register("approved"), []string{"welcome_email" + to, "notification_new_user" + boss}},
		{"registered, to open a link", on("checkmail_email"), register("checkmail"), []string{"checkmail_email" + to, "notification_new_user" + boss}},
		{"registered, that mail off", on(), register("checkmail"), []string{"checkmail_email" + to + " (suppressed)", "notification_new_user" + boss}},
		{"registered, to be reviewed", on("pending_email", "notification_review"), register("pending"), []string{"pending_email" + to, "notification_review" + boss}},
		{"account", on(), account("general"), []string{"changedaccount_email eve@example.com"}},
		{"password", on(), account("password", password...), []string{"changedpw_email eve@example.com"}},
		{"password, its mail off", append(on(), "changedpw_email_on", "0"), account("password", password...), []string{"changedpw_email eve@example.com (suppressed)", "changedaccount_email eve@example.com"}},
		{"deleted", on("notification_deletion"), account("delete", "single_user_password", goodPassword), []string{"deletion_email eve@example.com", "notification_deletion" + boss}},
		{"login", on(), func(t *testing.T, s memberSite) { s.enter(t, "eve") }, []string{}},
		{"profile", on(), func(t *testing.T, s memberSite) {
			must(s.SaveProfile(t.Context(), s.enter(t, "eve"), "", sent()))(t)
		}, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSite(t)
			s.setting(t, c.settings...)
			s.join(t, "eve")
			before := len(s.mailed(t, 0))
			c.do(t, s)
			if diff := cmp.Diff(c.want, s.mailed(t, before)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLinksInMails follows the links that members are mailed.
func TestLinksInMails(t *testing.T) {
	s := openSite(t)
	s.setting(t, "checkmail_email_on", "1")
	s.role(t, "subscriber", "checkmail")
	r := must(s.Register(t.Context(), apiclient.Visitor{}, s.filled(t, 0, ada()...)))(t)
	link := s.linkIn(t, apiclient.MailCheckmail)
	hash := regexp.MustCompile(`hash=(\w+)`).FindStringSubmatch(link)[1]
	if got := outcome(s.activate(t, apiclient.Visitor{}, hash, r.User)); got != "redirect /login?updated=account_active" {
		t.Fatalf("%s: %s", link, got)
	}
	must(s.RequestReset(t.Context(), apiclient.Visitor{}, sent("username_b", "ada@example.com")))(t)
	first := s.linkIn(t, apiclient.MailReset)
	must(s.RequestReset(t.Context(), apiclient.Visitor{}, sent("username_b", "ada")))(t)
	form := sent("user_password", "Another-Horse-8", "confirm_user_password", "Another-Horse-8")
	set := func(link string) string {
		login, key := linked(t, link)
		return outcome(s.ResetPassword(t.Context(), apiclient.Visitor{}, login, key, form))
	}
	if got := set(first); got != "refused /password-reset?updated=invalidkey" {
		t.Errorf("a link that another one has replaced: %s", got)
	}
	if got := set(s.linkIn(t, apiclient.MailReset)); got != "redirect /login?updated=password_changed" {
		t.Error(got)
	}
	if got := s.mailed(t, 0); got[len(got)-1] != "changedpw_email ada@example.com" {
		t.Errorf("the last mail is %s", got[len(got)-1])
	}
}

// TestOneLink mails and shows the same link to a member without a password.
func TestOneLink(t *testing.T) {
	s := openSite(t)
	u := must(s.CreateUser(t.Context(), apitest.User("eve", apitest.AwaitingEmail)))(t)
	r := must(s.activate(t, apiclient.Visitor{}, s.column(t, u.ID, "activation_hash"), u.ID))(t)
	if link := s.linkIn(t, apiclient.MailWelcome); link != "http://site.example"+r.Redirect {
		t.Errorf("the mail leads to %s, the page to %s", link, r.Redirect)
	}
}
