package apiclient

import (
	"context"
	"time"
)

// Audits reads who changed what, and takes changes back.
type Audits interface {
	// Audits returns one page of the audit, newest first.
	Audits(ctx context.Context, q AuditQuery) (AuditPage, error)
	// Audit returns one entry.
	Audit(ctx context.Context, id int64) (Audit, error)
	// UndoAudit takes a change back: what it touched is as it was before, by a change
	// of the actor of ctx with all that such a change brings about, and with an entry
	// of its own, which is returned and can be taken back in turn. It is Conflict
	// when the change has no inverse, when it was taken back already, and when what
	// it touched was changed since; nothing is changed then.
	UndoAudit(ctx context.Context, id int64) (Audit, error)
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

	Undoes   int64  // the entry that this change took back; 0: none
	UndoneBy int64  // the entry of the change that took this one back; 0: none
	Undo     string // what taking it back does, as a sentence; empty: it cannot be taken back
	NoUndo   string // why it cannot be taken back, as a sentence; empty: it can
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
