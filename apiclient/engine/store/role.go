package store

import (
	"context"
	"encoding/json"

	"umdeck/apiclient"
)

// Roles returns the roles by priority, the highest first, and then by name.
func (tx *Tx) Roles(ctx context.Context) ([]apiclient.Role, error) {
	return collect(ctx, tx, func(s scanner) (r apiclient.Role, err error) {
		var capabilities string
		if err := s.Scan(&r.Slug, &r.Name, &r.Priority, &r.Registration, &capabilities, &r.Users); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(capabilities), &r.Capabilities)
	}, `SELECT slug, name, priority, registration, capabilities, users FROM roles ORDER BY priority DESC, name, slug`)
}

// InsertRole stores a new role.
func (tx *Tx) InsertRole(ctx context.Context, r apiclient.Role) error {
	_, err := tx.exec(ctx, `INSERT INTO roles (slug, name, priority, registration, capabilities) VALUES (?, ?, ?, ?, ?)`,
		r.Slug, r.Name, r.Priority, r.Registration, jsonList(r.Capabilities))
	return err
}
