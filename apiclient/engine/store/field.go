package store

import (
	"context"
	"encoding/json"

	"umdeck/apiclient"
)

// Fields returns the site's own fields by key.
func (tx *Tx) Fields(ctx context.Context) ([]apiclient.Field, error) {
	return collect(ctx, tx, func(s scanner) (f apiclient.Field, err error) {
		var choices string
		if err := s.Scan(&f.Key, &f.Label, &f.Type, &f.Required, &choices, &f.Validate, &f.Min, &f.Max, &f.MaxChars, &f.MaxWords); err != nil {
			return f, err
		}
		f.Source = apiclient.FieldCustom
		if choices == "[]" {
			return f, nil
		}
		return f, json.Unmarshal([]byte(choices), &f.Choices)
	}, `SELECT key, label, type, required, choices, validate, min, max, max_chars, max_words FROM fields ORDER BY key`)
}

// InsertField stores a field of the site's own.
func (tx *Tx) InsertField(ctx context.Context, f apiclient.Field) error {
	_, err := tx.exec(ctx, `INSERT INTO fields (key, label, type, required, choices, validate, min, max, max_chars, max_words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.Key, f.Label, f.Type, bit(f.Required), jsonList(f.Choices), f.Validate, f.Min, f.Max, f.MaxChars, f.MaxWords)
	return err
}

// PutField stores a field of the site's own in place of what it was.
func (tx *Tx) PutField(ctx context.Context, f apiclient.Field) error {
	_, err := tx.exec(ctx, `UPDATE fields SET label = ?, required = ?, choices = ?, validate = ?, min = ?, max = ?, max_chars = ?, max_words = ? WHERE key = ?`,
		f.Label, bit(f.Required), jsonList(f.Choices), f.Validate, f.Min, f.Max, f.MaxChars, f.MaxWords, f.Key)
	return err
}

// DeleteField removes a field of the site's own from the catalogue and from every
// zap, and reports whether there was one.
func (tx *Tx) DeleteField(ctx context.Context, key string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM fields WHERE key = ?`, key)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.exec(ctx, `DELETE FROM zap_fields WHERE key = ?`, key)
	return true, err
}
