package list

import (
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
	"umdeck/views/live"
)

// LiveMsg brings what a screen's feed has got.
type LiveMsg struct{ Batch live.Batch }

// Follow returns a command that waits for the next batch of the feed and brings it
// to the screen, which asks again when it has taken it.
func Follow(env *ui.Env, screen string, feed *live.Feed) tea.Cmd {
	ctx := env.Ctx
	return ui.To(screen, func() tea.Msg {
		b, err := feed.Next(ctx)
		if err != nil {
			return nil // the program ends
		}
		return LiveMsg{b}
	})
}
