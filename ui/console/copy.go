package console

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

// maxCopy is how many bytes of base64 terminals take in one OSC 52.
const maxCopy = 74994

// copy puts text on the clipboard of the person's terminal. The bytes are written by a
// command, because a far terminal may be slow to take them.
func (m *Model) copy(msg ui.CopyMsg) {
	if m.out == nil {
		m.say(ui.ToastMsg{Level: ui.Warn, Text: "there is no terminal to copy to"})
		return
	}
	text := copyable(msg.Text)
	seq := osc52(text, m.cfg.Multiplex)
	if seq == nil {
		m.say(ui.ToastMsg{Level: ui.Warn, Text: fmt.Sprintf("%d characters are too many for a terminal's clipboard; export them to a file instead", utf8.RuneCountInString(text))})
		return
	}
	what := fmt.Sprintf("%d characters", utf8.RuneCountInString(text))
	if msg.What != "" {
		what = msg.What + ", " + what
	}
	out := m.out
	m.work(owner{tab: m.current()}, func() tea.Msg {
		if _, err := out.Write(seq); err != nil {
			return ui.ErrMsg{Err: fmt.Errorf("copy: %w", err)}
		}
		return ui.ToastMsg{Level: ui.Done, Text: "copied " + what}
	})
}

// osc52 returns the sequence that sets the clipboard; nil when text is too long.
// Inside screen it is wrapped so that it reaches the terminal outside. For tmux it is there
// twice: tmux takes the plain one where its option set-clipboard is on, and hands the wrapped
// one on where allow-passthrough is.
func osc52(text, multiplex string) []byte {
	b64 := base64.StdEncoding.EncodeToString([]byte(text))
	if len(b64) > maxCopy {
		return nil
	}
	seq := "\x1b]52;c;" + b64 + "\x07"
	switch multiplex {
	case "tmux":
		seq += "\x1bPtmux;" + strings.ReplaceAll(seq, "\x1b", "\x1b\x1b") + "\x1b\\"
	case "screen":
		const piece = 250 // screen takes no more at once
		var b strings.Builder
		for s := seq; s != ""; {
			n := min(piece, len(s))
			b.WriteString("\x1bP" + s[:n] + "\x1b\\")
			s = s[n:]
		}
		seq = b.String()
	}
	return []byte(seq)
}

// copyable drops what a clipboard should not get: control characters but line breaks and
// tabs, and marks that turn the reading direction.
func copyable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}
