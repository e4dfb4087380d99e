package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"umdeck/apiclient"
)

// Roles returns the roles by priority, the highest first, and then by name.
func (tx *Tx) Roles(ctx context.Context) ([]apiclient.Role, error) {
	return collect(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM roles ORDER BY priority DESC, name, slug`)
}

// Role returns the role with that slug.
func (tx *Tx) Role(ctx context.Context, slug apiclient.RoleSlug) (apiclient.Role, error) {
	r, err := one(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM roles WHERE slug = ?`, slug)
	return r, absent(err, "There is no role %q on this site; see the list of roles.", string(slug))
}

const roleColumns = `slug, name, custom, priority, registration, capabilities, settings, users`

func scanRole(s scanner) (r apiclient.Role, err error) {
	var capabilities, settings string
	if err := s.Scan(&r.Slug, &r.Name, &r.Custom, &r.Priority, &r.Registration, &capabilities, &settings, &r.Users); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(capabilities), &r.Capabilities); err != nil {
		return r, err
	}
	r.Settings, err = settingsOf(settings)
	return r, err
}

// settingsOf reads the settings of a role: texts, and lists of texts.
func settingsOf(text string) (s apiclient.RoleSettings, err error) {
	var kept map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return s, err
	}
	for key, raw := range kept {
		var v apiclient.Value
		if len(raw) > 0 && raw[0] == '[' {
			v.List = []string{}
			err = json.Unmarshal(raw, &v.List)
		} else {
			err = json.Unmarshal(raw, &v.Text)
		}
		if err != nil {
			return s, err
		}
		if err := s.Set(key, v); err != nil {
			return s, err
		}
	}
	return s, nil
}

func jsonSettings(s apiclient.RoleSettings) string {
	kept := map[string]any{}
	for key, v := range s.Values() {
		if kept[key] = v.Text; v.List != nil {
			kept[key] = v.List
		}
	}
	return jsonOf(kept)
}

// RolesVersion returns a text that is another one whenever the roles are, their
// counts of users apart.
func (tx *Tx) RolesVersion(ctx context.Context) (string, error) { return tx.Meta(ctx, metaRoles) }

// metaRoles is the key of the version of the roles. A random text is never met again,
// also when the change that wrote it was rolled back.
const metaRoles = "roles"

func (tx *Tx) newRolesVersion(ctx context.Context) error {
	return tx.newVersion(ctx, metaRoles)
}

// CustomRoles returns the slugs of the custom roles in the order in which they were
// made.
func (tx *Tx) CustomRoles(ctx context.Context) ([]apiclient.RoleSlug, error) {
	return collect(ctx, tx, func(s scanner) (slug apiclient.RoleSlug, err error) {
		err = s.Scan(&slug)
		return slug, err
	}, `SELECT slug FROM roles WHERE custom = 1 ORDER BY made, slug`)
}

// RoleCalled returns the slug of the role with that name, in any case; empty: there
// is none.
func (tx *Tx) RoleCalled(ctx context.Context, name string) (apiclient.RoleSlug, error) {
	slug, err := one(ctx, tx, scanText, `SELECT slug FROM roles WHERE name_key = ?`, fold(name))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return apiclient.RoleSlug(slug), err
}

// InsertRole stores a new role.
func (tx *Tx) InsertRole(ctx context.Context, r apiclient.Role) error {
	_, err := tx.exec(ctx, `INSERT INTO roles (slug, name, name_key, custom, made, priority, registration, capabilities, settings)
		VALUES (?, ?, ?, ?, (SELECT coalesce(max(made), 0) + 1 FROM roles), ?, ?, ?, ?)`,
		r.Slug, r.Name, fold(r.Name), bit(r.Custom), r.Priority, r.Registration, jsonList(r.Capabilities), jsonSettings(r.Settings))
	if err != nil {
		return err
	}
	return tx.newRolesVersion(ctx)
}

