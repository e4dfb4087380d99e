package users

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
	"umdeck/views/list"
)

// create opens the form for a new user.
func (s *Screen) create() tea.Cmd {
	if s.knows() {
		return s.openCreate()
	}
	ask := s.lesson() // the screen has just begun, and whoever is quick gets the whole form too
	return ui.To(ID, func() tea.Msg { return createMsg{ask()} })
}

// createMsg brings what the form for a new user was waiting for.
type createMsg struct{ learned learnedMsg }

func (s *Screen) openCreate() tea.Cmd {
	fields := []form.Field{
		{Key: "user_login", Label: "Login", Help: "letters, digits, space and _ . - @; it can never be changed; empty: the e-mail address", Check: checkLogin},
		{Key: "user_email", Label: "E-mail", Required: true},
		{Key: "user_password", Label: "Password", Kind: form.Secret, Help: "empty: the account cannot log in until one is set"},
		{Key: "first_name", Label: "First name"},
		{Key: "last_name", Label: "Last name"},
		{Key: "display_name", Label: "Name shown", Help: "empty: first and last name, or the login"},
		{Key: "role", Label: "Role", Kind: form.Select, Choices: s.roleChoices(true)},
		{Key: "account_status", Label: "Status", Kind: form.Select, Choices: s.statusChoices("what the role gives to new accounts")},
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: "New user", Fields: fields, Button: "create", FieldErrors: list.FieldErrors,
		Save: func(v form.Values) (tea.Cmd, error) {
			u, err := api.CreateUser(ctx, newUser(v))
			if err != nil {
				return nil, err
			}
			return list.Bring(ID, savedMsg{u.ID, fmt.Sprintf("%s is registered as user %d, %s.", u.Login, u.ID, strings.ToLower(u.Status.Label()))}), nil
		},
	}))
}

func newUser(v form.Values) apiclient.NewUser {
	n := apiclient.NewUser{
		Login: v.Text("user_login"), Email: v.Text("user_email"), Password: apiclient.NewSecret(v.Text("user_password")),
		DisplayName: v.Text("display_name"), Status: apiclient.Status(v.Text("account_status")), Fields: map[string]apiclient.Value{},
	}
	if role := v.Text("role"); role != "" {
		n.Roles = []apiclient.RoleSlug{apiclient.RoleSlug(role)}
	}
	for _, key := range []string{"first_name", "last_name"} {
		if text := v.Text(key); text != "" {
			n.Fields[key] = apiclient.Text(text)
		}
	}
	return n
}

func checkLogin(text string) error {
	if text == "" {
		return nil // the e-mail address is the login then
	}
	return apiclient.CheckLogin(text)
}

// editMsg brings the user that is to be edited, with everything that is stored.
type editMsg struct {
	learned learnedMsg // what the screen did not know yet
	user    apiclient.User
	err     error
}

func (s *Screen) edit(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api, known, ask := s.Env.Ctx, s.API, s.knows(), s.lesson()
		return ui.To(ID, func() tea.Msg {
			var m editMsg
			if !known {
				m.learned = ask()
			}
			m.user, m.err = api.User(ctx, r.ID)
			return m
		})
	}
}

func (s *Screen) openEdit(msg editMsg) tea.Cmd {
	if msg.err != nil {
		return ui.Fail(msg.err)
	}
	return tea.Batch(s.learned(msg.learned), s.editForm(msg.user))
}

func (s *Screen) editForm(u apiclient.User) tea.Cmd {
	asked := s.asked(u)
	fields := []form.Field{
		{Key: "user_email", Label: "E-mail", Value: u.Email, Required: true},
		{Key: "display_name", Label: "Name shown", Value: u.DisplayName},
		{Key: "user_url", Label: "Website", Value: u.URL},
		{Key: "user_password", Label: "New password", Kind: form.Secret, Help: "empty: it stays as it is"},
	}
	if s.Missing(apiclient.CanSetRoles) == "" {
		fields = append(fields, s.roleField(u))
	}
	for _, f := range asked {
		fields = append(fields, input(f, u.Fields[f.Key]))
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: fmt.Sprintf("Edit %s (#%d)", u.Login, u.ID), Fields: fields, FieldErrors: list.FieldErrors,
		Save: func(v form.Values) (tea.Cmd, error) {
			change := update(v, asked)
			if v.Changed("roles") {
				change.Roles = rolesAfter(u.Roles, v.List("roles"))
			}
			if change.IsZero() {
				return ui.Toast(ui.Info, "Nothing was changed."), nil
			}
			if _, err := api.UpdateUser(ctx, u.ID, change); err != nil {
				return nil, err
			}
			return list.Bring(ID, savedMsg{u.ID, u.Login + " is saved."}), nil
		},
	}))
}

