package store

import (
	"context"
	"encoding/json"
	"time"
)

// A Keep says until when rows had to end, or to happen, for retention to take them.
type Keep struct {
	Done     time.Time // deliveries that are done
	Dead     time.Time // deliveries that are dead or gone
	Events   time.Time // events that no delivery names
	Mails    time.Time // mails that are done or suppressed
	DeadMail time.Time // mails that are dead
	Hours    time.Time // hours of subscriptions
}

// Pruned is how many rows of each table were removed.
type Pruned map[string]int64

func (p Pruned) add(table string, n int64) {
	if n > 0 {
		p[table] += n
	}
}

// A Sweep is a walk of retention over a table, from its oldest row on.
type Sweep struct {
	after int64 // the last row that was looked at
	walk  walk
}

// A walk is what is particular to a table.
type walk struct {
	// look gives, of the next rows after a number, the number and the time of each, and
	// whether retention takes it.
	look func(Keep) (query string, args []any)
	// young is the time at which the walk ends: a batch of newer rows has nothing to take.
	young func(Keep) time.Time
	// remove deletes rows with what belongs to them.
	remove func(*Tx, context.Context, Keep, []int64, Pruned) error
	// batch is all of that, of a walk that is none over rows; nil: it is one.
	batch func(*DB, context.Context, *Sweep, Keep) (Pruned, bool, error)
}

// Sweeps returns the walks of one pass, in the order in which they free each other's rows.
func Sweeps() []*Sweep {
	return []*Sweep{{walk: deliveryWalk}, {walk: attemptDays}, {walk: mailWalk}, {walk: eventWalk}, {walk: logWalk}, {walk: hourWalk}}
}

// pruneBatch is how many rows are looked at, and removed, at once.
const pruneBatch = 500

// Prune goes on with a sweep for one batch. done says that it has reached what is young.
func (db *DB) Prune(ctx context.Context, s *Sweep, k Keep) (p Pruned, done bool, err error) {
	if s.walk.batch != nil {
		return s.walk.batch(db, ctx, s, k)
	}
	type seen struct {
		id   int64
		at   time.Time
		take bool
	}
	rows, err := view(ctx, db, func(ctx context.Context, tx *Tx) ([]seen, error) {
		query, args := s.walk.look(k)
		return collect(ctx, tx, func(sc scanner) (r seen, err error) {
			var at int64
			err = sc.Scan(&r.id, &at, &r.take)
			r.at = unstamp(at)
			return r, err
		}, query, append(args, s.after, pruneBatch)...)
	})
	if err != nil {
		return nil, false, err
	}
	var ids []int64
	young := 0 // a clock that was set back puts some among the old ones
	for _, r := range rows {
		s.after = r.id
		if !r.at.Before(s.walk.young(k)) {
			young++
		}
		if r.take {
			ids = append(ids, r.id)
		}
	}
	done = len(rows) < pruneBatch || young == len(rows)
	p = Pruned{}
	if len(ids) == 0 {
		return p, done, nil
	}
	err = db.Change(ctx, func(ctx context.Context, tx *Tx) error {
		clear(p)
		return s.walk.remove(tx, ctx, k, ids, p)
	})
	return p, done, err
}

// deliveryTaken is true of a delivery that has ended long enough ago. It stays while a
// replay of it does, which names it.
const deliveryTaken = `((d.state = 'done' AND d.at < ? AND d.ended < ? OR d.state IN ('dead', 'gone') AND d.at < ? AND d.ended < ?)
	AND NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.replay_of = d.id))`

var deliveryWalk = walk{
	look: func(k Keep) (string, []any) {
		done, dead := stamp(k.Done), stamp(k.Dead)
		return `SELECT d.id, d.at, ` + deliveryTaken + ` FROM deliveries d WHERE d.id > ? ORDER BY d.id LIMIT ?`, []any{done, done, dead, dead}
	},
	young:  func(k Keep) time.Time { return later(k.Done, k.Dead) },
	remove: removeDeliveries,
}

