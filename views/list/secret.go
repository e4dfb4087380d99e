package list

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
)

// ShowSecret shows the signing secret that came with a subscription, and offers to copy it:
// nothing shows it again. Where none came, there is nothing to show.
func ShowSecret(c Config, s apiclient.Subscription) tea.Cmd {
	if s.Signing.IsZero() {
		return nil
	}
	secret := s.Signing.Reveal()
	until := ""
	if !s.RotatedUntil.IsZero() {
		until = fmt.Sprintf(" The one before signs too until %s.", c.MomentIn(s.RotatedUntil))
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: c.Env, Title: "The signing secret of " + s.Target(), Go: "Copy", Cancel: "Close", Tier: confirm.Once,
		Lines: []string{secret, "It is shown this once." + until},
		Yes:   func() tea.Cmd { return ui.Copy(secret, "the signing secret") },
	}))
}
