package list

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
)

// targetKey is what the API calls the URL of a subscription, and so what its errors name.
const targetKey = "subscription_target_url"

// Subscribe asks for a target and subscribes it to the zap. A target that is refused can be
// corrected. What became of it goes to the screen as a DidMsg; with goThere that puts the
// cursor on the subscription. The signing secret of a new one is shown, once.
func Subscribe(c Config, screen string, z apiclient.Zap, goThere bool) tea.Cmd {
	ctx, api := c.Env.Ctx, c.API
	return ui.Open(form.New(form.Options{
		Env: c.Env, Title: fmt.Sprintf("Subscribe to “%s”", z.Name), Button: "subscribe", FieldErrors: FieldErrors,
		Intro: []string{"Where are its events posted to? Zapier makes such a URL for each of its own Zaps; any other service that takes webhooks will do as well."},
		Fields: []form.Field{{
			Key: targetKey, Label: "URL", Required: true, Placeholder: "https://hooks.zapier.com/hooks/…",
			Check: func(text string) error {
				return apiclient.NewSubscription{Zap: z.ID, URL: strings.TrimSpace(text)}.Validate()
			},
		}},
		Save: func(v form.Values) (tea.Cmd, error) {
			s, added, err := api.AddSubscription(ctx, apiclient.NewSubscription{Zap: z.ID, URL: strings.TrimSpace(v.Text(targetKey))})
			if err != nil {
				return nil, err
			}
			said := fmt.Sprintf("%s is subscribed to “%s”.", s.Target(), z.Name)
			if !added {
				said = fmt.Sprintf("%s was subscribed to “%s” before; it is %s.", s.Target(), z.Name, s.State)
			}
			did := DidMsg{Text: said}
			if goThere && s.ID != 0 {
				did.Select = Number(s.ID)
			}
			return tea.Batch(Bring(screen, did), ShowSecret(c, s)), nil
		},
	}))
}
