package users

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/picker"
	"umdeck/views/list"
)

// statusKeys are the keys of the status actions: none that the list itself has, and
// no capital that a broken escape sequence can end with.
var statusKeys = map[apiclient.Action]string{
	apiclient.ActionApprove:    "o",
	apiclient.ActionReject:     "r",
	apiclient.ActionPending:    "W",
	apiclient.ActionResend:     "M",
	apiclient.ActionDeactivate: "x",
	apiclient.ActionReactivate: "i",
}

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	targets := s.Targets()
	nobody := ""
	if len(targets) == 0 {
		nobody = "There is no user under the cursor."
	}
	actions := []ui.Action{
		{ID: "users.create", Key: "n", Title: "New user…", Short: "new", Help: "register an account as an administrator does", Writes: true, Disabled: s.Missing(apiclient.CanCreateUsers), Run: s.create},
		{ID: "users.edit", Key: "e", Title: "Edit…", Short: "edit", Writes: true, Disabled: list.First(nobody, one(targets), s.Missing(apiclient.CanEditUsers)), Run: s.edit},
	}
	for _, a := range apiclient.StatusActions() {
		actions = append(actions, ui.Action{
			ID: "users." + string(a), Key: statusKeys[a], Title: a.Title(), Short: "-", Writes: true,
			Disabled: list.First(nobody, s.Missing(apiclient.CanActOnUsers), refusal(a, targets)),
			Run:      func() tea.Cmd { return s.plan(apiclient.UserAction{Action: a}) },
		})
	}
	actions[2].Short = "approve"
	actions = append(actions,
		ui.Action{ID: "users.role", Key: "R", Title: "Change role…", Short: "-", Writes: true, Disabled: list.First(nobody, s.Missing(apiclient.CanSetRoles)), Run: s.chooseRole},
		ui.Action{ID: "users.delete", Key: "d", Title: "Delete…", Short: "-", Writes: true, Disabled: list.First(nobody, s.Missing(apiclient.CanDeleteUsers)), Run: func() tea.Cmd {
			return s.plan(apiclient.UserAction{Action: apiclient.ActionDelete, Mail: true})
		}},
		ui.Action{ID: "users.deliveries", Key: "t", Title: "Deliveries of the user", Short: "-", Disabled: list.First(nobody, one(targets), s.Missing(apiclient.CanReadLog)), Run: func() tea.Cmd {
			return ui.Go("log?filter=user:" + list.Number(targets[0].ID))
		}},
		ui.Action{ID: "users.copy", Key: "y", Title: "Copy…", Short: "copy", Disabled: nobody, Run: s.copy},
	)
	return append(actions, s.Model.Actions()...)
}

func one(targets []row) string {
	if len(targets) > 1 {
		return "Several users are marked; this works on one."
	}
	return ""
}

// refusal returns why the action would be refused for every target, as far as
// their statuses are known.
func refusal(a apiclient.Action, targets []row) string {
	why := ""
	for _, t := range targets {
		if t.Status == apiclient.StatusUnknown {
			return ""
		}
		_, refused := a.Apply(t.Status)
		if refused == "" {
			return ""
		}
		why = refused
	}
	return why
}

func (s *Screen) chooseRole() tea.Cmd {
	items := make([]picker.Item, len(s.roles))
	for i, r := range s.roles {
		items[i] = picker.Item{ID: string(r.Slug), Title: r.Name, Note: string(r.Slug)}
	}
	cursor := ""
	if t := s.Targets(); len(t) > 0 {
		cursor = string(t[0].Role())
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Change role to", Items: items, Cursor: cursor, Empty: "The site has told no roles yet.",
		Pick: func(ids []string) tea.Cmd {
			return s.plan(apiclient.UserAction{Action: apiclient.ActionRole, Role: apiclient.RoleSlug(ids[0])})
		},
	}))
}

func (s *Screen) copy() tea.Cmd {
	targets := s.Targets()
	pick := func(of func(row) string) string {
		texts := make([]string, len(targets))
		for i, t := range targets {
			texts[i] = of(t)
		}
		return strings.Join(texts, "\n")
	}
	forms := []struct {
		key, title string
		of         func(row) string
	}{
		{"e", "E-mail address", func(r row) string { return r.Email }},
		{"l", "Login", func(r row) string { return r.Login }},
		{"i", "ID", func(r row) string { return list.Number(r.ID) }},
		{"n", "Name", func(r row) string { return r.Name() }},
	}
	items := make([]picker.Item, len(forms))
	for i, f := range forms {
		items[i] = picker.Item{ID: f.key, Key: f.key, Title: f.title}
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: fmt.Sprintf("Copy of %s", people(targets)), Items: items, Hotkeys: true,
		Pick: func(ids []string) tea.Cmd {
			at := slices.IndexFunc(items, func(i picker.Item) bool { return i.ID == ids[0] })
			return ui.Copy(pick(forms[at].of), strings.ToLower(forms[at].title))
		},
	}))
}

// people names the targets: one by its login, more by their number.
func people(targets []row) string {
	if len(targets) == 1 {
		return targets[0].Login
	}
	return number(len(targets)) + " users"
}
