package apitest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// testReplays sends deliveries again to receivers on this machine.
func testReplays(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReplay, apiclient.CanReadLog, apiclient.CanWriteZaps, apiclient.CanAddSubs, apiclient.CanListSubs, apiclient.CanRemoveSubs, apiclient.CanCreateUsers, apiclient.CanFireTriggers)
	t.Run("refuse", s.testRefuseReplay)
	if s.opts.Unreachable != "" {
		t.Skip(s.opts.Unreachable)
	}
	t.Run("own", s.testReplay)
	t.Run("elsewhere", s.testReplayElsewhere)
	t.Run("stop", s.testStopReplay)
}

func (s *subject) testRefuseReplay(t *testing.T) {
	for name, q := range map[string]apiclient.ReplayQuery{
		"a column that is none":       {Filter: apiclient.FieldIs("no_such_column", "x")},
		"a key too long":              {Key: strings.Repeat("k", apiclient.MaxReplayKey+1)},
		"a subscription that is none": {Subscription: -1},
	} {
		_, err := s.PlanReplay(t.Context(), q)
		wantKind(t, "PlanReplay of "+name, err, apiclient.Invalid)
		_, err = s.StartReplay(t.Context(), q)
		wantKind(t, "StartReplay of "+name, err, apiclient.Invalid)
	}
	_, err := s.StartReplay(t.Context(), apiclient.ReplayQuery{Filter: apiclient.FieldIs("id", "0")})
	wantKind(t, "StartReplay of nothing", err, apiclient.Conflict)
	_, err = s.PlanReplay(t.Context(), apiclient.ReplayQuery{Subscription: 1 << 40})
	wantKind(t, "PlanReplay to nobody", err, apiclient.NotFound)
	_, err = s.Replay(t.Context(), 1<<40)
	wantKind(t, "Replay of none", err, apiclient.NotFound)
	_, err = s.StopReplay(t.Context(), 1<<40)
	wantKind(t, "StopReplay of none", err, apiclient.NotFound)
	for _, bad := range []apiclient.ReplaysQuery{{Limit: -1}, {After: "x"}, {Filter: apiclient.FieldIs("no_such_column", "x")}, {Filter: apiclient.FieldIs("total", "many")}} {
		_, err = s.Replays(t.Context(), bad)
		wantKind(t, fmt.Sprintf("Replays(%+v)", bad), err, apiclient.Invalid)
	}
}

// spoil fires a trigger n times at a receiver that refuses for good, and returns the dead
// deliveries with their bodies, oldest first.
func (s *subject) spoil(t *testing.T, sub apiclient.Subscription, r *Receiver, n int) []apiclient.Delivery {
	t.Helper()
	r.Answer(http.StatusRequestEntityTooLarge)
	u := s.user(t, "spoil"+fmt.Sprint(sub.ID))
	for range n {
		must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	}
	s.until(t, "the deliveries are dead", func() bool {
		return must(s.Subscription(t.Context(), sub.ID))(t).Dead == n
	})
	var list []apiclient.Delivery
	for _, d := range must(s.Deliveries(t.Context(), toward(sub.ID)))(t).Deliveries {
		list = append(list, must(s.Delivery(t.Context(), d.ID))(t))
		r.Next(t)
	}
	slices.Reverse(list)
	r.Answer(http.StatusOK)
	return list
}

// until waits for something that is seen by asking.
func (s *subject) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(s.opts.Patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come to it that %s", what)
		}
		<-tick.C
	}
}

// ended waits for a job that satisfies ok.
func (s *subject) ended(t *testing.T, id apiclient.ReplayID, ok func(apiclient.Replay) bool) (r apiclient.Replay) {
	t.Helper()
	deadline := time.Now().Add(s.opts.Patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if r = must(s.Replay(t.Context(), id))(t); ok(r) {
			return r
		}
		if time.Now().After(deadline) {
			t.Fatalf("the replay stays %+v", r)
		}
		<-tick.C
	}
}

func isDone(r apiclient.Replay) bool { return r.State == apiclient.ReplayDone }

