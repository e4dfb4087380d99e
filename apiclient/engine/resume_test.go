package engine_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/mail/smtptest"
	"umdeck/apiclient/engine/outbox"
)

// A gated store records nothing until its gate is open, and tells when it is asked to.
type gated struct {
	outbox.Store
	asked, gate chan struct{}
}

func (s gated) Finish(ctx context.Context, list []outbox.Outcome) error {
	select {
	case s.asked <- struct{}{}:
	default:
	}
	<-s.gate
	return s.Store.Finish(ctx, list)
}

// TestResumeBeforeTheRecord has a target ask for a pause of an hour, and an operator resume
// its subscription before that is recorded: it is posted to at once.
func TestResumeBeforeTheRecord(t *testing.T) {
	var mu sync.Mutex // guards what follows
	paused := true
	answered := make(chan struct{}, 1)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path == "/busy" && paused {
			paused = false
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			answered <- struct{}{}
		}
	}))
	defer target.Close()
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir(), AllowPrivateTargets: true})))(t)
	g := gated{asked: make(chan struct{}, 1), gate: make(chan struct{})}
	if err := e.Between(func(s outbox.Store) outbox.Store { g.Store = s; return g }, func(s outbox.Sender) outbox.Sender { return s }); err != nil {
		t.Fatal(err)
	}
	subs := map[apiclient.Trigger]apiclient.SubscriptionID{}
	for trigger, path := range map[apiclient.Trigger]string{apiclient.TriggerLogin: "/first", apiclient.TriggerEditProfile: "/busy"} {
		z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Zap "+path, trigger, "user_login")))(t)
		s, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: target.URL + path})
		if err != nil {
			t.Fatal(err)
		}
		subs[trigger] = s.ID
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	open := sync.OnceFunc(func() { close(g.gate) })
	defer func() {
		open()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t)
	<-g.asked // its record is under way, and all others wait behind it
	must(e.FireTrigger(t.Context(), apiclient.TriggerEditProfile, 1))(t)
	<-answered
	id := subs[apiclient.TriggerEditProfile]
	for _, state := range []apiclient.SubscriptionState{apiclient.SubscriptionPaused, apiclient.SubscriptionActive} {
		must(e.UpdateSubscription(t.Context(), id, apiclient.SubscriptionUpdate{State: &state}))(t)
	}
	open()
	for _, d := range must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries {
		untilDone(t, e, d.ID)
	}
	s := must(e.Subscription(t.Context(), id))(t)
	if !s.ProbeAt.IsZero() || s.Done != 1 {
		t.Errorf("the subscription that was resumed waits until %v, %d done", s.ProbeAt, s.Done)
	}
}

// TestMailServerMendedDuringTheRecord corrects the password for the mail server while the
// result of a mail that was refused for it is being recorded: that mail is sent at once.
func TestMailServerMendedDuringTheRecord(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{User: "site", Password: "right"})
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir()})))(t)
	g := gated{asked: make(chan struct{}, 1), gate: make(chan struct{})}
	if err := e.Between(func(s outbox.Store) outbox.Store { g.Store = s; return g }, func(s outbox.Sender) outbox.Sender { return s }); err != nil {
		t.Fatal(err)
	}
	at(t, e, s)
	theSettings(t, e, "smtp_user", "site", "smtp_password", "wrong")
	r := runOn(t, e)
	open := sync.OnceFunc(func() { close(g.gate) })
	defer func() {
		open()
		closeRun(t, r)
	}()
	must(r.CreateUser(t.Context(), newcomer("ada", apiclient.StatusApproved)))(t)
	<-g.asked
	theSettings(t, r, "smtp_password", "right")
	open()
	for end := time.Now().Add(time.Minute); ; {
		m := mailsOf(t, r)[0]
		if m.State == apiclient.MailDone {
			break
		}
		if m.State == apiclient.MailDue && m.Attempts > 0 && m.NextAt.After(time.Now()) {
			t.Fatalf("the mail waits until %v, as if nothing had been put right", m.NextAt)
		}
		if time.Now().After(end) {
			t.Fatalf("the mail is %s after a minute", m.State)
		}
		<-time.After(5 * time.Millisecond)
	}
}
