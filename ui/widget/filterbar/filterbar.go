// Package filterbar is the line in which one writes a filter: an input with a
// history, completions, and the error of what was written. What a filter means
// is the business of whoever owns the bar.
package filterbar

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui/input"
	"umdeck/ui/widget/frame"
)

// maxHistory is how many filters a bar remembers.
const maxHistory = 50

// A Suggestion is one way to go on. It replaces the bytes From to To of the text.
type Suggestion struct {
	Text     string
	From, To int
	Help     string // what it is, beside it in the list; may be empty
}

// Config is what a bar needs. Everything is optional.
type Config struct {
	Prompt   string                                  // empty: "/"
	Hint     string                                  // shown while the text is empty
	Complete func(text string, pos int) []Suggestion // pos is a byte offset; called on every change, so it must be quick
	Check    func(text string) error                 // called on enter; an error keeps the bar open
	Explain  func(err error) string                  // nil: err.Error()
}

// An Event says what a key has done to a bar.
type Event uint8

// The events.
const (
	None      Event = iota
	Applied         // enter: Value is the filter now
	Cancelled       // esc: Value is what it was before
)

// A Model is a filter bar. Use [New].
type Model struct {
	cfg     Config
	in      textinput.Model
	open    bool
	before  string
	err     string
	history []string // the newest last
	back    int      // how far back in history the text is; 0: it is new
	draft   string   // the new text while back is not 0
	sugg    []Suggestion
	pick    int // of sugg; -1: none
}

// New returns a bar that is closed and empty.
func New(cfg Config) *Model {
	if cfg.Prompt == "" {
		cfg.Prompt = "/"
	}
	if cfg.Explain == nil {
		cfg.Explain = func(err error) string { return err.Error() }
	}
	in := textinput.New()
	in.CharLimit = 2000
	in.Cursor.SetMode(cursor.CursorStatic) // a blinking one would keep the line busy
	return &Model{cfg: cfg, in: in, pick: -1}
}

// Open gives the bar the focus, with the text that it has.
func (m *Model) Open() {
	m.open, m.before, m.err, m.back = true, m.in.Value(), "", 0
	m.in.Focus()
	m.in.CursorEnd()
	m.suggest()
}

// Capturing reports whether the bar has the focus.
func (m *Model) Capturing() bool { return m.open }

// Value returns the text.
func (m *Model) Value() string { return m.in.Value() }

// SetValue replaces the text and forgets its error.
func (m *Model) SetValue(s string) {
	m.in.SetValue(s)
	m.in.CursorEnd()
	m.err = ""
}

// SetErr shows what is wrong with the text; empty: nothing is.
func (m *Model) SetErr(sentence string) { m.err = sentence }

// Err returns what is wrong with the text.
func (m *Model) Err() string { return m.err }

// History returns the filters that were applied, the oldest first.
func (m *Model) History() []string { return slices.Clone(m.history) }

// SetHistory replaces the history, the oldest first.
func (m *Model) SetHistory(h []string) {
	m.history = slices.Clone(h[max(len(h)-maxHistory, 0):])
}

// Remember puts s at the end of the history.
func (m *Model) Remember(s string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	m.history = slices.DeleteFunc(m.history, func(h string) bool { return h == s })
	m.history = append(m.history, s)
	m.history = m.history[max(len(m.history)-maxHistory, 0):]
}

// Help returns the bar's keys with what they do.
func Help() [][2]string {
	return [][2]string{
		{"enter", "apply"},
		{"esc", "leave as it was"},
		{"tab", "complete"},
		{"↓ ↑", "choose a completion; older and newer filters"},
	}
}

// Update takes a message while the bar has the focus.
func (m *Model) Update(msg tea.Msg) (Event, tea.Cmd) {
	if !m.open {
		return None, nil
	}
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return None, m.edit(msg)
	}
	k = input.OneLine(k)
	switch k.String() {
	case "enter":
		return m.enter(), nil
	case "esc", "ctrl+c":
		m.SetValue(m.before)
		m.close()
		return Cancelled, nil
	case "tab":
		m.accept(max(m.pick, 0))
	case "down", "ctrl+n":
		m.down()
	case "up", "ctrl+p":
		m.up()
	default:
		return None, m.edit(k)
	}
	return None, nil
}

func (m *Model) edit(msg tea.Msg) tea.Cmd {
	was := m.in.Value()
	var cmd tea.Cmd
	m.in, cmd = m.in.Update(msg)
	if m.in.Value() != was {
		m.err, m.back = "", 0
	}
	m.suggest()
	return cmd
}

func (m *Model) enter() Event {
	if m.pick >= 0 {
		m.accept(m.pick)
		return None
	}
	if m.cfg.Check != nil {
		if err := m.cfg.Check(m.in.Value()); err != nil {
			m.err = m.cfg.Explain(err)
			return None
		}
	}
	m.Remember(m.in.Value())
	m.close()
	return Applied
}

