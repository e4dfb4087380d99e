package apiclient_test

import (
	"testing"

	"umdeck/apiclient"
)

func TestParseStatus(t *testing.T) {
	site := []apiclient.AccountStatus{{Slug: "on_hold", Label: "On Hold – unpaid"}}
	for _, c := range []struct {
		text string
		want apiclient.Status
	}{
		{"approved", apiclient.StatusApproved},
		{"APPROVED", apiclient.StatusApproved},
		{" Approved ", apiclient.StatusApproved},
		{"awaiting_email_confirmation", apiclient.StatusAwaitingEmail},
		{"awaitingemailconfirmation", apiclient.StatusAwaitingEmail},
		{"Awaiting Email Confirmation", apiclient.StatusAwaitingEmail},
		{"awaiting-email-confirmation", apiclient.StatusAwaitingEmail},
		{"Waiting email confirmation", apiclient.StatusAwaitingEmail},
		{"awaiting_admin_review", apiclient.StatusAwaitingReview},
		{"Awaiting Admin Review", apiclient.StatusAwaitingReview},
		{"Pending administrator review", apiclient.StatusAwaitingReview},
		{"Pending Review", apiclient.StatusAwaitingReview},
		{"inactive", apiclient.StatusInactive},
		{"Membership inactive", apiclient.StatusInactive},
		{"rejected", apiclient.StatusRejected},
		{"Membership rejected", apiclient.StatusRejected},
		{"on_hold", "on_hold"},
		{"onhold", "on_hold"},
		{"on hold – UNPAID", "on_hold"},
	} {
		got, err := apiclient.ParseStatus(c.text, site...)
		if err != nil || got != c.want {
			t.Errorf("%q is %q (%v), want %q", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"", " ", "_", "-", "aproved", "checkmail", "pending", "undefined", "?", "approved;", "on_hold\x00"} {
		got, err := apiclient.ParseStatus(text)
		if apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%q is %q (%v), want it refused", text, got, err)
			continue
		}
		sentence(t, err.Error())
	}
}

func TestStatusLabels(t *testing.T) {
	for s, want := range map[apiclient.Status]string{
		apiclient.StatusUndefined: "Undefined", apiclient.StatusUnknown: "Not known", apiclient.StatusApproved: "Approved",
		apiclient.StatusAwaitingEmail: "Awaiting Email Confirmation", apiclient.StatusAwaitingReview: "Awaiting Admin Review",
		apiclient.StatusInactive: "Inactive", apiclient.StatusRejected: "Rejected", "on_hold": "on_hold",
	} {
		if got := s.Label(); got != want {
			t.Errorf("%q has the label %q, want %q", s, got, want)
		}
	}
	list := apiclient.DefaultStatuses()
	list[0].Label = "changed"
	if apiclient.StatusApproved.Label() != "Approved" {
		t.Error("DefaultStatuses gives its own list away")
	}
}

func TestRoleRegistrationStatus(t *testing.T) {
	for word, want := range map[string]apiclient.Status{
		"approved": apiclient.StatusApproved, "checkmail": apiclient.StatusAwaitingEmail, "pending": apiclient.StatusAwaitingReview,
		"": apiclient.StatusApproved, "awaiting_admin_review": apiclient.StatusApproved,
	} {
		if got := (apiclient.Role{Registration: word}).RegistrationStatus(); got != want {
			t.Errorf("registration %q gives %q, want %q", word, got, want)
		}
	}
}
