package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/server"
	"umdeck/apiclient/wire"
)

// served is a remote client of a server over an engine; Close ends all three.
type served struct {
	apiclient.API
	url   string
	close func() error
}

func (s served) Close() error { return errors.Join(s.API.Close(), s.close()) }

// serveEngine runs an engine and a server over it on the listener.
func serveEngine(t *testing.T, listener net.Listener, trust *apiclient.Actor) (e *engine.Engine, end func() error) {
	t.Helper()
	return serveEngineOf(t, listener, trust, engine.Config{AllowPrivateTargets: true})
}

func serveEngineOf(t *testing.T, listener net.Listener, trust *apiclient.Actor, settings engine.Config) (e *engine.Engine, end func() error) {
	t.Helper()
	settings.Dir = enginetest.Dir(t)
	e, err := engine.Open(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	cfg := server.Config{API: e, Trust: trust}
	if trust == nil {
		cfg.Authenticate = e.Authenticate
	}
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ran, answered := make(chan error, 1), make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()
	go func() { answered <- s.Serve(ctx, listener) }()
	return e, func() error {
		cancel()
		return errors.Join(<-answered, <-ran, e.Close())
	}
}

func listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// overTCP is a client with an administrator's application password.
func overTCP(t *testing.T) served {
	t.Helper()
	listener := listen(t, "tcp", "127.0.0.1:0")
	e, end := serveEngine(t, listener, nil)
	_, password, err := e.CreatePassword(t.Context(), 1, "suite")
	if err != nil {
		t.Fatal(err)
	}
	s := served{url: "http://" + listener.Addr().String(), close: end}
	if s.API, err = remote.Open(t.Context(), remote.Config{URL: s.url, User: "admin", Password: password}); err != nil {
		t.Fatal(errors.Join(err, end()))
	}
	return s
}

// overSocket is a client of a Unix socket, without credentials.
func overSocket(t *testing.T) served {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	_, end := serveEngine(t, listen(t, "unix", path), &apiclient.Actor{ID: 1, Login: "admin"})
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}}
	s := served{url: "http://umdeck.localhost", close: func() error {
		transport.CloseIdleConnections()
		return end()
	}}
	var err error
	if s.API, err = remote.Open(t.Context(), remote.Config{URL: s.url, Transport: transport}); err != nil {
		t.Fatal(errors.Join(err, end()))
	}
	return s
}

func TestAPI(t *testing.T) {
	t.Run("TCP", func(t *testing.T) {
		apitest.Run(t, func(t *testing.T) apiclient.API { return overTCP(t) })
	})
	t.Run("socket", func(t *testing.T) {
		apitest.Run(t, func(t *testing.T) apiclient.API { return overSocket(t) })
	})
}

// A zapierRig is a server over a real engine, called as Zapier calls it.
type zapierRig struct {
	*rig
	engine          *engine.Engine
	password        apiclient.Secret
	action, trigger apiclient.ZapID
}

func newZapierRig(t *testing.T) zapierRig {
	t.Helper()
	return openZapierRig(t, engine.Config{AllowPrivateTargets: true})
}

func openZapierRig(t *testing.T, cfg engine.Config) zapierRig {
	t.Helper()
	listener := listen(t, "tcp", "127.0.0.1:0")
	e, end := serveEngineOf(t, listener, nil, cfg)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	_, password, err := e.CreatePassword(t.Context(), 1, "zapier")
	if err != nil {
		t.Fatal(err)
	}
	action, err := e.CreateZap(t.Context(), apitest.ActionZap("Import members", "first_name", "birth_date", "country"))
	if err != nil {
		t.Fatal(err)
	}
	trigger, err := e.CreateZap(t.Context(), apitest.TriggerZap("Deleted", apiclient.TriggerDelete, "user_email", "first_name"))
	if err != nil {
		t.Fatal(err)
	}
	return zapierRig{&rig{url: "http://" + listener.Addr().String()}, e, password, action.ID, trigger.ID}
}

// call posts a form; {a} and {t} in it are the action zap and the trigger zap.
func (r zapierRig) call(t *testing.T, action, form string) answer {
	t.Helper()
	form = strings.NewReplacer("{a}", fmt.Sprint(r.action), "{t}", fmt.Sprint(r.trigger)).Replace(form)
	return r.do(t, ask{method: "POST", path: "/?action=" + action, user: "admin", password: r.password.Reveal(), kind: formType, body: form, header: zapierHeader})
}

const member = "um_actions_triggers={a}&um_account_role=subscriber&um_account_status=awaiting_admin_review&"

