package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
	"umdeck/apiclient/engine/store/pgtest"
)

// A shelf is a driver with one delivery of each kind that waits: in a lane that works,
// with its breaker, and in one that is paused. One of each was sent before.
type shelf struct {
	*driver
	lane, paused       outbox.Lane
	sent, fresh, onIce outbox.ID
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{driver: openDriver(t).(*driver)}
	s.lane, s.paused = s.AddLane(outbox.LaneSettings{}), s.AddLane(outbox.LaneSettings{})
	s.sent, s.onIce = s.Add(s.lane, 1), s.Add(s.paused, 1)
	items, err := s.Store().Claim(t.Context(), s.clock, []outbox.Take{{Lane: s.lane, Max: 1}, {Lane: s.paused, Max: 1}})
	s.check(err)
	open := outbox.Breaker{Failures: 7, Open: s.clock.Add(-time.Hour), Probe: s.clock.Add(time.Minute), Success: s.clock.Add(-2 * time.Hour)}
	var list []outbox.Outcome
	for _, i := range items {
		i.Tries, i.Due = 3, s.clock.Add(30*time.Minute)
		o := outbox.Outcome{Item: i, State: outbox.StateDue, Error: "no connection"}
		if i.Lane == s.lane {
			o.Breaker = &open
		}
		list = append(list, o)
	}
	s.check(s.Store().Finish(t.Context(), list))
	s.fresh = s.Add(s.lane, 2)
	s.Pause(s.paused)
	return s
}

// plan returns for when all is planned, from now on: the two that were sent before, and
// what the breaker has.
func (s *shelf) plan(t *testing.T) []time.Duration {
	t.Helper()
	var list []time.Duration
	for _, query := range []string{
		fmt.Sprintf(`SELECT next_at FROM deliveries WHERE id = %d`, s.sent), fmt.Sprintf(`SELECT next_at FROM deliveries WHERE id = %d`, s.onIce),
		fmt.Sprintf(`SELECT broken_since FROM subscriptions WHERE id = %d`, s.subscription(s.lane)),
		fmt.Sprintf(`SELECT probe_at FROM subscriptions WHERE id = %d`, s.subscription(s.lane)),
		fmt.Sprintf(`SELECT success_at FROM subscriptions WHERE id = %d`, s.subscription(s.lane)),
	} {
		var at int64
		s.check(s.raw.QueryRowContext(t.Context(), query).Scan(&at))
		list = append(list, time.UnixMilli(at).Sub(s.clock))
	}
	return list
}

// planned is what plan returns as long as no time has passed.
var planned = []time.Duration{30 * time.Minute, 30 * time.Minute, -time.Hour, time.Minute, -2 * time.Hour}

// later is planned when some time has passed.
func later(by time.Duration) []time.Duration {
	var list []time.Duration
	for _, d := range planned {
		list = append(list, d-by)
	}
	return list
}

func (s *shelf) wantPlan(t *testing.T, when string, want []time.Duration) {
	t.Helper()
	if diff := cmp.Diff(want, s.plan(t)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

// TestSetBackWhileNothingRan sets the clock back between two engines: what is planned
// comes when it was to come, and once is enough.
func TestSetBackWhileNothingRan(t *testing.T) {
	for _, by := range []time.Duration{10 * time.Second, time.Hour, 24 * time.Hour, 400 * 24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			s := newShelf(t)
			s.clock = s.clock.Add(-by)
			s.Restart()
			s.wantPlan(t, "at once", planned)
			s.Restart()
			s.wantPlan(t, "after another start", planned)
			s.clock = s.clock.Add(time.Minute)
			s.Add(s.lane, 3)
			s.Restart()
			s.wantPlan(t, "after a minute", later(time.Minute))
			s.clock = s.clock.Add(-time.Hour)
			s.Restart()
			s.wantPlan(t, "set back again", later(time.Minute))
			if e := s.Entry(s.lane, s.fresh); e.State != outbox.StateDue {
				t.Errorf("what was never sent is %+v", e)
			}
		})
	}
}

