package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// logEvent tells watchers of an event.
func (tx *Tx) logEvent(ctx context.Context, e apiclient.Event) error {
	return tx.insertLog(ctx, apiclient.LogEntry{At: e.At, Kind: apiclient.LogEvent, Event: &e}, logLine{event: e.ID})
}

// logChange tells watchers of an entry of the audit.
func (tx *Tx) logChange(ctx context.Context, a apiclient.Audit) error {
	a.Before, a.After = "", ""
	return tx.insertLog(ctx, apiclient.LogEntry{At: a.At, Kind: apiclient.LogChange, Change: &a}, logLine{audit: a.ID})
}

// A logLine is what a row of logSheet says of what an entry is about.
type logLine struct {
	event   apiclient.EventID
	audit   int64
	mail    apiclient.MailID
	why     string             // of a mail
	of      apiclient.Delivery // of one, or of a mail: as it is now
	attempt int
}

func (l logLine) row(e apiclient.LogEntry) []any {
	return []any{stamp(e.At), e.Kind, l.event, l.audit, l.mail, l.why, l.of.ID, l.attempt, l.of.State, l.of.Attempts, stamp(l.of.NextAt), l.of.Code, l.of.Error, l.of.Duration.Milliseconds()}
}

// insertLog writes an entry, and keeps it for watchers: those of PostgreSQL are given what
// is read anew, see follower.
func (tx *Tx) insertLog(ctx context.Context, e apiclient.LogEntry, l logLine) (err error) {
	tx.logged = true
	if tx.postgres {
		return tx.add(logSheet, append([]any{nil}, l.row(e)...)...)
	}
	if e.Seq, err = tx.addNew(ctx, logSheet, l.row(e)...); err == nil {
		tx.log = append(tx.log, e)
	}
	return err
}

// logDelivery tells watchers of a delivery as it is now.
func (tx *Tx) logDelivery(ctx context.Context, kind apiclient.LogKind, d apiclient.Delivery) error {
	return tx.logRow(ctx, apiclient.LogEntry{Kind: kind, Delivery: &d})
}

// logRow tells watchers of a delivery.
func (tx *Tx) logRow(ctx context.Context, e apiclient.LogEntry) error {
	return tx.logRows(ctx, []apiclient.LogEntry{e})
}

// logRows tells watchers of deliveries.
func (tx *Tx) logRows(ctx context.Context, list []apiclient.LogEntry) error {
	now := tx.Now()
	for _, e := range list {
		d, number := e.Delivery, 0
		d.Body, d.Log, d.Duration = nil, nil, d.Duration.Truncate(time.Millisecond)
		if e.Attempt != nil {
			number = e.Attempt.Number
		}
		e.At = now
		if err := tx.insertLog(ctx, e, logLine{of: *d, attempt: number}); err != nil {
			return err
		}
	}
	return nil
}

// logStates tells watchers that the chosen deliveries will be in that state. It
// may be very many: watchers read them from the table.
func (tx *Tx) logStates(ctx context.Context, to apiclient.DeliveryState, chosen string, args ...any) error {
	n, err := tx.exec(ctx, `INSERT INTO log (at, kind, delivery_id, state, attempts, next_at, code, error, ms)
		SELECT ?, 'state', id, ?, attempts, CASE WHEN ? = 'due' THEN next_at ELSE 0 END, code, error, ms FROM deliveries WHERE `+chosen+` ORDER BY id`,
		append([]any{stamp(tx.Now()), to, to}, args...)...)
	if err != nil || n == 0 {
		return err
	}
	return tx.loggedMany(ctx, n)
}

// loggedMany notes that the last statement has logged n entries that are not kept for
// watchers: they read them from the table.
func (tx *Tx) loggedMany(ctx context.Context, n int64) (err error) {
	tx.logged = true
	tx.hand.logged(int(n))
	if !tx.postgres {
		tx.bulk, err = tx.count(ctx, `SELECT max(seq) FROM log`)
	}
	return err
}

// logAfter reads up to n entries after a number from the table.
func (tx *Tx) logAfter(ctx context.Context, seq int64, n int) ([]apiclient.LogEntry, error) {
	return collect(ctx, tx, scanEntry, `SELECT l.seq, l.at, l.kind, l.attempt, l.state, l.attempts, l.next_at, l.code, l.error, l.ms,
		coalesce(e.id, 0), coalesce(e.trigger, ''), coalesce(e.user_id, 0), coalesce(e.login, ''), coalesce(e.origin, ''), coalesce(e.actor, ''), coalesce(e.at, 0), coalesce(e.deliveries, 0), coalesce(e.skipped, ''),
		coalesce(d.id, 0), coalesce(d.webhook_id, ''), coalesce(d.event_id, 0), coalesce(d.trigger, ''), coalesce(d.zap_id, 0), coalesce(d.zap_name, ''), coalesce(d.subscription_id, 0), coalesce(s.url, ''),
		coalesce(d.user_id, 0), coalesce(d.login, ''), coalesce(d.at, 0), coalesce(d.test, 0), coalesce(d.replay_of, 0), coalesce(d.replay_job, 0),
		coalesce(a.at, 0), coalesce(a.ms, 0), coalesce(a.code, 0), coalesce(a.class, ''), coalesce(a.error, ''),
		coalesce(c.id, 0), coalesce(c.at, 0), coalesce(c.actor, ''), coalesce(c.origin, ''), coalesce(c.action, ''), coalesce(c.subject, ''),
		l.why, coalesce(m.id, 0), coalesce(m.message_id, ''), coalesce(m.slug, ''), coalesce(m.recipient, ''), coalesce(m.user_id, 0), coalesce(m.login, ''), coalesce(m.cause, ''),
		coalesce(m.at, 0), coalesce(m.sent_at, 0), coalesce(m.resend_of, 0), coalesce(m.subject, '')
		FROM log l
		LEFT JOIN events e ON e.id = l.event_id
		LEFT JOIN deliveries d ON d.id = l.delivery_id
		LEFT JOIN subscriptions s ON s.id = d.subscription_id
		LEFT JOIN attempts a ON a.delivery_id = l.delivery_id AND a.number = l.attempt
		LEFT JOIN audit c ON c.id = l.audit_id
		LEFT JOIN mails m ON m.id = l.mail_id
		WHERE l.seq > ? ORDER BY l.seq LIMIT ?`, seq, n)
}

