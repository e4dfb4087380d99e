package engine

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// The rules are what decides which deliveries an event makes and what they say. They
// are not changed after they were read.
type rules struct {
	version   string
	zaps      map[apiclient.Trigger][]apiclient.Zap // by id, running or not
	targets   map[apiclient.ZapID][]store.Target
	catalogue *catalogue
	options   apiclient.Options
}

// rules returns the rules of the transaction. They are read again when they have
// changed since, by whichever engine.
func (e *Engine) rules(ctx context.Context, tx *store.Tx) (*rules, error) {
	version, err := tx.Version(ctx)
	if err != nil {
		return nil, err
	}
	if r := e.ruled.Load(); r != nil && r.version == version {
		return r, nil
	}
	r := &rules{version: version, zaps: map[apiclient.Trigger][]apiclient.Zap{}, targets: map[apiclient.ZapID][]store.Target{}}
	zaps, err := tx.Zaps(ctx, apiclient.ZapTrigger)
	if err != nil {
		return nil, err
	}
	for _, z := range zaps {
		r.zaps[z.Event] = append(r.zaps[z.Event], z)
		if r.targets[z.ID], err = tx.Targets(ctx, z.ID); err != nil {
			return nil, err
		}
	}
	if r.catalogue, err = e.catalogue(ctx, tx); err != nil {
		return nil, err
	}
	if r.options, err = e.readOptions(ctx, tx); err != nil {
		return nil, err
	}
	e.ruled.Store(r)
	return r, nil
}
