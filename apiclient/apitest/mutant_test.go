package apitest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
)

// A mutant is an engine with one fault, and the group that must notice it.
type mutant struct {
	group string
	fault func(apiclient.API) apiclient.API
}

func mutants() map[string]mutant {
	return map[string]mutant{
		"none":                                {"Users", func(a apiclient.API) apiclient.API { return a }},
		"finds users by exact case alone":     {"Users", func(a apiclient.API) apiclient.API { return exactCase{a} }},
		"forgets the display name":            {"Users", func(a apiclient.API) apiclient.API { return noName{a} }},
		"reports conflicts as internal":       {"Users", func(a apiclient.API) apiclient.API { return vague{a} }},
		"counts one too few":                  {"Users", func(a apiclient.API) apiclient.API { return shortCount{a} }},
		"stores what it only checks":          {"UserBatches", func(a apiclient.API) apiclient.API { return eager{a} }},
		"answers a batch in another order":    {"UserBatches", func(a apiclient.API) apiclient.API { return shuffled{a} }},
		"ignores clearing a field":            {"UserUpdate", func(a apiclient.API) apiclient.API { return noClear{a} }},
		"updates half before it refuses":      {"UserUpdate", func(a apiclient.API) apiclient.API { return halfUpdate{a} }},
		"repeats the last row of a page":      {"UserPages", func(a apiclient.API) apiclient.API { return repeats{a} }},
		"sorts the other way":                 {"UserPages", func(a apiclient.API) apiclient.API { return upsideDown{a} }},
		"ignores negation":                    {"UserFilters", func(a apiclient.API) apiclient.API { return noNot{a} }},
		"plans what it does not do":           {"Actions", func(a apiclient.API) apiclient.API { return lazy{a} }},
		"stops at the first refusal":          {"Actions", func(a apiclient.API) apiclient.API { return stops{a} }},
		"drops a field of a zap":              {"Zaps", func(a apiclient.API) apiclient.API { return dropsField{a} }},
		"lets action zaps be subscribed to":   {"Subscriptions", func(a apiclient.API) apiclient.API { return alwaysAdded{a} }},
		"leaves out an entry of the log":      {"Watch", func(a apiclient.API) apiclient.API { return gap{a} }},
		"gives entries of the log twice":      {"Watch", func(a apiclient.API) apiclient.API { return twice{a} }},
		"lacks passwords and does not say so": {"Passwords", func(a apiclient.API) apiclient.API { return noPasswords{a, false} }},
		"lacks passwords for another reason":  {"Missing", func(a apiclient.API) apiclient.API { return noPasswords{a, true} }},
		"works after its context has ended":   {"Contexts", func(a apiclient.API) apiclient.API { return deaf{a} }},
	}
}

// TestMutants checks that the suite can fail: each mutant runs in a process of its
// own, and all but the one without a fault must fail there.
func TestMutants(t *testing.T) {
	for name, m := range mutants() {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMutant$/^"+m.group+"$", "-test.v")
			cmd.Env = append(cmd.Environ(), "UMDECK_MUTANT="+name)
			out, err := cmd.CombinedOutput()
			_, failed := errors.AsType[*exec.ExitError](err)
			switch {
			case err != nil && !failed:
				t.Fatal(err)
			case !strings.Contains(string(out), "TestMutant/"+m.group):
				t.Fatalf("group %s did not run:\n%s", m.group, out)
			case failed != (name != "none"):
				t.Errorf("failed: %t\n%s", failed, out)
			}
		})
	}
}

// TestMutant is what TestMutants runs.
func TestMutant(t *testing.T) {
	m, ok := mutants()[os.Getenv("UMDECK_MUTANT")]
	if !ok {
		t.Skip("TestMutants runs this in processes of its own")
	}
	apitest.Run(t, func(t *testing.T) apiclient.API {
		e, err := engine.Open(t.Context(), engine.Config{Dir: enginetest.Dir(t), AllowPrivateTargets: true})
		if err != nil {
			t.Fatal(err)
		}
		return m.fault(e)
	}, apitest.Options{Unreachable: "the engine of a mutant does not run", Patience: time.Second})
}

type exactCase struct{ apiclient.API }

func (a exactCase) FindUser(ctx context.Context, ref string) (apiclient.User, error) {
	u, err := a.API.FindUser(ctx, ref)
	if err == nil && strings.Contains(ref, "-") && u.Login != ref && u.Email != ref {
		return apiclient.User{}, apiclient.Errorf(apiclient.NotFound, "There is no user %s.", ref)
	}
	return u, err
}

type noName struct{ apiclient.API }

func (a noName) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	n.DisplayName = ""
	return a.API.CreateUser(ctx, n)
}

type vague struct{ apiclient.API }

func (a vague) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	u, err := a.API.CreateUser(ctx, n)
	if apiclient.KindOf(err) == apiclient.Conflict {
		err = errors.New("UNIQUE constraint failed")
	}
	return u, err
}

type eager struct{ apiclient.API }

func (a eager) CreateUsers(ctx context.Context, b apiclient.UserBatch) ([]apiclient.Outcome, error) {
	b.Check = false
	return a.API.CreateUsers(ctx, b)
}

type shuffled struct{ apiclient.API }

func (a shuffled) CreateUsers(ctx context.Context, b apiclient.UserBatch) ([]apiclient.Outcome, error) {
	out, err := a.API.CreateUsers(ctx, b)
	slices.Reverse(out)
	return out, err
}