func (m *Model) close() {
	m.open, m.sugg, m.pick, m.back = false, nil, -1, 0
	m.in.Blur()
}

// offset returns the cursor as a byte offset; the input counts runes.
func (m *Model) offset() int {
	runes := []rune(m.in.Value())
	return len(string(runes[:min(m.in.Position(), len(runes))]))
}

func (m *Model) suggest() {
	m.sugg, m.pick = nil, -1
	if m.cfg.Complete == nil || m.back > 0 {
		return
	}
	text := m.in.Value()
	for _, s := range m.cfg.Complete(text, m.offset()) {
		if s.From >= 0 && s.From <= s.To && s.To <= len(text) {
			m.sugg = append(m.sugg, s)
		}
	}
}

func (m *Model) accept(i int) {
	if i >= len(m.sugg) {
		return
	}
	s, text := m.sugg[i], m.in.Value()
	m.in.SetValue(text[:s.From] + s.Text + text[s.To:])
	m.in.SetCursor(len([]rune(text[:s.From] + s.Text)))
	m.err = ""
	m.suggest()
}

func (m *Model) down() {
	switch {
	case m.back > 0:
		m.recall(m.back - 1)
	case len(m.sugg) > 0:
		m.pick = min(m.pick+1, len(m.sugg)-1)
	}
}

func (m *Model) up() {
	if m.pick >= 0 {
		m.pick--
		return
	}
	m.recall(min(m.back+1, len(m.history)))
}

// recall shows the filter that is n back in the history.
func (m *Model) recall(n int) {
	if m.back == 0 {
		m.draft = m.in.Value()
	}
	m.back = n
	text := m.draft
	if n > 0 {
		text = m.history[len(m.history)-n]
	}
	m.in.SetValue(text)
	m.in.CursorEnd()
	m.err = ""
	m.suggest()
}

// View returns the bar in one line of w cells.
func (m *Model) View(th *theme.Theme, w int) string {
	if w <= 0 {
		return ""
	}
	err := ""
	if m.err != "" {
		err = th.Cut("  "+th.Glyph.Fail+" "+theme.Clean(m.err), max(w*2/3, 1))
	}
	prompt := " " + m.cfg.Prompt + " "
	room := w - theme.Width(prompt) - theme.Width(err)
	line := th.Paint(theme.Key, prompt) + m.text(th, max(room, 1)) + th.Paint(theme.Bad, err)
	return frame.Exact(line, w)
}

// text returns the part of the text round the cursor, w cells wide.
func (m *Model) text(th *theme.Theme, w int) string {
	value, at := m.in.Value(), m.offset()
	before, under, after := theme.Clean(value[:at]), " ", ""
	if rest := theme.Clean(value[at:]); rest != "" {
		under = theme.Clip(rest, 2)
		if theme.Width(rest) > 1 && theme.Width(theme.Clip(rest, 1)) == 1 {
			under = theme.Clip(rest, 1)
		}
		after = rest[len(under):]
	}
	if under == " " && th.Style(theme.Selected) == (theme.Style{}) {
		under = "_" // a terminal without any look still needs a cursor
	}
	if value == "" && m.cfg.Hint != "" {
		return frame.Exact(th.Paint(theme.Selected, under)+th.Paint(theme.Muted, m.cfg.Hint), w)
	}
	before = th.CutLeft(before, max(w-theme.Width(under)-min(theme.Width(after), 4), 0))
	line := before + th.Paint(theme.Selected, under)
	return frame.Exact(line+th.Cut(after, w-theme.Width(before)-theme.Width(under)), w)
}

// Suggestions returns the completions in at most h lines of w cells, for the room above
// the bar; nil when there are none.
func (m *Model) Suggestions(th *theme.Theme, w, h int) []string {
	n := min(len(m.sugg), h)
	if !m.open || n <= 0 || w <= 0 {
		return nil
	}
	first := min(max(m.pick-n+1, 0), len(m.sugg)-n)
	wide := 0
	for _, s := range m.sugg[first : first+n] {
		wide = max(wide, theme.Width(theme.Clean(s.Text)))
	}
	wide = min(wide, max(w/2, 1))
	lines := make([]string, 0, n)
	for i, s := range m.sugg[first : first+n] {
		mark, tok := "   ", theme.SelectedIdle
		if first+i == m.pick {
			mark, tok = " "+th.Glyph.Cursor+" ", theme.Selected
		}
		text := mark + th.Fit(theme.Clean(s.Text), wide) + "  " + theme.Clean(s.Help) + " "
		lines = append(lines, th.Paint(tok, th.Fit(text, w)))
	}
	return lines
}
