package store

import "context"

// Settings returns the settings that the site has values of its own for, by key. There
// may be some that this version does not know.
func (tx *Tx) Settings(ctx context.Context) (map[string]string, error) {
	values := map[string]string{}
	_, err := collect(ctx, tx, func(s scanner) (none struct{}, err error) {
		var key, value string
		err = s.Scan(&key, &value)
		values[key] = value
		return none, err
	}, `SELECT key, value FROM settings`)
	return values, err
}

// SetSetting gives a setting a value of the site's own.
func (tx *Tx) SetSetting(ctx context.Context, key, value string) error {
	_, err := tx.exec(ctx, `INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return err
	}
	return tx.newRulesVersion(ctx)
}

// ResetSetting takes a setting's own value away.
func (tx *Tx) ResetSetting(ctx context.Context, key string) error {
	_, err := tx.exec(ctx, `DELETE FROM settings WHERE key = ?`, key)
	if err != nil {
		return err
	}
	return tx.newRulesVersion(ctx)
}
