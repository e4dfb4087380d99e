package server_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"umdeck/apiclient"
)

// site is an API by hand: enough of one to see what the server asks of it. A
// method that it does not have panics, as one with a defect would.
type site struct {
	apiclient.API

	mu     sync.Mutex // guards what follows
	users  map[apiclient.UserID]apiclient.User
	zaps   map[apiclient.ZapID]apiclient.Zap
	subs   map[apiclient.SubscriptionID]apiclient.Subscription
	made   []apiclient.NewUser
	edits  []apiclient.UserUpdate
	acts   []apiclient.UserAction
	actors []apiclient.Actor
	fail   error // what every method fails with; nil: nothing
	next   int64

	health apiclient.Health
	asked  chan struct{} // gets one for each Health, before the lock

	entries chan []apiclient.LogEntry // what Watch gives; nil: nothing comes
	watched chan int64                // gets the number that Watch was asked for
}

var registered = time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)

func newSite() *site {
	s := &site{
		next: 100, watched: make(chan int64, 10), asked: make(chan struct{}, 10),
		users: map[apiclient.UserID]apiclient.User{
			1: {ID: 1, Login: "admin", Email: "admin@example.com", Status: apiclient.StatusApproved, Roles: []apiclient.RoleSlug{"administrator"}, Registered: registered},
			2: {ID: 2, Login: "ada", Email: "ada@example.com", Status: apiclient.StatusAwaitingReview, Roles: []apiclient.RoleSlug{"subscriber"}, Registered: registered, Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Ada")}},
			7: {ID: 7, Login: "seven", Email: "seven@example.com", Status: apiclient.StatusApproved, Roles: []apiclient.RoleSlug{"subscriber"}, Registered: registered},
		},
		zaps: map[apiclient.ZapID]apiclient.Zap{
			4: {ID: 4, Name: `Import "members" <b> & Søn`, Kind: apiclient.ZapAction, Status: apiclient.ZapRunning, Fields: []string{"first_name", "birth_date", "languages_few", "gender", "agree"}},
			5: {ID: 5, Name: "New User Registration", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerRegistration, Status: apiclient.ZapRunning, Fields: []string{"user_email", "first_name", "last_name"}},
			6: {ID: 6, Name: "Stopped action", Kind: apiclient.ZapAction, Status: apiclient.ZapStopped},
			8: {ID: 8, Name: "Draft action", Kind: apiclient.ZapAction, Status: apiclient.ZapDraft},
			9: {ID: 9, Name: "Stopped trigger", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapStopped},
		},
		subs: map[apiclient.SubscriptionID]apiclient.Subscription{},
	}
	return s
}

func (s *site) enter(ctx context.Context) func() {
	s.mu.Lock()
	s.actors = append(s.actors, apiclient.ActorOf(ctx))
	return s.mu.Unlock
}

func missing(what string, id any) error {
	return apiclient.Errorf(apiclient.NotFound, "There is no %s %v.", what, id)
}

func (s *site) Site(ctx context.Context) (apiclient.Site, error) {
	defer s.enter(ctx)()
	return apiclient.Site{Kind: apiclient.SiteUmdeck, Name: "Test & Söhne", Missing: map[apiclient.Capability]string{apiclient.CanSendMail: "No mail server is set."}}, s.fail
}

func (s *site) Health(ctx context.Context) (apiclient.Health, error) {
	s.asked <- struct{}{}
	defer s.enter(ctx)()
	return s.health, s.fail
}

func (s *site) Roles(context.Context) ([]apiclient.Role, error) {
	return []apiclient.Role{
		{Slug: "administrator", Name: "Administrator", Capabilities: []string{"create_users", "delete_users", "edit_users", "import", "list_users", "manage_options", "promote_users"}},
		{Slug: "helper", Name: "Helper", Capabilities: []string{"delete_users", "edit_users", "list_users"}},
		{Slug: "um_member", Name: "Member & Friend"},
		{Slug: "subscriber", Name: "Subscriber"},
	}, s.fail
}

func (s *site) Settings(context.Context) ([]apiclient.Setting, error) {
	return apiclient.SettingCatalogue(), s.fail
}

func (s *site) Statuses(context.Context) ([]apiclient.AccountStatus, error) {
	return append(apiclient.DefaultStatuses(), apiclient.AccountStatus{Slug: "on_leave", Label: "On leave"}, apiclient.AccountStatus{Slug: "", Label: "Undefined"}), s.fail
}

func (s *site) User(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	defer s.enter(ctx)()
	u, ok := s.users[id]
	if !ok {
		return u, missing("user", id)
	}
	return u, s.fail
}

func (s *site) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	defer s.enter(ctx)()
	if q.Filter.Op == apiclient.Leaf && q.Filter.Match.Field == "nonsense" {
		return apiclient.UserPage{}, apiclient.FieldErrorf("filter", "There is no column nonsense.")
	}
	page := apiclient.UserPage{Next: "more"}
	for _, u := range s.users {
		page.Users = append(page.Users, u)
	}
	slices.SortFunc(page.Users, func(a, b apiclient.User) int { return int(a.ID - b.ID) })
	return page, s.fail
}

