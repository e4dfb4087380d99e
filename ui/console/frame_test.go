package console_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
	"umdeck/ui/dialog/picker"
	"umdeck/ui/dialog/prompt"
)

// The frame has exactly as many lines and cells as the terminal, whatever is open.
func TestFrameIsExact(t *testing.T) {
	for _, o := range []theme.Options{{}, {Palette: theme.None, Profile: termenv.Ascii, Glyphs: theme.ASCII}} {
		f := newFixture(t, o)
		m := f.model(t)
		m.Init()
		m.Update(ui.ToastMsg{Level: ui.Bad, Text: strings.Repeat("a long error 山 ", 20)})
		env := f.cfg.Env
		dialogs := map[string]func() ui.Dialog{
			"none":    func() ui.Dialog { return nil },
			"confirm": func() ui.Dialog { return f.users.ask(strings.Repeat("Delete 山田太郎 ", 10)) },
			"picker": func() ui.Dialog {
				return picker.New(picker.Options{Env: env, Title: "Pick", Multi: true, Items: []picker.Item{{ID: "1", Title: strings.Repeat("山", 80), Note: "n"}, {ID: "2", Title: "two", Disabled: strings.Repeat("why ", 40)}}})
			},
			"prompt": func() ui.Dialog {
				return prompt.New(prompt.Options{Env: env, Title: "Name", Value: strings.Repeat("山", 100)})
			},
			"form": func() ui.Dialog {
				return form.New(form.Options{Env: env, Title: "Edit", Fields: formFields(), Intro: []string{"Something to know."}})
			},
		}
		for name, open := range dialogs {
			if d := open(); d != nil {
				m.Update(ui.OpenMsg{Dialog: d})
			}
			for w := 1; w <= 130; w += 3 {
				for h := 1; h <= 40; h += 3 {
					lines := strings.Split(m.DrawAt(w, h), "\n")
					if len(lines) != h {
						t.Fatalf("%s at %d×%d: %d lines", name, w, h, len(lines))
					}
					for i, l := range lines {
						if theme.Width(l) != w {
							t.Fatalf("%s at %d×%d: line %d has %d cells: %q", name, w, h, i, theme.Width(l), l)
						}
					}
				}
			}
			m.Update(tea.KeyMsg{Type: tea.KeyEsc})
		}
	}
}

func formFields() []form.Field {
	return []form.Field{
		{Key: "login", Label: "Login", Value: "ada", Required: true, Help: "It cannot be changed later."},
		{Key: "pass", Label: "Password", Kind: form.Secret, Value: "hunter2"},
		{Key: "role", Label: "Role", Kind: form.Select, Value: "editor", Choices: []form.Choice{{Value: "subscriber", Label: "Subscriber"}, {Value: "editor", Label: "Editor"}, {Value: "author"}}},
		{Key: "tags", Label: "Tags", Kind: form.Multi, Values: []string{"b"}, Choices: []form.Choice{{Value: "a"}, {Value: "b"}, {Value: "c"}}},
		{Key: "bio", Label: "Biography", Kind: form.Lines, Value: "one\ntwo"},
		{Key: "mail", Label: "Send a mail", Kind: form.Toggle, Value: "1"},
	}
}
