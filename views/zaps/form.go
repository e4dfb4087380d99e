package zaps

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
	"umdeck/views/list"
)

// fields is what the form asks of a zap; the kind only of a new one.
func fields(z apiclient.Zap, fresh bool) []form.Field {
	asked := []form.Field{{Key: "name", Label: "Name", Value: z.Name, Required: true}}
	if fresh {
		asked = append(asked, form.Field{Key: "kind", Label: "Kind", Kind: form.Select, Value: string(apiclient.ZapTrigger), Choices: []form.Choice{
			{Value: string(apiclient.ZapTrigger), Label: "trigger: an event here starts something there"},
			{Value: string(apiclient.ZapAction), Label: "action: something there changes a user here"},
		}})
	}
	if fresh || z.Kind == apiclient.ZapTrigger {
		events := form.Field{Key: "event", Label: "Event", Kind: form.Select, Value: string(z.Event), Help: "of a trigger; an action waits for none"}
		for _, t := range apiclient.Triggers() {
			events.Choices = append(events.Choices, form.Choice{Value: string(t), Label: string(t) + ": " + t.Title()})
		}
		asked = append(asked, events)
	}
	asked = append(asked,
		form.Field{Key: "status", Label: "Status", Kind: form.Select, Value: string(z.Status), Choices: []form.Choice{
			statusChoice(z.Kind, apiclient.ZapRunning), statusChoice(z.Kind, apiclient.ZapStopped), statusChoice(z.Kind, apiclient.ZapDraft),
		}},
		form.Field{Key: "fields", Label: "Fields", Kind: form.Lines, Value: strings.Join(z.Fields, "\n"), Help: "field keys in Zapier's order, one a line; + on the list chooses more"},
	)
	if fresh || z.Kind == apiclient.ZapTrigger {
		further := form.Field{Key: "origins", Label: "Fires also for", Kind: form.Multi, Help: "beyond what Ultimate Member itself fires for; space switches"}
		for _, o := range []apiclient.Origin{apiclient.OriginForm, apiclient.OriginAdmin, apiclient.OriginConsole, apiclient.OriginAPI, apiclient.OriginCRM, apiclient.OriginCron} {
			further.Choices = append(further.Choices, form.Choice{Value: string(o)})
		}
		for _, o := range z.Origins {
			further.Values = append(further.Values, string(o))
		}
		asked = append(asked, further)
	}
	return asked
}

func statusChoice(k apiclient.ZapKind, s apiclient.ZapStatus) form.Choice {
	return form.Choice{Value: string(s), Label: string(s) + ": " + meaning(apiclient.Zap{Kind: k, Status: s})}
}

func keys(text string) []string {
	found := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ' ' })
	if found == nil {
		return []string{}
	}
	return found
}

func origins(values []string) []apiclient.Origin {
	chosen := []apiclient.Origin{}
	for _, v := range values {
		chosen = append(chosen, apiclient.Origin(v))
	}
	return chosen
}

func (s *Screen) create() tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: "New zap", Button: "create", FieldErrors: list.FieldErrors,
		Fields: fields(apiclient.Zap{Status: apiclient.ZapDraft, Event: apiclient.TriggerRegistration, Fields: []string{"user_email", "first_name", "last_name"}}, true),
		Save: func(v form.Values) (tea.Cmd, error) {
			n := apiclient.NewZap{Name: v.Text("name"), Kind: apiclient.ZapKind(v.Text("kind")), Status: apiclient.ZapStatus(v.Text("status")), Fields: keys(v.Text("fields"))}
			if n.Kind == apiclient.ZapTrigger {
				n.Event, n.Origins = apiclient.Trigger(v.Text("event")), origins(v.List("origins"))
			}
			z, err := api.CreateZap(ctx, n)
			if err != nil {
				return nil, err
			}
			return list.Bring(ID, list.DidMsg{Text: fmt.Sprintf("“%s” is zap %d, %s.", z.Name, z.ID, z.Status), Select: list.Number(z.ID)}), nil
		},
	}))
}

func (s *Screen) edit(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: fmt.Sprintf("Edit zap %d", r.ID), Fields: fields(r.Zap, false), FieldErrors: list.FieldErrors,
			Save: func(v form.Values) (tea.Cmd, error) {
				change, changed := update(v)
				if !changed {
					return ui.Toast(ui.Info, "Nothing was changed."), nil
				}
				z, err := api.UpdateZap(ctx, r.ID, change)
				if err != nil {
					return nil, err
				}
				return list.Bring(ID, list.DidMsg{Text: "“" + z.Name + "” is saved."}), nil
			},
		}))
	}
}

// update is what was changed in the form, and whether anything was.
func update(v form.Values) (u apiclient.ZapUpdate, changed bool) {
	if v.Changed("name") {
		name := v.Text("name")
		u.Name = &name
	}
	if v.Changed("event") {
		event := apiclient.Trigger(v.Text("event"))
		u.Event = &event
	}
	if v.Changed("status") {
		status := apiclient.ZapStatus(v.Text("status"))
		u.Status = &status
	}
	if v.Changed("fields") {
		u.Fields = keys(v.Text("fields"))
	}
	if v.Changed("origins") {
		u.Origins = origins(v.List("origins"))
	}
	return u, u.Name != nil || u.Event != nil || u.Status != nil || u.Fields != nil || u.Origins != nil
}
