package views_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// A poor site lacks capabilities, as a plain WordPress does.
type poor struct {
	apiclient.API
	lacks map[apiclient.Capability]string
}

// lacking wraps a site so that it lacks the capabilities, each for a reason of its own.
func lacking(capabilities ...apiclient.Capability) func(apiclient.API) apiclient.API {
	return func(api apiclient.API) apiclient.API {
		p := poor{api, map[apiclient.Capability]string{}}
		for _, c := range capabilities {
			p.lacks[c] = reasonFor(c)
		}
		return p
	}
}

func reasonFor(c apiclient.Capability) string { return fmt.Sprintf("This site lacks %s.", c) }

func (p poor) Site(ctx context.Context) (apiclient.Site, error) {
	s, err := p.API.Site(ctx)
	s.Missing = p.lacks
	return s, err
}

func (p poor) need(c apiclient.Capability) error {
	if why, missing := p.lacks[c]; missing {
		return apiclient.Errorf(apiclient.Unsupported, "%s", why)
	}
	return nil
}

func (p poor) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	if err := p.need(apiclient.CanListUsers); err != nil {
		return apiclient.UserPage{}, err
	}
	page, err := p.API.Users(ctx, q)
	for i := range page.Users {
		page.Users[i] = p.dim(page.Users[i])
	}
	return page, err
}

// dim leaves out of a user what the site does not tell.
func (p poor) dim(u apiclient.User) apiclient.User {
	if p.need(apiclient.CanReadStatus) != nil {
		u.Status = apiclient.StatusUnknown
	}
	if p.need(apiclient.CanReadFields) != nil {
		u.Fields = nil
	}
	return u
}

func (p poor) CountUsers(ctx context.Context, f apiclient.Filter) (apiclient.UserCounts, error) {
	if err := p.need(apiclient.CanListUsers); err != nil {
		return apiclient.UserCounts{}, err
	}
	c, err := p.API.CountUsers(ctx, f)
	if p.need(apiclient.CanFilterStatus) != nil {
		c.ByStatus = nil
	}
	return c, err
}

func (p poor) User(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	if err := p.need(apiclient.CanListUsers); err != nil {
		return apiclient.User{}, err
	}
	u, err := p.API.User(ctx, id)
	return p.dim(u), err
}

func (p poor) PlanUsers(ctx context.Context, a apiclient.UserAction) (apiclient.Plan, error) {
	plan, err := p.API.PlanUsers(ctx, a)
	if p.need(apiclient.CanReadStatus) != nil {
		plan.Predicted = true
		for i := range plan.Steps {
			plan.Steps[i].From = apiclient.StatusUnknown
		}
	}
	return plan, err
}

func (p poor) Zaps(ctx context.Context, q apiclient.ZapQuery) ([]apiclient.Zap, error) {
	if err := p.need(apiclient.CanReadZaps); err != nil {
		return nil, err
	}
	zaps, err := p.API.Zaps(ctx, q)
	if p.need(apiclient.CanReadZapState) != nil {
		for i := range zaps {
			zaps[i].Status, zaps[i].Event, zaps[i].Subscriptions = "", "", -1
		}
	}
	return zaps, err
}

func (p poor) FieldGroup(ctx context.Context, id apiclient.ZapID) (apiclient.FieldGroup, error) {
	if err := p.need(apiclient.CanReadZaps); err != nil {
		return apiclient.FieldGroup{}, err
	}
	return p.API.FieldGroup(ctx, id)
}

func (p poor) SampleZap(ctx context.Context, id apiclient.ZapID, u apiclient.UserID) (apiclient.Payload, error) {
	if err := p.need(apiclient.CanSampleZaps); err != nil {
		return nil, err
	}
	return p.API.SampleZap(ctx, id, u)
}

func (p poor) Fields(ctx context.Context) ([]apiclient.Field, error) {
	if err := p.need(apiclient.CanReadFieldSet); err != nil {
		return nil, err
	}
	return p.API.Fields(ctx)
}

func (p poor) Subscriptions(ctx context.Context, zap apiclient.ZapID) ([]apiclient.Subscription, error) {
	if err := p.need(apiclient.CanListSubs); err != nil {
		return nil, err
	}
	return p.API.Subscriptions(ctx, zap)
}

func (p poor) Deliveries(ctx context.Context, q apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	if err := p.need(apiclient.CanReadLog); err != nil {
		return apiclient.DeliveryPage{}, err
	}
	return p.API.Deliveries(ctx, q)
}

func (p poor) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	if err := p.need(apiclient.CanReadLog); err != nil {
		return err
	}
	return p.API.Watch(ctx, after, fn)
}

