package apiclient_test

import (
	"testing"

	"umdeck/apiclient"
)

func TestUserActionValidate(t *testing.T) {
	one := []apiclient.UserID{1}
	for _, a := range append(apiclient.StatusActions(), apiclient.ActionDelete) {
		if err := (apiclient.UserAction{Action: a, Users: one}).Validate(); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	if err := (apiclient.UserAction{Action: apiclient.ActionRole, Users: make([]apiclient.UserID, apiclient.MaxTargets), Role: "subscriber"}).Validate(); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		a     apiclient.UserAction
		field string
	}{
		{apiclient.UserAction{Action: apiclient.ActionApprove}, "users"},
		{apiclient.UserAction{Action: apiclient.ActionApprove, Users: make([]apiclient.UserID, apiclient.MaxTargets+1)}, "users"},
		{apiclient.UserAction{Action: apiclient.ActionRole, Users: one}, "role"},
		{apiclient.UserAction{Users: one}, "action"},
		{apiclient.UserAction{Action: "explode", Users: one}, "action"},
	} {
		wantInvalid(t, c.a.Validate(), c.field)
	}
}

func TestPlanAllowed(t *testing.T) {
	p := apiclient.Plan{Steps: []apiclient.Step{{User: 1}, {User: 2, Refused: "The account is approved already."}, {User: 3}}}
	if got := p.Allowed(); got != 2 {
		t.Errorf("%d steps are allowed, want 2", got)
	}
}
