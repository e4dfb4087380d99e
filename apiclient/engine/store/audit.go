package store

import (
	"context"

	"umdeck/apiclient"
)

// InsertAudit stores one entry of the audit and tells watchers.
func (tx *Tx) InsertAudit(ctx context.Context, a apiclient.Audit) (err error) {
	a.ID, err = tx.insert(ctx, `INSERT INTO audit (at, actor, origin, action, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		stamp(a.At), a.Actor, a.Origin, a.Action, a.Subject, a.Before, a.After)
	if err != nil {
		return err
	}
	return tx.logChange(ctx, a)
}

type auditRow apiclient.Audit

func (r auditRow) place() (string, int64) { return "", r.ID }

// Audits returns one page of the audit, newest first.
func (tx *Tx) Audits(ctx context.Context, q apiclient.AuditQuery) (apiclient.AuditPage, error) {
	where, err := tx.where(ctx, auditNoun, q.Filter, "")
	if err != nil {
		return apiclient.AuditPage{}, err
	}
	l := newestFirst(`SELECT a.id, a.at, a.actor, a.origin, a.action, a.subject, a.before, a.after FROM audit a`, "a.id", where, q.After, q.Limit)
	rows, next, err := page(ctx, tx, l, func(s scanner) (a auditRow, err error) {
		var at int64
		err = s.Scan(&a.ID, &at, &a.Actor, &a.Origin, &a.Action, &a.Subject, &a.Before, &a.After)
		a.At = unstamp(at)
		return a, err
	})
	p := apiclient.AuditPage{Next: next, Audits: make([]apiclient.Audit, len(rows))}
	for i, r := range rows {
		p.Audits[i] = apiclient.Audit(r)
	}
	return p, err
}