func (s *subject) testReplay(t *testing.T) {
	z, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	dead := s.spoil(t, sub, r, 3)
	if s.can(apiclient.CanTestSubs) {
		must(s.TestSubscription(t.Context(), sub.ID))(t)
		r.Next(t)
		s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone))
	}
	q := apiclient.ReplayQuery{Filter: toward(sub.ID).Filter, Key: s.tag + "-own"}
	plan := must(s.PlanReplay(t.Context(), q))(t)
	want := apiclient.ReplayPlan{Count: 3, Targets: []apiclient.ReplayTarget{{Subscription: sub.ID, ZapName: z.Name, URL: sub.URL, State: apiclient.SubscriptionActive, Count: 3}}}
	if s.can(apiclient.CanTestSubs) {
		want.Skipped, want.Why = 1, []apiclient.ReplaySkip{{Why: "it is a test, which has no event", Count: 1}}
	}
	if diff := cmp.Diff(want, plan); diff != "" {
		t.Errorf("the plan (-want +got):\n%s", diff)
	}
	r.None(t)
	job := must(s.StartReplay(t.Context(), q))(t)
	if job.State != apiclient.ReplayRunning || job.Total != 3 || job.Key != q.Key || job.Filter != fmt.Sprintf("subscription:%d", sub.ID) || job.At.IsZero() {
		t.Errorf("the job is %+v", job)
	}
	s.checkReplayed(t, r, dead)
	done := s.ended(t, job.ID, isDone)
	if done.Made != 3 || done.Total != 3 || done.Done != 3 || done.Dead != 0 || done.Gone != 0 || done.Skipped != want.Skipped || done.Ended.IsZero() {
		t.Errorf("at its end the job is %+v", done)
	}
	s.findReplayed(t, done, sub)
	s.checkReplayKey(t, q, job)
	s.findReplay(t, done)
	r.None(t)
}

// findReplayed lists what a job has made, and what no job has, and follows the former in
// the log.
func (s *subject) findReplayed(t *testing.T, job apiclient.Replay, sub apiclient.Subscription) {
	t.Helper()
	of := apiclient.FieldIs("replay", fmt.Sprint(int64(job.ID)))
	made := must(s.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: of}))(t).Deliveries
	for _, d := range made {
		whole := must(s.Delivery(t.Context(), d.ID))(t)
		if d.Replay != job.ID || whole.Replay != job.ID || d.ReplayOf == 0 || d.Subscription != sub.ID {
			t.Errorf("of replay %d there is %+v, which on its own is of %d", job.ID, d, whole.Replay)
		}
	}
	if len(made) != job.Made {
		t.Errorf("replay %d has made %d, and %d are found", job.ID, job.Made, len(made))
	}
	for text, filter := range map[string]apiclient.Filter{
		"not of it":   {Op: apiclient.Not, Terms: []apiclient.Filter{of}},
		"of none":     leaf("replay", apiclient.IsEmpty, ""),
		"of a former": leaf("replay", apiclient.Less, fmt.Sprint(int64(job.ID))),
	} {
		for _, d := range must(s.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: apiclient.AllOf(toward(sub.ID).Filter, filter)}))(t).Deliveries {
			if d.Replay != 0 {
				t.Errorf("what is %s has delivery %d of replay %d", text, d.ID, d.Replay)
			}
		}
	}
	kinds := map[apiclient.LogKind]int{}
	err := s.Watch(t.Context(), 0, func(list []apiclient.LogEntry) error {
		for _, e := range list {
			if e.Delivery != nil && e.Delivery.Replay == job.ID {
				kinds[e.Kind]++
			}
		}
		if kinds[apiclient.LogAttempt] == job.Made {
			return errEnough
		}
		return nil
	})
	if diff := cmp.Diff(map[apiclient.LogKind]int{apiclient.LogQueued: job.Made, apiclient.LogAttempt: job.Made}, kinds); diff != "" || !errors.Is(err, errEnough) {
		t.Errorf("the log of replay %d ends with %v (-want +got):\n%s", job.ID, err, diff)
	}
}

var errEnough = errors.New("enough")

