package console

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
	"umdeck/ui/fuzzy"
	"umdeck/ui/input"
)

const maxRecent = 50

// A choice is one line of the palette.
type choice struct {
	name   string // what is typed exactly, such as "users" or "theme light"
	title  string
	key    string
	reason string // why it cannot be taken
	run    func() tea.Cmd
}

// A palette finds a place, an action or a command by a few letters.
type palette struct {
	m      *Model
	in     textinput.Model
	all    []choice
	shown  []int
	list   dialog.List
	recall int // how far back in what was run before
	note   string
}

var _ ui.Capturer = (*palette)(nil)

// openPalette opens the palette on what can be done now.
func (m *Model) openPalette() {
	p := &palette{m: m, in: dialog.NewInput(m.env.Theme, "", false), all: m.choices()}
	p.search()
	m.push(p)
}

// choices returns the places, then the actions of the screen, then what is global.
func (m *Model) choices() []choice {
	var all []choice
	for _, t := range m.tabs {
		all = append(all, choice{name: t.ID(), title: "Go to " + t.Title(), key: t.key, run: func() tea.Cmd { return ui.Go(t.ID()) }})
	}
	actions := slices.Concat(m.current().Actions(), m.Actions())
	for _, a := range actions {
		if a.ID == "palette" {
			continue
		}
		all = append(all, choice{name: a.ID, title: a.Title, key: a.Key, reason: m.refusal(a), run: func() tea.Cmd { return ui.Run(a) }})
	}
	return all
}

// score says how well a choice fits what was typed: its name counts for more than its
// title, and the words may be in both.
func (c choice) score(text string) (int, bool) {
	both, ok := fuzzy.Words(text, c.name+"  "+c.title)
	if name, fits := fuzzy.Words(text, c.name); fits && text != "" {
		both = max(both, name+40)
	}
	return both, ok
}

func (p *palette) Init() tea.Cmd   { return nil }
func (p *palette) Capturing() bool { return true }

func (p *palette) search() {
	text := strings.TrimSpace(p.in.Value())
	p.shown = fuzzy.RankBy(len(p.all), func(i int) (int, bool) { return p.all[i].score(text) })
	for i, at := range p.shown { // what is typed in full comes first
		if strings.EqualFold(p.all[at].name, text) {
			p.shown = append([]int{at}, slices.Delete(p.shown, i, i+1)...)
			break
		}
	}
	p.list.N = len(p.shown)
	p.list.Move(0)
}

func (p *palette) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.ThemeMsg:
		dialog.StyleInput(p.m.env.Theme, &p.in)
	case tea.KeyMsg:
		p.note = ""
		return p.press(msg)
	}
	return false, nil
}

func (p *palette) press(msg tea.KeyMsg) (bool, tea.Cmd) {
	msg = input.OneLine(msg)
	switch key := msg.String(); {
	case key == "esc", key == "backspace" && p.in.Value() == "":
		return true, nil
	case key == "enter":
		return p.enter()
	case key == "tab":
		if len(p.shown) > 0 {
			p.set(p.all[p.shown[p.list.Cursor]].name)
		}
		return false, nil
	case key == "up" && p.list.Cursor == 0 && p.recall < len(p.m.recent):
		p.recall++
		p.set(p.m.recent[len(p.m.recent)-p.recall])
		return false, nil
	case p.list.Key(key, 10, false):
		return false, nil
	}
	before := p.in.Value()
	var cmd tea.Cmd
	p.in, cmd = p.in.Update(msg)
	if p.in.Value() != before {
		p.search()
	}
	return false, cmd
}

func (p *palette) set(text string) {
	p.in.SetValue(text)
	p.in.CursorEnd()
	p.search()
}

// enter runs what the cursor is on, or goes to a route that was typed in full.
func (p *palette) enter() (bool, tea.Cmd) {
	text := strings.TrimSpace(p.in.Value())
	if strings.ContainsAny(text, "/?") && p.m.tab(screenOf(text)) != nil {
		p.m.remember(text)
		return true, ui.Go(text)
	}
	if len(p.shown) == 0 {
		p.note = "there is no command or place " + text
		return false, nil
	}
	c := p.all[p.shown[p.list.Cursor]]
	if c.reason != "" {
		p.note = c.reason
		return false, nil
	}
	p.m.remember(c.name)
	return true, c.run()
}

// remember keeps what was run for the next palette.
func (m *Model) remember(name string) {
	m.recent = slices.DeleteFunc(m.recent, func(s string) bool { return s == name })
	m.recent = append(m.recent, name)
	m.recent = m.recent[max(len(m.recent)-maxRecent, 0):]
}

func (p *palette) View(maxW, maxH int) string {
	t := p.m.env.Theme
	w := max(min(76, maxW-dialog.Frame), 1)
	lines := []string{": " + dialog.DrawInput(t, &p.in, max(w-2, 1))}
	from, to := p.list.Window(max(min(maxH-4, 12), 1))
	for i := from; i < to; i++ {
		lines = append(lines, p.line(t, i, w))
	}
	if p.note == "" && len(p.shown) == 0 {
		p.note = "nothing fits"
	}
	if p.note != "" {
		lines = append(lines[:min(len(lines), max(maxH-4, 1))], t.Paint(theme.Warning, t.Cut(p.note, w)))
	}
	return dialog.Box{Title: "Go to, or do", Lines: lines, Foot: dialog.Hint(t, "enter", "go", "tab", "complete", "up", "recall", "esc", "close"), Width: w}.Draw(t, maxW, maxH)
}

func (p *palette) line(t *theme.Theme, i, w int) string {
	c := p.all[p.shown[i]]
	cur := "  "
	if i == p.list.Cursor {
		cur = t.Glyph.Cursor + " "
	}
	name := t.Fit(c.name, min(20, w/3))
	right := dialog.KeyName(t, c.key)
	if c.reason != "" {
		right = t.Glyph.Fail + " " + c.reason
	}
	left := t.Cut(cur+name+"  "+c.title, w)
	right = t.Cut(right, max(w-theme.Width(left)-2, 0))
	text := theme.Pad(left, w-theme.Width(right)) + right
	switch {
	case i == p.list.Cursor:
		return t.Paint(theme.Selected, text)
	case c.reason != "":
		return t.Paint(theme.Muted, text)
	}
	return text
}