// FindUser knows the shapes of references that the interface promises: a number
// is an id where no login is like it.
func (s *site) FindUser(ctx context.Context, ref string) (apiclient.User, error) {
	defer s.enter(ctx)()
	for _, u := range s.users {
		if strings.EqualFold(u.Login, ref) || strings.EqualFold(u.Email, ref) || fmt.Sprint(u.ID) == ref || fmt.Sprint("#", u.ID) == ref {
			return u, s.fail
		}
	}
	return apiclient.User{}, missing("user", ref)
}

func (s *site) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	defer s.enter(ctx)()
	if n.Login == "race" {
		return apiclient.User{}, apiclient.Errorf(apiclient.Conflict, "The login race is taken.")
	}
	fields, err := s.accept(n.Fields)
	if err != nil {
		return apiclient.User{}, err
	}
	s.next++
	u := apiclient.User{
		ID: apiclient.UserID(s.next), Login: n.Login, Email: n.Email, DisplayName: n.DisplayName, URL: n.URL,
		Roles: n.Roles, Status: n.Status, Registered: registered, Fields: fields,
	}
	s.users[u.ID] = u
	s.made = append(s.made, n)
	return u, s.fail
}

func (s *site) UpdateUser(ctx context.Context, id apiclient.UserID, in apiclient.UserUpdate) (apiclient.User, error) {
	defer s.enter(ctx)()
	u, ok := s.users[id]
	if !ok {
		return u, missing("user", id)
	}
	if _, err := s.accept(in.Fields); err != nil {
		return u, err
	}
	s.edits = append(s.edits, in)
	return u, s.fail
}

func (s *site) accept(in map[string]apiclient.Value) (map[string]apiclient.Value, error) {
	out := map[string]apiclient.Value{}
	for _, f := range s.catalogue() {
		v, ok := in[f.Key]
		if !ok {
			continue
		}
		v, err := f.Accept(v)
		if err != nil {
			return nil, err
		}
		out[f.Key] = v
	}
	return out, nil
}

func (s *site) DoUsers(ctx context.Context, a apiclient.UserAction) ([]apiclient.Outcome, error) {
	defer s.enter(ctx)()
	s.acts = append(s.acts, a)
	var out []apiclient.Outcome
	for _, id := range a.Users {
		o := apiclient.Outcome{User: id, Login: s.users[id].Login}
		if a.Action == apiclient.ActionDelete && id == apiclient.ActorOf(ctx).ID {
			o.Err = apiclient.Errorf(apiclient.Conflict, "You cannot delete yourself.")
		}
		out = append(out, o)
	}
	return out, s.fail
}

func (s *site) Zaps(ctx context.Context, q apiclient.ZapQuery) ([]apiclient.Zap, error) {
	defer s.enter(ctx)()
	var list []apiclient.Zap
	for _, z := range s.zaps {
		if q.Kind == "" || q.Kind == z.Kind {
			list = append(list, z)
		}
	}
	slices.SortFunc(list, func(a, b apiclient.Zap) int { return int(a.ID - b.ID) })
	return list, s.fail
}

func (s *site) Zap(ctx context.Context, id apiclient.ZapID) (apiclient.Zap, error) {
	defer s.enter(ctx)()
	z, ok := s.zaps[id]
	if !ok {
		return z, missing("zap", id)
	}
	return z, s.fail
}

func (s *site) catalogue() []apiclient.Field {
	return append(apiclient.PredefinedFields(),
		apiclient.Field{Key: "agree", Label: "Agree", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("I agree")},
		apiclient.Field{Key: "languages_few", Label: "Languages", Type: apiclient.FieldMultiselect, Choices: apiclient.Choices("Zulu", "English", "Arabic")},
	)
}

