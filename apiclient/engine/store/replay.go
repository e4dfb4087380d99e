package store

import (
	"context"
	"encoding/json"
	"fmt"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// A replayJob is a job with what only its worker looks at.
type replayJob struct {
	apiclient.Replay
	filter        apiclient.Filter
	looked, until apiclient.DeliveryID
}

func (r replayJob) place() (string, int64) { return "", int64(r.ID) }

const replayQuery = `SELECT r.id, r.at, r.made_by, r.key, r.filter, r.subscription_id, r.state, r.ended, r.looked_at, r.look_until,
	r.total, r.made, r.skipped, r.done, r.dead, r.gone FROM replays r`

func scanReplay(s scanner) (r replayJob, err error) {
	var at, ended int64
	var tree string
	err = s.Scan(&r.ID, &at, &r.By, &r.Key, &tree, &r.Subscription, &r.State, &ended, &r.looked, &r.until,
		&r.Total, &r.Made, &r.Skipped, &r.Done, &r.Dead, &r.Gone)
	if err != nil {
		return r, err
	}
	r.At, r.Ended = unstamp(at), unstamp(ended)
	if err := json.Unmarshal([]byte(tree), &r.filter); err != nil {
		return r, fmt.Errorf("read the filter of replay %d: %w", r.ID, err)
	}
	r.Filter = filter.String(r.filter)
	return r, nil
}

// Replay returns one job.
func (tx *Tx) Replay(ctx context.Context, id apiclient.ReplayID) (apiclient.Replay, error) {
	r, err := tx.replay(ctx, id)
	return r.Replay, err
}

func (tx *Tx) replay(ctx context.Context, id apiclient.ReplayID) (replayJob, error) {
	if err := tx.writeTally(ctx); err != nil {
		return replayJob{}, err
	}
	r, err := one(ctx, tx, scanReplay, replayQuery+` WHERE r.id = ?`, id)
	return r, absent(err, "There is no replay %d on this site.", id)
}

// ReplayOf returns the job of a key, and whether there is one and it is for that query.
func (tx *Tx) ReplayOf(ctx context.Context, q apiclient.ReplayQuery) (r apiclient.Replay, there, same bool, err error) {
	list, err := collect(ctx, tx, scanReplay, replayQuery+` WHERE r.key = ? AND r.key <> ''`, q.Key)
	if err != nil || len(list) == 0 {
		return r, false, false, err
	}
	is := list[0]
	return is.Replay, true, is.Subscription == q.Subscription && is.Filter == filter.String(q.Filter), nil
}

// Replays returns one page of jobs, newest first.
func (tx *Tx) Replays(ctx context.Context, q apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	where, err := tx.where(ctx, replayNoun, q.Filter, "r.id")
	if err != nil {
		return apiclient.ReplayPage{}, err
	}
	rows, next, err := page(ctx, tx, newestFirst(replayQuery, "r.id", where, q.After, q.Limit), scanReplay)
	p := apiclient.ReplayPage{Next: next, Replays: make([]apiclient.Replay, len(rows))}
	for i, r := range rows {
		p.Replays[i] = r.Replay
	}
	return p, err
}

// InsertReplay stores a new job that looks at the deliveries up to the given one, and
// returns its id. A key that another job has is Conflict.
func (tx *Tx) InsertReplay(ctx context.Context, by string, q apiclient.ReplayQuery, until apiclient.DeliveryID, total int) (apiclient.ReplayID, error) {
	id, err := tx.insert(ctx, `INSERT INTO replays (at, made_by, key, filter, subscription_id, state, look_until, total) VALUES (?, ?, ?, ?, ?, 'running', ?, ?)`,
		stamp(tx.Now()), by, q.Key, jsonOf(q.Filter), q.Subscription, until, total)
	return apiclient.ReplayID(id), err
}

// StopReplay ends a running job; what it made and is not sent yet is for SweepReplay.
func (tx *Tx) StopReplay(ctx context.Context, id apiclient.ReplayID) error {
	_, err := tx.exec(ctx, `UPDATE replays SET state = 'stopped', ended = ?, making = 0, sweeping = 1 WHERE id = ? AND state = 'running'`, stamp(tx.Now()), id)
	return err
}

// OpenReplays returns the jobs that have something left to make, and the stopped ones that
// have something left to sweep up.
func (tx *Tx) OpenReplays(ctx context.Context) (making, sweeping []apiclient.ReplayID, err error) {
	scan := func(s scanner) (id apiclient.ReplayID, err error) { return id, s.Scan(&id) }
	if making, err = collect(ctx, tx, scan, `SELECT id FROM replays WHERE making = 1 ORDER BY id`); err != nil {
		return nil, nil, err
	}
	sweeping, err = collect(ctx, tx, scan, `SELECT id FROM replays WHERE sweeping = 1 ORDER BY id`)
	return making, sweeping, err
}

// closeReplay ends a job that has made all and whose deliveries have all come to an end.
func (tx *Tx) closeReplay(ctx context.Context, id apiclient.ReplayID) error {
	_, err := tx.exec(ctx, `UPDATE replays SET state = 'done', ended = ? WHERE id = ? AND state = 'running' AND making = 0 AND done + dead + gone >= made`, stamp(tx.Now()), id)
	return err
}
