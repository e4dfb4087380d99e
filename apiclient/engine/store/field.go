package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"umdeck/apiclient"
)

// Fields returns the fields of the site's own by key, predefined ones that it has
// changed among them.
func (tx *Tx) Fields(ctx context.Context) ([]apiclient.Field, error) {
	return collect(ctx, tx, scanField, `SELECT key, label, type, core, required, choices, validate, min, max, max_chars, max_words, attributes FROM fields ORDER BY key`)
}

func scanField(s scanner) (f apiclient.Field, err error) {
	var choices, attributes string
	if err := s.Scan(&f.Key, &f.Label, &f.Type, &f.Core, &f.Required, &choices, &f.Validate, &f.Min, &f.Max, &f.MaxChars, &f.MaxWords, &attributes); err != nil {
		return f, err
	}
	f.Source = apiclient.FieldCustom
	if choices != "[]" {
		if err := json.Unmarshal([]byte(choices), &f.Choices); err != nil {
			return f, fmt.Errorf("read the choices of field %s: %w", f.Key, err)
		}
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(attributes), &texts); err != nil {
		return f, fmt.Errorf("read the attributes of field %s: %w", f.Key, err)
	}
	for name, value := range texts {
		if err := f.SetAttribute(name, value); err != nil {
			return f, fmt.Errorf("read attribute %s of field %s: %w", name, f.Key, err)
		}
	}
	return f, nil
}

// columned are the attributes that have a column of their own.
var columned = []string{"required", "validate", "min", "max", "max_chars", "max_words"}

// attributesOf returns what has no column, as JSON.
func attributesOf(f apiclient.Field) string {
	texts := map[string]string{}
	for _, a := range f.Attributes() {
		if a.Value != "" && !slices.Contains(columned, a.Name) {
			texts[a.Name] = a.Value
		}
	}
	b, err := json.Marshal(texts)
	if err != nil {
		panic("store: texts always encode: " + err.Error())
	}
	return string(b)
}

// PutField stores a field of the site's own, in the place of one of that key.
func (tx *Tx) PutField(ctx context.Context, f apiclient.Field) error {
	_, err := tx.exec(ctx, `INSERT INTO fields (key, label, type, core, required, choices, validate, min, max, max_chars, max_words, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET label = excluded.label, type = excluded.type, core = excluded.core, required = excluded.required, choices = excluded.choices,
			validate = excluded.validate, min = excluded.min, max = excluded.max, max_chars = excluded.max_chars, max_words = excluded.max_words, attributes = excluded.attributes`,
		f.Key, f.Label, f.Type, f.Core, bit(f.Required), jsonList(f.Choices), f.Validate, f.Min, f.Max, f.MaxChars, f.MaxWords, attributesOf(f))
	if err != nil {
		return err
	}
	return tx.newFieldsVersion(ctx)
}

// DeleteField removes a field of the site's own from the catalogue, and reports whether
// there was one.
func (tx *Tx) DeleteField(ctx context.Context, key string) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM fields WHERE key = ?`, key)
	if err != nil || n == 0 {
		return false, err
	}
	return true, tx.newFieldsVersion(ctx)
}

// DropFieldFromZaps removes a field from every zap.
func (tx *Tx) DropFieldFromZaps(ctx context.Context, key string) error {
	if _, err := tx.exec(ctx, `DELETE FROM zap_fields WHERE key = ?`, key); err != nil {
		return err
	}
	return tx.newRulesVersion(ctx)
}

// FieldsVersion returns a text that is another one whenever the fields are.
func (tx *Tx) FieldsVersion(ctx context.Context) (string, error) { return tx.Meta(ctx, metaFields) }

// metaFields is the key of the version of the fields, as metaRoles is that of the roles.
const metaFields = "fields"

func (tx *Tx) newFieldsVersion(ctx context.Context) error {
	return tx.newVersion(ctx, metaFields)
}
