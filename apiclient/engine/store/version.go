package store

import (
	"context"
	"crypto/rand"
	"strings"
)

// metaRules is the key of the version of what decides which deliveries an event makes
// and what they post: zaps, subscriptions and settings.
const metaRules = "rules"

// Version returns a text that is another one whenever zaps, subscriptions (their
// counters apart), settings, fields or roles are. In a change it is read once.
func (tx *Tx) Version(ctx context.Context) (string, error) {
	if tx.version != "" {
		return tx.version, nil
	}
	var last int64
	list, err := collect(ctx, tx, func(s scanner) (value string, err error) {
		return value, s.Scan(&value, &last)
	}, `SELECT value, `+tx.lastLogged()+` FROM meta WHERE key IN ('`+metaRules+`', '`+metaFields+`', '`+metaRoles+`') ORDER BY key`)
	if err != nil {
		return "", err
	}
	if tx.postgres && tx.hand != nil {
		tx.hand.compare(last)
	}
	tx.version = "v " + strings.Join(list, " ") // never empty
	return tx.version, nil
}

// Turned reports whether what deliveries post, and whether they may, has changed.
func (tx *Tx) Turned() bool { return tx.turned }

func (tx *Tx) newRulesVersion(ctx context.Context) error {
	tx.turned, tx.turns = true, true
	tx.hand.clear()
	return tx.newVersion(ctx, metaRules)
}

func (tx *Tx) newVersion(ctx context.Context, key string) error {
	tx.version = ""
	return tx.SetMeta(ctx, key, rand.Text())
}
