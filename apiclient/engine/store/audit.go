package store

import (
	"context"

	"umdeck/apiclient"
)

// InsertAudit stores one entry of the audit and tells watchers.
func (tx *Tx) InsertAudit(ctx context.Context, a apiclient.Audit) (err error) {
	a.ID, err = tx.addNew(ctx, auditSheet,
		stamp(a.At), a.Actor, a.Origin, a.Action, a.Subject, a.Before, a.After)
	if err != nil {
		return err
	}
	tx.audit = a.ID
	return tx.logChange(ctx, a)
}

// LastAudit returns the number of the last entry of the audit that this
// transaction has stored; 0: none.
func (tx *Tx) LastAudit() int64 { return tx.audit }

// MarkUndone notes that the change of one entry was taken back by that of another.
func (tx *Tx) MarkUndone(ctx context.Context, undone, by int64) error {
	if _, err := tx.exec(ctx, `UPDATE audit SET undone_by = ? WHERE id = ?`, by, undone); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE audit SET undoes = ? WHERE id = ?`, undone, by)
	return err
}

const auditQuery = `SELECT a.id, a.at, a.actor, a.origin, a.action, a.subject, a.before, a.after, a.undoes, a.undone_by FROM audit a`

type auditRow apiclient.Audit

func (r auditRow) place() (string, int64) { return "", r.ID }

func scanAudit(s scanner) (a auditRow, err error) {
	var at int64
	err = s.Scan(&a.ID, &at, &a.Actor, &a.Origin, &a.Action, &a.Subject, &a.Before, &a.After, &a.Undoes, &a.UndoneBy)
	a.At = unstamp(at)
	return a, err
}

// Audits returns one page of the audit, newest first.
func (tx *Tx) Audits(ctx context.Context, q apiclient.AuditQuery) (apiclient.AuditPage, error) {
	where, err := tx.where(ctx, auditNoun, q.Filter, "")
	if err != nil {
		return apiclient.AuditPage{}, err
	}
	rows, next, err := page(ctx, tx, newestFirst(auditQuery, "a.id", where, q.After, q.Limit), scanAudit)
	p := apiclient.AuditPage{Next: next, Audits: make([]apiclient.Audit, len(rows))}
	for i, r := range rows {
		p.Audits[i] = apiclient.Audit(r)
	}
	return p, err
}

// Audit returns one entry of the audit.
func (tx *Tx) Audit(ctx context.Context, id int64) (apiclient.Audit, error) {
	a, err := one(ctx, tx, scanAudit, auditQuery+` WHERE a.id = ?`, id)
	return apiclient.Audit(a), absent(err, "There is no entry %d in the audit.", id)
}
