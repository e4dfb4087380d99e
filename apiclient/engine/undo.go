package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// An inverse is how the changes of one action are taken back.
type inverse struct {
	says string // what it does, with %s for whom it is done to
	do   func(*Engine, context.Context, *store.Tx, change) error
}

// inverses returns the actions that can be taken back.
func inverses() map[string]inverse {
	all := map[string]inverse{}
	for _, some := range []map[string]inverse{userInverses(), roleInverses(), fieldInverses(), formInverses(), zapInverses(), subscriptionInverses(), settingInverses()} {
		maps.Copy(all, some)
	}
	return all
}

// irreversible says why the other actions cannot be taken back, as sentences.
var irreversible = map[string]string{
	"users.delete":            "Of a deleted account nothing is kept; bring it back from a backup, or create it anew.",
	"users.upload":            "The file that was there before is gone; upload it again.",
	"passwords.create":        "Revoke the application password instead.",
	"passwords.revoke":        "The text of a revoked password is not known to anybody; make a new one.",
	"deliveries.redeliver":    "What was sent cannot be called back.",
	"replays.start":           "What was sent cannot be called back; stop the replay.",
	"replays.stop":            "What a replay has not sent is gone; start another one.",
	"subscriptions.test":      "What was sent cannot be called back.",
	"subscriptions.gone":      "Its receiver has ended it; subscribe the target anew.",
	"subscriptions.suspended": "Resume the subscription instead.",
	"subscriptions.broken":    "It closes by itself when the target answers again; pause or end the subscription instead.",
	"subscriptions.refused":   "Subscribe another target, or let this one be allowed by whoever runs umdeck.",
	"subscriptions.rotate":    "The secret before signs too for a while, and is then forgotten; rotate again.",
	"subscriptions.tell":      "What was sent cannot be called back.",
	"triggers.fire":           "What was sent cannot be called back.",
}

// offered fills in whether and how an entry can be taken back. Whether what it
// touched was changed since is seen when it is tried.
func offered(a apiclient.Audit) apiclient.Audit {
	in, ok := inverses()[a.Action]
	switch {
	case a.UndoneBy != 0:
		a.NoUndo = fmt.Sprintf("The change was taken back by entry %d.", a.UndoneBy)
	case ok:
		a.Undo = fmt.Sprintf(in.says, a.Subject)
	default:
		a.NoUndo = irreversible[a.Action]
		if a.NoUndo == "" {
			a.NoUndo = "There is nothing that would take this change back."
		}
	}
	return a
}

// UndoAudit takes a change back.
func (e *Engine) UndoAudit(ctx context.Context, id int64) (made apiclient.Audit, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := tx.Audit(ctx, id)
		if err != nil {
			return err
		}
		if a = offered(a); a.Undo == "" {
			return apiclient.Errorf(apiclient.Conflict, "%s", a.NoUndo)
		}
		c, err := readChange(a)
		if err != nil {
			return err
		}
		if err := inverses()[a.Action].do(e, ctx, tx, c); err != nil {
			return err
		}
		by := tx.LastAudit()
		if by == 0 {
			return apiclient.Errorf(apiclient.Conflict, "%s is as it was before already.", a.Subject)
		}
		if err := tx.MarkUndone(ctx, a.ID, by); err != nil {
			return err
		}
		made, err = tx.Audit(ctx, by)
		return err
	})
	if err != nil {
		return apiclient.Audit{}, err
	}
	return offered(made), nil
}

// A change is an entry of the audit, read: the parts before and after it as they
// are written.
type change struct {
	apiclient.Audit
	before, after map[string]json.RawMessage // nil: it did not exist
}

func readChange(a apiclient.Audit) (c change, err error) {
	c.Audit = a
	for text, into := range map[string]*map[string]json.RawMessage{a.Before: &c.before, a.After: &c.after} {
		if text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return c, fmt.Errorf("read entry %d of the audit: %w", a.ID, err)
		}
		// Remarks stand in brackets among the parts.
		maps.DeleteFunc(*into, func(part string, _ json.RawMessage) bool { return strings.HasPrefix(part, "(") })
	}
	delete(c.after, partWarning) // remarks, and no state that could have changed
	delete(c.after, partIgnored)
	return c, nil
}

// key is what names the subject beside its noun: the second word of it.
func (c change) key() string {
	_, rest, _ := strings.Cut(c.Subject, " ")
	key, _, _ := strings.Cut(rest, " ")
	return key
}

// number is key where the noun is numbered.
func (c change) number() (int64, error) {
	n, err := strconv.ParseInt(c.key(), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("entry %d of the audit is about %q: %w", c.ID, c.Subject, err)
	}
	return n, nil
}

// unchanged is Conflict when a part that the change touched is not any more as the
// change left it.
func (c change) unchanged(now parts) error {
	for _, part := range slices.Sorted(maps.Keys(c.after)) {
		if is := jsonOf(now[part]); string(is) != string(c.after[part]) {
			return apiclient.Errorf(apiclient.Conflict, "%s was changed since: %s is %s now; change it by hand.", c.Subject, part, cut(is))
		}
	}
	return nil
}

// cut shortens a part for a sentence.
func cut(part []byte) string {
	const most = 60
	if r := []rune(string(part)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(part)
}

// part reads one part as it was before the change.
func (c change) part(name string, into any) error {
	raw, ok := c.before[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read %s of entry %d of the audit: %w", name, c.ID, err)
	}
	return nil
}

// value reads one part that is a stored value; a part that was not there is empty.
func (c change) value(name string) (v apiclient.Value, err error) {
	raw := c.before[name]
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return v, nil
	case raw[0] == '[':
		err = c.part(name, &v.List)
	default:
		err = c.part(name, &v.Text)
	}
	return v, err
}
