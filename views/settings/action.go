package settings

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/form"
	"umdeck/views/column"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	v, _ := aim.One()
	single, write := aim.Single("setting"), s.unchangeable(v)
	same := ""
	if !v.Set {
		same = "It has its default already."
	}
	actions := []ui.Action{
		{ID: "settings.edit", Key: "e", Title: "Change…", Short: "change", Writes: true, Disabled: list.First(single, write), Run: s.edit(v)},
		{ID: "settings.reset", Key: "r", Title: "Reset to the default", Short: "reset", Writes: true, Disabled: list.First(single, write, same), Run: s.reset(v)},
	}
	return append(actions, s.Model.Actions()...)
}

// edit asks for a new value by what the setting takes.
func (s *Screen) edit(v apiclient.Setting) func() tea.Cmd {
	return func() tea.Cmd {
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: v.Key, Intro: []string{v.Help, defaultLine(v)}, FieldErrors: list.FieldErrors,
			Fields: []form.Field{asked(v)},
			Save: func(values form.Values) (tea.Cmd, error) {
				did, err := s.change(v, values.Text(v.Key))
				if err != nil {
					return nil, err
				}
				return list.Bring(ID, did), nil
			},
		}))
	}
}

func defaultLine(v apiclient.Setting) string {
	if v.Secret {
		return "What is there now is not shown; an empty value takes it away."
	}
	if v.Default == "" {
		return "The default is empty."
	}
	return "The default is: " + column.Meaning(v, v.Default)
}

// asked returns the field of the form for a setting.
func asked(v apiclient.Setting) form.Field {
	f := form.Field{Key: v.Key, Label: v.Label, Value: v.Value}
	switch {
	case v.Secret:
		f.Kind = form.Secret
	case v.Kind == apiclient.SettingCheckbox:
		f.Kind = form.Toggle
	case v.Kind == apiclient.SettingTextarea:
		f.Kind = form.Lines
	case len(v.Choices) > 0:
		f.Kind = form.Select
		for _, c := range v.Choices {
			f.Choices = append(f.Choices, form.Choice{Value: c.Value, Label: c.Label})
		}
	default:
		f.Kind = form.Text
	}
	f.Check = func(text string) error {
		_, err := v.Accept(text)
		return err
	}
	return f
}

// change gives the setting a value, and offers the one that it had.
func (s *Screen) change(v apiclient.Setting, text string) (list.DidMsg, error) {
	after, err := s.API.ChangeSettings(s.Env.Ctx, map[string]string{v.Key: text})
	if err != nil {
		return list.DidMsg{}, err
	}
	did := list.DidMsg{Text: v.Key + " is changed."}
	for _, now := range after {
		if now.Key != v.Key {
			continue
		}
		if !v.Secret {
			did.Text = fmt.Sprintf("%s is now: %s", v.Key, column.Worth(now))
		}
		if !v.Secret && now.Value != v.Value {
			did.Label, did.Undo = "that", func() tea.Cmd {
				return list.Do(ID, func() list.DidMsg {
					did, err := s.change(now, v.Value)
					did.Err, did.Undo = err, nil
					return did
				})
			}
		}
	}
	return did, nil
}

func (s *Screen) reset(v apiclient.Setting) func() tea.Cmd {
	do := func() tea.Cmd {
		return list.Do(ID, func() list.DidMsg {
			did, err := s.change(v, v.Default)
			did.Err = err
			return did
		})
	}
	return func() tea.Cmd {
		if !v.Secret {
			return do()
		}
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "Remove " + v.Key, Lines: []string{"What is there now is a secret and cannot be brought back."}, Go: "Remove", Yes: do,
		}))
	}
}