// register registers zoe.
func (r zapierRig) register(t *testing.T) apiclient.UserID {
	t.Helper()
	got := r.call(t, wire.ActionRegister, member+"username=zoe&um_update_on_exists=No&user_email=zoe@example.com&first_name=Zo%C3%AB&birth_date=December+8,+1996&country=ES")
	var made struct{ Data wire.Registered }
	if err := json.Unmarshal([]byte(got.body), &made); err != nil || got.status != 201 {
		t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	if want := `"first_name":"Zoë","birth_date":"1996-12-08","country":"Spain"},"requests":`; !strings.Contains(got.body, want) {
		t.Errorf("got %s; want %s", got.body, want)
	}
	return made.Data.Requests
}

func TestUsersOnTheEngine(t *testing.T) {
	r := newZapierRig(t)
	r.call(t, wire.ActionAuthTest, "").want(t, 200, `{"success":true,"data":"UM Zapier is connected!"}`)
	id := r.register(t)
	r.call(t, wire.ActionRegister, member+"username=ZOE&um_update_on_exists=No&user_email=other@example.com").want(t, 400, existsBody)
	r.call(t, wire.ActionRegister, member+"username=other&um_update_on_exists=No&user_email=ZOE@example.com").want(t, 400, existsBody)
	r.call(t, wire.ActionUpdate, member+"username=zoe@example.com&first_name=&country=FR").want(t, 200, `{"success":true,"data":"User account has been updated."}`)
	u, err := r.engine.User(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if u.Value("first_name").Text != "Zoë" || u.Value("country").Text != "France" || u.Status != apiclient.StatusAwaitingReview {
		t.Errorf("after the update the user is %+v", u)
	}
	r.call(t, wire.ActionUpdate, member+"username=zoe&birth_date=soon").status400(t, "Birth Date")
	const remove = "um_actions_triggers={a}&email_on_account_deletion=No&username="
	r.call(t, wire.ActionDelete, remove+"admin").status400(t, "")
	r.call(t, wire.ActionDelete, remove+fmt.Sprint(id)).want(t, 400, `{"success":false,"data":"Account not found in the website"}`)
	r.call(t, wire.ActionDelete, remove+"zoe").want(t, 200, `{"success":true,"data":"The account has been successfully deleted."}`)
	if _, err := r.engine.User(t.Context(), id); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("the deleted user: %v", err)
	}
}

func TestTriggersOnTheEngine(t *testing.T) {
	r := newZapierRig(t)
	r.call(t, wire.ActionSubscribe, "group_field_id={t}&subscription_target_url=http://127.0.0.1:8099/hook").want(t, 201, fmt.Sprintf(`{"success":true,"data":{"id":1,"group_field_id":%d,"subscription_target_url":"http://127.0.0.1:8099/hook"}}`, r.trigger))
	id := r.register(t)
	r.call(t, wire.ActionPerformList, fmt.Sprint("group_field_id={t}&user_id=", id)).want(t, 200, fmt.Sprintf(`{"id":%[1]d,"um_zap_name":"Deleted","um_zap_id":%[1]d,"user_id":%[2]d,"user_email":"zoe@example.com","first_name":"Zoë"}`, r.trigger, id))
	r.call(t, wire.ActionDelete, "um_actions_triggers={a}&email_on_account_deletion=No&username=zoe").want(t, 200, `{"success":true,"data":"The account has been successfully deleted."}`)
	r.call(t, wire.ActionPerformList, fmt.Sprint("group_field_id={t}&user_id=", id)).want(t, 400, `{"success":false,"data":"Account not found in the website"}`)

	page, err := r.engine.Events(t.Context(), apiclient.EventQuery{Filter: apiclient.FieldIs("trigger", string(apiclient.TriggerDelete))})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Events) != 1 || page.Events[0].Origin != apiclient.OriginAPI || page.Events[0].Actor != "admin" || page.Events[0].Deliveries != 1 {
		t.Errorf("the deletion made %+v; want one event of the api by admin with one delivery", page.Events)
	}
	for range 2 {
		r.call(t, wire.ActionUnsubscribe, "id=1").want(t, 200, `{"success":true,"data":"The subscription has ended."}`)
	}
}

// TestSameBytes has a name that HTML and JSON could take for their own: the hook,
// the sample and the answer of the registration carry it as it is.
func TestSameBytes(t *testing.T) {
	const name, data = "Zoë & Søn <3", `"first_name":"Zoë & Søn <3"`
	r, receiver := newZapierRig(t), apitest.NewReceiver(t)
	r.call(t, wire.ActionSubscribe, "group_field_id={t}&subscription_target_url="+url.QueryEscape(receiver.URL+"/hook")).created(t, `"id":1`)
	r.call(t, wire.ActionRegister, member+"username=zoe&um_update_on_exists=No&user_email=zoe@example.com&first_name="+url.QueryEscape(name)).created(t, data)
	sample := r.call(t, wire.ActionPerformList, "group_field_id={t}&user_id=2")
	r.call(t, wire.ActionDelete, "um_actions_triggers={a}&email_on_account_deletion=No&username=zoe").want(t, 200, `{"success":true,"data":"The account has been successfully deleted."}`)
	hook := string(receiver.Next(t).Body)
	_, sent, _ := strings.Cut(hook, ",") // the id is the event's in one and the zap's in the other
	_, shown, _ := strings.Cut(sample.body, ",")
	if sent != shown || !strings.Contains(hook, data) {
		t.Errorf("the hook is  %s\nthe sample is %s\nwant the same, with %s", hook, sample.body, data)
	}
}

