package console

import (
	"io"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/pager"
	"umdeck/ui/dialog/picker"
)

// act makes an action of the shell's own from something that needs no command.
func act(id, key, title, short string, run func()) ui.Action {
	return ui.Action{ID: id, Key: key, Title: title, Short: short, Run: func() tea.Cmd { run(); return nil }}
}

// Actions returns what can be done everywhere, in the order of the help: what the
// configuration adds, the shell's own, and what only the palette offers.
func (m *Model) Actions() []ui.Action {
	return slices.Concat(m.cfg.Actions, m.globals(), m.commands())
}

// globals returns what the shell's own keys do.
func (m *Model) globals() []ui.Action {
	return []ui.Action{
		act("help", "?", "Help", "help", m.openHelp),
		act("palette", ":", "Command palette", "command", m.openPalette),
		act("menu", "a", "Actions of this place", "actions", m.openMenu),
		act("errors", "!", "Errors", "-", m.openErrors),
		act("jobs", "", "Jobs", "-", m.openJobs),
		act("undo", "u", "Undo what was just done", "-", m.undo),
		act("job.stop", "ctrl+x", "Stop the job after the part under way", "-", m.stopJob),
		act("next", "tab", "Next place", "-", func() { m.turn(1) }),
		act("previous", "shift+tab", "Previous place", "-", func() { m.turn(-1) }),
		act("back", "[", "Back in the history", "-", func() { m.travel(-1) }),
		act("forward", "]", "Forward in the history", "-", func() { m.travel(1) }),
		act("last", "-", "The place before this one", "-", m.lastPlace),
		{ID: "redraw", Key: "ctrl+l", Title: "Draw the screen anew", Short: "-", Run: func() tea.Cmd { return tea.ClearScreen }},
		act("leave", "q", "Back, or quit", "quit", m.leave),
	}
}

// commands returns what only the palette offers.
func (m *Model) commands() []ui.Action {
	cmds := []ui.Action{
		act("ro", "", "Read-only: refuse what writes", "-", func() { m.setReadOnly(true) }),
		act("rw", "", "Read and write", "-", func() { m.setReadOnly(false) }),
		act("q", "", "Quit", "-", m.askQuit),
	}
	for _, p := range theme.Palettes() {
		cmds = append(cmds, act("theme "+string(p), "", "Colours: "+string(p), "-", func() { m.themed = true; m.setTheme(p) }))
	}
	return cmds
}

func (m *Model) setReadOnly(on bool) {
	if m.cfg.SetReadOnly != nil {
		if err := m.cfg.SetReadOnly(on); err != nil {
			m.fail(err)
			return
		}
	}
	m.readOnly = on
	m.say(ui.ToastMsg{Level: ui.Done, Text: map[bool]string{true: "read-only now: nothing is changed", false: "read and write"}[on]})
}

func (m *Model) setTheme(p theme.Palette) {
	o := m.env.Theme.Options()
	o.Palette = p
	m.env.Theme = theme.New(o)
	for _, t := range m.tabs {
		m.do(owner{tab: t}, t.Update(ui.ThemeMsg{}))
	}
	for _, l := range m.dialogs {
		m.ask(l, ui.ThemeMsg{})
	}
}

// askBackground asks the terminal for its background. The answer may come late, or never.
func (m *Model) askBackground() {
	if !m.cfg.AskBackground || m.said == nil || m.out == nil {
		return
	}
	said, out := m.said, m.out
	m.work(owner{}, func() tea.Msg {
		if _, err := io.WriteString(out, theme.Background); err != nil {
			return nil // the terminal is gone, which ends the console
		}
		for {
			select {
			case answer := <-said:
				if p, ok := theme.PaletteOn(answer); ok {
					return paletteMsg{p}
				}
			case <-m.env.Ctx.Done():
				return nil
			}
		}
	})
}

// paletteMsg says which palette suits the terminal.
type paletteMsg struct{ theme.Palette }

func (p paletteMsg) apply(m *Model) {
	if m.env.Theme.Options().Palette != p.Palette && !m.themed {
		m.setTheme(p.Palette)
	}
}

// openMenu lists the actions of the screen, with the key of each and why some cannot be
// done.
func (m *Model) openMenu() {
	actions := slices.Concat(m.current().Actions(), m.cfg.Actions)
	byID := map[string]ui.Action{}
	var items []picker.Item
	for _, a := range actions {
		byID[a.ID] = a
		items = append(items, picker.Item{ID: a.ID, Title: a.Title, Note: a.Help, Key: a.Key, Disabled: m.refusal(a)})
	}
	m.push(picker.New(picker.Options{
		Env: m.env, Title: m.current().Title(), Items: items, Hotkeys: true, Empty: "nothing can be done here",
		Pick: func(ids []string) tea.Cmd { return ui.Run(byID[ids[0]]) },
	}))
}

// openErrors shows what went wrong, and takes it for read.
func (m *Model) openErrors() {
	m.toasts.read()
	var text strings.Builder
	for _, f := range slices.Backward(m.failed) {
		text.WriteString(f.at.Format("15:04:05") + "  " + f.text + "\n")
	}
	if len(m.failed) == 0 {
		text.WriteString("no errors so far")
	}
	m.push(pager.New(pager.Options{Env: m.env, Title: "Errors", Text: text.String()}))
}
