package engine

import (
	"context"
	"maps"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// options returns what the settings say in this transaction.
func (e *Engine) options(ctx context.Context, tx *store.Tx) (apiclient.Options, error) {
	r, err := e.rules(ctx, tx)
	if err != nil {
		return nil, err
	}
	return r.options, nil
}

func (e *Engine) readOptions(ctx context.Context, tx *store.Tx) (apiclient.Options, error) {
	own, err := tx.Settings(ctx)
	if err != nil {
		return nil, err
	}
	o := maps.Clone(e.defaults)
	for key, value := range own {
		if _, known := o[key]; known { // an older program may meet a newer one's
			o[key] = value
		}
	}
	return o, nil
}

// Settings returns the whole catalogue with what the site has.
func (e *Engine) Settings(ctx context.Context) ([]apiclient.Setting, error) {
	return view(ctx, e, e.settings)
}

func (e *Engine) settings(ctx context.Context, tx *store.Tx) ([]apiclient.Setting, error) {
	o, err := e.options(ctx, tx)
	if err != nil {
		return nil, err
	}
	roles, err := tx.Roles(ctx)
	if err != nil {
		return nil, err
	}
	list := apiclient.SettingCatalogue()
	for i := range list {
		s := &list[i]
		s.Set = o[s.Key] != s.Default
		if !s.Secret {
			s.Value = o[s.Key]
		}
		if s.Kind == apiclient.SettingRole {
			s.Choices = roleChoices(roles, s.Default == "")
		}
	}
	return list, nil
}

func roleChoices(roles []apiclient.Role, none bool) []apiclient.Choice {
	var list []apiclient.Choice
	if none {
		list = append(list, apiclient.Choice{Label: "Default"})
	}
	for _, r := range roles {
		list = append(list, apiclient.Choice{Value: string(r.Slug), Label: r.Name})
	}
	return list
}

// ChangeSettings gives settings new values; all or nothing.
func (e *Engine) ChangeSettings(ctx context.Context, values map[string]string) (list []apiclient.Setting, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := e.changeSettings(ctx, tx, values); err != nil {
			return err
		}
		list, err = e.settings(ctx, tx)
		return err
	})
	return list, err
}

func (e *Engine) changeSettings(ctx context.Context, tx *store.Tx, values map[string]string) error {
	was, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	is, err := accepted(was, values)
	if err != nil {
		return err
	}
	return e.keepSettings(ctx, tx, was, is)
}

// accepted returns the options as values change them.
func accepted(was apiclient.Options, values map[string]string) (apiclient.Options, error) {
	known := map[string]apiclient.Setting{}
	for _, s := range apiclient.SettingCatalogue() {
		known[s.Key] = s
	}
	is := maps.Clone(was)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		s, ok := known[key]
		if !ok {
			return nil, apiclient.FieldErrorf(key, "There is no setting %q; see the list of settings.", key)
		}
		value, err := s.Accept(values[key])
		if err != nil {
			return nil, err
		}
		is[key] = value
	}
	return is, is.Check()
}

// keepSettings stores what differs and records it: of a secret that it was changed.
func (e *Engine) keepSettings(ctx context.Context, tx *store.Tx, was, is apiclient.Options) error {
	before, after := parts{}, parts{}
	for _, s := range apiclient.SettingCatalogue() {
		old, value := was[s.Key], is[s.Key]
		if old == value {
			continue
		}
		if s.Kind == apiclient.SettingRole && value != "" {
			if err := e.checkRoleSetting(ctx, tx, s.Key, apiclient.RoleSlug(value)); err != nil {
				return err
			}
		}
		before[s.Key], after[s.Key] = old, value
		if s.Secret {
			before[s.Key], after[s.Key] = hidden(old), hidden(value)
		}
		if value == s.Default {
			if err := tx.ResetSetting(ctx, s.Key); err != nil {
				return err
			}
			continue
		}
		if err := tx.SetSetting(ctx, s.Key, value); err != nil {
			return err
		}
	}
	if len(after) == 0 {
		return nil
	}
	if mailChanged(was, is) {
		if err := e.settleMails(ctx, tx); err != nil {
			return err
		}
		// Before the commit, but what becomes due by it wakes the outbox after it.
		e.mailer.Forget()
		e.mended.Store(e.now().UnixNano())
		e.outbox.Resume(mailLane)
	}
	return e.audit(ctx, tx, "settings.change", "settings", before, after)
}

// checkRoleSetting refuses a role that the site does not have.
func (e *Engine) checkRoleSetting(ctx context.Context, tx *store.Tx, key string, slug apiclient.RoleSlug) error {
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return err
	}
	if roles.known(slug) != nil {
		return apiclient.FieldErrorf(key, "There is no role %q on this site; see the list of roles.", string(slug))
	}
	return nil
}

// hidden says of a secret only whether there is one.
func hidden(value string) string { return apiclient.NewSecret(value).String() }
