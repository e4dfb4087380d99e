package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Zaps returns the zaps that q asks for, by id.
func (e *Engine) Zaps(ctx context.Context, q apiclient.ZapQuery) ([]apiclient.Zap, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Zap, error) { return tx.Zaps(ctx, q.Kind) })
}

// Zap returns one zap.
func (e *Engine) Zap(ctx context.Context, id apiclient.ZapID) (apiclient.Zap, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Zap, error) { return tx.Zap(ctx, id) })
}

// CreateZap stores a new zap.
func (e *Engine) CreateZap(ctx context.Context, n apiclient.NewZap) (z apiclient.Zap, err error) {
	if err := n.Validate(); err != nil {
		return z, err
	}
	if n.Status == "" {
		n.Status = apiclient.ZapDraft
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := e.checkZapFields(ctx, tx, n.Fields); err != nil {
			return err
		}
		id, err := tx.InsertZap(ctx, apiclient.Zap{
			Name: strings.TrimSpace(n.Name), Kind: n.Kind, Event: n.Event, Status: n.Status, Fields: n.Fields, Origins: n.Origins, Created: tx.Now(), Updated: tx.Now(),
		})
		if err != nil {
			return err
		}
		if z, err = tx.Zap(ctx, id); err != nil {
			return err
		}
		return e.audit(ctx, tx, "zaps.create", subjectZap(z), nil, zapParts(z))
	})
	return z, err
}

// UpdateZap changes what u names. A zap that stops running holds its waiting
// deliveries; one that runs again makes them due.
func (e *Engine) UpdateZap(ctx context.Context, id apiclient.ZapID, u apiclient.ZapUpdate) (z apiclient.Zap, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		z, err = e.updateZap(ctx, tx, id, u)
		return err
	})
	return z, err
}

func (e *Engine) updateZap(ctx context.Context, tx *store.Tx, id apiclient.ZapID, u apiclient.ZapUpdate) (z apiclient.Zap, err error) {
	was, err := tx.Zap(ctx, id)
	if err != nil {
		return z, err
	}
	is, err := u.Apply(was)
	if err != nil {
		return z, err
	}
	is.Name, is.Updated = strings.TrimSpace(is.Name), tx.Now()
	if err := e.checkZapFields(ctx, tx, u.Fields); err != nil {
		return z, err
	}
	if err := tx.UpdateZap(ctx, was, is); err != nil {
		return z, err
	}
	if z, err = tx.Zap(ctx, id); err != nil {
		return z, err
	}
	before, after := diff(zapParts(was), zapParts(z))
	if len(after) == 0 {
		return z, nil
	}
	return z, e.audit(ctx, tx, "zaps.update", subjectZap(z), before, after)
}

// DeleteZap removes the zap and ends its subscriptions.
func (e *Engine) DeleteZap(ctx context.Context, id apiclient.ZapID) error {
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error { return e.deleteZap(ctx, tx, id) })
}

func (e *Engine) deleteZap(ctx context.Context, tx *store.Tx, id apiclient.ZapID) error {
	z, err := tx.Zap(ctx, id)
	if err != nil {
		return err
	}
	targets, err := tx.Targets(ctx, id)
	if err != nil {
		return err
	}
	before := zapParts(z)
	ended := map[apiclient.SubscriptionID]apiclient.SubscriptionState{}
	for _, s := range targets {
		ended[s.ID] = s.State
	}
	before[partSubscriptions] = ended
	if err := tx.DeleteZap(ctx, id); err != nil {
		return err
	}
	return e.audit(ctx, tx, "zaps.delete", subjectZap(z), before, nil)
}

// FieldGroup returns the zap's fields as Zapier reads them.
func (e *Engine) FieldGroup(ctx context.Context, id apiclient.ZapID) (apiclient.FieldGroup, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.FieldGroup, error) {
		z, err := tx.Zap(ctx, id)
		if err != nil {
			return apiclient.FieldGroup{}, err
		}
		c, err := e.catalogue(ctx, tx)
		if err != nil {
			return apiclient.FieldGroup{}, err
		}
		return groupOf(z, c), nil
	})
}

func groupOf(z apiclient.Zap, c *catalogue) apiclient.FieldGroup {
	g := apiclient.FieldGroup{Zap: z}
	for _, key := range z.Fields {
		switch f, ok := c.find(key); {
		case !ok:
			g.Hidden = append(g.Hidden, apiclient.HiddenField{Key: key, Why: "The catalogue has no field of that key any more."})
		case f.Secret:
			g.Hidden = append(g.Hidden, apiclient.HiddenField{Key: key, Why: "Secrets are never sent."})
		default:
			g.Fields = append(g.Fields, f)
		}
	}
	switch z.Status {
	case apiclient.ZapStopped:
		g.Notice = "The zap is stopped: Zapier is told \"This UM Zap is not running or disabled.\" until it runs."
	case apiclient.ZapDraft:
		g.Notice = "The zap is a draft: Zapier is not offered it until it runs."
	case apiclient.ZapRunning:
	}
	return g
}

// SampleZap returns the body that the trigger zap would send for the user.
func (e *Engine) SampleZap(ctx context.Context, id apiclient.ZapID, user apiclient.UserID) (apiclient.Payload, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Payload, error) {
		z, err := tx.Zap(ctx, id)
		if err != nil {
			return nil, err
		}
		if z.Kind != apiclient.ZapTrigger {
			return nil, apiclient.Errorf(apiclient.Conflict, "The zap %d (%s) is an action and sends nothing; choose a trigger.", z.ID, z.Name)
		}
		var u *apiclient.User
		if user != 0 {
			a, err := tx.Account(ctx, user)
			if err != nil {
				return nil, err
			}
			u = &a.User
		}
		c, err := e.catalogue(ctx, tx)
		if err != nil {
			return nil, err
		}
		info, err := e.info(ctx, tx)
		return apiclient.NewPayload(int64(z.ID), z, groupOf(z, c).Fields, u, info), err
	})
}

// checkZapFields refuses keys that the catalogue does not have, and secrets.
func (e *Engine) checkZapFields(ctx context.Context, tx *store.Tx, keys []string) error {
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		f, ok := c.find(key)
		if !ok {
			return apiclient.FieldErrorf("fields", "The catalogue has no field %q; create it first, or leave it away.", key)
		}
		if f.Secret {
			return apiclient.FieldErrorf("fields", "The field %s is a secret and is never sent; leave it away.", key)
		}
	}
	return nil
}

func subjectZap(z apiclient.Zap) string { return fmt.Sprintf("zap %d (%s)", z.ID, z.Name) }

func zapParts(z apiclient.Zap) parts {
	return parts{"name": z.Name, "kind": z.Kind, "event": z.Event, "status": z.Status, "fields": slices.Clone(z.Fields), "origins": slices.Clone(z.Origins)}
}
