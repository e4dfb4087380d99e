package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/wire"
)

const endedBody = `{"success":true,"data":"The subscription has ended."}`

// subscribe subscribes a target to the trigger zap, which must answer with that status and an id.
func (r zapierRig) subscribe(t *testing.T, target string, status int) apiclient.SubscriptionID {
	t.Helper()
	got := r.call(t, wire.ActionSubscribe, "group_field_id={t}&subscription_target_url="+url.QueryEscape(target))
	var made struct{ Data wire.Subscribed }
	if err := json.Unmarshal([]byte(got.body), &made); err != nil || got.status != status || made.Data.ID == 0 || made.Data.Target != target {
		t.Fatalf("%s: %d %s: %v; want %d and an id", target, got.status, got.body, err, status)
	}
	return made.Data.ID
}

func (r zapierRig) state(t *testing.T, id apiclient.SubscriptionID) apiclient.SubscriptionState {
	t.Helper()
	s, err := r.engine.Subscription(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s.State
}

// TestSubscriptionLife goes the way of a zap that is turned on, off and on again.
func TestSubscriptionLife(t *testing.T) {
	r := newZapierRig(t)
	const target = "https://hooks.zapier.com/hooks/standard/1/abcdef/?a=b&c=%20"
	id := r.subscribe(t, target, 201)
	if again := r.subscribe(t, target, 200); again != id {
		t.Errorf("the same again is subscription %d; want %d", again, id)
	}
	byTarget := "group_field_id={t}&subscription_target_url=" + url.QueryEscape(target)
	for range 2 { // the second time there is nothing to be ended
		r.call(t, wire.ActionUnsubscribe, byTarget).want(t, 200, endedBody)
		if got := r.state(t, id); got != apiclient.SubscriptionGone {
			t.Errorf("after unsubscribing it is %s", got)
		}
	}
	if back := r.subscribe(t, target, 200); back != id || r.state(t, id) != apiclient.SubscriptionActive {
		t.Errorf("subscribed again it is %d, %s; want %d, active", back, r.state(t, id), id)
	}
	for _, form := range []string{"id=%d", "subscription_id=%d"} {
		r.subscribe(t, target, 200)
		r.call(t, wire.ActionUnsubscribe, fmt.Sprintf(form, id)).want(t, 200, endedBody)
		if got := r.state(t, id); got != apiclient.SubscriptionGone {
			t.Errorf("after unsubscribing by %s it is %s", form, got)
		}
	}
	r.subscribe(t, target, 200)
	for name, form := range map[string]string{
		"another URL":     "group_field_id={t}&subscription_target_url=https://example.com/other",
		"no URL":          "group_field_id={t}&subscription_target_url=nonsense",
		"another zap":     "group_field_id={a}&subscription_target_url=" + url.QueryEscape(target),
		"no such zap":     "group_field_id=4711&subscription_target_url=" + url.QueryEscape(target),
		"no such id":      "id=4711",
		"a gone zap's id": "subscription_id=4711&group_field_id=4711",
	} {
		r.call(t, wire.ActionUnsubscribe, form).want(t, 200, endedBody)
		if got := r.state(t, id); got != apiclient.SubscriptionActive {
			t.Fatalf("%s: the subscription is %s", name, got)
		}
	}
	for _, form := range []string{"", "group_field_id={t}", "subscription_target_url=https://x", "id=none"} {
		r.call(t, wire.ActionUnsubscribe, form).status400(t, "")
	}
	// A zap can be turned off at Zapier when ours does not run any more.
	if err := r.engine.DeleteZap(t.Context(), r.trigger); err != nil {
		t.Fatal(err)
	}
	r.call(t, wire.ActionUnsubscribe, byTarget).want(t, 200, endedBody)
	r.call(t, wire.ActionSubscribe, byTarget).status400(t, wire.MessageNotRunning)
}

// TestMostSubscriptions fills a zap: the hundredth is taken, the next one is not, and one
// that is gone makes room.
func TestMostSubscriptions(t *testing.T) {
	r := newZapierRig(t)
	var last apiclient.SubscriptionID
	for i := range 100 {
		last = r.subscribe(t, fmt.Sprintf("https://hooks.zapier.com/%d", i), 201)
	}
	const more = "group_field_id={t}&subscription_target_url=https://hooks.zapier.com/more"
	r.call(t, wire.ActionSubscribe, more).status400(t, "has 100 subscriptions")
	r.subscribe(t, "https://hooks.zapier.com/7", 200)
	r.call(t, wire.ActionUnsubscribe, fmt.Sprintf("id=%d", last)).want(t, 200, endedBody)
	r.subscribe(t, "https://hooks.zapier.com/more", 201)
	r.call(t, wire.ActionSubscribe, "group_field_id={t}&subscription_target_url=https://hooks.zapier.com/99").status400(t, "has 100 subscriptions")
	if got := r.state(t, last); got != apiclient.SubscriptionGone {
		t.Errorf("a refused revival leaves it %s", got)
	}
}

// TestTargets holds every rule of a target's URL, without and with private targets.
func TestTargets(t *testing.T) {
	public := openZapierRig(t, engine.Config{})
	private := newZapierRig(t)
	for _, c := range []struct {
		name, target string
		public       string // what the refusal names; empty: it is taken
		private      string // likewise where private targets are allowed
	}{
		{"https", "https://hooks.zapier.com/hooks/standard/1/2/", "", ""},
		{"a port and a query", "https://example.com:8443/in?key=%2Fx&y=z", "", ""},
		{"the longest", "https://example.com/" + strings.Repeat("a", apiclient.MaxURL-len("https://example.com/")), "", ""},
		{"one byte more", "https://example.com/" + strings.Repeat("a", apiclient.MaxURL+1-len("https://example.com/")), "2049 bytes", "2049 bytes"},
		{"too long in bytes alone", "https://example.com/" + strings.Repeat("ø", apiclient.MaxURL/2), "bytes long", "bytes long"},
		{"an international name", "https://bücher.example/hook", "", ""},
		{"upper case", "HTTPS://EXAMPLE.COM/Hook", "", ""},
		{"http", "http://example.com/hook", "use https://", ""},
		{"a private address", "https://10.0.0.1/hook", "10.0.0.1", ""},
		{"this machine", "https://127.0.0.1/hook", "127.0.0.1", ""},
		{"this machine by name", "https://localhost/hook", "localhost", ""},
		{"the metadata of a cloud", "https://169.254.169.254/latest", "169.254.169.254", "169.254.169.254"},
		{"an address as a number", "https://2130706433/hook", "2130706433", "2130706433"},
		{"no scheme", "example.com/hook", "https://", "https://"},
		{"ftp", "ftp://example.com/hook", `\"ftp\"`, `\"ftp\"`},
		{"javascript", "javascript:alert(1)", "javascript", "javascript"},
		{"data", "data:text/plain,x", "data", "data"},
		{"no host", "https:///hook", "no host", "no host"},
		{"a port alone", "https://:443/", "no host", "no host"},
		{"a user name", "https://ada@example.com/", "user name", "user name"},
		{"a password", "https://ada:secret@example.com/", "user name", "user name"},
		{"an empty user name", "https://@example.com/", "user name", "user name"},
		{"a fragment", "https://example.com/#x", "#fragment", "#fragment"},
		{"an empty fragment", "https://example.com/#", "#fragment", "#fragment"},
		{"a space", "https://example.com/a b", "space", "space"},
		{"a tab", "https://example.com/a\tb", "control character", "control character"},
		{"a line", "https://example.com/\r\nX: y", "control character", "control character"},
		{"a delete", "https://example.com/\x7f", "control character", "control character"},
		{"a C1 control", "https://example.com/\u009b2J", "control character", "control character"},
		{"half an escape", "https://example.com/%z", "no URL", "no URL"},
		{"a port that is none", "https://example.com:99999/", "port", "port"},
		{"a mail server's port", "https://example.com:25/", "port 25", "port 25"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, at := range []struct {
				rig  zapierRig
				want string
			}{{public, c.public}, {private, c.private}} {
				if at.want == "" {
					at.rig.subscribe(t, c.target, 201)
					continue
				}
				got := at.rig.call(t, wire.ActionSubscribe, "group_field_id={t}&subscription_target_url="+url.QueryEscape(c.target))
				got.status400(t, at.want)
				if strings.Contains(got.body, "secret") {
					t.Errorf("the refusal tells the target: %s", got.body)
				}
			}
		})
	}
}
