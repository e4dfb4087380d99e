package views_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// hostile is a site whose users have tried everything on whoever looks at them.
type hostile struct{ apiclient.API }

func nasty() []string {
	return []string{
		"\x1b[2J\x1b[31mred\x1b]0;title\a", "\u202egnirts\u2066", "山田太郎" + strings.Repeat("漢", 40), "👩‍👩‍👧‍👦 family 👩🏽‍🚀", strings.Repeat("x", 300),
		"a\nb\tc\r\x00\x9b31m", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301z", "น้ำฝน แซ่ตั้ง", "\ufeff\u200b\u200d", "bad\xff\xfeutf8",
	}
}

func (h hostile) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	page, err := h.API.Users(ctx, q)
	for i := range page.Users {
		page.Users[i] = spoil(page.Users[i])
	}
	return page, err
}

func (h hostile) User(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	u, err := h.API.User(ctx, id)
	u = spoil(u)
	u.Fields = map[string]apiclient.Value{"first_name": apiclient.Text(u.Login), "unknown\x1b[1m": apiclient.Text(u.DisplayName), "languages": apiclient.List(nasty()...)}
	return u, err
}

func (h hostile) Zaps(ctx context.Context, q apiclient.ZapQuery) ([]apiclient.Zap, error) {
	zaps, err := h.API.Zaps(ctx, q)
	for i := range zaps {
		zaps[i].Name = nasty()[i%len(nasty())]
	}
	return zaps, err
}

func (h hostile) Subscriptions(ctx context.Context, zap apiclient.ZapID) ([]apiclient.Subscription, error) {
	subs, err := h.API.Subscriptions(ctx, zap)
	for i := range subs {
		subs[i].ZapName, subs[i].LastError, subs[i].By = nasty()[i%len(nasty())], nasty()[0], nasty()[1]
	}
	return subs, err
}

func (h hostile) FieldGroup(ctx context.Context, id apiclient.ZapID) (apiclient.FieldGroup, error) {
	g, err := h.API.FieldGroup(ctx, id)
	for i := range g.Fields {
		g.Fields[i].Label = nasty()[i%len(nasty())]
		g.Fields[i].Choices = apiclient.Choices(nasty()...)
	}
	g.Zap.Name, g.Notice = nasty()[0], nasty()[3]
	g.Hidden = append(g.Hidden, apiclient.HiddenField{Key: nasty()[1], Why: nasty()[4]})
	return g, err
}

func (h hostile) Fields(ctx context.Context) ([]apiclient.Field, error) {
	fields, err := h.API.Fields(ctx)
	for i := range fields {
		fields[i].Label = nasty()[i%len(nasty())]
	}
	return fields, err
}

func (h hostile) Roles(context.Context) ([]apiclient.Role, error) {
	var roles []apiclient.Role
	for _, n := range nasty() {
		roles = append(roles, apiclient.Role{Slug: apiclient.RoleSlug(n), Name: n})
	}
	return roles, nil
}

func spoil(u apiclient.User) apiclient.User {
	text := nasty()[int(u.ID)%len(nasty())]
	u.Login, u.DisplayName, u.Email, u.URL, u.Status = text, text, text, text, apiclient.Status(text)
	u.Roles = []apiclient.RoleSlug{apiclient.RoleSlug(text)}
	return u
}

// The frames are looked at by the stage: each line has to be as wide as the screen.
func TestHostileTextKeepsTheGrid(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			s := raise(t, play{w: size[0], h: size[1], wrap: func(api apiclient.API) apiclient.API { return hostile{api} }, seed: func(s *stage) {
				for i := range 12 {
					s.user(apitest.User(fmt.Sprintf("user%d", i)))
				}
				z := s.zap(apitest.TriggerZap("trigger", apiclient.TriggerLogin, "user_email", "first_name", "country", "gender"))
				s.zap(apitest.ActionZap("action", "user_email"))
				s.subscription(z.ID, "http://127.0.0.1:9999/hook")
			}})
			s.WaitFor("the rows", func(screen string) bool { return strings.Contains(screen, "gnirts") })
			for _, keys := range []string{
				"jj", enter, "J", "JJJJ", esc, "Vd", esc, "Uy", esc, "R", esc, "e", "\t\t\t\t\t", "\x1b[Z", esc, "c", esc, "s", esc, "f", esc, "a", esc, "?", esc,
				"2", "j", enter, esc, "e", tab, esc, "d", esc, "t" + enter, esc, "+", esc, "S", esc,
				"3", "j", enter, esc, "G", "k", "+", esc, "d", esc, "4", enter, "m", esc, "d", esc, "n", esc,
			} {
				s.Keys(keys)
				s.WaitQuiet(15 * time.Millisecond)
				if strings.ContainsAny(s.Screen(), "\u202e\u2066\x1b\a") || strings.Contains(s.Styled(), "\x1b]0;") {
					t.Fatalf("after %q the screen has what it must not\n%s", keys, s.Screen())
				}
			}
			if slices.Contains(strings.Split(s.Raw(), "\x1b"), "]0;title\a") {
				t.Error("a title was set")
			}
		})
	}
}
