package open_test

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"umdeck/apiclient/engine/store/pgtest"
)

// ledgerLasts is the environment variable that makes the ledger test last: a duration,
// such as 5m.
const ledgerLasts = "UMDECK_LEDGER"

// TestLedger makes changes of users through the API while those that serve it are killed
// again and again, or the database under them. What was acknowledged must arrive; what
// arrives twice are the same bytes under the same id, and no more than what was in flight
// at the blows; what arrives about one user first arrives in the order of the events.
func TestLedger(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	for _, test := range []struct {
		name     string
		postgres bool
		engines  int
		run      func(l *ledger, p place, s *pgtest.Server, until, every time.Duration) (blows int)
	}{
		{"sqlite", false, 1, killed},
		{"postgres", true, 1, killed},
		{"postgres with two engines", true, 2, killed},
		{"postgres that ends connections", true, 1, cutOff},
		{"postgres that restarts", true, 1, restarted},
	} {
		t.Run(test.name, func(t *testing.T) {
			lasts, every := 4*time.Second, time.Second
			if text := os.Getenv(ledgerLasts); text != "" {
				d, err := time.ParseDuration(text)
				if err != nil {
					t.Fatal(err)
				}
				lasts, every = d, 3*time.Second
			} else {
				t.Parallel()
			}
			var server *pgtest.Server
			if test.postgres {
				server = pgtest.Start(t)
			}
			p := newPlace(t, server)
			l := newLedger(t, p, test.engines)
			ctx, stop := context.WithCancel(t.Context())
			var all sync.WaitGroup
			var next atomic.Int64
			begin := time.Now()
			for a := range ledgerActors {
				all.Go(func() { l.change(ctx, a, begin, &next) })
			}
			blows := test.run(l, p, server, lasts, every)
			stop()
			took := time.Since(begin)
			all.Wait()
			l.settle(p)
			l.check(blows, took)
		})
	}
}

// killed serves with as many engines as there are seats and kills one after the other.
func killed(l *ledger, p place, _ *pgtest.Server, lasts, every time.Duration) (blows int) {
	children := make([]*child, len(l.seats))
	begin := time.Now()
	for time.Since(begin) < lasts {
		for n, c := range children {
			if c == nil {
				children[n] = p.serve(l.t)
				l.connect(l.seats[n], children[n].url)
			}
		}
		await(l.t.Context(), time.Now().Add(every))
		n := blows % len(children)
		l.disconnect(l.seats[n])
		children[n].kill(l.t)
		children[n] = nil
		blows++
	}
	for n, c := range children {
		if c != nil {
			l.disconnect(l.seats[n])
			c.kill(l.t)
			blows++
		}
	}
	return blows
}

// cutOff serves and ends the connections of the database's engine.
func cutOff(l *ledger, p place, _ *pgtest.Server, lasts, every time.Duration) (blows int) {
	return struck(l, p, lasts, every, func() {
		conn, err := pgx.Connect(l.t.Context(), p.database)
		if err != nil {
			l.t.Fatal(err)
		}
		defer func() { _ = conn.Close(l.t.Context()) }() // the next one says what is wrong
		const others = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
		var n int
		if err := conn.QueryRow(l.t.Context(), others).Scan(&n); err != nil || n == 0 {
			l.t.Errorf("%d connections were ended: %v", n, err)
		}
	})
}

// restarted serves and restarts the database's server.
func restarted(l *ledger, p place, s *pgtest.Server, lasts, every time.Duration) (blows int) {
	return struck(l, p, lasts, every, func() {
		if err := s.Restart(); err != nil {
			l.t.Fatal(err)
		}
	})
}

// struck serves with one engine, which lives on.
func struck(l *ledger, p place, lasts, every time.Duration, blow func()) (blows int) {
	c := p.serve(l.t)
	l.connect(l.seats[0], c.url)
	begin := time.Now()
	for time.Since(begin) < lasts {
		await(l.t.Context(), time.Now().Add(every))
		blow()
		blows++
	}
	await(l.t.Context(), time.Now().Add(every))
	l.disconnect(l.seats[0])
	c.end(l.t)
	return blows
}
