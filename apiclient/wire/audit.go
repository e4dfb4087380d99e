package wire

import (
	"time"

	"umdeck/apiclient"
)

// An Audit is one change and who made it.
type Audit struct {
	ID      int64            `json:"id"`
	At      time.Time        `json:"at,omitzero"`
	Actor   string           `json:"actor,omitempty"`
	Origin  apiclient.Origin `json:"origin"`
	Action  string           `json:"action"`
	Subject string           `json:"subject"`
	Before  string           `json:"before,omitempty"` // JSON, as text
	After   string           `json:"after,omitempty"`

	Undoes   int64  `json:"undoes,omitempty"`
	UndoneBy int64  `json:"undone_by,omitempty"`
	Undo     string `json:"undo,omitempty"`
	NoUndo   string `json:"no_undo,omitempty"`
}

// AuditOf returns the twin of a.
func AuditOf(a apiclient.Audit) Audit {
	a.At = a.At.UTC()
	return Audit(a)
}

// Domain returns the audit entry.
func (a Audit) Domain() apiclient.Audit {
	a.At = a.At.UTC()
	return apiclient.Audit(a)
}

// An AuditRef names an entry of the audit.
type AuditRef struct {
	ID int64 `json:"-" path:"id"`
}

// An AuditPage is a part of the audit.
type AuditPage struct {
	Audits []Audit          `json:"audits"`
	Next   apiclient.Cursor `json:"next,omitempty"`
}

// AuditPageOf returns the twin of p.
func AuditPageOf(p apiclient.AuditPage) AuditPage { return AuditPage{each(p.Audits, AuditOf), p.Next} }

// Domain returns the page.
func (p AuditPage) Domain() apiclient.AuditPage {
	return apiclient.AuditPage{Audits: back(p.Audits, Audit.Domain), Next: p.Next}
}
