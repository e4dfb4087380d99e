package apiclient_test

import (
	"reflect"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// reads are the methods that change nothing. One that is new to API has to be put
// here, or refused by ReadOnly, for this test to pass.
var reads = strings.Fields(`Site Health Users CountUsers User FindUser PlanUsers Roles Statuses Zaps Zap FieldGroup SampleZap
	Fields Forms Form OpenFile Subscriptions Subscription SubscriptionHours Events Deliveries Delivery LogSpan Watch PlanReplay Replays Replay Passwords Settings Audits Audit Mails Mail Close`)

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	var passed struct{ apiclient.API } // a call that gets through meets a nil interface and panics
	api := reflect.ValueOf(apiclient.ReadOnly(passed))
	known := map[string]bool{}
	for _, name := range reads {
		known[name] = true
	}
	for m := range api.Type().Methods() {
		if known[m.Name] {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			method := api.MethodByName(m.Name)
			args := []reflect.Value{reflect.ValueOf(t.Context())}
			for i := 1; i < method.Type().NumIn(); i++ {
				args = append(args, reflect.Zero(method.Type().In(i)))
			}
			out := method.Call(args)
			err, _ := reflect.TypeAssert[error](out[len(out)-1])
			if apiclient.KindOf(err) != apiclient.Forbidden {
				t.Errorf("got %v, want Forbidden", err)
			}
		})
	}
}
