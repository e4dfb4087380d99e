package apitest

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// testHours lets a subscription have each thing happen to it that an hour counts, but for
// the death of a delivery, which takes days.
func (s *subject) testHours(t *testing.T) {
	s.need(t, apiclient.CanReadHours, apiclient.CanRemoveSubs)
	_, sub, r := s.hooked(t, apiclient.TriggerRegistration, "user_email")
	hours := func(since time.Time) []apiclient.SubscriptionHour {
		t.Helper()
		return must(s.SubscriptionHours(t.Context(), sub.ID, since))(t)
	}
	if got := hours(time.Time{}); len(got) != 0 {
		t.Errorf("a new subscription has the hours %+v", got)
	}
	begin := time.Now().Add(-time.Hour)
	s.user(t, "hourdone")
	s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone))
	r.Answer(http.StatusInternalServerError)
	s.user(t, "hourfailed")
	s.settled(t, sub.ID, "tried", func(d apiclient.Delivery) bool { return d.State == apiclient.DeliveryDue && d.Attempts == 1 })
	must(s.RemoveSubscription(t.Context(), sub.ID, false))(t)

	all := hours(begin)
	var sum apiclient.SubscriptionHour
	for i, h := range all {
		if !h.At.Equal(h.At.Truncate(time.Hour)) || h.At.Location() != time.UTC || i > 0 && !h.At.After(all[i-1].At) || h.At.After(time.Now().Add(time.Hour)) {
			t.Errorf("the hours begin at %+v", all)
		}
		sum.Done, sum.Failed, sum.Dead, sum.Gone = sum.Done+h.Done, sum.Failed+h.Failed, sum.Dead+h.Dead, sum.Gone+h.Gone
	}
	if diff := cmp.Diff(apiclient.SubscriptionHour{Done: 1, Failed: 1, Gone: 1}, sum); diff != "" {
		t.Errorf("the sum of the hours (-want +got):\n%s", diff)
	}
	last := all[len(all)-1].At
	if diff := cmp.Diff(all[len(all)-1:], hours(last.Add(time.Hour-time.Millisecond))); diff != "" {
		t.Errorf("the hours since the end of the last one (-want +got):\n%s", diff)
	}
	if got := hours(last.Add(time.Hour)); len(got) != 0 {
		t.Errorf("the hours after the last one are %+v", got)
	}
	_, err := s.SubscriptionHours(t.Context(), 1<<40, time.Time{})
	wantKind(t, "SubscriptionHours of none", err, apiclient.NotFound)
}
