package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"umdeck/apiclient"
)

// A Queued is a delivery or a mail that was claimed, as an outbox needs it.
type Queued struct {
	ID     int64
	Tries  int       // attempts that count in the schedule
	Waits  int       // attempts that were put off
	At     time.Time // when it was made
	Due    time.Time
	Single bool             // sent once whatever comes of it
	User   apiclient.UserID // whom a delivery is about; 0: nobody, or it is a mail
	Bulk   bool             // goes behind what is not

	Subscription apiclient.SubscriptionID // of a delivery
}

// WaitingMails reports whether a mail is in state due, and when the earliest is.
func (tx *Tx) WaitingMails(ctx context.Context) (time.Time, bool, error) {
	due, err := tx.count(ctx, `SELECT coalesce(min(next_at), -1) FROM mails WHERE state = 'due' AND lane = 1`)
	return unstamp(due), due >= 0, err
}

// ClaimMails marks up to n mails that are due at now as claimed by the engine of that
// boot number, earliest first, and returns them.
func (tx *Tx) ClaimMails(ctx context.Context, boot int64, now time.Time, n int) ([]Queued, error) {
	list, err := collect(ctx, tx, func(s scanner) (q Queued, err error) {
		var due, at int64
		err = s.Scan(&q.ID, &q.Tries, &q.Waits, &due, &at)
		q.Due, q.At = unstamp(due), unstamp(at)
		return q, err
	}, `UPDATE mails SET state = 'claimed', boot = ? WHERE id IN (
			SELECT id FROM mails WHERE lane = 1 AND state = 'due' AND next_at <= ? ORDER BY next_at, id LIMIT ?
		) RETURNING id, tries, waits, next_at, at`, boot, stamp(now), n)
	slices.SortFunc(list, func(a, b Queued) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// A MailResult is what became of a claimed mail.
type MailResult struct {
	Mail    apiclient.MailID
	State   apiclient.MailState // due, held, done or dead
	Why     string              // of held
	Tries   int
	Waits   int
	Due     time.Time // when it is tried again, of state due
	Error   string
	Attempt *apiclient.MailAttempt // nil: nothing was sent
}

// FinishMail records what became of a mail that the engine of that boot number had
// claimed. Of one that is not claimed any more, only the attempt is recorded. What is
// recorded already changes nothing.
func (tx *Tx) FinishMail(ctx context.Context, boot int64, r MailResult) error {
	c, err := tx.claimedMail(ctx, r.Mail)
	if err != nil {
		return err
	}
	if again, err := tx.mailAgain(ctx, c, r); err != nil || again {
		return err
	}
	if a := r.Attempt; a != nil {
		a.Number = c.Attempts + 1
		if _, err := tx.exec(ctx, `INSERT INTO mail_attempts (mail_id, number, at, ms, server, code, error) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			c.ID, a.Number, stamp(a.At), a.Duration.Milliseconds(), a.Server, a.Code, a.Error); err != nil {
			return err
		}
		c.Attempts, c.Code, c.Error = a.Number, a.Code, a.Error
	} else if r.Error != "" {
		c.Error = r.Error
	}
	if c.boot == boot && c.State == apiclient.MailClaimed {
		c.State, c.Why, c.tries, c.waits, c.next, c.boot = r.State, r.Why, r.Tries, r.Waits, r.Due, 0
		if r.State == apiclient.MailDone {
			c.SentAt = tx.Now()
		}
	}
	return tx.recordMail(ctx, c)
}

// A mailClaim is a mail with what only the queue looks at.
type mailClaim struct {
	apiclient.Mail
	boot         int64
	tries, waits int
	next         time.Time
}

func (tx *Tx) claimedMail(ctx context.Context, id apiclient.MailID) (mailClaim, error) {
	m, err := one(ctx, tx, scanMail, mailQuery+` WHERE m.id = ?`, id)
	if err != nil {
		return mailClaim{}, absent(err, "There is no mail %d on this site.", id)
	}
	c, err := one(ctx, tx, func(s scanner) (c mailClaim, err error) {
		var next int64
		err = s.Scan(&c.boot, &c.tries, &c.waits, &next)
		c.next = unstamp(next)
		return c, err
	}, `SELECT boot, tries, waits, next_at FROM mails WHERE id = ?`, id)
	c.Mail = m
	return c, err
}

// recordMail writes a mail and the log.
func (tx *Tx) recordMail(ctx context.Context, c mailClaim) error {
	_, err := tx.exec(ctx, `UPDATE mails SET state = ?, why = ?, boot = ?, attempts = ?, tries = ?, waits = ?, next_at = ?, sent_at = ?, code = ?, error = ? WHERE id = ?`,
		c.State, c.Why, c.boot, c.Attempts, c.tries, c.waits, stamp(c.next), stamp(c.SentAt), c.Code, c.Error, c.ID)
	if err != nil {
		return err
	}
	c.NextAt = time.Time{}
	if c.State == apiclient.MailDue {
		c.NextAt, tx.queued = unstamp(stamp(c.next)), true
	}
	return tx.logMail(ctx, c.Mail)
}

// ReleaseMail gives back a mail that was claimed by the engine of that boot number
// and not sent: it is due as before, or held where why is not empty.
func (tx *Tx) ReleaseMail(ctx context.Context, boot int64, id apiclient.MailID, why string) error {
	c, err := tx.claimedMail(ctx, id)
	if err != nil || c.State != apiclient.MailClaimed || c.boot != boot {
		return err
	}
	c.State, c.boot = apiclient.MailDue, 0
	if why != "" {
		c.State, c.Why = apiclient.MailHeld, why
		return tx.recordMail(ctx, c)
	}
	tx.queued = true
	_, err = tx.exec(ctx, `UPDATE mails SET state = 'due', boot = 0 WHERE id = ?`, id)
	return err // as before: nobody was told that it was claimed
}

// unclaimMails makes due again what engines have left claimed for which the condition
// on boot holds.
func (tx *Tx) unclaimMails(ctx context.Context, left string, args ...any) error {
	n, err := tx.exec(ctx, `UPDATE mails SET state = 'due', boot = 0 WHERE state = 'claimed' AND `+left, args...)
	tx.queued = tx.queued || n > 0
	return err
}

// HoldMails holds the mails that are due, for the reason why.
func (tx *Tx) HoldMails(ctx context.Context, why string) error {
	return tx.moveMails(ctx, apiclient.MailHeld, why, `state = 'due'`)
}

// FreeMails makes the held mails due that were posted at since or later, and
// suppresses the older ones for the reason why. What was due later is due now.
func (tx *Tx) FreeMails(ctx context.Context, since time.Time, why string) error {
	if err := tx.moveMails(ctx, apiclient.MailSuppressed, why, `state = 'held' AND at < ?`, stamp(since)); err != nil {
		return err
	}
	tx.queued = true
	if err := tx.moveMails(ctx, apiclient.MailDue, "", `state = 'held'`); err != nil {
		return err
	}
	now := stamp(tx.Now())
	_, err := tx.exec(ctx, `UPDATE mails SET next_at = ? WHERE state = 'due' AND next_at > ?`, now, now)
	return err
}

// moveMails gives the chosen mails a state. There may be very many: watchers read
// them from the table.
func (tx *Tx) moveMails(ctx context.Context, to apiclient.MailState, why, chosen string, args ...any) error {
	n, err := tx.exec(ctx, `INSERT INTO log (at, kind, mail_id, state, why, attempts, next_at, code, error)
		SELECT ?, 'mail', id, ?, ?, attempts, CASE WHEN ? = 'due' THEN next_at ELSE 0 END, code, error FROM mails WHERE `+chosen+` ORDER BY id`,
		append([]any{stamp(tx.Now()), to, why, to}, args...)...)
	if err != nil || n == 0 {
		return err
	}
	if err := tx.loggedMany(ctx, n); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE mails SET state = ?, why = ? WHERE `+chosen, append([]any{to, why}, args...)...)
	return err
}
