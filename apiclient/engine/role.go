package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Roles returns the roles of the site, by priority and then by name.
func (e *Engine) Roles(ctx context.Context) ([]apiclient.Role, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Role, error) {
		o, err := e.options(ctx, tx)
		if err != nil {
			return nil, err
		}
		list, err := tx.Roles(ctx)
		for i := range list {
			list[i].Warnings = list[i].Doubts(mailsOn(o))
		}
		return list, err
	})
}

// mailsOn returns which mails the settings have on.
func mailsOn(o apiclient.Options) func(apiclient.MailSlug) bool {
	return func(slug apiclient.MailSlug) bool { return o.MailTemplate(slug).On }
}

// told returns the role as it stands in the database now, with its warnings.
func (e *Engine) told(ctx context.Context, tx *store.Tx, slug apiclient.RoleSlug) (apiclient.Role, error) {
	o, err := e.options(ctx, tx)
	if err != nil {
		return apiclient.Role{}, err
	}
	r, err := tx.Role(ctx, slug)
	if err != nil {
		return r, err
	}
	r.Warnings = r.Doubts(mailsOn(o))
	return r, nil
}

// CreateRole stores a custom role.
func (e *Engine) CreateRole(ctx context.Context, r apiclient.Role) (made apiclient.Role, err error) {
	r.Custom = true
	if r, err = r.Normal(); err != nil {
		return apiclient.Role{}, err
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		fresh := r
		if err := e.checkRole(ctx, tx, apiclient.Role{}, fresh); err != nil {
			return err
		}
		if fresh.Slug, err = freeSlug(ctx, tx, fresh.Name); err != nil {
			return err
		}
		if err := tx.InsertRole(ctx, fresh); err != nil {
			return err
		}
		if made, err = e.told(ctx, tx, fresh.Slug); err != nil {
			return err
		}
		return e.audit(ctx, tx, "roles.create", subjectRole(made), nil, roleParts(made))
	})
	if err != nil {
		return apiclient.Role{}, err
	}
	return made, nil
}

// metaRoleCount is the number of the next custom_role_N, Ultimate Member's option
// custom_roles_increment.
const metaRoleCount = "custom_roles_increment"

// freeSlug returns the slug of a new role with the title. As in Ultimate Member a
// title whose key one of WordPress's own roles has is taken, too.
func freeSlug(ctx context.Context, tx *store.Tx, title string) (apiclient.RoleSlug, error) {
	if key := apiclient.RoleKey(title); key != "" {
		for _, slug := range []apiclient.RoleSlug{apiclient.CustomRole(key), apiclient.RoleSlug(key)} {
			if _, err := tx.Role(ctx, slug); err == nil {
				return "", taken("name", "Role already exists! %s is the key of %s; choose another title.", key, slug)
			} else if apiclient.KindOf(err) != apiclient.NotFound {
				return "", err
			}
		}
		return apiclient.CustomRole(key), nil
	}
	text, err := tx.Meta(ctx, metaRoleCount)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(cmp.Or(text, "1"))
	if err != nil {
		return "", fmt.Errorf("%s: %w", metaRoleCount, err)
	}
	for {
		slug := apiclient.CustomRole("custom_role_" + strconv.Itoa(n))
		n++
		_, err := tx.Role(ctx, slug)
		if apiclient.KindOf(err) == apiclient.NotFound && err != nil {
			return slug, tx.SetMeta(ctx, metaRoleCount, strconv.Itoa(n))
		}
		if err != nil {
			return "", err
		}
	}
}

// checkRole refuses a title that another role has, and settings that name roles which
// there are not. What was so before may stay.
func (e *Engine) checkRole(ctx context.Context, tx *store.Tx, was, is apiclient.Role) error {
	if other, err := tx.RoleCalled(ctx, is.Name); err != nil {
		return err
	} else if other != "" && other != was.Slug {
		return taken("name", "Role already exists! %s has the title %s; choose another one.", other, is.Name)
	}
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range apiclient.RoleSettingCatalogue() {
		if d.Kind != apiclient.RoleList {
			continue
		}
		for _, slug := range is.Settings.Value(d.Key).List {
			if _, ok := roles.by[apiclient.RoleSlug(slug)]; !ok && !slices.Contains(was.Settings.Value(d.Key).List, slug) {
				return apiclient.FieldErrorf(d.Key, "%s (%s) names %q, and there is no such role on this site; see the list of roles.", d.Label, d.Key, slug)
			}
		}
	}
	return nil
}

// UpdateRole changes what u names.
func (e *Engine) UpdateRole(ctx context.Context, slug apiclient.RoleSlug, u apiclient.RoleUpdate) (apiclient.Role, error) {
	return e.changeRole(ctx, slug, "roles.update", u.Apply)
}

// ResetRole gives one of WordPress's own roles the settings that Ultimate Member installs.
func (e *Engine) ResetRole(ctx context.Context, slug apiclient.RoleSlug) (apiclient.Role, error) {
	return e.changeRole(ctx, slug, "roles.reset", func(r apiclient.Role) (apiclient.Role, error) {
		if r.Custom {
			return r, apiclient.Errorf(apiclient.Conflict, "%s (%s) is a role of your own: it has nothing to be reset to; edit it, or delete it.", r.Name, r.Slug)
		}
		return apiclient.InstalledRole(r), nil
	})
}

