package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
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
	e, err := engine.Open(t.Context(), engine.Config{Dir: t.TempDir(), AllowPrivateTargets: true})
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

// TestActionsOnTheEngine goes through the document with a real engine.
func TestActionsOnTheEngine(t *testing.T) {
	listener := listen(t, "tcp", "127.0.0.1:0")
	e, end := serveEngine(t, listener, nil)
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
	r := &rig{url: "http://" + listener.Addr().String()}
	call := func(action, form string) answer {
		return r.do(t, ask{method: "POST", path: "/?action=" + action, user: "admin", password: password.Reveal(), kind: formType, body: form, header: zapierHeader})
	}
	zap, err := e.CreateZap(t.Context(), apitest.ActionZap("Import members", "first_name", "birth_date", "country"))
	if err != nil {
		t.Fatal(err)
	}
	trigger, err := e.CreateZap(t.Context(), apitest.TriggerZap("Deleted", apiclient.TriggerDelete, "user_email", "first_name"))
	if err != nil {
		t.Fatal(err)
	}
	number := func(id apiclient.ZapID) string { b, _ := json.Marshal(id); return string(b) }
	base := "um_actions_triggers=" + number(zap.ID) + "&um_account_role=subscriber&um_account_status=awaiting_admin_review&"

	call(wire.ActionAuthTest, "").want(t, 200, `{"success":true,"data":"UM Zapier is connected!"}`)
	call(wire.ActionSubscribe, "group_field_id="+number(trigger.ID)+"&subscription_target_url=http://127.0.0.1:8099/hook").want(t, 201, `{"success":true,"data":{"id":1,"group_field_id":`+number(trigger.ID)+`,"subscription_target_url":"http://127.0.0.1:8099/hook"}}`)

	var made struct{ Data wire.Registered }
	got := call(wire.ActionRegister, base+"username=zoe&um_update_on_exists=No&user_email=zoe@example.com&first_name=Zo%C3%AB&birth_date=December+8,+1996&country=ES")
	if err := json.Unmarshal([]byte(got.body), &made); err != nil || got.status != 201 {
		t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	if want := `"first_name":"Zoë","birth_date":"1996-12-08","country":"Spain"},"requests":`; !strings.Contains(got.body, want) {
		t.Errorf("got %s; want %s", got.body, want)
	}
	id := made.Data.Requests
	call(wire.ActionRegister, base+"username=ZOE&um_update_on_exists=No&user_email=other@example.com").want(t, 400, existsBody)
	call(wire.ActionRegister, base+"username=other&um_update_on_exists=No&user_email=ZOE@example.com").want(t, 400, existsBody)
	call(wire.ActionUpdate, base+"username=zoe@example.com&first_name=&country=FR").want(t, 200, `{"success":true,"data":"User account has been updated."}`)
	u, err := e.User(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if u.Value("first_name").Text != "Zoë" || u.Value("country").Text != "France" || u.Status != apiclient.StatusAwaitingReview {
		t.Errorf("after the update the user is %+v", u)
	}
	call(wire.ActionUpdate, base+"username=zoe&birth_date=soon").status400(t, "Birth Date")
	call(wire.ActionDelete, "um_actions_triggers="+number(zap.ID)+"&username=admin&email_on_account_deletion=No").status400(t, "")
	call(wire.ActionDelete, "um_actions_triggers="+number(zap.ID)+"&username="+string(number(apiclient.ZapID(id)))+"&email_on_account_deletion=No").want(t, 400, `{"success":false,"data":"Account not found in the website"}`)
	call(wire.ActionDelete, "um_actions_triggers="+number(zap.ID)+"&username=zoe&email_on_account_deletion=No").want(t, 200, `{"success":true,"data":"The account has been successfully deleted."}`)

	events, err := e.Events(t.Context(), apiclient.EventQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var deleted int
	for _, ev := range events.Events {
		if ev.Origin != apiclient.OriginAPI || ev.Actor != "admin" {
			t.Errorf("event %d %s came from %s, %s", ev.ID, ev.Trigger, ev.Origin, ev.Actor)
		}
		if ev.Trigger == apiclient.TriggerDelete && ev.Deliveries == 1 {
			deleted++
		}
	}
	if deleted != 1 {
		t.Errorf("the deletion made no delivery: %+v", events.Events)
	}
	call("umm_zapier_unsubscribe", "id=1").want(t, 200, `{"success":true,"data":"The subscription has ended."}`)
	call("umm_zapier_unsubscribe", "id=1").want(t, 200, `{"success":true,"data":"The subscription has ended."}`)
	call(wire.ActionPerformList, "group_field_id="+number(trigger.ID)+"&user_id=999").want(t, 400, `{"success":false,"data":"Account not found in the website"}`)
}

func (a answer) status400(t *testing.T, part string) {
	t.Helper()
	if a.status != 400 || !strings.HasPrefix(a.body, `{"success":false,"data":"`) || !strings.Contains(a.body, part) {
		t.Errorf("%d %s; want 400 with %q", a.status, a.body, part)
	}
}
