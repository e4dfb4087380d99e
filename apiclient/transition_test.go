package apiclient_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// from are the statuses of an account, in the order of the rows of the matrix.
var from = []apiclient.Status{
	apiclient.StatusUndefined, apiclient.StatusApproved, apiclient.StatusAwaitingReview,
	apiclient.StatusAwaitingEmail, apiclient.StatusInactive, apiclient.StatusRejected,
}

// describe writes an effect as the tables below do: the new status, the mail, and
// then what else happens.
func describe(e apiclient.Effect) string {
	parts := []string{string(e.To), string(e.Mail)}
	if e.Trigger != "" {
		parts = append(parts, string(e.Trigger))
	}
	if e.EndSessions {
		parts = append(parts, "logout")
	}
	parts = append(parts, [...]string{"kept", "cleared", "renewed"}[e.Hash])
	if e.Warning != "" {
		parts = append(parts, "warns")
	}
	return strings.Join(parts, " ")
}

// TestApplyMatrix is Ultimate Member's transition matrix, all of it: each action on
// each status.
func TestApplyMatrix(t *testing.T) {
	const (
		welcomed = "approved welcome_email cleared"
		rejected = "rejected rejected_email logout cleared"
		pending  = "awaiting_admin_review pending_email logout cleared"
		resent   = "awaiting_email_confirmation checkmail_email logout renewed"
		disabled = "inactive inactive_email logout cleared"
	)
	matrix := map[apiclient.Action][]string{
		//                          undefined          approved           awaiting review                                             awaiting e-mail inactive  rejected
		apiclient.ActionApprove:    {welcomed, "-", "approved approved_email um_admin_approve_account cleared", welcomed, "-", welcomed},
		apiclient.ActionReject:     {"-", "-", rejected, "-", "-", "-"},
		apiclient.ActionPending:    {pending + " warns", pending + " warns", "-", pending, pending, pending},
		apiclient.ActionResend:     {resent + " warns", resent + " warns", resent, resent, resent, resent},
		apiclient.ActionDeactivate: {disabled, disabled, disabled, disabled, "-", disabled},
		apiclient.ActionReactivate: {"-", "-", "-", "-", welcomed, "-"},
	}
	for _, a := range apiclient.StatusActions() {
		row, ok := matrix[a]
		if !ok {
			t.Fatalf("the matrix has no %s", a)
		}
		for i, s := range from {
			t.Run(fmt.Sprintf("%s from %q", a, s), func(t *testing.T) {
				e, refused := a.Apply(s)
				got := describe(e)
				if refused != "" {
					got = "-"
					if e != (apiclient.Effect{}) {
						t.Errorf("a refused action has the effect %+v", e)
					}
					sentence(t, refused)
				} else if e.From != s || e.Changed() != (e.To != s) {
					t.Errorf("from %q to %q, changed %t", e.From, e.To, e.Changed())
				}
				if e.Warning != "" {
					sentence(t, e.Warning)
				}
				if diff := cmp.Diff(row[i], got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestApplyOnAStatusOfTheSite(t *testing.T) {
	want := map[apiclient.Action]bool{
		apiclient.ActionApprove: true, apiclient.ActionPending: true, apiclient.ActionResend: true, apiclient.ActionDeactivate: true,
	}
	for _, a := range apiclient.StatusActions() {
		if _, refused := a.Apply("on_hold"); (refused == "") != want[a] {
			t.Errorf("%s of a status of the site's own: %q", a, refused)
		}
	}
	for _, a := range []apiclient.Action{apiclient.ActionRole, apiclient.ActionDelete, "", "explode"} {
		if _, refused := a.Apply(apiclient.StatusApproved); refused == "" {
			t.Errorf("%q changes a status", a)
		}
	}
}

// TestChangeStatus is each status written over each other one.
func TestChangeStatus(t *testing.T) {
	const (
		same     = " kept"
		welcomed = "approved welcome_email cleared"
		pending  = "awaiting_admin_review pending_email logout cleared"
		resent   = "awaiting_email_confirmation checkmail_email logout renewed"
		disabled = "inactive inactive_email logout cleared"
		rejected = "rejected rejected_email logout cleared"
		flagged  = rejected + " warns"
	)
	for to, row := range map[apiclient.Status][]string{
		apiclient.StatusApproved:       {welcomed, "approved" + same, "approved approved_email um_admin_approve_account cleared", welcomed, welcomed, welcomed},
		apiclient.StatusAwaitingReview: {pending + " warns", pending + " warns", "awaiting_admin_review" + same, pending, pending, pending},
		apiclient.StatusAwaitingEmail:  {resent + " warns", resent + " warns", resent, "awaiting_email_confirmation" + same, resent, resent},
		apiclient.StatusInactive:       {disabled, disabled, disabled, disabled, "inactive" + same, disabled},
		apiclient.StatusRejected:       {flagged, flagged, rejected, flagged, flagged, "rejected" + same},
		"on_hold":                      {"on_hold" + same, "on_hold" + same, "on_hold" + same, "on_hold" + same, "on_hold" + same, "on_hold" + same},
	} {
		for i, s := range from {
			e := apiclient.ChangeStatus(s, to)
			got := strings.Join(strings.Fields(describe(e)), " ")
			if got != row[i] || e.From != s || e.To != to {
				t.Errorf("%q to %q: %s from %q, want %s", s, to, got, e.From, row[i])
			}
		}
	}
	if e := apiclient.ChangeStatus("on_hold", apiclient.StatusApproved); describe(e) != welcomed {
		t.Errorf("from a status of the site's own to approved: %s", describe(e))
	}
}

// TestActionsStayWithinTheStatuses takes every allowed action from each status: none
// leads where the matrix has no row, or back to no status.
func TestActionsStayWithinTheStatuses(t *testing.T) {
	for _, s := range from {
		for _, a := range apiclient.StatusActions() {
			if e, refused := a.Apply(s); refused == "" && !slices.Contains(from[1:], e.To) {
				t.Errorf("%s from %q leads to %q", a, s, e.To)
			}
		}
	}
}

func TestActionWords(t *testing.T) {
	seen := map[string]apiclient.Action{}
	for _, a := range append(apiclient.StatusActions(), apiclient.ActionRole, apiclient.ActionDelete) {
		if a.Title() == string(a) || a.Done() == "" || a.Done() == string(a) {
			t.Errorf("%s has the title %q and is done as %q", a, a.Title(), a.Done())
		}
		if other, taken := seen[a.Title()]; taken {
			t.Errorf("%s and %s have the title %q", a, other, a.Title())
		}
		seen[a.Title()] = a
	}
}

func TestMailsOnByDefault(t *testing.T) {
	want := map[apiclient.MailSlug]bool{
		apiclient.MailWelcome: true, apiclient.MailCheckmail: false, apiclient.MailPending: false, apiclient.MailApproved: false,
		apiclient.MailRejected: false, apiclient.MailInactive: true, apiclient.MailDeletion: true, apiclient.MailDeletionToAdmin: false,
		apiclient.MailReset: true, apiclient.MailChangedPassword: true, apiclient.MailChangedAccount: true,
		apiclient.MailNewToAdmin: true, apiclient.MailReviewToAdmin: false, apiclient.MailSuspicious: true,
	}
	for m, on := range want {
		if m.OnByDefault() != on {
			t.Errorf("%s is on by default: %t", m, !on)
		}
	}
}

// misformatted is what fmt prints for a wrong verb or argument.
var misformatted = regexp.MustCompile(`%!(\(EXTRA |\w\((MISSING\)|\w+=))`)

// sentence checks that s can be shown to a person as it is.
func sentence(t *testing.T, s string) {
	t.Helper()
	if s == "" || !strings.HasSuffix(s, ".") || strings.ContainsAny(s, "\n\t\x00\x1b") || misformatted.MatchString(s) {
		t.Errorf("%q is no sentence", s)
	}
}
