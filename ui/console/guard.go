package console

import (
	"runtime/debug"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// panicMsg says that a goroutine has panicked.
type panicMsg struct {
	value any
	stack []byte
}

func stack() []byte { return debug.Stack() }

// guard returns a command that is waited for on exit, and that ends the program in
// order when it panics. Everything that runs outside the event loop runs under it.
func (m *Model) guard(cmd tea.Cmd) tea.Cmd {
	return func() (msg tea.Msg) {
		if !m.tasks.begin() {
			return nil
		}
		defer m.tasks.end()
		defer func() {
			if r := recover(); r != nil {
				msg = panicMsg{r, stack()}
			}
		}()
		return cmd()
	}
}

// recovered is deferred by what the event loop calls.
func (m *Model) recovered(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		m.crashed(r, stack())
		*cmd = tea.Quit
	}
}

// tasks counts what runs, so that it can be waited for. The zero value is ready.
type tasks struct {
	mu     sync.Mutex
	n      int           // guarded by mu
	closed bool          // guarded by mu
	idle   chan struct{} // guarded by mu; closed when n is 0 after closed
}

func (t *tasks) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.n++
	return true
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n--
	if t.closed && t.n == 0 {
		close(t.idle)
	}
}

// wait lets nothing begin any more and waits for what runs, for d at most. It returns
// how many are left.
func (t *tasks) wait(d time.Duration) int {
	t.mu.Lock()
	t.closed = true
	t.idle = make(chan struct{})
	idle, n := t.idle, t.n
	t.mu.Unlock()
	if n == 0 {
		return 0
	}
	limit := time.NewTimer(d)
	defer limit.Stop()
	select {
	case <-idle:
	case <-limit.C:
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}