// findReplay lists a job that is done by each of its columns, and leaves it out by what it
// is not.
func (s *subject) findReplay(t *testing.T, job apiclient.Replay) {
	t.Helper()
	id := apiclient.FieldIs("id", fmt.Sprint(int64(job.ID)))
	day := job.At.Format(time.DateOnly)
	for _, c := range []struct {
		filter apiclient.Filter
		found  bool
	}{
		{apiclient.Filter{}, true},
		{apiclient.FieldIs("state", "done"), true},
		{apiclient.FieldIs("state", "running"), false},
		{apiclient.FieldIs("by", strings.ToUpper(job.By)), true},
		{apiclient.FieldIs("by", "nobody-"+s.tag), false},
		{apiclient.FieldIs("key", job.Key), true},
		{leaf("key", apiclient.Like, "*-owned"), false},
		{leaf("", apiclient.Contains, s.tag+"-ow"), true},
		{leaf("at", apiclient.AtLeast, day), true},
		{leaf("at", apiclient.Less, day), false},
		{leaf("ended", apiclient.IsEmpty, ""), false},
		{leaf("ended", apiclient.AtLeast, day), true},
		{leaf("subscription", apiclient.IsEmpty, ""), true},
		{apiclient.FieldIs("total", fmt.Sprint(job.Total)), true},
		{leaf("dead", apiclient.Greater, "0"), false},
		{leaf("gone", apiclient.Greater, "0"), false},
		{leaf("done", apiclient.AtLeast, fmt.Sprint(job.Made)), true},
		{apiclient.FieldIs("skipped", fmt.Sprint(job.Skipped+1)), false},
	} {
		p := must(s.Replays(t.Context(), apiclient.ReplaysQuery{Filter: apiclient.AllOf(id, c.filter)}))(t)
		if found := len(p.Replays) == 1 && cmp.Equal(job, p.Replays[0]); found != c.found || len(p.Replays) > 1 {
			t.Errorf("%+v gives %+v of %+v; found should be %t", c.filter, p.Replays, job, c.found)
		}
	}
}

// checkReplayKey starts a job that has ended once more by its key.
func (s *subject) checkReplayKey(t *testing.T, q apiclient.ReplayQuery, job apiclient.Replay) {
	t.Helper()
	if again := must(s.StartReplay(t.Context(), q))(t); again.ID != job.ID {
		t.Errorf("the same key again starts replay %d beside %d", again.ID, job.ID)
	}
	other := q
	other.Filter = apiclient.AllOf(q.Filter, apiclient.FieldIs("state", "dead"))
	_, err := s.StartReplay(t.Context(), other)
	wantKind(t, "the key of another query", err, apiclient.Conflict)
	if p := must(s.Replays(t.Context(), apiclient.ReplaysQuery{Limit: 1}))(t); len(p.Replays) != 1 || p.Replays[0].ID != job.ID {
		t.Errorf("the newest replay is %+v; want %d", p.Replays, job.ID)
	}
	// Now each event has two deliveries: the first of each stands for both.
	plan := must(s.PlanReplay(t.Context(), apiclient.ReplayQuery{Filter: apiclient.AllOf(q.Filter, apiclient.FieldIs("test", "false"))}))(t)
	if diff := cmp.Diff([]apiclient.ReplaySkip{{Why: "its event is sent again by another delivery already", Count: 3}}, plan.Why); diff != "" || plan.Count != 3 {
		t.Errorf("%d would be made of the same again, and left out (-want +got):\n%s", plan.Count, diff)
	}
}

// checkReplayed reads as many hooks as there were deliveries: the same bytes under new ids
// that name the first ones.
func (s *subject) checkReplayed(t *testing.T, r *Receiver, first []apiclient.Delivery) {
	t.Helper()
	left := map[string]apiclient.Delivery{}
	for _, d := range first {
		left[d.WebhookID] = d
	}
	for range first {
		h := r.Next(t)
		of := h.Header.Get("x-um-replay-of")
		d, ok := left[of]
		if delete(left, of); !ok || string(h.Body) != string(d.Body) || h.Header.Get("x-um-event-seq") != fmt.Sprint(int64(d.EventID)) {
			t.Errorf("a hook repeats %q, event %s, with %s; want one of %+v", of, h.Header.Get("x-um-event-seq"), h.Body, left)
		}
		if id := h.Header.Get("webhook-id"); id == "" || id == of {
			t.Errorf("a hook that repeats %s has the id %q", of, id)
		}
	}
}

