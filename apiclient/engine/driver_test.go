package engine

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
	"umdeck/apiclient/engine/store"
	"umdeck/apiclient/engine/store/pgtest"
)

// A driver is an engine's queue of deliveries with the hands of those who own it: events
// that make deliveries, and operators. Nothing is sent.
type driver struct {
	testing.TB
	e     *Engine
	cfg   Config
	clock time.Time
	raw   *sql.DB // looks at the tables
	lanes int
}

var _ outboxtest.Driver = (*driver)(nil)

// openDriver is an outboxtest.Open.
func openDriver(t testing.TB) outboxtest.Driver {
	t.Helper()
	d := &driver{TB: t, clock: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	d.cfg = Config{Dir: t.TempDir(), AllowPrivateTargets: true, Now: d.Now}
	d.check(enginetest.Fill(d.cfg.Dir))
	name, at := "sqlite", "file:"+filepath.Join(d.cfg.Dir, databaseFile)+"?_pragma=busy_timeout(5000)"
	if pgtest.On() {
		d.cfg.Database = pgtest.Copy(t, func(url string) error {
			db, err := store.Open(context.WithoutCancel(t.Context()), store.Config{URL: url})
			if err != nil {
				return err
			}
			return db.Close()
		})
		name, at = "pgx", d.cfg.Database
	}
	d.open()
	raw, err := sql.Open(name, at)
	d.check(err)
	d.raw = raw
	t.Cleanup(func() {
		d.recount()
		d.check(errors.Join(d.raw.Close(), d.e.Close()))
	})
	return d
}

func (d *driver) open() {
	d.Helper()
	e, err := Open(d.Context(), d.cfg)
	d.check(err)
	d.e = e
}

func (d *driver) check(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// Store is of [outboxtest.Driver].
func (d *driver) Store() outbox.Store { return tried{queue{d.e}, d.Now} }

// Now is of [outboxtest.Driver].
func (d *driver) Now() time.Time { return d.clock }

// SetClock is of [outboxtest.Driver].
func (d *driver) SetClock(now time.Time) { d.clock = now }

// AddLane is of [outboxtest.Driver].
func (d *driver) AddLane(s outbox.LaneSettings) outbox.Lane {
	d.Helper()
	d.lanes++
	z, err := d.e.CreateZap(d.Context(), apitest.TriggerZap(fmt.Sprintf("Lane %d", d.lanes), apiclient.TriggerLogin, "user_login"))
	d.check(err)
	host := s.Host
	if host == "" {
		host = "127.0.0.1:8080"
	}
	sub, _, err := d.e.AddSubscription(d.Context(), apiclient.NewSubscription{Zap: z.ID, URL: fmt.Sprintf("http://%s/%d", host, d.lanes)})
	d.check(err)
	d.SetLane(laneOf(sub.ID), s)
	return laneOf(sub.ID)
}

// SetLane is of [outboxtest.Driver].
func (d *driver) SetLane(l outbox.Lane, s outbox.LaneSettings) {
	d.Helper()
	d.update(l, apiclient.SubscriptionUpdate{Strict: &s.Strict, Rate: &s.Rate, Schedule: &s.Schedule})
}

func (d *driver) update(l outbox.Lane, u apiclient.SubscriptionUpdate) {
	d.Helper()
	_, err := d.e.UpdateSubscription(d.Context(), d.subscription(l), u)
	d.check(err)
}

func (d *driver) subscription(l outbox.Lane) apiclient.SubscriptionID {
	d.Helper()
	id, err := subscriptionOf(l)
	d.check(err)
	return id
}

// Add is of [outboxtest.Driver].
func (d *driver) Add(l outbox.Lane, user int64) outbox.ID { return d.insert(l, user, 0) }

// Replay is of [outboxtest.Driver].
func (d *driver) Replay(l outbox.Lane, id outbox.ID) outbox.ID {
	d.Helper()
	was, err := d.e.Delivery(d.Context(), apiclient.DeliveryID(id))
	d.check(err)
	made := d.insert(l, int64(was.User), was.ID)
	_, err = d.raw.ExecContext(d.Context(), fmt.Sprintf(`UPDATE deliveries SET bulk = 1 WHERE id = %d`, made)) // as a job of replays would
	d.check(err)
	return made
}

// insert makes a delivery as [Engine.send] does for one target, or as a job of replays.
func (d *driver) insert(l outbox.Lane, user int64, of apiclient.DeliveryID) (id outbox.ID) {
	d.Helper()
	d.check(d.e.change(d.Context(), func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.Subscription(ctx, d.subscription(l))
		if err != nil || s.State == apiclient.SubscriptionGone {
			return err
		}
		event, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: apiclient.UserID(user), Origin: apiclient.OriginForm, At: tx.Now(), Deliveries: 1})
		if err != nil {
			return err
		}
		made, err := tx.InsertDelivery(ctx, apiclient.Delivery{
			WebhookID: d.e.webhookID(), EventID: event, Event: apiclient.TriggerLogin, Zap: s.Zap, ZapName: s.ZapName, Subscription: s.ID,
			User: apiclient.UserID(user), ReplayOf: of, Body: []byte(`{}`),
		})
		id = outbox.ID(made.ID)
		return err
	}))
	return id
}

// Pause is of [outboxtest.Driver].
func (d *driver) Pause(l outbox.Lane) { d.put(l, apiclient.SubscriptionPaused) }

// Resume is of [outboxtest.Driver].
func (d *driver) Resume(l outbox.Lane) { d.put(l, apiclient.SubscriptionActive) }

func (d *driver) put(l outbox.Lane, s apiclient.SubscriptionState) {
	d.Helper()
	d.update(l, apiclient.SubscriptionUpdate{State: &s})
}

// End is of [outboxtest.Driver].
func (d *driver) End(l outbox.Lane) {
	d.Helper()
	_, err := d.e.RemoveSubscription(d.Context(), d.subscription(l), false)
	d.check(err)
}

// Entry is of [outboxtest.Driver].
func (d *driver) Entry(_ outbox.Lane, id outbox.ID) (e outboxtest.Entry) {
	d.Helper()
	var due int64
	err := d.raw.QueryRowContext(d.Context(), fmt.Sprintf(`SELECT state, tries, waits, next_at FROM deliveries WHERE id = %d`, id)).Scan(&e.State, &e.Tries, &e.Waits, &due)
	d.check(err)
	if e.State == outbox.StateDue && e.Tries+e.Waits > 0 {
		e.Due = time.UnixMilli(due).UTC()
	}
	return e
}

// Restart is of [outboxtest.Driver]. Nothing is told to the store before it is closed.
func (d *driver) Restart() {
	d.Helper()
	d.check(d.e.Close())
	d.open()
}

var (
	walkSeed  = flag.Uint64("walk.seed", 0, "the seed of TestWalk; 0: a new one each time")
	walkSteps = flag.Int("walk.steps", 400, "how many steps TestWalk makes")
)

// TestQueue takes the walks of the outbox's own suite through the engine's queue.
func TestQueue(t *testing.T) { outboxtest.Run(t, openDriver) }

// TestWalk takes one more, another one each time. -walk.steps makes it long, -walk.seed
// makes it the same again.
func TestWalk(t *testing.T) {
	seed := cmp.Or(*walkSeed, rand.Uint64())
	t.Logf("the same again: -walk.seed=%d -walk.steps=%d", seed, *walkSteps)
	if err := outboxtest.Walk(t.Context(), openDriver(t), seed, *walkSteps); err != nil {
		t.Error(err)
	}
}