// usual are the predefined fields that are asked for even when nothing is stored.
var usual = []string{"first_name", "last_name", "nickname", "description", "birth_date", "gender", "country", "phone_number", "mobile_number"}

// asked returns the fields that the form of a user has: the site's own, the usual
// ones, and whatever has an answer. A site without a catalogue has the names.
func (s *Screen) asked(u apiclient.User) []apiclient.Field {
	if s.Missing(apiclient.CanReadFieldSet) != "" {
		return []apiclient.Field{
			{Key: "first_name", Label: "First Name", Type: apiclient.FieldText},
			{Key: "last_name", Label: "Last Name", Type: apiclient.FieldText},
			{Key: "description", Label: "Biography", Type: apiclient.FieldTextarea},
		}
	}
	account := apiclient.AccountKeys()
	var fields []apiclient.Field
	for _, f := range s.fields {
		_, answered := u.Fields[f.Key]
		wanted := answered || f.Source == apiclient.FieldCustom || slices.Contains(usual, f.Key)
		if wanted && !f.Secret && !f.ReadOnly && !slices.Contains(account, f.Key) && f.Key != "role_select" && f.Key != "role_radio" {
			fields = append(fields, f)
		}
	}
	slices.SortStableFunc(fields, func(a, b apiclient.Field) int { return rank(a.Key) - rank(b.Key) })
	return fields
}

// rank puts the usual fields first, in their order.
func rank(key string) int {
	if at := slices.Index(usual, key); at >= 0 {
		return at
	}
	return len(usual)
}

func update(v form.Values, asked []apiclient.Field) apiclient.UserUpdate {
	u := apiclient.UserUpdate{Fields: map[string]apiclient.Value{}}
	for key, into := range map[string]**string{"user_email": &u.Email, "display_name": &u.DisplayName, "user_url": &u.URL} {
		if v.Changed(key) {
			text := v.Text(key)
			*into = &text
		}
	}
	if v.Changed("user_password") {
		secret := apiclient.NewSecret(v.Text("user_password"))
		u.Password = &secret
	}
	for _, f := range asked {
		if v.Changed(f.Key) {
			u.Fields[f.Key] = answer(f, v.Text(f.Key), v.List(f.Key))
		}
	}
	return u
}

// roleField is the checklist of roles with their priorities; the effective one says so.
func (s *Screen) roleField(u apiclient.User) form.Field {
	f := form.Field{Key: "roles", Label: "Roles", Kind: form.Multi, Help: "space marks; the settings of the one with the highest priority apply"}
	for _, r := range u.Roles {
		f.Values = append(f.Values, string(r))
	}
	for _, r := range s.roles {
		label := fmt.Sprintf("%s, priority %d", r.Name, r.Priority)
		if r.Slug == u.Role() {
			label += " (effective)"
		}
		f.Choices = append(f.Choices, form.Choice{Value: string(r.Slug), Label: label})
	}
	return f
}

// rolesAfter returns the chosen roles: those that the user had stay in their order, which
// decides among equals.
func rolesAfter(had []apiclient.RoleSlug, chosen []string) []apiclient.RoleSlug {
	after := slices.DeleteFunc(append([]apiclient.RoleSlug{}, had...), func(r apiclient.RoleSlug) bool { return !slices.Contains(chosen, string(r)) })
	for _, slug := range chosen {
		if r := apiclient.RoleSlug(slug); !slices.Contains(had, r) {
			after = append(after, r)
		}
	}
	return after
}

func (s *Screen) roleChoices(withDefault bool) []form.Choice {
	var list []form.Choice
	if withDefault {
		list = append(list, form.Choice{Label: "the site's default role"})
	}
	for _, r := range s.roles {
		list = append(list, form.Choice{Value: string(r.Slug), Label: r.Name})
	}
	return list
}

func (s *Screen) statusChoices(unset string) []form.Choice {
	list := []form.Choice{{Label: unset}}
	for _, a := range s.statusesOf(apiclient.UserCounts{}) {
		list = append(list, form.Choice{Value: string(a.Slug), Label: a.Label})
	}
	return list
}
