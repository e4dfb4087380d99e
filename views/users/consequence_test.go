package users

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestConsequences(t *testing.T) {
	step := func(login string, from apiclient.Status, a apiclient.Action) apiclient.Step {
		s := apiclient.Step{User: apiclient.UserID(len(login)), Login: login, From: from}
		e, refused := a.Apply(from)
		if s.Refused = refused; refused == "" {
			s.Warning = e.Warning
			if e.Mail != "" {
				s.Mails = []apiclient.PlannedMail{{Slug: e.Mail}}
			}
			if e.Trigger != "" {
				s.Triggers = []apiclient.PlannedTrigger{{Trigger: e.Trigger, Zap: 4, Name: "Pack", Targets: 2}}
			}
		}
		return s
	}
	plan := func(a apiclient.Action, steps ...apiclient.Step) apiclient.Plan {
		return apiclient.Plan{Action: apiclient.UserAction{Action: a}, Steps: steps}
	}
	review, inactive := apiclient.StatusAwaitingReview, apiclient.StatusInactive
	for _, c := range []struct {
		name string
		plan apiclient.Plan
		want []string
	}{
		{"one", plan(apiclient.ActionApprove, step("ada", review, apiclient.ActionApprove)), []string{
			"approved_email goes out", "um_admin_approve_account fires “Pack” to 2 targets",
		}},
		{"few reasons", plan(apiclient.ActionApprove, step("ada", review, apiclient.ActionApprove), step("bob", review, apiclient.ActionApprove), step("dan", inactive, apiclient.ActionApprove)), []string{
			"ada, bob",
			"Refused: 1 × An inactive account cannot be approved; reactivate it.",
			"2 × approved_email goes out", "2 × um_admin_approve_account fires “Pack” to 2 targets",
		}},
		{"many reasons", plan(apiclient.ActionReject,
			step("ada", review, apiclient.ActionReject), step("b", apiclient.StatusApproved, apiclient.ActionReject), step("c", apiclient.StatusApproved, apiclient.ActionReject),
			step("d", inactive, apiclient.ActionReject), step("e", apiclient.StatusRejected, apiclient.ActionReject),
		), []string{
			"ada", "Refused: 4 of 5 users: 2 Approved, 1 Inactive, 1 Rejected", "1 × rejected_email goes out",
		}},
		{"administrator", apiclient.Plan{Action: apiclient.UserAction{Action: apiclient.ActionRole, Role: administrator}, Steps: []apiclient.Step{{User: 1}}, Predicted: true}, []string{
			"An administrator may change everything on the site.", "This is what Ultimate Member's rules say; the site decides.",
		}},
		{"delete", apiclient.Plan{Action: apiclient.UserAction{Action: apiclient.ActionDelete}, Steps: []apiclient.Step{{
			User: 1, Mails: []apiclient.PlannedMail{{Slug: apiclient.MailDeletion, Off: "it is switched off"}},
			Triggers: []apiclient.PlannedTrigger{{Trigger: apiclient.TriggerDelete}, {Trigger: apiclient.TriggerDelete, Targets: -1}, {Trigger: apiclient.TriggerDelete, Zap: 1, Name: "CRM"}, {Trigger: apiclient.TriggerDelete, Zap: 1, Name: "CRM", Targets: -1}},
		}}}, []string{
			"deletion_email does not go: it is switched off",
			"um_delete_user fires, and no zap waits for it", "um_delete_user fires; the site does not tell which zaps wait for it",
			"um_delete_user fires “CRM”, which nobody is subscribed to", "um_delete_user fires “CRM”",
			"This cannot be undone.",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, consequences(c.plan)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBack(t *testing.T) {
	user := func(roles ...apiclient.RoleSlug) row { return row{User: apiclient.User{ID: 7, Roles: roles}} }
	for _, c := range []struct {
		name string
		do   apiclient.UserAction
		from apiclient.Status
		was  row
		want *apiclient.UserAction
	}{
		{"approve from review", apiclient.UserAction{Action: apiclient.ActionApprove}, apiclient.StatusAwaitingReview, user(), &apiclient.UserAction{Action: apiclient.ActionPending, Users: []apiclient.UserID{7}}},
		{"approve from rejected", apiclient.UserAction{Action: apiclient.ActionApprove}, apiclient.StatusRejected, user(), nil},
		{"pending from rejected", apiclient.UserAction{Action: apiclient.ActionPending}, apiclient.StatusRejected, user(), &apiclient.UserAction{Action: apiclient.ActionReject, Users: []apiclient.UserID{7}}},
		{"deactivate", apiclient.UserAction{Action: apiclient.ActionDeactivate}, apiclient.StatusApproved, user(), nil},
		{"role of one", apiclient.UserAction{Action: apiclient.ActionRole, Role: "editor"}, "", user("author"), &apiclient.UserAction{Action: apiclient.ActionRole, Role: "author", Users: []apiclient.UserID{7}}},
		{"role of several", apiclient.UserAction{Action: apiclient.ActionRole, Role: "editor"}, "", user("author", "editor"), nil},
		{"role not known", apiclient.UserAction{Action: apiclient.ActionRole, Role: "editor"}, "", user(), nil},
		{"delete", apiclient.UserAction{Action: apiclient.ActionDelete}, apiclient.StatusApproved, user(), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := back(c.do, apiclient.Step{User: 7, From: c.from}, c.was)
			switch {
			case ok != (c.want != nil):
				t.Errorf("it can be taken back: %t", ok)
			case ok:
				if diff := cmp.Diff(*c.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}
