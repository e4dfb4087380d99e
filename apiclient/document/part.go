package document

import (
	"context"
	"maps"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (d Document) planRoles(ctx context.Context, api apiclient.API) (Plan, error) {
	have, err := api.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var plan Plan
	for _, r := range d.Roles {
		step := Step{Noun: "role", Name: string(r.Slug), Action: Change, needs: apiclient.CanEditRoles}
		i := slices.IndexFunc(have, func(h apiclient.Role) bool { return h.Slug == r.Slug })
		switch {
		case i < 0 && !r.Custom:
			return nil, apiclient.Errorf(apiclient.Conflict, "The role %s is WordPress's own, and this site has none of that name; take it out of the document.", r.Slug)
		case i < 0:
			step.Action = Create
			step.do = func(ctx context.Context, api apiclient.API) error { return createRole(ctx, api, r) }
		case sameRole(roleOf(have[i]), r):
			step.Action = Same
		}
		// Roles name each other in their settings: those that are new must be there first.
		step.last = func(ctx context.Context, api apiclient.API) error {
			_, err := api.UpdateRole(ctx, r.Slug, r.update())
			return err
		}
		plan = append(plan, step)
	}
	return plan, nil
}

// createRole makes a role without the settings that may name others.
func createRole(ctx context.Context, api apiclient.API, r Role) error {
	n := r.Domain()
	n.Settings = apiclient.RoleSettings{}
	made, err := api.CreateRole(ctx, n)
	if err == nil && made.Slug != r.Slug {
		err = apiclient.Errorf(apiclient.Conflict, "The site calls a role of the name %s %s, and not %s; write that into the document.", r.Name, made.Slug, r.Slug)
	}
	return err
}

// sameRole compares roles in what can be changed of them.
func sameRole(is, want Role) bool {
	if !is.Custom {
		want.Name, want.Capabilities = is.Name, is.Capabilities
	}
	want.Custom = is.Custom
	slices.Sort(want.Capabilities)
	return equal(is, want)
}

func (r Role) update() apiclient.RoleUpdate {
	n := r.Domain()
	u := apiclient.RoleUpdate{Priority: &n.Priority, Registration: &n.Registration, Settings: n.Settings.Values()}
	if r.Custom {
		u.Name, u.Capabilities = &n.Name, append([]string{}, n.Capabilities...)
	}
	return u
}

func (d Document) planFields(ctx context.Context, api apiclient.API) (Plan, error) {
	have, err := api.Fields(ctx)
	if err != nil {
		return nil, err
	}
	var plan Plan
	for _, f := range d.Fields {
		want := f.Domain()
		want.Source = ""
		step := Step{Noun: "field", Name: f.Key, Action: Create, needs: apiclient.CanWriteFields}
		i := slices.IndexFunc(have, func(h apiclient.Field) bool { return h.Key == f.Key })
		if i < 0 {
			if err := want.CheckNew(); err != nil {
				return nil, err
			}
			step.do = func(ctx context.Context, api apiclient.API) error {
				_, err := api.CreateField(ctx, want)
				return err
			}
			plan = append(plan, step)
			continue
		}
		is := have[i]
		if is.Type != want.Type || is.CoreType() != want.CoreType() {
			return nil, apiclient.Errorf(apiclient.Conflict, "The field %s is of the type %s on this site and %s in the document, and a type never changes; give one of them another key.", f.Key, is.CoreType(), want.CoreType())
		}
		step.Action = Change
		if equal(normal(is), normal(want)) {
			step.Action = Same
		}
		step.do = func(ctx context.Context, api apiclient.API) error {
			_, err := api.UpdateField(ctx, is.Key, fieldUpdate(is, want))
			return err
		}
		plan = append(plan, step)
	}
	return plan, nil
}

// normal writes out what a field leaves to its type.
func normal(f apiclient.Field) wire.Field {
	f.Core = f.CoreType()
	return fieldOf(f)
}

// fieldUpdate names what differs.
func fieldUpdate(is, want apiclient.Field) apiclient.FieldUpdate {
	u := apiclient.FieldUpdate{Attributes: map[string]string{}}
	if want.Label != is.Label {
		u.Label = &want.Label
	}
	if !slices.Equal(want.Choices, is.Choices) {
		u.Choices = append([]apiclient.Choice{}, want.Choices...)
	}
	before := map[string]string{}
	for _, a := range is.Attributes() {
		before[a.Name] = a.Value
	}
	for _, a := range want.Attributes() {
		if before[a.Name] != a.Value {
			u.Attributes[a.Name] = a.Value
		}
	}
	return u
}

func (d Document) planForms(ctx context.Context, api apiclient.API) (Plan, error) {
	have, err := api.Forms(ctx)
	if err != nil {
		return nil, err
	}
	var plan Plan
	for _, f := range d.Forms {
		n := f.Domain()
		if err := n.Validate(); err != nil {
			return nil, err
		}
		step := Step{Noun: "form", Name: f.Title, Action: Create, needs: apiclient.CanWriteForms}
		i := slices.IndexFunc(have, func(h apiclient.Form) bool {
			return h.Mode == f.Mode && h.Core == f.Core && (f.Core || h.Title == n.Form().Title)
		})
		if i < 0 && f.Core {
			return nil, apiclient.Errorf(apiclient.Conflict, "The site has no core form to %s with; take it out of the document.", f.Mode)
		}
		if i < 0 {
			step.do = func(ctx context.Context, api apiclient.API) error {
				_, err := api.CreateForm(ctx, n)
				return err
			}
			plan = append(plan, step)
			continue
		}
		is, want := have[i], n.Form()
		want.Core = f.Core
		have = slices.Delete(have, i, i+1) // the next of that title is another one
		step.Action = Change
		if equal(formOf(is), formOf(want)) {
			step.Action = Same
		}
		step.do = func(ctx context.Context, api apiclient.API) error {
			_, err := api.UpdateForm(ctx, is.ID, formUpdate(is, want))
			return err
		}
		plan = append(plan, step)
	}
	return plan, nil
}

// formUpdate makes one form of the other.
func formUpdate(is, want apiclient.Form) apiclient.FormUpdate {
	u := apiclient.FormUpdate{
		Title: &want.Title, Settings: apiclient.FormSettings{}, Rows: append([]apiclient.FormRow{}, want.Rows...), Fields: append([]apiclient.FormField{}, want.Fields...),
	}
	for key := range is.Settings {
		u.Settings[key] = "" // the default, unless the document says otherwise
	}
	maps.Copy(u.Settings, want.Settings)
	return u
}
