package list

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/prompt"
)

// Subscribe asks for a target and subscribes it to the zap. What became of it goes
// to the screen as a DidMsg.
func Subscribe(c Config, screen string, z apiclient.Zap) tea.Cmd {
	ctx, api := c.Env.Ctx, c.API
	return ui.Open(prompt.New(prompt.Options{
		Env: c.Env, Title: fmt.Sprintf("Subscribe to “%s”", z.Name), Placeholder: "https://hooks.zapier.com/hooks/…",
		Lines: []string{"Where are its events posted to?"},
		Check: func(text string) error {
			return apiclient.NewSubscription{Zap: z.ID, URL: strings.TrimSpace(text)}.Validate()
		},
		Enter: func(text string) tea.Cmd {
			return Do(screen, func() DidMsg {
				s, added, err := api.AddSubscription(ctx, apiclient.NewSubscription{Zap: z.ID, URL: strings.TrimSpace(text)})
				if err != nil {
					return DidMsg{Err: err}
				}
				said := fmt.Sprintf("%s is subscribed to “%s”.", s.Target(), z.Name)
				if !added {
					said = fmt.Sprintf("%s was subscribed to “%s” before; it is %s.", s.Target(), z.Name, s.State)
				}
				return DidMsg{Text: said, Select: numberOrNone(s.ID)}
			})
		},
	}))
}

func numberOrNone(id apiclient.SubscriptionID) string {
	if id == 0 {
		return ""
	}
	return Number(id)
}
