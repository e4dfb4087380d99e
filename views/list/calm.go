package list

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

// ReloadMsg tells a screen that now is the time to ask for its rows again.
type ReloadMsg struct{}

// Calm spaces out the reloads that a busy site causes. Its zero value is ready.
type Calm struct{ pending bool }

// pace is the time from something that happened to the reload that shows it, and so
// also the shortest time between two reloads.
const pace = 400 * time.Millisecond

// Soon returns a command that brings a ReloadMsg in a moment; nil when one is on
// its way already.
func (c *Calm) Soon(env *ui.Env) tea.Cmd {
	if c.pending {
		return nil
	}
	c.pending = true
	return ui.After(env.Ctx, pace, ReloadMsg{})
}

// Now says that the ReloadMsg has come.
func (c *Calm) Now() { c.pending = false }
