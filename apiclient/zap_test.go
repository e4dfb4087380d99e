package apiclient_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestNewZapValidate(t *testing.T) {
	trigger := apiclient.NewZap{Name: "New members", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerRegistration}
	action := apiclient.NewZap{Name: "Import", Kind: apiclient.ZapAction, Status: apiclient.ZapRunning, Fields: []string{"first_name", "last_name"}}
	for _, n := range []apiclient.NewZap{trigger, action} {
		if err := n.Validate(); err != nil {
			t.Errorf("%s: %v", n.Name, err)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*apiclient.NewZap)
		field  string
	}{
		{"no name", func(n *apiclient.NewZap) { n.Name = "\t " }, "name"},
		{"a long name", func(n *apiclient.NewZap) { n.Name = strings.Repeat("ø", 101) }, "name"},
		{"no kind", func(n *apiclient.NewZap) { n.Kind = "" }, "kind"},
		{"another kind", func(n *apiclient.NewZap) { n.Kind = "both" }, "kind"},
		{"a trigger without an event", func(n *apiclient.NewZap) { n.Event = "" }, "trigger"},
		{"an event that is none", func(n *apiclient.NewZap) { n.Event = "um_logout" }, "trigger"},
		{"an action with an event", func(n *apiclient.NewZap) { n.Kind = apiclient.ZapAction }, "event"},
		{"a status that is none", func(n *apiclient.NewZap) { n.Status = "paused" }, "status"},
		{"a field twice", func(n *apiclient.NewZap) { n.Fields = []string{"a", "b", "a"} }, "fields"},
		{"an origin that is none", func(n *apiclient.NewZap) { n.Origins = []apiclient.Origin{"moon"} }, "origins"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := trigger
			c.change(&n)
			wantInvalid(t, n.Validate(), c.field)
		})
	}
}

func TestZapUpdateApply(t *testing.T) {
	zap := apiclient.Zap{ID: 7, Name: "Old", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapDraft, Fields: []string{"a"}}
	got, err := apiclient.ZapUpdate{Name: new("New"), Status: new(apiclient.ZapRunning), Event: new(apiclient.TriggerDelete), Fields: []string{}, Origins: origins}.Apply(zap)
	want := apiclient.Zap{ID: 7, Name: "New", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerDelete, Status: apiclient.ZapRunning, Fields: []string{}, Origins: origins}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := (apiclient.ZapUpdate{}).Apply(zap); err != nil || !cmp.Equal(zap, got) {
		t.Errorf("an empty update gives %+v, %v", got, err)
	}
	for _, u := range []apiclient.ZapUpdate{{Status: new(apiclient.ZapStatus(""))}, {Status: new(apiclient.ZapStatus("on"))}, {Name: new("")}, {Event: new(apiclient.Trigger(""))}} {
		if _, err := u.Apply(zap); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%+v: %v", u, err)
		}
	}
}
