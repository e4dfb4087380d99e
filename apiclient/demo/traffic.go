package demo

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"umdeck/apiclient"
)

// Traffic lets things happen on a site until its context ends. API is required.
type Traffic struct {
	API    apiclient.API
	Every  time.Duration // the mean time between two events; zero means 1 s
	Seed   uint64
	Logger *slog.Logger     // nil means silence
	Now    func() time.Time // nil means time.Now

	chance *rand.Rand
	people []apiclient.UserID
	joined int // numbers of those who registered since, for their logins
}

// Run does one thing after another until ctx ends; it returns an error only when
// the site's members cannot be read at all. An act that is refused, because the
// account has changed in the meantime, is as in life: the next one comes.
func (t *Traffic) Run(ctx context.Context) error {
	t.start()
	if err := t.meet(ctx); err != nil {
		return err
	}
	timer := time.NewTimer(t.pause())
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		if err := t.act(ctx); err != nil && ctx.Err() == nil {
			t.Logger.Info("demo: nothing came of it", "error", err)
		}
		timer.Reset(t.pause())
	}
}

func (t *Traffic) start() {
	if t.Every == 0 {
		t.Every = time.Second
	}
	if t.Logger == nil {
		t.Logger = slog.New(slog.DiscardHandler)
	}
	if t.Now == nil {
		t.Now = time.Now
	}
	t.chance = rand.New(rand.NewPCG(t.Seed, 1))
	t.joined = 10_000 // above the members that Seed made
}

// meet learns who is there, the newest thousand at most, administrators apart.
func (t *Traffic) meet(ctx context.Context) error {
	page, err := t.API.Users(ctx, apiclient.UserQuery{Limit: apiclient.MaxLimit})
	if err != nil {
		return err
	}
	for _, u := range page.Users {
		if u.Role() != "administrator" {
			t.people = append(t.people, u.ID)
		}
	}
	return nil
}

// pause returns the time until the next event: between half and one and a half of the mean.
func (t *Traffic) pause() time.Duration {
	return t.Every/2 + time.Duration(t.chance.Int64N(int64(t.Every)))
}

func (t *Traffic) act(ctx context.Context) error {
	form := apiclient.WithActor(ctx, apiclient.Actor{Origin: apiclient.OriginForm})
	switch n := t.chance.IntN(100); {
	case n < 16 || len(t.people) == 0:
		return t.register(form)
	case n < 46:
		return t.fire(form, apiclient.TriggerLogin)
	case n < 64:
		return t.editProfile(form)
	case n < 76:
		return t.fire(form, apiclient.TriggerAccount)
	case n < 86:
		return t.review(ctx)
	case n < 92:
		return t.activate(form)
	case n < 96:
		return t.leave(form)
	default:
		return t.toggle(ctx)
	}
}

func (t *Traffic) anyone() apiclient.UserID { return pick(t.chance, t.people) }

func (t *Traffic) register(ctx context.Context) error {
	t.joined++
	n := member(t.chance, t.joined, t.Now())
	n.Registered = time.Time{}
	if n.Status == apiclient.StatusInactive || n.Status == apiclient.StatusRejected {
		n.Status = apiclient.StatusAwaitingReview
	}
	u, err := t.API.CreateUser(ctx, n)
	if err != nil {
		return err
	}
	t.people = append(t.people, u.ID)
	return nil
}

func (t *Traffic) fire(ctx context.Context, trigger apiclient.Trigger) error {
	_, err := t.API.FireTrigger(ctx, trigger, t.anyone())
	return err
}

func (t *Traffic) editProfile(ctx context.Context) error {
	plan := pick(t.chance, []string{"Basic", "Plus", "Lifetime"})
	_, err := t.API.UpdateUser(ctx, t.anyone(), apiclient.UserUpdate{Fields: map[string]apiclient.Value{"membership_plan": apiclient.Text(plan)}})
	return err
}

// review lets an administrator approve the member who has waited longest.
func (t *Traffic) review(ctx context.Context) error {
	u, found, err := t.oldest(ctx, apiclient.StatusAwaitingReview)
	if err != nil || !found {
		return err
	}
	return t.do(ctx, apiclient.ActionApprove, u)
}

// activate lets a member open the link of the activation mail.
func (t *Traffic) activate(ctx context.Context) error {
	u, found, err := t.oldest(ctx, apiclient.StatusAwaitingEmail)
	if err != nil || !found {
		return err
	}
	if err := t.do(ctx, apiclient.ActionApprove, u); err != nil {
		return err
	}
	_, err = t.API.FireTrigger(ctx, apiclient.TriggerActivation, u)
	return err
}

func (t *Traffic) leave(ctx context.Context) error {
	i := t.chance.IntN(len(t.people))
	u := t.people[i]
	t.people = append(t.people[:i], t.people[i+1:]...)
	return t.do(ctx, apiclient.ActionDelete, u)
}

func (t *Traffic) toggle(ctx context.Context) error {
	u, err := t.API.User(ctx, t.anyone())
	if err != nil {
		return err
	}
	if u.Status == apiclient.StatusInactive {
		return t.do(ctx, apiclient.ActionReactivate, u.ID)
	}
	return t.do(ctx, apiclient.ActionDeactivate, u.ID)
}

func (t *Traffic) do(ctx context.Context, a apiclient.Action, u apiclient.UserID) error {
	if apiclient.ActorOf(ctx).Origin == apiclient.OriginConsole {
		ctx = apiclient.WithActor(ctx, apiclient.Actor{Login: "admin", Origin: apiclient.OriginAdmin})
	}
	done, err := t.API.DoUsers(ctx, apiclient.UserAction{Action: a, Users: []apiclient.UserID{u}})
	if err != nil {
		return err
	}
	for _, o := range done {
		if o.Err != nil {
			return o.Err
		}
	}
	return nil
}

func (t *Traffic) oldest(ctx context.Context, s apiclient.Status) (apiclient.UserID, bool, error) {
	page, err := t.API.Users(ctx, apiclient.UserQuery{
		Filter: apiclient.FieldIs("status", string(s)), Sort: apiclient.Sort{Column: "registered"}, Limit: 1,
	})
	if err != nil || len(page.Users) == 0 {
		return 0, false, err
	}
	return page.Users[0].ID, true, nil
}