func (s *site) Fields(context.Context) ([]apiclient.Field, error) { return s.catalogue(), s.fail }

func (s *site) FieldGroup(ctx context.Context, id apiclient.ZapID) (apiclient.FieldGroup, error) {
	z, err := s.Zap(ctx, id)
	if err != nil {
		return apiclient.FieldGroup{}, err
	}
	g := apiclient.FieldGroup{Zap: z}
	for _, key := range z.Fields {
		for _, f := range s.catalogue() {
			if f.Key == key {
				g.Fields = append(g.Fields, f)
			}
		}
	}
	return g, nil
}

func (s *site) SampleZap(ctx context.Context, id apiclient.ZapID, user apiclient.UserID) (apiclient.Payload, error) {
	g, err := s.FieldGroup(ctx, id)
	if err != nil {
		return nil, err
	}
	if user == 0 {
		return apiclient.NewPayload(int64(id), g.Zap, g.Fields, nil, apiclient.SiteInfo{}), nil
	}
	u, err := s.User(ctx, user)
	return apiclient.NewPayload(int64(id), g.Zap, g.Fields, &u, apiclient.SiteInfo{}), err
}

func (s *site) AddSubscription(ctx context.Context, n apiclient.NewSubscription) (apiclient.Subscription, bool, error) {
	defer s.enter(ctx)()
	if err := n.Validate(); err != nil {
		return apiclient.Subscription{}, false, err
	}
	for _, sub := range s.subs {
		if sub.Zap == n.Zap && sub.URL == n.URL && sub.State != apiclient.SubscriptionGone {
			return sub, false, nil
		}
	}
	s.next++
	sub := apiclient.Subscription{ID: apiclient.SubscriptionID(s.next), Zap: n.Zap, URL: n.URL, State: apiclient.SubscriptionActive, Signing: apiclient.NewSecret("whsec_secret")}
	s.subs[sub.ID] = sub
	return sub, true, s.fail
}

func (s *site) Subscriptions(ctx context.Context, zap apiclient.ZapID) ([]apiclient.Subscription, error) {
	defer s.enter(ctx)()
	if _, ok := s.zaps[zap]; zap != 0 && !ok {
		return nil, missing("zap", zap)
	}
	var list []apiclient.Subscription
	for _, sub := range s.subs {
		if zap == 0 || sub.Zap == zap {
			list = append(list, sub)
		}
	}
	return list, s.fail
}

func (s *site) RemoveSubscription(ctx context.Context, id apiclient.SubscriptionID, _ bool) (*apiclient.Attempt, error) {
	defer s.enter(ctx)()
	sub, ok := s.subs[id]
	if !ok {
		return nil, missing("subscription", id)
	}
	sub.State = apiclient.SubscriptionGone
	s.subs[id] = sub
	return nil, s.fail
}

func (s *site) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	s.watched <- after
	if after == -3 {
		panic("a defect")
	}
	if after < -1 {
		return apiclient.FieldErrorf("after", "There is no entry %d.", after)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case list, ok := <-s.entries:
			if !ok {
				return errors.New("disk on fire")
			}
			if err := fn(list); err != nil {
				return err
			}
		}
	}
}

// login is Authenticate of the tests: the password of each user is "secret".
func login(_ context.Context, user, password string) (apiclient.Actor, apiclient.Role, error) {
	type known struct {
		id           apiclient.UserID
		capabilities []string
	}
	users := map[string]known{
		"admin":  {1, []string{"create_users", "delete_users", "edit_users", "import", "list_users", "manage_options", "promote_users"}},
		"helper": {3, []string{"delete_users", "edit_users", "list_users"}},
		"editor": {10, []string{"edit_users"}},
		"ada":    {2, []string{"read"}},
	}
	if user == "broken" {
		return apiclient.Actor{}, apiclient.Role{}, errors.New("no database")
	}
	u, ok := users[user]
	if !ok || password != "secret" {
		return apiclient.Actor{}, apiclient.Role{}, apiclient.Errorf(apiclient.Unauthorized, "The user name or the application password is wrong.")
	}
	return apiclient.Actor{ID: u.id, Login: user}, apiclient.Role{Capabilities: u.capabilities}, nil
}
