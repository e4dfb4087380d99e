package dialog

import (
	"strings"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/textinput"

	"umdeck/theme"
)

// NewInput returns a focused single-line input in the theme's looks. Its cursor does not
// blink, because a screen at rest writes nothing. Secret hides what is typed.
func NewInput(t *theme.Theme, value string, secret bool) textinput.Model {
	in := textinput.New()
	in.Prompt = ""
	in.Cursor.SetMode(cursor.CursorStatic)
	if secret {
		in.EchoMode = textinput.EchoPassword
		in.EchoCharacter = []rune(t.Glyph.Mask)[0]
	}
	StyleInput(t, &in)
	in.SetValue(value)
	in.CursorEnd()
	in.Focus() // its command only starts a blinking cursor
	return in
}

// StyleInput gives an input the looks of t, after the theme has changed.
func StyleInput(t *theme.Theme, in *textinput.Model) {
	text, muted := t.Lip(theme.Text), t.Lip(theme.Muted)
	in.PromptStyle, in.TextStyle, in.PlaceholderStyle, in.CompletionStyle = text, text, muted, muted
	in.Cursor.Style = text
	in.Cursor.TextStyle = text
}

// DrawInput draws an input w cells wide. Where a terminal has no reverse video the
// cursor is a bar between two letters.
func DrawInput(t *theme.Theme, in *textinput.Model, w int) string {
	if t.Style(theme.Selected).Pre != "" {
		in.Width = max(w-1, 1)
		return theme.Pad(theme.Clip(in.View(), w), w)
	}
	value := []rune(in.Value())
	if in.EchoMode == textinput.EchoPassword {
		value = []rune(strings.Repeat(t.Glyph.Mask, len(value)))
	}
	if len(value) == 0 && in.Placeholder != "" {
		return t.Fit("|"+in.Placeholder, w)
	}
	at := min(in.Position(), len(value))
	before := t.CutLeft(string(value[:at]), max(w-1, 1))
	return theme.Pad(theme.Clip(before+"|"+string(value[at:]), w), w)
}
