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
	p, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.AuditPage, error) { return tx.Audits(ctx, q) })
	for i, a := range p.Audits {
		p.Audits[i] = offered(a)
	}
	return p, err
}

// Audit returns one entry.
func (e *Engine) Audit(ctx context.Context, id int64) (apiclient.Audit, error) {
	a, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Audit, error) { return tx.Audit(ctx, id) })
	if err != nil {
		return apiclient.Audit{}, err
	}
	return offered(a), nil
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
	return string(jsonOf(map[string]any(p)))
}

// partOf is a stored value as a part: a text, or a list of them.
func partOf(v apiclient.Value) any {
	if v.List != nil {
		return v.List
	}
	return v.Text
}

// diff returns the parts that differ.
func diff(was, is parts) (before, after parts) {
	before, after = parts{}, parts{}
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	for key := range keys {
		if !same(was[key], is[key]) {
			before[key], after[key] = was[key], is[key]
		}
	}
	return before, after
}

// same reports whether two parts are written in the same way.
func same(a, b any) bool { return string(jsonOf(a)) == string(jsonOf(b)) }

func jsonOf(part any) []byte {
	b, err := json.Marshal(part)
	if err != nil {
		panic("engine: parts of the audit always encode: " + err.Error())
	}
	return b
}

func subjectUser(u apiclient.User) string { return fmt.Sprintf("user %d (%s)", u.ID, u.Login) }

// Parts of an entry about a user that are no keys of fields.
const (
	partWarning = "(warning)" // what an administrator may not expect of the change
	partIgnored = "(ignored)" // names of values that came along and that the site has no use for
)

func noteIgnored(ctx context.Context, after parts) {
	if names := apiclient.IgnoredOf(ctx); len(names) > 0 {
		after[partIgnored] = names
	}
}