// site has something of everything: a review, two zaps, a subscription.
func site(s *stage) {
	s.user(apitest.User("ada", apitest.AwaitingReview))
	s.field(apiclient.Field{Key: "shirt", Label: "Shirt", Type: apiclient.FieldText})
	z := s.zap(apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_email"))
	s.subscription(z.ID, "http://127.0.0.1:9999/hook/one1")
}

func TestWhatIsMissingSaysWhy(t *testing.T) {
	for _, c := range []struct {
		lacks apiclient.Capability
		start string
		ready string   // what is on the screen when it can be used
		keys  []string // from the first row on
	}{
		{apiclient.CanCreateUsers, "users", "ada", []string{"n"}},
		{apiclient.CanEditUsers, "users", "ada", []string{"e"}},
		{apiclient.CanActOnUsers, "users", "ada", []string{"o", "r", "x", "M"}},
		{apiclient.CanSetRoles, "users", "ada", []string{"R"}},
		{apiclient.CanDeleteUsers, "users", "ada", []string{"d"}},
		{apiclient.CanFilterStatus, "users", "ada", []string{"f"}},
		{apiclient.CanReadLog, "users", "ada", []string{"t"}},
		{apiclient.CanWriteZaps, "zaps", "Logins", []string{"n", "e", "r", "x", "b", "d", "+"}},
		{apiclient.CanSampleZaps, "zaps", "Logins", []string{"t"}},
		{apiclient.CanFireTriggers, "zaps", "Logins", []string{"f"}},
		{apiclient.CanAddSubs, "zaps", "Logins", []string{"S"}},
		{apiclient.CanReadLog, "zaps", "Logins", []string{"L"}},
		{apiclient.CanReadFieldSet, "zaps", "Logins", []string{"+"}},
		{apiclient.CanWriteFields, "fields", "shirt", []string{"n", "jd"}},
		{apiclient.CanWriteZaps, "fields", "shirt", []string{"+", "gx"}},
		{apiclient.CanListUsers, "fields", "shirt", []string{"i"}},
		{apiclient.CanAddSubs, "subscriptions", "one1", []string{"n", "r"}},
		{apiclient.CanRemoveSubs, "subscriptions", "one1", []string{"x", "d"}},
		{apiclient.CanTestSubs, "subscriptions", "one1", []string{"t"}},
		{apiclient.CanReadLog, "subscriptions", "one1", []string{"o"}},
	} {
		t.Run(string(c.lacks)+" in "+c.start, func(t *testing.T) {
			s := raise(t, play{seed: site, start: c.start, wrap: lacking(c.lacks)})
			s.WaitText(c.ready)
			for _, key := range c.keys {
				s.Keys("g" + key)
				s.WaitText(reasonFor(c.lacks))
				s.Keys("a") // the menu says it too
				s.WaitText("✗ " + reasonFor(c.lacks))
				s.Keys(esc)
				s.WaitGone("✗ " + reasonFor(c.lacks))
			}
		})
	}
}

func TestListsThatASiteDoesNotHave(t *testing.T) {
	s := raise(t, play{seed: site, wrap: lacking(apiclient.Capabilities()...)})
	s.WaitText(reasonFor(apiclient.CanListUsers))
	s.Keys("2")
	s.WaitText(reasonFor(apiclient.CanReadZaps))
	s.Keys("3")
	s.WaitText(reasonFor(apiclient.CanReadZaps))
	s.Keys("4")
	s.WaitText(reasonFor(apiclient.CanListSubs))
	if strings.Contains(s.Screen(), "tries again") {
		t.Errorf("it offers to try again what cannot be\n%s", s.Screen())
	}
	for _, place := range []string{"1", "2", "3", "4"} { // no key does any harm
		for key := range strings.SplitSeq("n e o r x W M i R d t y f b + S L z s c p V U v J K "+enter+" "+esc, " ") {
			s.Keys(place + key)
			s.WaitQuiet(15 * time.Millisecond)
			s.Keys(esc + esc)
		}
	}
	s.WaitText("umdeck")
}

func TestStatusesThatASiteDoesNotTell(t *testing.T) {
	s := raise(t, play{seed: people, wrap: lacking(apiclient.CanReadStatus, apiclient.CanFilterStatus, apiclient.CanReadFields, apiclient.CanReadLog, apiclient.CanFilterFields)})
	s.WaitText("Ada Lovelace")
	s.WaitText("Not known")
	s.WaitText("sort id↓")
	s.WaitText(reasonFor(apiclient.CanReadLog))
	s.WaitText(reasonFor(apiclient.CanReadFields))
	only(s, s.Keys, "ada")
	s.Keys("o") // nobody knows whether it can be undone, so it is asked
	s.WaitText("This is what Ultimate Member's rules say; the site decides.")
	s.Keys("y")
	s.WaitText("ada is approved.")
	if got := s.find("ada").Status; got != apiclient.StatusApproved {
		t.Errorf("ada is %s", got)
	}
	s.Keys("x")
	s.WaitText("Deactivate ada on Test")
	s.Keys("y")
	s.WaitText("ada is deactivated.")
	s.Keys("o") // the site refuses by its own knowledge
	s.WaitText("ada: An inactive account cannot be approved; reactivate it.")
}

func TestZapsThatDoNotTellTheirState(t *testing.T) {
	s := raise(t, play{seed: site, start: "zaps", wrap: lacking(apiclient.CanReadZapState, apiclient.CanListSubs, apiclient.CanSampleZaps, apiclient.CanReadLog)})
	s.WaitText("Logins")
	s.WaitText(reasonFor(apiclient.CanReadZapState))
	s.WaitText(reasonFor(apiclient.CanListSubs))
}
