package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Audits returns one page of the audit, newest first.
func (e *Engine) Audits(ctx context.Context, q apiclient.AuditQuery) (apiclient.AuditPage, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.AuditPage, error) { return tx.Audits(ctx, q) })
}

// parts are the parts of something that a change touched, by name and without
// secrets. nil: it does not exist.
type parts map[string]any

// audit records a change of the actor of ctx.
func (e *Engine) audit(ctx context.Context, tx *store.Tx, action, subject string, before, after parts) error {
	a := apiclient.ActorOf(ctx)
	return tx.InsertAudit(ctx, apiclient.Audit{
		At: tx.Now(), Actor: a.Login, Origin: a.Origin, Action: action, Subject: subject, Before: before.text(), After: after.text(),
	})
}

func (p parts) text() string {
	if p == nil {
		return ""
	}
	b, err := json.Marshal(p)
	if err != nil {
		panic("engine: parts of the audit always encode: " + err.Error())
	}
	return string(b)
}

// diff returns the parts that differ.
func diff(was, is parts) (before, after parts) {
	before, after = parts{}, parts{}
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	for key := range keys {
		if fmt.Sprint(was[key]) != fmt.Sprint(is[key]) {
			before[key], after[key] = was[key], is[key]
		}
	}
	return before, after
}

func subjectUser(u apiclient.User) string { return fmt.Sprintf("user %d (%s)", u.ID, u.Login) }