// TestNotSetBack moves nothing for a clock that went on, forward, or a little astray.
func TestNotSetBack(t *testing.T) {
	for _, by := range []time.Duration{0, 9 * time.Second, -time.Minute, -24 * time.Hour} {
		t.Run((-by).String(), func(t *testing.T) {
			s := newShelf(t)
			s.clock = s.clock.Add(-by)
			s.Restart()
			s.wantPlan(t, "after a start", later(-by))
		})
	}
}

// TestSetBackAfterAnIdleTime has an engine log nothing for four hours before the clock is
// set back by two.
func TestSetBackAfterAnIdleTime(t *testing.T) {
	s := newShelf(t)
	s.clock = s.clock.Add(4 * time.Hour)
	s.check(s.e.db.Change(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.Probe(ctx, s.e.tenure.number()) }))
	s.clock = s.clock.Add(-2 * time.Hour)
	s.Restart()
	s.wantPlan(t, "after a start", later(4*time.Hour))
}

// TestSetBackWhileItRan has the outbox notice it: the next start has nothing to make up for.
func TestSetBackWhileItRan(t *testing.T) {
	s := newShelf(t)
	s.clock = s.clock.Add(-time.Hour)
	s.check(s.Store().Shift(t.Context(), time.Hour))
	s.Restart()
	s.wantPlan(t, "after a start", planned)
}

// TestSetBackBesideOthers opens an engine whose clock is behind, beside one that works:
// nothing is moved until that has ended.
func TestSetBackBesideOthers(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has one engine")
	s := newShelf(t)
	behind := func() time.Time { return s.clock.Add(-time.Hour) }
	other, err := Open(t.Context(), Config{Dir: t.TempDir(), Database: s.cfg.Database, AllowPrivateTargets: true, Now: behind})
	s.check(err)
	defer func() { s.check(other.Close()) }()
	for range 2 {
		_, err = other.renew(t.Context())
		s.check(err)
		s.wantPlan(t, "beside another", planned)
	}
	s.check(s.e.Close())
	_, err = other.renew(t.Context())
	s.check(err)
	s.clock = s.clock.Add(-time.Hour)
	s.wantPlan(t, "alone", planned)
	s.Restart()
	s.wantPlan(t, "after a start", planned)
}

// TestSetBackAfterAKill has an engine die without a word that owned the lane. Its lease
// ends soon; or, where the database's own clock was set back too, in a day.
func TestSetBackAfterAKill(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has one engine")
	for name, lease := range map[string]time.Duration{"the engine's clock": 30 * time.Second, "the database's too": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			s.check(s.e.Close())
			var dead int64
			s.check(s.raw.QueryRowContext(t.Context(), fmt.Sprintf(`INSERT INTO engines (lease_until) VALUES (%d) RETURNING id`, time.Now().Add(lease).UnixMilli())).Scan(&dead))
			_, err := s.raw.ExecContext(t.Context(), fmt.Sprintf(`UPDATE subscriptions SET owner = %d`, dead))
			s.check(err)
			s.clock = s.clock.Add(-time.Hour)
			s.open()
			if lease < time.Hour {
				s.wantPlan(t, "while it seems to live", later(-time.Hour))
				_, err = s.raw.ExecContext(t.Context(), fmt.Sprintf(`UPDATE engines SET lease_until = 1 WHERE id = %d`, dead))
				s.check(err)
				_, err = s.e.renew(t.Context())
				s.check(err)
			}
			s.wantPlan(t, "when it is gone", planned)
			_, err = s.e.renew(t.Context())
			s.check(err)
			s.wantPlan(t, "later", planned)
			list, err := s.Store().Waiting(t.Context())
			s.check(err)
			if len(list) != 1 || list[0].Lane != s.lane {
				t.Errorf("there wait %+v; want the lane of the dead", list)
			}
		})
	}
}
