package store

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Engines tell each other by the first name that they have committed, and by the second
// that what deliveries post, and whether they may, has changed with it.
const (
	channel = "umdeck"
	turns   = "umdeck_turns"
)

// A follower reads what any engine of a PostgreSQL database has logged, once for all
// watchers of this one. It is woken by notifications, which may be lost, and
// looks every second anyway.
type follower struct {
	db   *DB
	cfg  *pgx.ConnConfig
	news chan struct{}

	stop context.CancelFunc
	all  sync.WaitGroup
}

const lookEvery = time.Second

func startFollower(ctx context.Context, db *DB, cfg *pgx.ConnConfig) *follower {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	f := &follower{db: db, cfg: cfg, news: make(chan struct{}, 1), stop: stop}
	f.all.Go(func() { f.read(ctx) })
	f.all.Go(func() { f.listen(ctx) })
	return f
}

func (f *follower) close() {
	f.stop()
	f.all.Wait()
}

// poke says that there may be something new.
func (f *follower) poke() {
	select {
	case f.news <- struct{}{}:
	default: // it will be seen by the look that is asked for already
	}
}

// read publishes what was logged since it was last asked.
func (f *follower) read(ctx context.Context) {
	every := time.NewTicker(lookEvery)
	defer every.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.news:
		case <-every.C:
		}
		err := f.readAll(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			f.db.cfg.Logger.Error("cannot read the log; trying again every second", "err", err)
		case err == nil && failing:
			f.db.cfg.Logger.Info("the log is read again")
		}
		failing = err != nil
	}
}

func (f *follower) readAll(ctx context.Context) error {
	if !f.db.watchers.some() { // who joins reads the table first
		newest, err := f.db.newest(ctx)
		if err == nil && newest > f.db.feed.seen() {
			f.db.feed.publish(nil, newest)
		}
		return err
	}
	for {
		list, err := f.db.logAfter(ctx, f.db.feed.seen())
		if err != nil {
			return err
		}
		f.db.feed.publish(list, 0)
		if len(list) < watchBatch {
			return nil
		}
	}
}

// listen waits for notifications on a connection of its own.
func (f *follower) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := f.hear(ctx); ctx.Err() == nil {
			f.db.cfg.Logger.Warn("not told of news by the database; looking every second", "err", err)
			wait(ctx, lookEvery)
		}
	}
}

func (f *follower) hear(ctx context.Context) (err error) {
	conn, err := pgx.ConnectConfig(ctx, f.cfg)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it holds nothing
	if _, err := conn.Exec(ctx, "LISTEN "+channel+"; LISTEN "+turns); err != nil {
		return err
	}
	f.tell(true) // what was said before
	for {
		f.poke()
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if n.PID != f.db.writer.backend.Load() {
			f.tell(n.Channel == turns)
		}
	}
}

// tell says that another engine has committed.
func (f *follower) tell(turned bool) {
	if f.db.cfg.Others != nil {
		f.db.cfg.Others(turned)
	}
}

// wait returns after d or when ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
