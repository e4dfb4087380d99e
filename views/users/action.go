package users

import (
	"fmt"

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

// statusHelp says what each status action does to the member.
var statusHelp = map[apiclient.Action]string{
	apiclient.ActionApprove:    "let the member in",
	apiclient.ActionReject:     "turn down an account that awaits review",
	apiclient.ActionPending:    "let an administrator decide again; logs the member out",
	apiclient.ActionResend:     "the member has to open its link; logs the member out",
	apiclient.ActionDeactivate: "lock the account; logs the member out",
	apiclient.ActionReactivate: "unlock an inactive account",
}

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	nobody, single := aim.None("user"), aim.Single("user")
	remove := list.First(nobody, s.Missing(apiclient.CanDeleteUsers))
	r, _ := aim.One()
	actions := s.statusActions(aim, nobody)
	actions = append(actions,
		ui.Action{ID: "users.edit", Key: "e", Title: "Edit…", Short: "edit", Writes: true, Disabled: list.First(single, s.Missing(apiclient.CanEditUsers)), Run: s.edit(r)},
		ui.Action{ID: "users.create", Key: "n", Title: "New user…", Short: "new", Help: "register an account as an administrator does", Writes: true, Disabled: s.Missing(apiclient.CanCreateUsers), Run: s.create},
		ui.Action{ID: "users.status", Key: "f", Title: "Show by status…", Short: "by status", Help: "how many users are in each status, and who", Disabled: s.Missing(apiclient.CanFilterStatus), Run: s.countByStatus},
		ui.Action{ID: "users.role", Key: "R", Title: "Change role…", Short: "-", Help: "give exactly one role", Writes: true, Disabled: list.First(nobody, s.Missing(apiclient.CanSetRoles)), Run: s.chooseRole(apiclient.ActionRole, aim)},
		ui.Action{ID: "users.add-role", Key: "+", Title: "Add role…", Short: "-", Help: "give one role more", Writes: true, Disabled: list.First(nobody, s.Missing(apiclient.CanSetRoles)), Run: s.chooseRole(apiclient.ActionAddRole, aim)},
		ui.Action{ID: "users.remove-role", Key: "-", Title: "Remove role…", Short: "-", Help: "take one role away; who has no other gets the role of new accounts", Writes: true, Disabled: list.First(nobody, s.Missing(apiclient.CanSetRoles)), Run: s.chooseRole(apiclient.ActionRemoveRole, aim)},
		ui.Action{ID: "users.delete", Key: "d", Title: "Delete…", Short: "-", Help: "the account and its answers; mails the member as Ultimate Member does", Writes: true, Disabled: remove, Run: func() tea.Cmd {
			return s.plan(apiclient.UserAction{Action: apiclient.ActionDelete}, aim)
		}},
		ui.Action{ID: "users.delete-silently", Title: "Delete without e-mail…", Short: "-", Writes: true, Disabled: remove, Run: func() tea.Cmd {
			return s.plan(apiclient.UserAction{Action: apiclient.ActionDelete, Mail: new(false)}, aim)
		}},
		ui.Action{ID: "users.deliveries", Key: "t", Title: "Deliveries about the user", Short: "-", Disabled: list.First(single, s.Missing(apiclient.CanReadLog)), Run: func() tea.Cmd {
			return ui.Go("log?filter=user:" + list.Number(r.ID))
		}},
		ui.Action{ID: "users.mails", Key: "E", Title: "Mails about the user", Short: "-", Help: "which were sent, and why others were not", Disabled: list.First(single, s.Missing(apiclient.CanMail)), Run: func() tea.Cmd {
			return ui.Go("mail?filter=user:" + list.Number(r.ID))
		}},
		ui.Action{ID: "users.copy", Key: "y", Title: "Copy…", Short: "copy", Help: "addresses, logins, ids, names or JSON", Disabled: nobody, Run: s.copy(aim)},
	)
	return append(actions, s.Model.Actions()...)
}

// statusActions are the six of Ultimate Member. Those that decide something are in the
// footer while they can be done.
func (s *Screen) statusActions(aim list.Aim[row], nobody string) []ui.Action {
	var actions []ui.Action
	for _, a := range apiclient.StatusActions() {
		action := ui.Action{
			ID: "users." + string(a), Key: statusKeys[a], Title: a.Title(), Short: "-", Help: statusHelp[a], Writes: true,
			Disabled: list.First(nobody, s.Missing(apiclient.CanActOnUsers), refusal(a, s.known(aim.Rows))),
			Run:      func() tea.Cmd { return s.plan(apiclient.UserAction{Action: a}, aim) },
		}
		if a == apiclient.ActionApprove || a == apiclient.ActionReject || a == apiclient.ActionReactivate {
			action.Short = string(a)
		}
		actions = append(actions, action)
	}
	return actions
}

// known returns the rows with the status that is known of them by now: a list may come
// without it, and the preview of a user with it.
func (s *Screen) known(rows []row) []row {
	for i, r := range rows {
		if whole, ok := s.Full(list.Number(r.ID)); ok && r.Status == apiclient.StatusUnknown {
			rows[i].Status = whole.Status
		}
	}
	return rows
}

// refusal returns why the action would be refused for every target, as far as
// their statuses are known; empty when it would not.
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
		why = list.First(why, refused)
	}
	if len(targets) > 1 {
		return "It can be done to none of the marked users. " + why
	}
	return why
}

// rolesMsg brings what a choice of roles was waiting for.
type rolesMsg struct {
	learned learnedMsg
	choose  func() tea.Cmd
}

func (s *Screen) chooseRole(a apiclient.Action, aim list.Aim[row]) func() tea.Cmd {
	choose := s.openRoles(a, aim)
	return func() tea.Cmd {
		if s.roles != nil {
			return choose()
		}
		ask := s.lesson()
		return ui.To(ID, func() tea.Msg { return rolesMsg{ask(), choose} })
	}
}

func (s *Screen) openRoles(a apiclient.Action, aim list.Aim[row]) func() tea.Cmd {
	return func() tea.Cmd {
		title := map[apiclient.Action]string{apiclient.ActionRole: "Change role to", apiclient.ActionAddRole: "Add the role", apiclient.ActionRemoveRole: "Remove the role"}[a]
		items := make([]picker.Item, len(s.roles))
		for i, r := range s.roles {
			items[i] = picker.Item{ID: string(r.Slug), Title: r.Name, Note: fmt.Sprintf("%s, priority %d", r.Slug, r.Priority)}
		}
		cursor := ""
		if len(aim.Rows) > 0 {
			cursor = string(aim.Rows[0].Role())
		}
		return ui.Open(picker.New(picker.Options{
			Env: s.Env, Title: title, Items: items, Cursor: cursor, Empty: "The site has told no roles.",
			Pick: func(ids []string) tea.Cmd {
				return s.plan(apiclient.UserAction{Action: a, Role: apiclient.RoleSlug(ids[0])}, aim)
			},
		}))
	}
}
