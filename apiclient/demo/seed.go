package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
)

// A Plan says what Seed makes. Members and Targets are required.
type Plan struct {
	Members int              // how many members
	Seed    uint64           // the same seed makes the same site; 0 is a seed too
	Now     func() time.Time // nil means time.Now
	// Targets are the URLs that are subscribed: one for each trigger zap, in turn,
	// and all that are left over to the zap of logins.
	Targets []string
}

// members of a demo have answered fields of all 15 types; these are the ones that
// Ultimate Member does not have by itself.
func customFields() []apiclient.Field {
	return []apiclient.Field{
		{Key: "member_number", Label: "Member Number", Type: apiclient.FieldNumber},
		{Key: "membership_plan", Label: "Membership Plan", Type: apiclient.FieldSelect, Choices: apiclient.Choices("Basic", "Plus", "Lifetime")},
		{Key: "contact_by", Label: "Contact Me By", Type: apiclient.FieldRadio, Choices: apiclient.Choices("E-mail", "Phone", "Post")},
		{Key: "newsletter", Label: "Newsletter", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("Yes")},
		{Key: "call_time", Label: "Best Time to Call", Type: apiclient.FieldTime},
		{Key: "cv", Label: "CV", Type: apiclient.FieldFile},
	}
}

// everyType names a field of each of the 15 types.
func everyType() []string {
	return []string{
		"user_email", "first_name", "last_name", "description", "user_url", "mobile_number", "member_number",
		"membership_plan", "contact_by", "newsletter", "languages", "birth_date", "call_time", "country", "profile_photo", "cv",
	}
}

func zaps() []apiclient.NewZap {
	every := everyType()
	brief := []string{"user_email", "first_name", "last_name", "account_status"}
	running := func(name string, t apiclient.Trigger, fields []string) apiclient.NewZap {
		return apiclient.NewZap{Name: name, Kind: apiclient.ZapTrigger, Event: t, Status: apiclient.ZapRunning, Fields: fields}
	}
	return []apiclient.NewZap{
		{Name: "Import members", Kind: apiclient.ZapAction, Status: apiclient.ZapRunning, Fields: every},
		running("New member → newsletter", apiclient.TriggerRegistration, every),
		running("Logins → spreadsheet", apiclient.TriggerLogin, brief),
		running("Left us → CRM", apiclient.TriggerDelete, every),
		running("Profile → directory", apiclient.TriggerEditProfile, every),
		running("Approved → welcome pack", apiclient.TriggerApprove, every),
		running("Activated → onboarding", apiclient.TriggerActivation, brief),
		running("Account → billing", apiclient.TriggerAccount, brief),
		{Name: "Birthday cards", Kind: apiclient.ZapAction, Status: apiclient.ZapStopped, Fields: []string{"user_email", "birth_date", "country"}},
		{Name: "Logins → chat (draft)", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapDraft, Fields: brief},
	}
}

// Seed fills the site: fields, members, zaps, and at last the subscriptions, so
// that filling it delivers nothing. It stops at the first error.
func Seed(ctx context.Context, api apiclient.API, p Plan) error {
	if p.Now == nil {
		p.Now = time.Now
	}
	ctx = apiclient.WithActor(ctx, apiclient.Actor{Login: "demo", Origin: apiclient.OriginConsole})
	for _, f := range customFields() {
		if _, err := api.CreateField(ctx, f); err != nil {
			return fmt.Errorf("field %s: %w", f.Key, err)
		}
	}
	if err := register(ctx, api, p); err != nil {
		return err
	}
	var triggers []apiclient.ZapID
	for _, n := range zaps() {
		z, err := api.CreateZap(ctx, n)
		if err != nil {
			return fmt.Errorf("zap %s: %w", n.Name, err)
		}
		if n.Kind == apiclient.ZapTrigger && n.Status == apiclient.ZapRunning {
			triggers = append(triggers, z.ID)
		}
	}
	return subscribe(ctx, api, triggers, p.Targets)
}

