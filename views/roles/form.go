package roles

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
	"umdeck/views/list"
)

// openMsg brings what a form needs: the role as it is now, and all roles.
type openMsg struct {
	role  apiclient.Role
	fresh bool
	all   []apiclient.Role
	err   error
}

// ask reads the roles anew and opens the form of one, or of a new one that begins as r.
func (s *Screen) ask(r apiclient.Role, fresh bool) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.To(ID, func() tea.Msg {
			all, err := api.Roles(ctx)
			if i := slices.IndexFunc(all, func(o apiclient.Role) bool { return o.Slug == r.Slug }); i >= 0 {
				r = all[i]
			}
			return openMsg{r, fresh, all, err}
		})
	}
}

func (s *Screen) openForm(m openMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	if m.fresh {
		return s.create(m)
	}
	return s.edit(m)
}

func (s *Screen) create(m openMsg) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	title, from := "New role", m.role
	if from.Slug != "" {
		title = "Clone " + named(from)
	}
	from.Slug, from.Name, from.Custom = "", "", true
	begin, err := apiclient.RoleUpdate{Name: new("x")}.Apply(from) // fills in the choices
	if err != nil {
		return ui.Fail(err)
	}
	begin.Name = ""
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: title, Button: "create", FieldErrors: list.FieldErrors, Fields: fields(begin, m.all),
		Save: func(v form.Values) (tea.Cmd, error) {
			u, err := update(v, func(string) bool { return true })
			if err != nil {
				return nil, err
			}
			r, err := u.Apply(begin)
			if err != nil {
				return nil, err
			}
			if r, err = api.CreateRole(ctx, r); err != nil {
				return nil, err
			}
			return list.Bring(ID, told(r, list.DidMsg{Text: named(r) + " is the role " + string(r.Slug) + ".", Select: string(r.Slug)})), nil
		},
	}))
}

func (s *Screen) edit(m openMsg) tea.Cmd {
	ctx, api, was := s.Env.Ctx, s.API, m.role
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: "Edit role " + string(was.Slug), FieldErrors: list.FieldErrors, Fields: fields(was, m.all),
		Save: func(v form.Values) (tea.Cmd, error) {
			u, err := update(v, v.Changed)
			switch {
			case err != nil:
				return nil, err
			case u.Name == nil && u.Priority == nil && u.Registration == nil && u.Capabilities == nil && len(u.Settings) == 0:
				return ui.Toast(ui.Info, "Nothing was changed."), nil
			}
			r, err := api.UpdateRole(ctx, was.Slug, u)
			if err != nil {
				return nil, err
			}
			return list.Bring(ID, told(r, list.DidMsg{Text: named(r) + " is saved.", Label: "that", Undo: s.restore(was)})), nil
		},
	}))
}

// told adds the first thing that one may not expect of the role.
func told(r apiclient.Role, m list.DidMsg) list.DidMsg {
	if len(r.Warnings) > 0 {
		m.Text, m.Warn = m.Text+" "+r.Warnings[0], true
	}
	return m
}

// fields is what the form asks of a role. Of WordPress's own the title and the
// capabilities cannot be changed.
func fields(r apiclient.Role, all []apiclient.Role) []form.Field {
	var asked []form.Field
	if r.Custom {
		asked = append(asked, form.Field{Key: "name", Label: "Role title", Value: r.Name, Required: true})
	}
	asked = append(asked,
		form.Field{Key: "priority", Label: "Role Priority", Value: strconv.Itoa(r.Priority), Help: "The higher the number, the higher the priority", Check: func(text string) error {
			_, err := priority(text)
			return err
		}},
		form.Field{Key: "registration", Label: "Registration Status", Kind: form.Select, Value: r.Registration, Choices: []form.Choice{
			{Value: apiclient.RegistrationApproved, Label: registration(apiclient.RegistrationApproved)},
			{Value: apiclient.RegistrationCheckmail, Label: registration(apiclient.RegistrationCheckmail)},
			{Value: apiclient.RegistrationPending, Label: registration(apiclient.RegistrationPending)},
		}},
	)
	for _, d := range apiclient.RoleSettingCatalogue() {
		asked = append(asked, field(r, d, all))
	}
	if r.Custom {
		caps := form.Field{Key: "capabilities", Label: "WP Capabilities", Kind: form.Multi, Values: r.Capabilities, Help: "space marks, / searches"}
		for _, c := range apiclient.WordPressCapabilities() {
			caps.Choices = append(caps.Choices, form.Choice{Value: c})
		}
		asked = append(asked, caps)
	}
	return asked
}

func priority(text string) (int, error) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, apiclient.FieldErrorf("priority", "The priority is a whole number, such as 10; %q is none.", text)
	}
	return n, nil
}

// field is how a setting is asked for.
func field(r apiclient.Role, d apiclient.RoleSetting, all []apiclient.Role) form.Field {
	v := r.Settings.Value(d.Key)
	f := form.Field{Key: d.Key, Label: d.Label, Value: v.Text, Help: d.Label + "  " + d.Key}
	switch d.Kind {
	case apiclient.RoleBool:
		f.Kind = form.Toggle
		if v.Text == "0" {
			f.Value = ""
		}
	case apiclient.RoleChoice:
		f.Kind = form.Select
		for _, c := range d.Choices {
			f.Choices = append(f.Choices, form.Choice{Value: c.Value, Label: c.Label})
		}
	case apiclient.RoleList:
		f.Kind, f.Value, f.Values, f.Help = form.Multi, "", v.List, d.Label+", none: all; space marks"
		for _, o := range all {
			f.Choices = append(f.Choices, form.Choice{Value: string(o.Slug), Label: o.Name})
		}
	case apiclient.RoleText:
		f.Kind = form.Lines
	case apiclient.RoleURL:
		f.Placeholder = "https://… or /path"
	}
	return f
}

// update is what the form says of the keys that are asked for.
func update(v form.Values, asked func(key string) bool) (u apiclient.RoleUpdate, err error) {
	if asked("name") {
		name := v.Text("name")
		u.Name = &name
	}
	if asked("priority") {
		n, err := priority(v.Text("priority"))
		if err != nil {
			return u, err
		}
		u.Priority = &n
	}
	if asked("registration") {
		word := v.Text("registration")
		u.Registration = &word
	}
	if asked("capabilities") {
		u.Capabilities = append([]string{}, v.List("capabilities")...)
	}
	u.Settings = map[string]apiclient.Value{}
	for _, d := range apiclient.RoleSettingCatalogue() {
		switch {
		case !asked(d.Key):
		case d.Kind == apiclient.RoleList:
			u.Settings[d.Key] = apiclient.List(v.List(d.Key)...)
		default:
			u.Settings[d.Key] = apiclient.Text(v.Text(d.Key))
		}
	}
	return u, nil
}
