package audit

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	single := aim.Single("change")
	a, _ := aim.One()
	place := routeOf(a)
	nowhere := ""
	if place == "" {
		nowhere = "The change is about nothing that has a screen."
	}
	actions := []ui.Action{
		{ID: "audit.undo", Key: "z", Title: "Take the change back…", Short: "take back", Help: "what it touched becomes as it was before", Writes: true, Disabled: list.First(single, s.Missing(apiclient.CanUndo), a.NoUndo), Run: s.undo(a)},
		{ID: "audit.subject", Key: "o", Title: "Go to what was changed", Short: "go to it", Disabled: list.First(single, nowhere), Run: func() tea.Cmd { return ui.Go(place) }},
	}
	return append(actions, s.Model.Actions()...)
}

// undo asks, because what follows from a change follows from taking it back, too.
func (s *Screen) undo(a apiclient.Audit) func() tea.Cmd {
	return func() tea.Cmd {
		lines := []string{a.Undo}
		for _, p := range parts(a) {
			lines = append(lines, p.Key+": "+p.Value)
		}
		lines = append(lines, "What such a change causes, mails and triggers, it causes now.")
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "Take back " + a.Action + " of " + a.Subject, Lines: lines, Go: "Take it back",
			Yes: func() tea.Cmd { return s.do(a.ID, a.Subject) },
		}))
	}
}

func (s *Screen) do(id int64, subject string) tea.Cmd {
	return list.Do(ID, func() list.DidMsg {
		made, err := s.API.UndoAudit(s.Env.Ctx, id)
		return list.DidMsg{Err: err, Text: subject + " is as it was before the change.", Label: "that", Undo: func() tea.Cmd { return s.do(made.ID, made.Subject) }}
	})
}

// routeOf returns where the subject of a change is shown; empty: nowhere.
func routeOf(a apiclient.Audit) string {
	noun, rest, _ := strings.Cut(a.Subject, " ")
	key, _, _ := strings.Cut(rest, " ")
	switch noun {
	case "user":
		return "users/" + key
	case "zap":
		return "zaps/" + key
	case "subscription":
		return "subscriptions/" + key
	case "replay":
		return "replays/" + key
	case "delivery":
		return "log/" + key
	case "role":
		return "roles/" + key
	case "mail":
		return "mail/" + key
	case "form":
		return "forms/" + key
	case "settings":
		return "settings"
	}
	return ""
}
