package triggerlog

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/picker"
)

// A form is a way to copy a delivery. One that is whole needs its body and attempts.
type form struct {
	key, title, what string
	whole            bool
	of               func(apiclient.Delivery) string
}

func forms() []form {
	return []form{
		{"b", "Body", "the body", true, func(d apiclient.Delivery) string { return string(d.Body) }},
		{"c", "curl command", "a curl command with the target's URL", true, curl},
		{"w", "Webhook-id", "the webhook-id", false, func(d apiclient.Delivery) string { return d.WebhookID }},
		{"u", "Target URL (a secret)", "the target's URL", false, func(d apiclient.Delivery) string { return d.URL }},
	}
}

// copyMenu asks what of a delivery is to be copied.
func (s *Screen) copyMenu(r *row) tea.Cmd {
	all := forms()
	items := make([]picker.Item, len(all))
	for i, f := range all {
		items[i] = picker.Item{ID: f.key, Key: f.key, Title: f.title}
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Copy of delivery " + r.id(), Items: items, Hotkeys: true,
		Pick: func(ids []string) tea.Cmd {
			return s.copy(r.Delivery, all[slices.IndexFunc(all, func(f form) bool { return f.key == ids[0] })])
		},
	}))
}

func (s *Screen) copy(d apiclient.Delivery, f form) tea.Cmd {
	if p := s.page; p != nil && p.full != nil && p.full.ID == d.ID {
		return ui.Copy(f.of(*p.full), f.what)
	}
	if !f.whole {
		return ui.Copy(f.of(d), f.what)
	}
	ctx, api, id := s.Env.Ctx, s.API, d.ID
	return ui.To(ID, func() tea.Msg { return load(ctx, api, id, f) })
}

func load(ctx context.Context, api apiclient.Deliveries, id apiclient.DeliveryID, f form) tea.Msg {
	d, err := api.Delivery(ctx, id)
	if err != nil {
		return ui.ErrMsg{Err: err}
	}
	return ui.CopyMsg{Text: f.of(d), What: f.what}
}

// curl returns a command for a POSIX shell that posts the delivery as its last attempt
// did. --data-raw because --data would read a file for a body that begins with @.
func curl(d apiclient.Delivery) string {
	var b strings.Builder
	b.WriteString("curl -sS -g -i -X POST")
	for _, h := range sent(d) {
		b.WriteString(" \\\n  -H " + quote(h.Name+": "+h.Value))
	}
	b.WriteString(" \\\n  --data-raw " + quote(string(d.Body)))
	b.WriteString(" \\\n  " + quote(d.URL) + "\n")
	return b.String()
}

// sent returns the head lines that curl does not make itself.
func sent(d apiclient.Delivery) []apiclient.Header {
	if len(d.Log) == 0 || len(d.Log[len(d.Log)-1].Request) == 0 {
		return []apiclient.Header{{Name: "content-type", Value: "application/json"}, {Name: "webhook-id", Value: d.WebhookID}}
	}
	var kept []apiclient.Header
	for _, h := range d.Log[len(d.Log)-1].Request {
		switch strings.ToLower(h.Name) {
		case "host", "content-length", "connection", "transfer-encoding", "accept-encoding":
		default:
			kept = append(kept, h)
		}
	}
	return kept
}

// quote makes one word of a text for a POSIX shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
