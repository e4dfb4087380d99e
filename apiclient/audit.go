package apiclient

import (
	"context"
	"time"
)

// Audits reads who changed what.
type Audits interface {
	// Audits returns one page of the audit, newest first.
	Audits(ctx context.Context, q AuditQuery) (AuditPage, error)
}

// An Audit is one change, written in its transaction.
type Audit struct {
	ID      int64
	At      time.Time
	Actor   string // login of who changed it; empty: not known
	Origin  Origin
	Action  string // such as "users.approve" or "zaps.update"
	Subject string // such as "user 7 (ada)"
	Before  string // the parts that changed, as JSON without secrets; empty: it did not exist
	After   string // likewise; empty: it does not exist any more
}

// An AuditQuery asks for one page of the audit.
type AuditQuery struct {
	Filter Filter // columns: id, at, actor, origin, action, subject
	After  Cursor
	Limit  int // 1 to MaxLimit; 0: 50
}

// An AuditPage is a part of the audit.
type AuditPage struct {
	Audits []Audit
	Next   Cursor // empty: this is the last page
}
