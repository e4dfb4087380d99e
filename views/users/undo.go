package users

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
)

// back returns the action that takes a step of a to where it was, without anything
// that a member would not have got anyway. was is the user before it.
func back(a apiclient.UserAction, s apiclient.Step, was row) (apiclient.UserAction, bool) {
	inverse := apiclient.UserAction{Users: []apiclient.UserID{s.User}}
	switch {
	case a.Action == apiclient.ActionApprove && s.From == apiclient.StatusAwaitingReview:
		inverse.Action = apiclient.ActionPending
	case a.Action == apiclient.ActionPending && s.From == apiclient.StatusRejected:
		inverse.Action = apiclient.ActionReject
	case a.Action == apiclient.ActionRole && len(was.Roles) == 1 && was.Role() != a.Role:
		inverse.Action, inverse.Role = apiclient.ActionRole, was.Role()
	case a.Action == apiclient.ActionAddRole && len(was.Roles) > 0:
		inverse.Action, inverse.Role = apiclient.ActionRemoveRole, a.Role
	case a.Action == apiclient.ActionRemoveRole && len(was.Roles) > 1:
		inverse.Action, inverse.Role = apiclient.ActionAddRole, a.Role
	default:
		return inverse, false
	}
	return inverse, true
}

// backAll returns the action that takes back what was done to several users: there is
// one when it is the same for all of them.
func backAll(p apiclient.Plan, done []apiclient.UserID) (apiclient.UserAction, bool) {
	if len(done) == 0 || p.Action.Action.OnRoles() {
		return apiclient.UserAction{}, false
	}
	inverse := apiclient.UserAction{Users: done}
	isDone := map[apiclient.UserID]bool{}
	for _, id := range done {
		isDone[id] = true
	}
	for _, s := range p.Steps {
		if !isDone[s.User] {
			continue
		}
		one, ok := back(p.Action, s, row{})
		if !ok {
			return inverse, false
		}
		inverse.Action = one.Action
	}
	return inverse, true
}

// undo does the inverse action without asking: the person has just asked for it.
func (s *Screen) undo(a apiclient.UserAction) tea.Cmd {
	if len(a.Users) > 1 {
		labels := map[apiclient.UserID]string{}
		for _, id := range a.Users {
			labels[id] = fmt.Sprintf("user %d", id)
			if r, ok := s.Table().Find(fmt.Sprint(id)); ok {
				labels[id] = r.Login
			}
		}
		return ui.Start(s.job(a, labels, nil))
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		outcomes, err := api.DoUsers(ctx, a)
		return doneMsg{action: a, outcomes: outcomes, err: err}
	})
}

// undoLabel names what an undo takes back.
func undoLabel(a apiclient.Action, whom string) string {
	return strings.ToLower(a.Title()) + " " + whom
}
