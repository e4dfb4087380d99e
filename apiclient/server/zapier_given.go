package server

import (
	"context"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// given returns what a call says about a user: a new one where was has no id. The fields
// are those of the catalogue, whether the zap has them or not. Other parameters change
// nothing, since Zapier and people's scripts send some of their own; their names are in
// ignored, sorted.
func (s *Server) given(ctx context.Context, in wire.Registration, was apiclient.User) (u apiclient.UserUpdate, ignored []string, err error) {
	status, err := s.givenStatus(ctx, in.Status)
	if err != nil {
		return u, nil, err
	}
	u.Status = &status
	role, err := s.givenRole(ctx, in.Role, was)
	if err != nil {
		return u, nil, err
	}
	u.Roles = []apiclient.RoleSlug{role}
	if err := columns(&u, in); err != nil {
		return u, nil, err
	}
	catalogue, err := s.api.Fields(ctx)
	if err != nil {
		return u, nil, err
	}
	u.Fields = map[string]apiclient.Value{}
	for _, name := range slices.Sorted(maps.Keys(in.Fields)) {
		switch {
		case isColumn(name):
		case writable(catalogue, name):
			u.Fields[name] = in.Fields[name]
		default:
			ignored = append(ignored, name)
		}
	}
	if was.ID == 0 { // there is nothing to clear
		return u, append(ignored, in.Clear...), nil
	}
	return u, ignored, s.clear(ctx, &u, in, catalogue)
}

// isColumn reports whether a parameter is a column of the account that the API writes.
func isColumn(name string) bool {
	return slices.Contains([]string{"user_email", "display_name", "user_url", "user_password"}, name)
}

// writable reports whether the API writes the field of that key.
func writable(catalogue []apiclient.Field, key string) bool {
	return !slices.Contains(apiclient.AccountKeys(), key) &&
		slices.ContainsFunc(catalogue, func(f apiclient.Field) bool { return f.Key == key && !f.Secret && !f.ReadOnly })
}

// columns takes the parameters that are columns of the account.
func columns(u *apiclient.UserUpdate, in wire.Registration) error {
	for _, c := range []struct {
		name string
		to   **string
	}{{"user_email", &u.Email}, {"display_name", &u.DisplayName}, {"user_url", &u.URL}} {
		text, err := wire.OneText(c.name, in.Fields[c.name])
		if err != nil {
			return err
		}
		if text = strings.TrimSpace(text); text != "" {
			*c.to = &text
		}
	}
	password, ok := in.Fields["user_password"]
	if !ok {
		return nil
	}
	text, err := wire.OneText("user_password", password)
	secret := apiclient.NewSecret(text) // as it is: its spaces count
	u.Password = &secret
	return err
}

// clear empties the fields that the call names in umdeck_clear and, where the setting
// umdeck_api_empty says so, those that came with an empty value.
func (s *Server) clear(ctx context.Context, u *apiclient.UserUpdate, in wire.Registration, catalogue []apiclient.Field) error {
	for _, name := range in.Clear {
		if _, both := in.Fields[name]; both {
			return apiclient.FieldErrorf(wire.ParamClear, "%s has a value and is to be cleared; send one of the two.", name)
		}
		if !empty(u, name, catalogue) {
			return apiclient.FieldErrorf(wire.ParamClear, "%q cannot be cleared: it is no field that the API writes, or one that no account can be without.", name)
		}
	}
	if len(in.Empty) == 0 {
		return nil
	}
	o, err := s.settings(ctx)
	if err != nil || o.Text("umdeck_api_empty") != "clear" {
		return err
	}
	for _, name := range in.Empty {
		empty(u, name, catalogue) // what cannot be emptied stays: the parameter is optional
	}
	return nil
}

// empty makes the update empty a column or a field, and reports whether that can be.
func empty(u *apiclient.UserUpdate, name string, catalogue []apiclient.Field) bool {
	switch {
	case name == "display_name":
		u.DisplayName = new("")
	case name == "user_url":
		u.URL = new("")
	case writable(catalogue, name):
		u.Fields[name] = apiclient.Value{}
	default:
		return false
	}
	return true
}

// settings returns what the site's settings say; of a site that tells none, the defaults.
func (s *Server) settings(ctx context.Context) (apiclient.Options, error) {
	o := apiclient.DefaultOptions()
	list, err := s.api.Settings(ctx)
	for _, v := range list {
		if !v.Secret {
			o[v.Key] = v.Value
		}
	}
	return o, unlessUnsupported(err)
}

// unlessUnsupported leaves out that a site has no such thing.
func unlessUnsupported(err error) error {
	if apiclient.KindOf(err) == apiclient.Unsupported {
		return nil
	}
	return err
}

func (s *Server) givenStatus(ctx context.Context, text string) (apiclient.Status, error) {
	if status, err := apiclient.ParseStatus(text); err == nil {
		return status, nil
	}
	known, err := s.api.Statuses(ctx)
	if err != nil {
		return "", err
	}
	var own []apiclient.AccountStatus // what is not Ultimate Member's
	for _, k := range known {
		if !slices.ContainsFunc(apiclient.DefaultStatuses(), func(d apiclient.AccountStatus) bool { return d.Slug == k.Slug }) {
			own = append(own, k)
		}
	}
	return apiclient.ParseStatus(text, own...)
}

// givenRole returns the role that a call names: by its slug, or, as the API
// document's examples do, by Ultimate Member's own key of one of its roles ("member"
// for um_member) or by its name. It refuses a role that the site does not have. One with
// administrative rights that the user does not have yet takes a caller who may promote
// users, and the setting umdeck_api_privileged_roles.
func (s *Server) givenRole(ctx context.Context, text apiclient.RoleSlug, was apiclient.User) (apiclient.RoleSlug, error) {
	roles, err := s.api.Roles(ctx)
	if err != nil {
		return "", err
	}
	r, ok := apiclient.RoleNamed(roles, string(text))
	if !ok {
		var slugs []string
		for _, r := range roles {
			slugs = append(slugs, string(r.Slug))
		}
		return "", apiclient.FieldErrorf(wire.ParamRole, "%q is no role of this site; use one of %s.", string(text), strings.Join(slugs, ", "))
	}
	if err := s.mayGive(ctx, []apiclient.RoleSlug{r.Slug}); err != nil || !r.Privileged() || slices.Contains(was.Roles, r.Slug) {
		return r.Slug, err
	}
	o, err := s.settings(ctx)
	if err == nil && !o.On("umdeck_api_privileged_roles") {
		err = apiclient.Errorf(apiclient.Forbidden, "The role %s has administrative rights, and this site does not give such roles through the API; turn its setting umdeck_api_privileged_roles on, or give the role by hand.", r.Slug)
	}
	return r.Slug, err
}
