package apiclient_test

import (
	"testing"

	"umdeck/apiclient"
)

var origins = []apiclient.Origin{
	apiclient.OriginForm, apiclient.OriginAdmin, apiclient.OriginAPI, apiclient.OriginCRM, apiclient.OriginCron, apiclient.OriginConsole,
}

func TestTriggerFires(t *testing.T) {
	want := map[apiclient.Trigger][]bool{
		//                               form  admin  api    crm    cron   console
		apiclient.TriggerRegistration: {true, true, false, false, false, true},
		apiclient.TriggerLogin:        {true, false, false, false, false, false},
		apiclient.TriggerDelete:       {true, true, true, true, true, true},
		apiclient.TriggerEditProfile:  {true, false, false, false, false, false},
		apiclient.TriggerApprove:      {true, true, true, true, true, true},
		apiclient.TriggerActivation:   {true, false, false, false, false, false},
		apiclient.TriggerAccount:      {true, false, false, false, false, false},
	}
	if len(apiclient.Triggers()) != 7 || len(want) != 7 {
		t.Fatalf("%d triggers", len(apiclient.Triggers()))
	}
	for _, trigger := range apiclient.Triggers() {
		for i, o := range origins {
			if got := trigger.Fires(o); got != want[trigger][i] {
				t.Errorf("%s for %s: %t", trigger, o, got)
			}
			zap := apiclient.Zap{Kind: apiclient.ZapTrigger, Event: trigger, Origins: []apiclient.Origin{apiclient.OriginAPI, apiclient.OriginCron}}
			listens := want[trigger][i] || o == apiclient.OriginAPI || o == apiclient.OriginCron
			if got := zap.Listens(o); got != listens {
				t.Errorf("a zap of %s with api and cron for %s: %t", trigger, o, got)
			}
		}
	}
}

func TestParseTrigger(t *testing.T) {
	for _, trigger := range apiclient.Triggers() {
		if got, err := apiclient.ParseTrigger(string(trigger)); got != trigger || err != nil {
			t.Errorf("%s: %s, %v", trigger, got, err)
		}
		if trigger.Title() == string(trigger) {
			t.Errorf("%s has no title", trigger)
		}
	}
	for _, s := range []string{"", "um_login", "UM_USER_LOGIN", "um_delete_user "} {
		if _, err := apiclient.ParseTrigger(s); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}