// register creates the members, some at a time: a store takes many at once better
// than one after the other. The order of their numbers is therefore not fixed.
func register(ctx context.Context, api apiclient.API, p Plan) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for n := range p.Members {
		group.Go(func() error {
			u := member(rand.New(rand.NewPCG(p.Seed, uint64(n))), n+1, p.Now())
			if _, err := api.CreateUser(ctx, u); err != nil {
				return fmt.Errorf("member %s: %w", u.Login, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func subscribe(ctx context.Context, api apiclient.API, zaps []apiclient.ZapID, targets []string) error {
	for i, target := range targets {
		zap := zaps[1] // logins are the most frequent
		if i < len(zaps) {
			zap = zaps[i]
		}
		if _, _, err := api.AddSubscription(ctx, apiclient.NewSubscription{Zap: zap, URL: target}); err != nil {
			return fmt.Errorf("subscription of zap %d: %w", zap, err)
		}
	}
	return nil
}

// member returns the account of person n, with answers in all field types, some left out.
func member(r *rand.Rand, n int, now time.Time) apiclient.NewUser {
	p := somebody(r, n)
	u := apiclient.NewUser{
		Login: p.login, Email: p.email, DisplayName: p.display,
		Status:     status(r),
		Roles:      []apiclient.RoleSlug{role(r)},
		Registered: now.Add(-time.Duration(r.IntN(3*365*24*60)) * time.Minute),
		Fields: map[string]apiclient.Value{
			"first_name":      apiclient.Text(p.first),
			"last_name":       apiclient.Text(p.last),
			"country":         apiclient.Text(p.country),
			"languages":       apiclient.List(languages(p.lang)...),
			"birth_date":      apiclient.Text(p.born.Format("2006-01-02")),
			"member_number":   apiclient.Text(fmt.Sprint(100000 + n)),
			"membership_plan": apiclient.Text(pick(r, []string{"Basic", "Basic", "Basic", "Plus", "Lifetime"})),
			"contact_by":      apiclient.Text(pick(r, []string{"E-mail", "Phone", "Post"})),
			"call_time":       apiclient.Text(fmt.Sprintf("%02d:%02d", 8+r.IntN(12), 15*r.IntN(4))),
		},
	}
	optional(r, u.Fields, "mobile_number", p.number)
	optional(r, u.Fields, "newsletter", "Yes")
	optional(r, u.Fields, "profile_photo", "profile_photo.jpg")
	optional(r, u.Fields, "cv", fmt.Sprintf("file_%08x_cv.pdf", r.Uint32()))
	optional(r, u.Fields, "description", biography(r, p))
	if r.IntN(3) == 0 {
		u.URL = "https://" + strings.ReplaceAll(p.login, ".", "-") + ".example.com"
	}
	return u
}

func optional(r *rand.Rand, fields map[string]apiclient.Value, key, text string) {
	if r.IntN(3) > 0 {
		fields[key] = apiclient.Text(text)
	}
}

func languages(native string) []string {
	if native == "English" {
		return []string{native}
	}
	return []string{native, "English"}
}

func biography(r *rand.Rand, p person) string {
	return p.first + " " + pick(r, []string{
		"keeps bees.\nAsk about honey.", "sings in two choirs.", "restores old bicycles & <tandems>.",
		"has walked from Lisbon to Łódź.", "teaches evening classes.\n日本語も少し。", "collects maps of places that do not exist.",
	})
}

func status(r *rand.Rand) apiclient.Status {
	switch n := r.IntN(100); {
	case n < 78:
		return apiclient.StatusApproved
	case n < 87:
		return apiclient.StatusAwaitingReview
	case n < 93:
		return apiclient.StatusAwaitingEmail
	case n < 97:
		return apiclient.StatusInactive
	default:
		return apiclient.StatusRejected
	}
}

func role(r *rand.Rand) apiclient.RoleSlug {
	return pick(r, []apiclient.RoleSlug{"subscriber", "subscriber", "subscriber", "subscriber", "um_member", "um_member", "contributor", "author"})
}