func (s *subject) testReplayElsewhere(t *testing.T) {
	z, old, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	dead := s.spoil(t, old, r, 2)
	next := NewReceiver(t)
	sub := s.subscribe(t, z.ID, next.URL+"/next")
	stranger := s.subscribe(t, s.zap(t, TriggerZap("Stranger", apiclient.TriggerDelete, "user_login")).ID, next.URL+"/stranger")
	must(s.RemoveSubscription(t.Context(), old.ID, false))(t)

	q := apiclient.ReplayQuery{Filter: toward(old.ID).Filter}
	plan := must(s.PlanReplay(t.Context(), q))(t)
	if diff := cmp.Diff(apiclient.ReplayPlan{Skipped: 2, Why: []apiclient.ReplaySkip{{Why: "its subscription is gone; name another one of its zap", Count: 2}}}, plan); diff != "" {
		t.Errorf("the plan of what is gone (-want +got):\n%s", diff)
	}
	_, err := s.StartReplay(t.Context(), q)
	wantKind(t, "StartReplay of what is gone", err, apiclient.Conflict)
	q.Subscription = old.ID
	_, err = s.StartReplay(t.Context(), q)
	wantKind(t, "StartReplay to who is gone", err, apiclient.Conflict)
	q.Subscription = stranger.ID
	if plan := must(s.PlanReplay(t.Context(), q))(t); plan.Count != 0 || plan.Skipped != 2 {
		t.Errorf("the plan for a subscription of another zap is %+v", plan)
	}
	q.Subscription = sub.ID
	job := must(s.StartReplay(t.Context(), q))(t)
	s.checkReplayed(t, next, dead)
	if done := s.ended(t, job.ID, isDone); done.Done != 2 || done.Subscription != sub.ID {
		t.Errorf("at its end the job is %+v", done)
	}
	next.None(t)
	r.None(t)
	for _, id := range []apiclient.SubscriptionID{sub.ID, stranger.ID} {
		must(s.RemoveSubscription(t.Context(), id, false))(t)
	}
}

func (s *subject) testStopReplay(t *testing.T) {
	_, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	dead := s.spoil(t, sub, r, 3)
	must(s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)))(t)
	q := apiclient.ReplayQuery{Filter: apiclient.AllOf(toward(sub.ID).Filter, apiclient.FieldIs("state", "dead"))}
	job := must(s.StartReplay(t.Context(), q))(t)
	held := s.ended(t, job.ID, func(r apiclient.Replay) bool { return r.Made == 3 })
	if held.State != apiclient.ReplayRunning || held.Done+held.Dead+held.Gone != 0 {
		t.Errorf("with its subscription paused the job is %+v", held)
	}
	// What waits already is left out, whatever job it is of.
	all := apiclient.ReplayQuery{Filter: toward(sub.ID).Filter}
	if plan := must(s.PlanReplay(t.Context(), all))(t); plan.Count != 3 || plan.Skipped != 3 || plan.Why[0].Why != "it still waits to be sent" {
		t.Errorf("the plan beside what waits is %+v", plan)
	}
	for range 2 {
		must(s.StopReplay(t.Context(), job.ID))(t)
	}
	stopped := s.ended(t, job.ID, func(r apiclient.Replay) bool { return r.Gone == 3 })
	if stopped.State != apiclient.ReplayStopped || stopped.Ended.IsZero() || stopped.Made != 3 {
		t.Errorf("stopped, the job is %+v", stopped)
	}
	for _, d := range must(s.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: apiclient.AllOf(all.Filter, apiclient.FieldIs("state", "gone"))}))(t).Deliveries {
		if want := fmt.Sprintf("the replay %d was stopped", job.ID); d.Error != want || d.Attempts != 0 || d.ReplayOf == 0 {
			t.Errorf("delivery %d of a stopped replay says %q; want %q", d.ID, d.Error, want)
		}
	}
	must(s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionActive)))(t)
	if got := must(s.Subscription(t.Context(), sub.ID))(t); got.Waiting != 0 {
		t.Errorf("%d wait after the replay was stopped", got.Waiting)
	}
	// Another job may send them again.
	again := must(s.StartReplay(t.Context(), q))(t)
	s.checkReplayed(t, r, dead)
	s.ended(t, again.ID, isDone)
	r.None(t)
}