func scanEntry(s scanner) (l apiclient.LogEntry, err error) {
	var (
		e                    apiclient.Event
		d                    apiclient.Delivery
		a                    apiclient.Attempt
		c                    apiclient.Audit
		m                    apiclient.Mail
		at, next, ms         int64
		eventAt, madeAt, cAt int64
		aAt, aMS             int64
		mAt, sentAt          int64
	)
	err = s.Scan(&l.Seq, &at, &l.Kind, &a.Number, &d.State, &d.Attempts, &next, &d.Code, &d.Error, &ms,
		&e.ID, &e.Trigger, &e.User, &e.Login, &e.Origin, &e.Actor, &eventAt, &e.Deliveries, &e.Skipped,
		&d.ID, &d.WebhookID, &d.EventID, &d.Event, &d.Zap, &d.ZapName, &d.Subscription, &d.URL,
		&d.User, &d.Login, &madeAt, &d.Test, &d.ReplayOf, &d.Replay,
		&aAt, &aMS, &a.Code, &a.Class, &a.Error,
		&c.ID, &cAt, &c.Actor, &c.Origin, &c.Action, &c.Subject,
		&m.Why, &m.ID, &m.MessageID, &m.Slug, &m.To, &m.User, &m.Login, &m.Cause, &mAt, &sentAt, &m.ResendOf, &m.Subject)
	l.At, e.At = unstamp(at), unstamp(eventAt)
	d.At, d.NextAt, d.Duration = unstamp(madeAt), unstamp(next), time.Duration(ms)*time.Millisecond
	c.At, a.At, a.Duration = unstamp(cAt), unstamp(aAt), time.Duration(aMS)*time.Millisecond
	switch l.Kind {
	case apiclient.LogMail:
		m.State, m.Attempts, m.Code, m.Error = apiclient.MailState(d.State), d.Attempts, d.Code, d.Error
		m.At, m.NextAt = unstamp(mAt), d.NextAt
		if m.State == apiclient.MailDone {
			m.SentAt = unstamp(sentAt)
		}
		l.Mail = &m
	case apiclient.LogEvent:
		l.Event = &e
	case apiclient.LogChange:
		l.Change = &c
	case apiclient.LogAttempt:
		l.Delivery, l.Attempt = &d, &a
	default:
		l.Delivery = &d
	}
	return l, err
}

// watchBatch is how many entries a watcher is given at once at most.
const watchBatch = 500

// Watch calls fn with nothing, and then with the log's entries after a number, oldest
// first, the stored ones and then new ones as they are committed; -1 starts with what
// comes next.
// It returns nil when ctx ends, and Unavailable when the database is closed.
func (db *DB) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	if ctx.Err() != nil {
		return nil
	}
	if after < 0 {
		var err error
		if after, err = db.newest(ctx); err != nil {
			return err
		}
	}
	at, leave := db.watchers.join(after)
	defer leave()
	if err := fn(nil); err != nil { // whoever follows is connected
		return err
	}
	for ctx.Err() == nil {
		g := db.feed.after(after, watchBatch)
		list := g.list
		if after < g.floor {
			var err error
			list, err = db.logAfter(ctx, after)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				return err
			case len(list) == 0:
				after = g.floor
				continue
			}
		}
		if len(list) > 0 {
			if err := fn(list); err != nil {
				return err
			}
			after = list[len(list)-1].Seq
			at(after)
			continue
		}
		if g.closed {
			return errClosed
		}
		select {
		case <-ctx.Done():
		case <-g.news:
		}
	}
	return nil
}

// newest returns the number of the last entry of the log.
func (db *DB) newest(ctx context.Context) (int64, error) {
	if !db.postgres {
		return db.feed.seen(), nil
	}
	return view(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.count(ctx, `SELECT coalesce(max(seq), 0) FROM log`)
	})
}

func (db *DB) logAfter(ctx context.Context, seq int64) ([]apiclient.LogEntry, error) {
	return view(ctx, db, func(ctx context.Context, tx *Tx) ([]apiclient.LogEntry, error) {
		return tx.logAfter(ctx, seq, watchBatch)
	})
}
