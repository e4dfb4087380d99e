package open_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/open"
)

// What the ledger test does.
const (
	ledgerRate   = 300 // changes a second that are to be accepted
	ledgerActors = 24  // who make them
	ledgerSends  = 192 // requests that may be in flight, or not recorded yet, when the blow comes
)

// A ledger is what was accepted, and who keeps asking for more.
type ledger struct {
	t        *testing.T
	sink     *ledgerSink
	password apiclient.Secret
	users    []apiclient.UserID
	seats    []*seat

	mu       sync.Mutex // guards what follows
	accepted []int      // numbers of changes that were acknowledged
	refused  int        // changes of which nobody knows what became
}

// A seat is a server that changes are asked for.
type seat struct {
	mu  sync.Mutex    // guards what follows
	api apiclient.API // nil: nobody serves at the moment
	up  chan struct{} // closed when api is set
}

// newLedger prepares the folder: a password, users, a zap that fires for changes from
// here, and two subscriptions, one of them to a receiver that fails now and then.
func newLedger(t *testing.T, p place, seats int) *ledger {
	l := &ledger{t: t, sink: newLedgerSink(t)}
	for range seats {
		l.seats = append(l.seats, &seat{up: make(chan struct{})})
	}
	i := p.open(t)
	defer closed(t, i)
	var err error
	if _, l.password, err = i.CreatePassword(t.Context(), 1, "ledger"); err != nil {
		t.Fatal(err)
	}
	if _, err := i.ChangeSettings(t.Context(), map[string]string{"umdeck_loop_limit": "0"}); err != nil {
		t.Fatal(err)
	}
	n := apitest.TriggerZap("Ledger", apiclient.TriggerEditProfile, "user_email", "first_name")
	n.Origins = []apiclient.Origin{apiclient.OriginConsole}
	z, err := i.CreateZap(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/well", "/flaky"} {
		s, _, err := i.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: l.sink.url + path})
		if err != nil {
			t.Fatal(err)
		}
		l.sink.expect(path, s.Signing)
	}
	for a := range 4 * ledgerActors {
		u, err := i.CreateUser(t.Context(), apitest.User(fmt.Sprintf("member%d", a)))
		if err != nil {
			t.Fatal(err)
		}
		l.users = append(l.users, u.ID)
	}
	return l
}

// change makes changes at the pace of all actors together until ctx ends. After a time
// without a server they come faster, until they are on time again.
func (l *ledger) change(ctx context.Context, actor int, begin time.Time, next *atomic.Int64) {
	for turn := 0; ctx.Err() == nil; turn++ {
		n := int(next.Add(1))
		await(ctx, begin.Add(time.Duration(n)*time.Second/ledgerRate))
		api := l.seats[actor%len(l.seats)].client(ctx)
		if api == nil {
			return
		}
		name := apiclient.Text(fmt.Sprintf("change %d", n))
		user := l.users[actor+ledgerActors*(turn%4)]
		_, err := api.UpdateUser(ctx, user, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"first_name": name}})
		l.mu.Lock()
		if err == nil {
			l.accepted = append(l.accepted, n)
		} else {
			l.refused++
		}
		l.mu.Unlock()
		if err != nil && ctx.Err() == nil && apiclient.KindOf(err) != apiclient.Unavailable {
			l.t.Errorf("change %d: %v", n, err)
			return
		}
	}
}

// client waits until somebody serves; nil: ctx has ended before.
func (s *seat) client(ctx context.Context) apiclient.API {
	for {
		s.mu.Lock()
		api, up := s.api, s.up
		s.mu.Unlock()
		if api != nil {
			return api
		}
		select {
		case <-ctx.Done():
			return nil
		case <-up:
		}
	}
}

// connect lets changes be asked of a server, and returns its API.
func (l *ledger) connect(s *seat, url string) apiclient.API {
	api, err := open.Remote(l.t.Context(), open.Profile{URL: url}, open.Config{User: "admin", Password: l.password})
	if err != nil {
		l.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.api = api
	close(s.up)
	return api
}

// disconnect lets nobody begin a change any more; those under way go on, into the kill.
func (l *ledger) disconnect(s *seat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.api.Close(); err != nil {
		l.t.Error(err)
	}
	s.api, s.up = nil, make(chan struct{})
}

// settle serves until nothing waits any more, and compares the counters with what came.
func (l *ledger) settle(p place) {
	t := l.t
	c := p.serve(t)
	api := l.connect(l.seats[0], c.url)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var list []apiclient.Subscription
	for waiting := 1; waiting > 0 && ctx.Err() == nil; await(ctx, time.Now().Add(100*time.Millisecond)) {
		var err error
		if list, err = api.Subscriptions(ctx, 0); err != nil {
			t.Fatal(err)
		}
		waiting = 0
		for _, s := range list {
			waiting += s.Waiting
		}
	}
	for _, s := range list {
		came := l.sink.delivered(s.URL)
		if s.Waiting != 0 || s.Dead != 0 || s.Done != came {
			t.Errorf("subscription %d: %d wait, %d are dead, %d done; %d came", s.ID, s.Waiting, s.Dead, s.Done, came)
		}
	}
	l.disconnect(l.seats[0])
	c.end(t)
}

// check compares what was accepted with what came.
func (l *ledger) check(blows int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.sink
	s.mu.Lock()
	defer s.mu.Unlock()
	came, missing, repeats := 0, 0, 0
	for path, paths := range s.paths {
		lost := 0
		for _, n := range l.accepted {
			if !paths.changes[n] {
				lost++
			}
		}
		if lost > 0 {
			l.t.Errorf("%s: %d of %d accepted changes were lost", path, lost, len(l.accepted))
		}
		came, missing, repeats = came+len(paths.hooks), missing+lost, repeats+paths.repeats
	}
	for _, p := range s.problems {
		l.t.Error(p)
	}
	if len(l.accepted) == 0 || repeats > ledgerSends*blows {
		l.t.Errorf("%d changes were accepted, %d hooks came twice after %d blows", len(l.accepted), repeats, blows)
	}
	l.t.Logf("%d blows in %.0f s: %d changes accepted (%.0f/s), %d unknown; %d hooks received, %d lost, %d repeated (at most %d)",
		blows, took.Seconds(), len(l.accepted), float64(len(l.accepted))/took.Seconds(), l.refused, came, missing, repeats, ledgerSends*blows)
}

// await waits until a moment, or until ctx ends.
func await(ctx context.Context, t time.Time) {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
