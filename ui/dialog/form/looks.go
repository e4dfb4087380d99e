package form

import (
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"

	"umdeck/theme"
)

// looks returns the theme in huh's terms.
func looks(t *theme.Theme) *huh.Theme {
	plain := t.Renderer().NewStyle()
	lip := func(k theme.Token) lipgloss.Style { return t.Lip(k) }
	f := huh.FieldStyles{
		Base: plain, Title: lip(theme.Strong), Description: lip(theme.Muted), ErrorIndicator: plain, ErrorMessage: lip(theme.Bad),
		SelectSelector: lip(theme.Accent).SetString(t.Glyph.Cursor + " "), Option: plain, NextIndicator: plain, PrevIndicator: plain,
		Directory: plain, File: plain,
		MultiSelectSelector: lip(theme.Accent).SetString(t.Glyph.Cursor + " "),
		SelectedOption:      lip(theme.Marked), SelectedPrefix: lip(theme.Marked).SetString("[" + t.Glyph.Mark + "] "),
		UnselectedOption: plain, UnselectedPrefix: plain.SetString("[ ] "),
		TextInput:     huh.TextInputStyles{Cursor: plain, CursorText: plain, Placeholder: lip(theme.Muted), Prompt: plain, Text: plain},
		FocusedButton: lip(theme.Selected).Padding(0, 1), BlurredButton: lip(theme.Muted).Padding(0, 1),
		Card: plain, NoteTitle: plain, Next: plain,
	}
	return &huh.Theme{
		Form: huh.FormStyles{Base: plain}, Group: huh.GroupStyles{Base: plain, Title: plain, Description: plain},
		FieldSeparator: plain, Focused: f, Blurred: f,
	}
}

// keymap returns huh's keys without those that are the form's own.
func keymap() *huh.KeyMap {
	k := huh.NewDefaultKeyMap()
	none := key.NewBinding(key.WithDisabled())
	k.Input.Next, k.Input.Prev, k.Input.Submit = none, none, none
	k.Text.Next, k.Text.Prev, k.Text.Submit, k.Text.Editor = none, none, none, none
	k.Text.NewLine = key.NewBinding(key.WithKeys("enter", "ctrl+j"))
	k.Select.Next, k.Select.Prev, k.Select.Submit = none, none, none
	k.MultiSelect.Next, k.MultiSelect.Prev, k.MultiSelect.Submit = none, none, none
	k.Confirm.Next, k.Confirm.Prev, k.Confirm.Submit = none, none, none
	return k
}
