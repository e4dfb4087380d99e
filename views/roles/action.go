package roles

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	single, write := aim.Single("role"), s.Missing(apiclient.CanEditRoles)
	r, _ := aim.One()
	own, native := "", ""
	if single == "" && !r.Custom {
		native = "It is WordPress's own and cannot be deleted; r resets its settings."
	}
	if single == "" && r.Custom {
		own = "It is a role of your own: it has nothing to be reset to."
	}
	actions := []ui.Action{
		{ID: "roles.edit", Key: "e", Title: "Edit…", Short: "edit", Help: "title, priority, registration status, settings and capabilities", Writes: true, Disabled: list.First(single, write), Run: s.ask(r, false)},
		{ID: "roles.create", Key: "n", Title: "New role…", Short: "new", Writes: true, Disabled: write, Run: s.ask(apiclient.Role{Capabilities: []string{"read"}}, true)},
		{ID: "roles.clone", Key: "C", Title: "Clone…", Short: "clone", Help: "a new role that begins with what this one has", Writes: true, Disabled: list.First(single, write), Run: s.ask(r, true)},
		{ID: "roles.members", Key: "o", Title: "Its members", Short: "members", Disabled: list.First(single, s.Missing(apiclient.CanListUsers)), Run: func() tea.Cmd { return ui.Go("users?filter=role:" + string(r.Slug)) }},
		{ID: "roles.reset", Key: "r", Title: "Reset UM Role meta…", Short: "-", Help: "the priority, registration status and settings that Ultimate Member installs", Writes: true, Disabled: list.First(single, write, own), Run: s.reset(r)},
		{ID: "roles.delete", Key: "d", Title: "Delete…", Short: "-", Writes: true, Disabled: list.First(single, write, native), Run: s.remove(r)},
	}
	return append(actions, s.Model.Actions()...)
}

func named(r apiclient.Role) string { return "“" + r.Name + "”" }

func (s *Screen) reset(r apiclient.Role) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "Reset UM Role meta of " + named(r), Go: "Reset",
			Lines: []string{"Its priority, registration status and settings become what Ultimate Member installs. Its capabilities stay."},
			Yes: func() tea.Cmd {
				return list.Do(ID, func() list.DidMsg {
					_, err := api.ResetRole(ctx, r.Slug)
					return list.DidMsg{Err: err, Text: named(r) + " is reset.", Label: "the reset", Undo: s.restore(r)}
				})
			},
		}))
	}
}

// restore gives a role what it had before, where that can be given.
func (s *Screen) restore(was apiclient.Role) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return list.Do(ID, func() list.DidMsg {
			u := apiclient.RoleUpdate{Priority: &was.Priority, Registration: &was.Registration, Settings: was.Settings.Values()}
			if was.Custom {
				u.Name, u.Capabilities = &was.Name, append([]string{}, was.Capabilities...)
			}
			_, err := api.UpdateRole(ctx, was.Slug, u)
			return list.DidMsg{Err: err, Text: named(was) + " is as it was."}
		})
	}
}

// losingMsg says how many members would be left without a role; -1: not known.
type losingMsg struct {
	role  apiclient.Role
	alone int
	err   error
}

// remove counts who would be left without a role, and asks.
func (s *Screen) remove(r apiclient.Role) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.To(ID, func() tea.Msg {
			all, err := api.Roles(ctx)
			if err != nil {
				return losingMsg{err: err}
			}
			only := []apiclient.Filter{apiclient.FieldIs("role", string(r.Slug))}
			for _, other := range all {
				if other.Slug == r.Slug {
					r = other // as it is now
				} else {
					only = append(only, apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{apiclient.FieldIs("role", string(other.Slug))}})
				}
			}
			counts, err := api.CountUsers(ctx, apiclient.AllOf(only...))
			return losingMsg{r, counts.Total, err}
		})
	}
}

func (s *Screen) askDelete(m losingMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	ctx, api, r := s.Env.Ctx, s.API, m.role
	lines := []string{"Nobody has it."}
	if r.Users > 0 {
		lines = []string{
			"Members who have it: " + theme.Count(r.Users) + ".",
			"Of these without another role, and subscribers from then on: " + theme.Count(m.alone) + ".",
		}
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Delete the role " + named(r), Lines: append(lines, "This cannot be undone."),
		Tier: confirm.Typed, Phrase: list.Phrase("delete", string(r.Slug), string(r.Slug)), Go: "Delete",
		Yes: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				moved, err := api.DeleteRole(ctx, r.Slug)
				text := named(r) + " is deleted."
				if moved > 0 {
					text = fmt.Sprintf("%s is deleted; subscribers now: %d.", named(r), moved)
				}
				return list.DidMsg{Err: err, Text: text}
			})
		},
	}))
}
