package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// A checkpointer moves what SQLite's writer has committed from the write-ahead log into
// the file, on a connection of its own: done by the writer, it would hold up the commit
// that it comes with for as long as the disk takes.
type checkpointer struct {
	db   *DB
	pool *sql.DB
	due  chan struct{}

	stop context.CancelFunc
	all  sync.WaitGroup
}

const (
	// checkpointEvery is how long the log gathers: the pages that many changes write are
	// moved once.
	checkpointEvery = time.Second
	// checkpointRounds is how often it looks again for what was committed meanwhile. When
	// all was moved, the log begins anew.
	checkpointRounds = 4
)

func startCheckpointer(ctx context.Context, db *DB) (*checkpointer, error) {
	pool, err := sql.Open("sqlite", dsn(db.cfg.File, "_pragma=synchronous(FULL)", "_pragma=wal_autocheckpoint(0)"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	c := &checkpointer{db: db, pool: pool, due: make(chan struct{}, 1), stop: stop}
	c.all.Go(func() { c.run(ctx) })
	return c, nil
}

func (c *checkpointer) close() error {
	c.stop()
	c.all.Wait()
	return c.pool.Close()
}

// poke says that something was committed.
func (c *checkpointer) poke() {
	select {
	case c.due <- struct{}{}:
	default: // it will be seen by the look that is asked for already
	}
}

func (c *checkpointer) run(ctx context.Context) {
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.due:
		}
		all, err := c.move(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			c.db.cfg.Logger.Warn("cannot move the write-ahead log into the database; trying again every second", "err", err)
		case err == nil && failing:
			c.db.cfg.Logger.Info("the write-ahead log is moved into the database again")
		}
		failing = err != nil
		if !all {
			c.poke()
		}
		wait(ctx, checkpointEvery)
	}
}

// move moves what it can, and reports whether that was all: what a reader still looks at,
// or somebody else is moving, stays for the next time.
func (c *checkpointer) move(ctx context.Context) (all bool, err error) {
	for range checkpointRounds {
		var busy, logged, moved int64
		err := c.pool.QueryRowContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &logged, &moved)
		if err != nil || busy != 0 || moved >= logged {
			return err == nil && busy == 0, err
		}
	}
	return false, nil
}
