package engine

import (
	"context"
	"maps"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// partSubscriptions is the part of a deleted zap that says in which state its
// subscriptions were.
const partSubscriptions = "subscriptions"

func zapInverses() map[string]inverse {
	return map[string]inverse{
		"zaps.create": {"Deletes %s.", (*Engine).undoCreateZap},
		"zaps.update": {"Sets %s back.", (*Engine).undoUpdateZap},
		"zaps.delete": {"Brings %s back, and the subscriptions that ended with it; what waited in them is gone.", (*Engine).undoDeleteZap},
	}
}

// changedZap returns the zap of a change, which must be as the change left it.
func changedZap(ctx context.Context, tx *store.Tx, c change) (apiclient.Zap, error) {
	id, err := c.number()
	if err != nil {
		return apiclient.Zap{}, err
	}
	z, err := tx.Zap(ctx, apiclient.ZapID(id))
	if err != nil {
		return z, err
	}
	return z, c.unchanged(zapParts(z))
}

func (e *Engine) undoCreateZap(ctx context.Context, tx *store.Tx, c change) error {
	z, err := changedZap(ctx, tx, c)
	if err != nil {
		return err
	}
	return e.deleteZap(ctx, tx, z.ID)
}

func (e *Engine) undoUpdateZap(ctx context.Context, tx *store.Tx, c change) error {
	z, err := changedZap(ctx, tx, c)
	if err != nil {
		return err
	}
	var u apiclient.ZapUpdate
	for part := range c.before {
		switch part {
		case "name":
			u.Name = new(string)
			err = c.part(part, u.Name)
		case "event":
			u.Event = new(apiclient.Trigger)
			err = c.part(part, u.Event)
		case "status":
			u.Status = new(apiclient.ZapStatus)
			err = c.part(part, u.Status)
		case "fields":
			err = c.part(part, &u.Fields)
			u.Fields = append([]string{}, u.Fields...) // nil would leave them
		case "origins":
			err = c.part(part, &u.Origins)
			u.Origins = append([]apiclient.Origin{}, u.Origins...)
		}
		if err != nil {
			return err
		}
	}
	_, err = e.updateZap(ctx, tx, z.ID, u)
	return err
}

func (e *Engine) undoDeleteZap(ctx context.Context, tx *store.Tx, c change) error {
	id, err := c.number()
	if err != nil {
		return err
	}
	if err := tx.RestoreZap(ctx, apiclient.ZapID(id)); err != nil {
		return err
	}
	states := map[apiclient.SubscriptionID]apiclient.SubscriptionState{}
	if err := c.part(partSubscriptions, &states); err != nil {
		return err
	}
	for _, s := range slices.Sorted(maps.Keys(states)) {
		was, err := tx.Subscription(ctx, s)
		if err != nil {
			return err
		}
		is := was
		is.State = states[s]
		if _, err := e.setSubscription(ctx, tx, was, is); err != nil {
			return err
		}
	}
	z, err := tx.Zap(ctx, apiclient.ZapID(id))
	if err != nil {
		return err
	}
	return e.audit(ctx, tx, "zaps.create", subjectZap(z), nil, zapParts(z))
}

func settingInverses() map[string]inverse {
	return map[string]inverse{"settings.change": {"Sets the %s back that were changed.", (*Engine).undoSettings}}
}

func (e *Engine) undoSettings(ctx context.Context, tx *store.Tx, c change) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	now, values := parts{}, map[string]string{}
	for _, s := range apiclient.SettingCatalogue() {
		if _, touched := c.after[s.Key]; !touched {
			continue
		}
		if s.Secret {
			return apiclient.Errorf(apiclient.Conflict, "The change set %s, a secret whose former value is not kept; set it by hand.", s.Key)
		}
		now[s.Key] = o[s.Key]
		value := ""
		if err := c.part(s.Key, &value); err != nil {
			return err
		}
		values[s.Key] = value
	}
	if err := c.unchanged(now); err != nil {
		return err
	}
	return e.changeSettings(ctx, tx, values)
}