type shortCount struct{ apiclient.API }

func (a shortCount) CountUsers(ctx context.Context, f apiclient.Filter) (apiclient.UserCounts, error) {
	c, err := a.API.CountUsers(ctx, f)
	c.Total--
	return c, err
}

type noClear struct{ apiclient.API }

func (a noClear) UpdateUser(ctx context.Context, id apiclient.UserID, u apiclient.UserUpdate) (apiclient.User, error) {
	kept := map[string]apiclient.Value{}
	for k, v := range u.Fields {
		if !v.Empty() {
			kept[k] = v
		}
	}
	u.Fields = kept
	return a.API.UpdateUser(ctx, id, u)
}

type halfUpdate struct{ apiclient.API }

func (a halfUpdate) UpdateUser(ctx context.Context, id apiclient.UserID, u apiclient.UserUpdate) (apiclient.User, error) {
	if u.DisplayName != nil {
		if changed, err := a.API.UpdateUser(ctx, id, apiclient.UserUpdate{DisplayName: u.DisplayName}); err != nil {
			return changed, err
		}
	}
	return a.API.UpdateUser(ctx, id, u)
}

type repeats struct{ apiclient.API }

func (a repeats) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	p, err := a.API.Users(ctx, q)
	if q.After != "" && len(p.Users) > 1 {
		p.Users = append(p.Users[:1:1], p.Users[:len(p.Users)-1]...)
	}
	return p, err
}

type upsideDown struct{ apiclient.API }

func (a upsideDown) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	if q.Sort.Column != "" {
		q.Sort.Desc = !q.Sort.Desc
	}
	return a.API.Users(ctx, q)
}

type noNot struct{ apiclient.API }

func (a noNot) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	q.Filter = withoutNot(q.Filter)
	return a.API.Users(ctx, q)
}

func withoutNot(f apiclient.Filter) apiclient.Filter {
	if f.Op == apiclient.Not {
		return withoutNot(f.Terms[0])
	}
	for i := range f.Terms {
		f.Terms[i] = withoutNot(f.Terms[i])
	}
	return f
}

type lazy struct{ apiclient.API }

func (a lazy) DoUsers(ctx context.Context, act apiclient.UserAction) ([]apiclient.Outcome, error) {
	plan, err := a.PlanUsers(ctx, act)
	var out []apiclient.Outcome
	for _, s := range plan.Steps {
		o := apiclient.Outcome{User: s.User, Login: s.Login, From: s.From, To: s.To}
		if s.Refused != "" {
			o.Err = apiclient.Errorf(apiclient.Conflict, "%s", s.Refused)
		}
		out = append(out, o)
	}
	return out, err
}

type stops struct{ apiclient.API }

func (a stops) DoUsers(ctx context.Context, act apiclient.UserAction) ([]apiclient.Outcome, error) {
	var out []apiclient.Outcome
	for _, id := range act.Users {
		one := act
		one.Users = []apiclient.UserID{id}
		part, err := a.API.DoUsers(ctx, one)
		if out = append(out, part...); err != nil || part[0].Err != nil {
			return out, err
		}
	}
	return out, nil
}

type dropsField struct{ apiclient.API }

func (a dropsField) UpdateZap(ctx context.Context, id apiclient.ZapID, u apiclient.ZapUpdate) (apiclient.Zap, error) {
	if len(u.Fields) > 1 {
		u.Fields = u.Fields[:1]
	}
	return a.API.UpdateZap(ctx, id, u)
}

type alwaysAdded struct{ apiclient.API }

func (a alwaysAdded) AddSubscription(ctx context.Context, n apiclient.NewSubscription) (apiclient.Subscription, bool, error) {
	s, added, err := a.API.AddSubscription(ctx, n)
	if apiclient.KindOf(err) == apiclient.Conflict {
		s, added, err = apiclient.Subscription{ID: 1}, true, nil
	}
	return s, added, err
}

type gap struct{ apiclient.API }

func (a gap) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	events := 0
	return a.API.Watch(ctx, after, func(entries []apiclient.LogEntry) error {
		var kept []apiclient.LogEntry
		for _, e := range entries {
			if e.Kind == apiclient.LogEvent {
				if events++; events == 3 {
					continue
				}
			}
			kept = append(kept, e)
		}
		return fn(kept)
	})
}

type twice struct{ apiclient.API }

func (a twice) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	return a.API.Watch(ctx, after, func(entries []apiclient.LogEntry) error {
		if err := fn(entries); err != nil {
			return err
		}
		return fn(entries)
	})
}

// noPasswords cannot make passwords. With told it says so, and gives another reason
// than its methods do.
type noPasswords struct {
	apiclient.API
	told bool
}

func (a noPasswords) Site(ctx context.Context) (apiclient.Site, error) {
	s, err := a.API.Site(ctx)
	if a.told {
		s.Missing = map[apiclient.Capability]string{apiclient.CanPasswords: "The site has switched them off."}
	}
	return s, err
}

func (noPasswords) CreatePassword(context.Context, apiclient.UserID, string) (apiclient.Password, apiclient.Secret, error) {
	return apiclient.Password{}, apiclient.Secret{}, apiclient.Errorf(apiclient.Unsupported, "There are no passwords here.")
}

type deaf struct{ apiclient.API }

func (a deaf) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	return a.API.CreateUser(context.WithoutCancel(ctx), n)
}
