package subscriptions

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/form"
	"umdeck/views/column"
	"umdeck/views/list"
)

// The fields of the form, as the API's errors name them.
const (
	strictKey   = "strict"
	rateKey     = "rate"
	scheduleKey = "schedule"
)

// edit asks how the target is posted to.
func (s *Screen) edit(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		strict := ""
		if r.Strict {
			strict = "1"
		}
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: "How " + r.Target() + " is posted to", FieldErrors: list.FieldErrors,
			Fields: []form.Field{
				{Key: strictKey, Label: "Strict", Kind: form.Toggle, Value: strict, Help: "One delivery at a time: a failure holds all later ones until it is done or given up."},
				{Key: rateKey, Label: "Hooks a second", Value: plain(r.Rate), Placeholder: "no limit of its own", Check: func(t string) error { _, err := rateOf(t); return err }},
				{Key: scheduleKey, Label: "Schedule", Value: column.Schedule(r.Schedule), Placeholder: "the site's own", Help: "The waits between tries, such as 5s 30s 2m 10m 1h.", Check: func(t string) error { _, err := scheduleOf(t); return err }},
			},
			Save: func(v form.Values) (tea.Cmd, error) {
				u, err := updateOf(v)
				if err != nil {
					return nil, err
				}
				sub, err := api.UpdateSubscription(ctx, r.ID, u)
				if err != nil {
					return nil, err
				}
				return list.Bring(ID, list.DidMsg{Text: sub.Target() + " is posted to in another way from the next try on."}), nil
			},
		}))
	}
}

func plain(rate float64) string {
	if rate == 0 {
		return ""
	}
	return strconv.FormatFloat(rate, 'f', -1, 64)
}

func updateOf(v form.Values) (u apiclient.SubscriptionUpdate, err error) {
	if v.Changed(strictKey) {
		on := v.On(strictKey)
		u.Strict = &on
	}
	if v.Changed(rateKey) {
		rate, err := rateOf(v.Text(rateKey))
		if err != nil {
			return u, err
		}
		u.Rate = &rate
	}
	if v.Changed(scheduleKey) {
		waits, err := scheduleOf(v.Text(scheduleKey))
		if err != nil {
			return u, err
		}
		u.Schedule = &waits
	}
	return u, u.Validate()
}

// rateOf reads hooks a second; nothing is no limit.
func rateOf(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, apiclient.FieldErrorf(rateKey, "%q is no number; write hooks a second, such as 10 or 0.5.", text)
	}
	return rate, apiclient.SubscriptionUpdate{Rate: &rate}.Validate()
}

// scheduleOf reads waits; none is the site's own.
func scheduleOf(text string) ([]time.Duration, error) {
	var waits []time.Duration
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		w, err := time.ParseDuration(word)
		if err != nil {
			return nil, apiclient.FieldErrorf(scheduleKey, "%q is no wait; write it as 30s, 2m or 1h.", word)
		}
		waits = append(waits, w)
	}
	return waits, apiclient.CheckSchedule(waits)
}

// rotate asks whether the signing secret is to be another one.
func (s *Screen) rotate(r row) func() tea.Cmd {
	return func() tea.Cmd {
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "A new signing secret for " + r.Target(), Go: "Rotate", Tier: confirm.Once,
			Lines: []string{
				"Hooks are signed with the new secret from now on, and with the present one too for 24 hours, so that the receiver can change over.",
				"The new one is shown once, now.",
			},
			Yes: func() tea.Cmd {
				ctx, api := s.Env.Ctx, s.API
				return ui.To(ID, func() tea.Msg { return rotated(ctx, api, r.ID) })
			},
		}))
	}
}

// rotatedMsg brings a subscription with its new secret.
type rotatedMsg struct {
	sub apiclient.Subscription
	err error
}

func rotated(ctx context.Context, api apiclient.Subscriptions, id apiclient.SubscriptionID) rotatedMsg {
	sub, err := api.RotateSubscription(ctx, id, 0)
	return rotatedMsg{sub, err}
}

// showSecret shows the new secret.
func (s *Screen) showSecret(m rotatedMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	return tea.Batch(s.Reload(), list.ShowSecret(s.Config, m.sub))
}
