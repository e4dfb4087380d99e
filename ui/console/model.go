package console

import (
	"io"
	"log/slog"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
	"umdeck/ui/dialog/picker"
)

// Model is the root model. It is not for concurrent use; Bubble Tea calls it from one
// goroutine.
type Model struct {
	cfg  Config
	env  *ui.Env
	now  func() time.Time
	log  *slog.Logger
	out  io.Writer     // where OSC 52 goes; nil: nowhere
	said <-chan string // what the terminal answers; nil: nothing
	kill func()        // ends the program from outside the event loop; nil without Run

	tabs []*tab
	page int // index of tabs
	past history

	width, height int
	frame         string
	drawn         bool // frame is up to date
	pace          pace
	link          *link // the terminal that is drawn on; nil without Run

	queue   []tea.KeyMsg
	hold    hold
	lastKey time.Time
	pressed string // the last key, as Bubble Tea spells it
	keys    int    // how many keys have been handled
	cause   int    // the key that what is being handled goes back to
	held    int    // the hold that what is being handled belongs to; 0: none
	late    bool   // what is being handled comes from work, not from a key or its commands

	dialogs []*layer
	toasts  toasts
	failed  []failure
	jobs    []*job
	jobList *picker.Dialog // the list of jobs that was opened last
	tasks   tasks

	readOnly bool
	themed   bool      // a person has chosen the palette
	armed    time.Time // when ctrl+c was pressed once
	recent   []string  // what the palette has run, the newest last
	cmds     []tea.Cmd
	crash    *crash
	leaving  bool // the console ends when the jobs have
	quitting bool
}

// New returns the console's model, which starts nothing until Bubble Tea runs it.
func New(cfg Config) (*Model, error) {
	tabs, err := tabsOf(cfg)
	if err != nil {
		return nil, err
	}
	m := &Model{cfg: cfg, env: cfg.Env, now: cfg.Now, log: cfg.Logger, out: cfg.Clipboard, tabs: tabs, page: -1, readOnly: cfg.ReadOnly}
	if m.now == nil {
		m.now = time.Now
	}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if m.cfg.Redact == nil {
		m.cfg.Redact = func(s string) string { return s }
	}
	return m, nil
}

// Init shows the first screen.
func (m *Model) Init() (cmd tea.Cmd) {
	defer m.recovered(&cmd)
	start := m.cfg.Start
	if start == "" {
		start = m.tabs[0].ID()
	}
	m.open(start)
	m.tick()
	m.askBackground()
	return m.flush()
}

// Update takes one message.
func (m *Model) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer m.recovered(&cmd)
	m.paced(msg)
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyMsg:
		m.queue = append(m.queue, msg)
		m.drain()
	case stepMsg:
		m.step(msg)
	case workMsg:
		m.worked(msg)
	case patienceMsg:
		m.outOfPatience(msg)
	case panicMsg:
		m.crashed(msg.value, msg.stack)
	default:
		m.handle(owner{}, msg)
	}
	return m, m.flush()
}

// flush returns what is to be run next.
func (m *Model) flush() tea.Cmd {
	cmds := m.cmds
	m.cmds = nil
	switch {
	case m.quitting:
		return tea.Quit
	case len(cmds) == 0:
		return nil
	case len(cmds) == 1:
		return cmds[0]
	}
	return tea.Batch(cmds...)
}

// View returns the frame: exactly as many lines and cells as the terminal has.
func (m *Model) View() (frame string) {
	defer func() {
		if r := recover(); r != nil {
			m.crashed(r, stack())
			frame = m.frame
		}
	}()
	if !m.drawn && !m.quitting && m.mayDraw() {
		m.frame, m.drawn = m.draw(), true
		m.pace.last, m.pace.now = m.now(), false
	}
	return m.frame
}

func (m *Model) resize(w, h int) {
	m.width, m.height = w, h
	m.size()
}

// size tells the screen that is shown how large it is.
func (m *Model) size() {
	if m.page < 0 || m.width == 0 {
		return
	}
	w, h := m.bodySize()
	if t := m.tabs[m.page]; t.sized != (ui.SizeMsg{Width: w, Height: h}) {
		t.sized = ui.SizeMsg{Width: w, Height: h}
		m.tell(t, t.sized)
	}
}

// current returns the tab that is shown.
func (m *Model) current() *tab { return m.tabs[m.page] }

// tell gives a message to a screen, and runs what it returns.
func (m *Model) tell(t *tab, msg tea.Msg) {
	m.do(owner{tab: t}, t.Update(msg))
	m.past.note(m, t)
}
