package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/theme"
)

// club is a small site of which everything is known: nothing in it depends on chance, on
// the clock, or on who came first.
func club(s *stage) {
	s.field(apiclient.Field{Key: "shirt", Label: "Shirt Size", Type: apiclient.FieldSelect, Choices: apiclient.Choices("S", "M", "L")})
	if _, err := s.api.CreateRole(s.ctx, apiclient.Role{
		Name: "Gold Member", Priority: 10, Registration: apiclient.RegistrationCheckmail, Capabilities: []string{"read", "list_users"},
		Settings: apiclient.RoleSettings{EditProfile: true, EditEveryone: true, EditRoles: []apiclient.RoleSlug{"um_member"}, AfterLogin: apiclient.RedirectURL},
	}); err != nil {
		s.t.Fatal(err)
	}
	for i, n := range []apiclient.NewUser{
		apitest.User("yamada_t", apitest.AwaitingReview, apitest.DisplayName("山田 太郎"), apitest.Answer("country", "JP"), apitest.Answer("shirt", "M"),
			apitest.Answer("description", "Keeps bees.\nAsk about honey."), apitest.Answer("birth_date", "1990-12-31")),
		apitest.User("o.brien", apitest.AwaitingReview, apitest.DisplayName("Siobhán O’Brien"), apitest.Role("um_member")),
		apitest.User("mueller99", apitest.Approved, apitest.DisplayName("Jürgen Müller"), apitest.Role("editor")),
		apitest.User("salma_a", apitest.AwaitingEmail, apitest.DisplayName("Salma Ahmed"), apitest.Role("um_gold-member")),
		apitest.User("bot-trap7", apitest.Rejected, apitest.DisplayName("x91")),
		apitest.User("featherstonehaugh", apitest.Inactive, apitest.DisplayName("Niamh Featherstonehaugh-Cholmondeley")),
	} {
		n.Registered = noon.Add(-time.Duration(i*i*7+1) * time.Hour)
		s.user(n)
	}
	every := []string{"user_email", "first_name", "last_name", "country", "shirt", "birth_date", "languages"}
	logins := s.zap(apitest.TriggerZap("Logins → spreadsheet", apiclient.TriggerLogin, every[:3]...))
	s.zap(apitest.TriggerZap("New member → newsletter", apiclient.TriggerRegistration, every...))
	s.zap(apiclient.NewZap{Name: "Approved → welcome pack", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerApprove, Status: apiclient.ZapDraft, Fields: every})
	s.zap(apitest.ActionZap("Import members", every...))
	first := s.subscription(logins.ID, "https://hooks.zapier.com/hooks/catch/11/8f2c1a")
	s.subscription(logins.ID, "https://crm.example.net/in")
	if _, err := s.api.UpdateSubscription(s.ctx, first.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)); err != nil {
		s.t.Fatal(err)
	}
}

func TestGoldenScreens(t *testing.T) {
	ascii := theme.Options{Glyphs: theme.ASCII, Palette: theme.None, Profile: termenv.Ascii}
	for _, c := range []struct {
		name  string
		w, h  int
		theme theme.Options
	}{
		{"120x36", 120, 36, theme.Options{}},
		{"80x24", 80, 24, theme.Options{}},
		{"40x10", 40, 10, theme.Options{}},
		{"ascii-80x24", 80, 24, ascii},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := raise(t, play{still: true, w: c.w, h: c.h, theme: c.theme, seed: club})
			golden := func(name string) {
				t.Helper()
				s.WaitGone("loading")
				s.Golden(fmt.Sprintf("%s-%s", name, c.name))
			}
			s.WaitText("admin")
			s.Keys("j")
			golden("users")
			s.Keys(enter)
			s.WaitText("Account")
			golden("user")
			s.Keys(esc + "gjVr")
			s.WaitText("Reject 2 users")
			golden("reject")
			s.Keys(esc + "Ue")
			s.WaitText("Edit yamada_t")
			golden("edit")
			s.Keys(esc + "2")
			s.WaitText("Import members")
			golden("zaps")
			s.Keys("n")
			s.WaitText("New zap")
			golden("new-zap")
			s.Keys(esc + "3")
			s.WaitFor("the fields", func(screen string) bool { return strings.Count(screen, "user_email") > 1 || c.w < 80 })
			s.WaitText("user_email")
			golden("fields")
			s.Keys("4")
			s.WaitFor("the subscriptions", func(screen string) bool { return strings.Contains(screen, "paused") })
			golden("subscriptions")
			s.Keys("d")
			s.WaitText("and tell Zapier")
			s.Keys("s")
			s.WaitText("Unsubscribe")
			golden("unsubscribe")
			s.Keys(esc + "8")
			s.WaitText("Administrator")
			golden("roles")
			s.Keys("e")
			s.WaitText("Edit role um_gold-member")
			golden("edit-role")
			s.Keys(esc + "d")
			s.WaitText("Delete the role")
			golden("delete-role")
		})
	}
}