// TestRegisterAtOnce registers one account from many sides: one makes it, and the
// others are told that it is there, or change it where they asked for that.
func TestRegisterAtOnce(t *testing.T) {
	r := newZapierRig(t)
	for update, want := range map[string]string{"No": "201 × 1, 400 × 19", "Yes": "200 × 19, 201 × 1"} {
		var (
			mu    sync.Mutex
			count = map[int]int{}
			all   sync.WaitGroup
		)
		for range 20 {
			all.Go(func() {
				got := r.call(t, wire.ActionRegister, fmt.Sprintf("%susername=u%s&um_update_on_exists=%s&user_email=u%s@example.com", member, update, update, update))
				mu.Lock()
				defer mu.Unlock()
				count[got.status]++
			})
		}
		all.Wait()
		var got []string
		for _, status := range slices.Sorted(maps.Keys(count)) {
			got = append(got, fmt.Sprintf("%d × %d", status, count[status]))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("with um_update_on_exists=%s: %s; want %s", update, strings.Join(got, ", "), want)
		}
	}
	if n, err := r.engine.CountUsers(t.Context(), apiclient.Filter{}); err != nil || n.Total != 3 {
		t.Errorf("%d users, %v; want the administrator and two", n.Total, err)
	}
}

// TestSameAddressAtOnce has 200 registrations of one e-mail address at the same time, half
// of them for one login: one user, 199 clear refusals, and one event with one delivery.
func TestSameAddressAtOnce(t *testing.T) {
	r := newZapierRig(t)
	if _, err := r.engine.ChangeSettings(t.Context(), map[string]string{"umdeck_api_fires": "1"}); err != nil {
		t.Fatal(err)
	}
	z, err := r.engine.CreateZap(t.Context(), apitest.TriggerZap("New members", apiclient.TriggerRegistration, "user_email"))
	if err != nil {
		t.Fatal(err)
	}
	receiver := apitest.NewReceiver(t)
	if _, _, err := r.engine.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/hook"}); err != nil {
		t.Fatal(err)
	}
	answers := make([]answer, 200)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			login := "zoe"
			if i%2 == 0 {
				login = fmt.Sprint("zoe", i)
			}
			answers[i] = r.call(t, wire.ActionRegister, member+"um_update_on_exists=No&user_email=Zoe@example.com&username="+login)
		})
	}
	all.Wait()
	made := 0
	for _, a := range answers {
		if a.status == 201 {
			made++
			continue
		}
		a.want(t, 400, existsBody)
	}
	users, err := r.engine.CountUsers(t.Context(), apiclient.Filter{})
	if err != nil || made != 1 || users.Total != 2 {
		t.Errorf("%d were made, and there are %d users (%v); want one, and two with the administrator", made, users.Total, err)
	}
	events, err := r.engine.Events(t.Context(), apiclient.EventQuery{Filter: apiclient.FieldIs("trigger", string(apiclient.TriggerRegistration))})
	if err != nil || len(events.Events) != 1 || events.Events[0].Deliveries != 1 {
		t.Errorf("%+v, %v; want one event with one delivery", events.Events, err)
	}
	if mails, err := r.engine.Mails(t.Context(), apiclient.MailQuery{}); err != nil || len(mails.Mails) != 1 {
		t.Errorf("%+v, %v; want the mail to one user", mails.Mails, err)
	}
	receiver.Next(t)
	receiver.None(t)
}

// TestRolesOfTheDocument takes a role by its slug, by Ultimate Member's key and by
// its name, and lists of one for texts.
func TestRolesOfTheDocument(t *testing.T) {
	r := newZapierRig(t)
	for text, want := range map[string]string{"um_member": "um_member", "member": "um_member", "Author": "author", "EDITOR": "editor", "subscriber": "subscriber"} {
		login := "as-" + text
		r.call(t, wire.ActionRegister, "um_actions_triggers={a}&um_account_status[]=approved&um_update_on_exists=No&um_account_role="+text+"&username="+login+"&user_email[]="+login+"@example.com").
			created(t, `"user_email":"`+login+`@example.com"`)
		u, err := r.engine.FindUser(t.Context(), login)
		if err != nil || u.Role() != apiclient.RoleSlug(want) {
			t.Errorf("um_account_role=%s gave %v, %v; want %s", text, u.Roles, err, want)
		}
	}
	for _, text := range []string{"nobody", "um_subscriber"} {
		r.call(t, wire.ActionRegister, "um_actions_triggers={a}&um_account_status=approved&um_update_on_exists=No&um_account_role="+text+"&username=x&user_email=x@example.com").
			status400(t, "is no role of this site; use one of administrator,")
	}
}

func (a answer) created(t *testing.T, part string) {
	t.Helper()
	if a.status != 201 || !strings.HasPrefix(a.body, `{"success":true,"data":{`) || !strings.Contains(a.body, part) {
		t.Errorf("%d %s; want 201 with %s", a.status, a.body, part)
	}
}

func (a answer) status400(t *testing.T, part string) {
	t.Helper()
	if a.status != 400 || !strings.HasPrefix(a.body, `{"success":false,"data":"`) || !strings.Contains(a.body, part) {
		t.Errorf("%d %s; want 400 with %q", a.status, a.body, part)
	}
}
