package engine

import (
	"context"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// moved writes the status as ChangeStatus says.
func (e *Engine) moved(ctx context.Context, tx *store.Tx, o apiclient.Options, a *store.Account, to apiclient.Status) (apiclient.Effect, error) {
	if to != a.Status { // one that the site has no more may stay
		accepted, err := acceptStatus(o, to)
		if err != nil {
			return apiclient.Effect{}, err
		}
		to = accepted
	}
	effect := apiclient.ChangeStatus(a.Status, to)
	if effect.Changed() && a.ID == apiclient.ActorOf(ctx).ID {
		return effect, apiclient.Errorf(apiclient.Conflict, "You cannot change the status of your own account; ask another administrator.")
	}
	return effect, e.apply(ctx, tx, a, effect)
}

// apply brings about what a change of status does to the account and to its sessions. The
// account is still to be stored.
func (e *Engine) apply(ctx context.Context, tx *store.Tx, a *store.Account, effect apiclient.Effect) error {
	a.Status = effect.To
	switch effect.Hash {
	case apiclient.HashCleared:
		a.ActivationHash, a.ActivationExpiry = "", time.Time{}
	case apiclient.HashRenewed:
		o, err := e.options(ctx, tx)
		if err != nil {
			return err
		}
		e.renewHash(tx, o, a)
	case apiclient.HashKept:
	}
	if !effect.EndSessions {
		return nil
	}
	a.SessionsFrom = tx.Now()
	_, err := tx.EndSessions(ctx, a.ID, 0)
	return err
}

// renewHash makes the account's activation link anew. The expiry is always written or
// removed with it: Ultimate Member keeps a stale one when the setting is empty by now, and
// the fresh link is born expired.
func (e *Engine) renewHash(tx *store.Tx, o apiclient.Options, a *store.Account) {
	a.ActivationHash, a.ActivationExpiry = e.letters(hashLength), time.Time{}
	if days := o.Int("activation_link_expiry_time"); days > 0 {
		a.ActivationExpiry = tx.Now().AddDate(0, 0, days)
	}
}
