package apitest

import (
	"net/http"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// testTell ends subscriptions with a word to their targets, whatever those say to it.
func (s *subject) testTell(t *testing.T) {
	s.need(t, apiclient.CanRemoveSubs)
	if s.opts.Unreachable != "" {
		t.Skip(s.opts.Unreachable)
	}
	for _, code := range []int{http.StatusOK, http.StatusGone, http.StatusInternalServerError} {
		s.tellTarget(t, code)
	}
	_, err := s.RemoveSubscription(t.Context(), 1<<40, true)
	wantKind(t, "telling nobody", err, apiclient.NotFound)
}

// tellTarget ends a subscription whose target answers so.
func (s *subject) tellTarget(t *testing.T, code int) {
	t.Helper()
	_, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	r.Answer(code)
	a, err := s.RemoveSubscription(t.Context(), sub.ID, true)
	if err != nil || a == nil {
		t.Fatalf("answered %d: %v, err %v", code, a, err)
	}
	if a.Code != code || a.Number != 1 || a.Class != "" || (a.Error == "") != (code == http.StatusOK) || a.At.IsZero() {
		t.Errorf("answered %d, the attempt is %+v", code, a)
	}
	if h := r.Next(t); h.Method != http.MethodDelete || h.Path != "/hook" || len(h.Body) != 0 {
		t.Errorf("the target was told by %s %s with %q", h.Method, h.Path, h.Body)
	}
	if got := must(s.Subscription(t.Context(), sub.ID))(t); got.State != apiclient.SubscriptionGone || got.LastCode != 0 || got.Why == "" {
		t.Errorf("answered %d, the subscription is %+v", code, got)
	}
	s.toldAudit(t, sub)
	s.tellAgain(t, sub, r)
}

// toldAudit looks at what the audit says of a target that was told.
func (s *subject) toldAudit(t *testing.T, sub apiclient.Subscription) {
	t.Helper()
	if !s.can(apiclient.CanReadAudit) {
		return
	}
	told := must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 2}))(t).Audits
	if told[0].Action != "subscriptions.tell" || told[1].Action != "subscriptions.remove" || strings.Contains(told[0].After+told[0].Subject, sub.URL) {
		t.Errorf("the audit says %+v", told)
	}
}

// tellAgain ends a subscription that is gone.
func (s *subject) tellAgain(t *testing.T, sub apiclient.Subscription, r *Receiver) {
	t.Helper()
	// Once is enough, unless somebody asks for it again.
	if a, err := s.RemoveSubscription(t.Context(), sub.ID, false); a != nil || err != nil {
		t.Errorf("ended again it is %+v, err %v", a, err)
	}
	r.None(t)
	must(s.RemoveSubscription(t.Context(), sub.ID, true))(t)
	r.Next(t)
	r.None(t)
}