// UpdateRole stores a role. Where its priority is another one than was, the effective
// roles of its users are found anew.
func (tx *Tx) UpdateRole(ctx context.Context, was, is apiclient.Role) error {
	_, err := tx.exec(ctx, `UPDATE roles SET name = ?, name_key = ?, priority = ?, registration = ?, capabilities = ?, settings = ? WHERE slug = ?`,
		is.Name, fold(is.Name), is.Priority, is.Registration, jsonList(is.Capabilities), jsonSettings(is.Settings), was.Slug)
	if err != nil {
		return err
	}
	if err := tx.newRolesVersion(ctx); err != nil || was.Priority == is.Priority {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE users SET role = `+effectiveRole+` WHERE id IN (
		SELECT a.user_id FROM user_roles a JOIN user_roles b ON b.user_id = a.user_id AND b.role <> a.role WHERE a.role = ?
	) AND role <> `+effectiveRole, was.Slug)
	return err
}

// effectiveRole is the role of a row of users whose settings apply: that of the highest
// priority, and among equals the one that the user has had for longest.
const effectiveRole = `coalesce((
	SELECT e.role FROM user_roles e JOIN roles p ON p.slug = e.role WHERE e.user_id = users.id ORDER BY p.priority DESC, e.position LIMIT 1
), '')`

// DeleteRole takes the role from its users and removes it. Those left without any
// get the fallback; moved is how many they are.
func (tx *Tx) DeleteRole(ctx context.Context, slug, fallback apiclient.RoleSlug) (moved int, err error) {
	n, err := tx.exec(ctx, `INSERT INTO user_roles (user_id, role, position)
		SELECT a.user_id, ?, a.position + 1 FROM user_roles a
		WHERE a.role = ? AND NOT EXISTS (SELECT 1 FROM user_roles b WHERE b.user_id = a.user_id AND b.role <> a.role)`, fallback, slug)
	if err != nil {
		return 0, err
	}
	for _, query := range []string{
		`DELETE FROM user_roles WHERE role = ?`,
		`UPDATE users SET role = ` + effectiveRole + ` WHERE role = ?`,
		`DELETE FROM roles WHERE slug = ?`,
	} {
		if _, err := tx.exec(ctx, query, slug); err != nil {
			return 0, err
		}
	}
	return int(n), tx.newRolesVersion(ctx)
}

// rolesOf returns the roles of a user, the effective one first.
func (tx *Tx) rolesOf(ctx context.Context, id apiclient.UserID) ([]apiclient.RoleSlug, error) {
	return collect(ctx, tx, func(s scanner) (slug apiclient.RoleSlug, err error) {
		err = s.Scan(&slug)
		return slug, err
	}, `SELECT a.role FROM user_roles a JOIN roles p ON p.slug = a.role WHERE a.user_id = ? ORDER BY p.priority DESC, a.position`, id)
}

// addRoles gives a user roles after those that they have.
func (tx *Tx) addRoles(ctx context.Context, id apiclient.UserID, roles []apiclient.RoleSlug) error {
	for _, r := range roles {
		_, err := tx.exec(ctx, `INSERT INTO user_roles (user_id, role, position)
			VALUES (?, ?, (SELECT coalesce(max(position), -1) + 1 FROM user_roles WHERE user_id = ?))`, id, r, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// changeRoles makes the roles of a user those of is, which are in their order. What
// stays keeps its place among roles of equal priority, unless is has it elsewhere.
func (tx *Tx) changeRoles(ctx context.Context, id apiclient.UserID, was, is []apiclient.RoleSlug) error {
	if slices.Equal(was, is) {
		return nil
	}
	for _, r := range was {
		if slices.Contains(is, r) {
			continue
		}
		if _, err := tx.exec(ctx, `DELETE FROM user_roles WHERE user_id = ? AND role = ?`, id, r); err != nil {
			return err
		}
	}
	added := slices.DeleteFunc(slices.Clone(is), func(r apiclient.RoleSlug) bool { return slices.Contains(was, r) })
	if err := tx.addRoles(ctx, id, added); err != nil {
		return err
	}
	got, err := tx.rolesOf(ctx, id)
	if err != nil || slices.Equal(got, is) {
		return err
	}
	for i, r := range is {
		if _, err := tx.exec(ctx, `UPDATE user_roles SET position = ? WHERE user_id = ? AND role = ?`, i, id, r); err != nil {
			return err
		}
	}
	return nil
}
