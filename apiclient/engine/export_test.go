package engine

import "umdeck/apiclient/engine/outbox"

// Between puts a store and a sender of a test between the outbox and the engine's own.
// It is called before Run.
func (e *Engine) Between(store func(outbox.Store) outbox.Store, sender func(outbox.Sender) outbox.Sender) (err error) {
	cfg := e.outboxConfig()
	cfg.Store, cfg.Sender = store(cfg.Store), sender(cfg.Sender)
	e.outbox, err = outbox.New(cfg)
	return err
}

// LoseClaim lets a claim that has succeeded look to the engine as one whose answer was
// lost.
func (e *Engine) LoseClaim(items []outbox.Item, err error) {
	for _, i := range items {
		e.claims.back(i)
	}
	e.claims.out(nil, err)
}
