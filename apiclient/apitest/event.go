package apitest

import (
	"fmt"
	"testing"
	"time"

	"umdeck/apiclient"
)

// testEvents raises triggers, by hand and by what is done to users, and reads
// them back.
func testEvents(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadLog, apiclient.CanFireTriggers, apiclient.CanCreateUsers)
	u := s.user(t, "event", Approved)
	t.Run("fire", func(t *testing.T) { s.testFire(t, u) })
	t.Run("pages", func(t *testing.T) { s.testEventPages(t, u) })
	t.Run("causes", s.testCauses)
}

func (s *subject) testFire(t *testing.T, u apiclient.User) {
	for _, trigger := range apiclient.Triggers() {
		e, err := s.FireTrigger(t.Context(), trigger, u.ID)
		if err != nil {
			t.Errorf("%s: %v", trigger, err)
			continue
		}
		if e.ID <= 0 || e.Trigger != trigger || e.User != u.ID || e.Login != u.Login || time.Since(e.At).Abs() > 2*time.Minute {
			t.Errorf("%s: the event is %+v", trigger, e)
		}
		if e.Deliveries == 0 && e.Skipped == "" {
			t.Errorf("%s: no delivery was made and nothing says why", trigger)
		}
	}
	_, err := s.FireTrigger(t.Context(), "um_coffee", u.ID)
	wantKind(t, "a trigger that is none", err, apiclient.Invalid)
	_, err = s.FireTrigger(t.Context(), apiclient.TriggerLogin, 1<<40)
	wantKind(t, "a user that is none", err, apiclient.NotFound)
}

// of is a filter for the events or deliveries of one user.
func of(u apiclient.UserID) apiclient.Filter { return apiclient.FieldIs("user", fmt.Sprint(int64(u))) }

func (s *subject) testEventPages(t *testing.T, u apiclient.User) {
	q := apiclient.EventQuery{Filter: apiclient.AllOf(of(u.ID), apiclient.FieldIs("trigger", string(apiclient.TriggerLogin)))}
	before := len(s.events(t, q))
	for range 10 {
		must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	}
	q.Limit = 3
	events := s.events(t, q)
	if len(events) != before+10 {
		t.Errorf("%d events; want %d", len(events), before+10)
	}
	for i := 1; i < len(events); i++ {
		if events[i-1].ID <= events[i].ID {
			t.Errorf("event %d comes before event %d; want the newest first", events[i-1].ID, events[i].ID)
		}
	}
	for _, bad := range []apiclient.EventQuery{{After: "x"}, {Limit: -1}, {Limit: apiclient.MaxLimit + 1}, {Filter: apiclient.FieldIs("no_such_column", "x")}} {
		_, err := s.Events(t.Context(), bad)
		wantKind(t, fmt.Sprintf("Events(%+v)", bad), err, apiclient.Invalid)
	}
}

// events reads all pages of q.
func (s *subject) events(t *testing.T, q apiclient.EventQuery) []apiclient.Event {
	t.Helper()
	var list []apiclient.Event
	for range 100 {
		p := must(s.Events(t.Context(), q))(t)
		list = append(list, p.Events...)
		if p.Next == "" {
			return list
		}
		q.After = p.Next
	}
	t.Fatal("the pages of events do not end")
	return nil
}

// testCauses does what raises triggers, and what does not.
func (s *subject) testCauses(t *testing.T) {
	s.need(t, apiclient.CanActOnUsers, apiclient.CanDeleteUsers)
	u := s.user(t, "causes", AwaitingReview) // raises the registration
	do := func(a apiclient.Action) {
		t.Helper()
		out := must(s.DoUsers(t.Context(), apiclient.UserAction{Action: a, Users: []apiclient.UserID{u.ID}}))(t)
		if out[0].Err != nil {
			t.Fatalf("%s: %v", a, out[0].Err)
		}
	}
	do(apiclient.ActionApprove) // raises the approval
	do(apiclient.ActionDeactivate)
	do(apiclient.ActionReactivate)
	do(apiclient.ActionResend)
	do(apiclient.ActionApprove) // from awaiting the e-mail: raises nothing
	do(apiclient.ActionDelete)  // raises the deletion
	var got []apiclient.Trigger
	for _, e := range s.events(t, apiclient.EventQuery{Filter: of(u.ID)}) {
		if e.Login != u.Login {
			t.Errorf("event %d names %q; want %q, though that user is gone", e.ID, e.Login, u.Login)
		}
		got = append(got, e.Trigger)
	}
	want := []apiclient.Trigger{apiclient.TriggerDelete, apiclient.TriggerApprove, apiclient.TriggerRegistration}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the events are %v; want %v", got, want)
	}
}