// removeDeliveries deletes deliveries with their attempts, and the payloads that none
// names any more. What retention takes is final, and so still is what it was when it was
// looked at; a replay may have come meanwhile.
func removeDeliveries(tx *Tx, ctx context.Context, _ Keep, ids []int64, p Pruned) error {
	ids, err := collect(ctx, tx, scanInt, `SELECT d.id FROM deliveries d WHERE d.id IN `+listedIDs+` AND d.state IN ('done', 'dead', 'gone')
		AND NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.replay_of = d.id)`, jsonList(ids))
	if err != nil || len(ids) == 0 {
		return err
	}
	keys, err := collect(ctx, tx, func(s scanner) (k payloadKey, err error) {
		var body []byte
		if err := s.Scan(&k.sum, &body); err != nil {
			return k, err
		}
		k.event, err = eventOf(body)
		return k, err
	}, `SELECT sha256, body FROM payloads WHERE sha256 IN (SELECT payload FROM deliveries WHERE id IN `+listedIDs+`)`, jsonList(ids))
	if err != nil {
		return err
	}
	attempts := "attempts"
	if tx.postgres {
		attempts = "attempts_kept" // the others go with their day
	}
	n, err := tx.exec(ctx, `DELETE FROM `+attempts+` WHERE delivery_id IN `+listedIDs, jsonList(ids))
	if err != nil {
		return err
	}
	p.add("attempts", n)
	if err := tx.removeListed(ctx, p, "deliveries", "id", ids); err != nil {
		return err
	}
	for _, k := range keys {
		named, args := `EXISTS (SELECT 1 FROM deliveries WHERE event_id = ? AND payload = payloads.sha256)
			OR EXISTS (SELECT 1 FROM deliveries WHERE event_id IS NULL AND payload = payloads.sha256)`, []any{k.sum, k.event}
		if k.event == 0 { // it is none of the engine's: whoever may name it
			named, args = `EXISTS (SELECT 1 FROM deliveries WHERE payload = payloads.sha256)`, args[:1]
		}
		n, err := tx.exec(ctx, `DELETE FROM payloads WHERE sha256 = ? AND NOT (`+named+`)`, args...)
		if err != nil {
			return err
		}
		p.add("payloads", n)
	}
	return nil
}

// A payloadKey says who may name a payload: deliveries of an event, and tests, whose
// sample may have the bytes of an event.
type payloadKey struct {
	sum   []byte
	event int64
}

// eventOf returns the number that a body has as its id; 0: none.
func eventOf(body []byte) (int64, error) {
	var head struct{ ID json.Number }
	if err := json.Unmarshal(body, &head); err != nil {
		return 0, err
	}
	if head.ID == "" {
		return 0, nil
	}
	return head.ID.Int64()
}

var mailWalk = walk{
	look: func(k Keep) (string, []any) {
		done, dead := stamp(k.Mails), stamp(k.DeadMail)
		return `SELECT m.id, m.at, ((m.state IN ('done', 'suppressed') AND m.at < ? AND m.sent_at < ?
				OR m.state = 'dead' AND m.at < ? AND coalesce((SELECT max(a.at + a.ms) FROM mail_attempts a WHERE a.mail_id = m.id), 0) < ?)
			AND NOT EXISTS (SELECT 1 FROM mails r WHERE r.resend_of = m.id))
			FROM mails m WHERE m.id > ? ORDER BY m.id LIMIT ?`, []any{done, done, dead, dead}
	},
	young: func(k Keep) time.Time { return later(k.Mails, k.DeadMail) },
	remove: func(tx *Tx, ctx context.Context, _ Keep, ids []int64, p Pruned) error {
		ids, err := collect(ctx, tx, scanInt, `SELECT m.id FROM mails m WHERE m.id IN `+listedIDs+` AND m.state IN ('done', 'suppressed', 'dead')
			AND NOT EXISTS (SELECT 1 FROM mails r WHERE r.resend_of = m.id)`, jsonList(ids))
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := tx.removeListed(ctx, p, "mail_attempts", "mail_id", ids); err != nil {
			return err
		}
		return tx.removeListed(ctx, p, "mails", "id", ids)
	},
}

var eventWalk = walk{
	look: func(k Keep) (string, []any) {
		return `SELECT e.id, e.at, (e.at < ? AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id)) FROM events e WHERE e.id > ? ORDER BY e.id LIMIT ?`, []any{stamp(k.Events)}
	},
	young: func(k Keep) time.Time { return k.Events },
	remove: func(tx *Tx, ctx context.Context, _ Keep, ids []int64, p Pruned) error {
		n, err := tx.exec(ctx, `DELETE FROM events WHERE id IN `+listedIDs+` AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = events.id)`, jsonList(ids))
		p.add("events", n)
		return err
	},
}

// logWalk takes the rows that tell of what is there no more.
var logWalk = walk{
	look: func(Keep) (string, []any) {
		return `SELECT l.seq, l.at, CASE
				WHEN l.delivery_id IS NOT NULL THEN NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = l.delivery_id)
				WHEN l.event_id IS NOT NULL THEN NOT EXISTS (SELECT 1 FROM events e WHERE e.id = l.event_id)
				WHEN l.mail_id IS NOT NULL THEN NOT EXISTS (SELECT 1 FROM mails m WHERE m.id = l.mail_id)
				ELSE FALSE END
			FROM log l WHERE l.seq > ? ORDER BY l.seq LIMIT ?`, nil
	},
	young: func(k Keep) time.Time {
		return later(later(k.Done, k.Dead), later(k.Events, later(k.Mails, k.DeadMail)))
	},
	remove: func(tx *Tx, ctx context.Context, _ Keep, ids []int64, p Pruned) error {
		if err := tx.TakeLog(ctx, ids[len(ids)-1]); err != nil {
			return err
		}
		return tx.removeListed(ctx, p, "log", "seq", ids)
	},
}

func (tx *Tx) removeListed(ctx context.Context, p Pruned, table, column string, ids []int64) error {
	n, err := tx.exec(ctx, `DELETE FROM `+table+` WHERE `+column+` IN `+listedIDs, jsonList(ids))
	p.add(table, n)
	return err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