func (e *Engine) changeRole(ctx context.Context, slug apiclient.RoleSlug, action string, apply func(apiclient.Role) (apiclient.Role, error)) (r apiclient.Role, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, err = e.putRole(ctx, tx, slug, action, apply)
		return err
	})
	if err != nil {
		return apiclient.Role{}, err
	}
	return r, nil
}

// putRole is changeRole in a transaction.
func (e *Engine) putRole(ctx context.Context, tx *store.Tx, slug apiclient.RoleSlug, action string, apply func(apiclient.Role) (apiclient.Role, error)) (apiclient.Role, error) {
	was, err := tx.Role(ctx, slug)
	if err != nil {
		return apiclient.Role{}, err
	}
	is, err := apply(was)
	if err != nil {
		return apiclient.Role{}, err
	}
	before, after := diff(roleParts(was), roleParts(is))
	if len(after) == 0 {
		return e.told(ctx, tx, slug)
	}
	if err := e.checkRole(ctx, tx, was, is); err != nil {
		return apiclient.Role{}, err
	}
	if err := tx.UpdateRole(ctx, was, is); err != nil {
		return apiclient.Role{}, err
	}
	r, err := e.told(ctx, tx, slug)
	if err != nil {
		return apiclient.Role{}, err
	}
	return r, e.audit(ctx, tx, action, subjectRole(r), before, after)
}

// DeleteRole removes a custom role. Members left without any role get subscriber, as
// Ultimate Member has it.
func (e *Engine) DeleteRole(ctx context.Context, slug apiclient.RoleSlug) (moved int, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		moved, err = e.deleteRole(ctx, tx, slug)
		return err
	})
	if err != nil {
		return 0, err
	}
	return moved, nil
}

func (e *Engine) deleteRole(ctx context.Context, tx *store.Tx, slug apiclient.RoleSlug) (moved int, err error) {
	r, err := tx.Role(ctx, slug)
	if err != nil {
		return 0, err
	}
	if !r.Custom {
		return 0, apiclient.Errorf(apiclient.Conflict, "The role %s is WordPress's own and cannot be deleted; its settings can be reset.", slug)
	}
	if err := e.unused(ctx, tx, r); err != nil {
		return 0, err
	}
	if moved, err = tx.DeleteRole(ctx, slug, apiclient.RoleSubscriber); err != nil {
		return 0, err
	}
	before := roleParts(r)
	before["users"] = r.Users
	return moved, e.audit(ctx, tx, "roles.delete", subjectRole(r), before, nil)
}

// unused refuses to let a role go that something else names.
func (e *Engine) unused(ctx context.Context, tx *store.Tx, r apiclient.Role) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range apiclient.SettingCatalogue() {
		if s.Kind == apiclient.SettingRole && o[s.Key] == string(r.Slug) {
			return apiclient.Errorf(apiclient.Conflict, "The setting %s (%s) names the role %s; choose another role there first.", s.Key, s.Label, r.Slug)
		}
	}
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return err
	}
	for _, other := range roles.all {
		// Without the name an empty list could be left, and that allows all roles.
		if keys := other.Settings.Named(r.Slug); other.Slug != r.Slug && len(keys) > 0 {
			return apiclient.Errorf(apiclient.Conflict, "The role %s names %s in %s; take it out there first.", other.Slug, r.Slug, keys[0])
		}
	}
	return offForms(ctx, tx, r)
}

// offForms refuses to let a role go that a form gives or is for.
func offForms(ctx context.Context, tx *store.Tx, r apiclient.Role) error {
	forms, err := tx.Forms(ctx)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if slices.ContainsFunc(strings.Split(f.Settings["role"], ","), func(slug string) bool { return strings.TrimSpace(slug) == string(r.Slug) }) {
			return apiclient.Errorf(apiclient.Conflict, "The form %d (%s) names the role %s; choose another role there first.", f.ID, f.Title, r.Slug)
		}
	}
	return nil
}

func subjectRole(r apiclient.Role) string { return fmt.Sprintf("role %s (%s)", r.Slug, r.Name) }

// roleParts is what the audit says of a role.
func roleParts(r apiclient.Role) parts {
	p := parts{"name": r.Name, "priority": r.Priority, "registration": r.Registration, "capabilities": r.Capabilities}
	for key, v := range r.Settings.Values() {
		p[key] = partOf(v)
	}
	return p
}

// Statuses returns Ultimate Member's five statuses, those that the setting
// umdeck_statuses adds, and whatever else accounts have, with how many do.
func (e *Engine) Statuses(ctx context.Context) ([]apiclient.AccountStatus, error) {
	counts, err := e.CountUsers(ctx, apiclient.Filter{})
	if err != nil {
		return nil, err
	}
	o, err := view(ctx, e, e.options)
	if err != nil {
		return nil, err
	}
	list := slices.Concat(apiclient.DefaultStatuses(), o.OwnStatuses())
	for i := range list {
		list[i].Users = counts.ByStatus[list[i].Slug]
		delete(counts.ByStatus, list[i].Slug)
	}
	var more []apiclient.AccountStatus
	for s, n := range counts.ByStatus {
		more = append(more, apiclient.AccountStatus{Slug: s, Label: s.Label(), Users: n})
	}
	slices.SortFunc(more, func(a, b apiclient.AccountStatus) int { return cmp.Compare(a.Slug, b.Slug) })
	return append(list, more...), nil
}
