package zaps

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
	"umdeck/views/column"
)

func (s *Screen) filters() func() []filter.Column {
	columns := column.Filters(column.Zaps())
	return func() []filter.Column { return columns }
}

// meaning says what a status does, in a clause.
func meaning(z apiclient.Zap) string {
	switch z.Status {
	case apiclient.ZapRunning:
		switch z.Kind {
		case apiclient.ZapAction:
			return "calls are accepted"
		case apiclient.ZapTrigger:
			return "events are delivered"
		}
		return "events are delivered, or calls accepted"
	case apiclient.ZapStopped:
		return "nothing is delivered or accepted; subscriptions stay"
	case apiclient.ZapDraft:
		return "as stopped, and Zapier is not offered it"
	}
	return ""
}

// sections is what the preview and the page of a zap show.
func (s *Screen) sections(r row) []detail.Section {
	mark := s.Env.Theme.Zap(string(r.Status))
	about := detail.Section{Title: "Zap", Fields: []detail.Field{
		{Key: "Kind", Value: string(r.Kind)},
		{Key: "Status", Value: mark.With(string(r.Status)), Token: mark.Token},
	}}
	if r.Status == "" {
		about.Fields[1] = detail.Field{Key: "Status", Value: s.Missing(apiclient.CanReadZapState)}
	} else {
		about.Fields = append(about.Fields, detail.Field{Value: meaning(r.Zap)})
	}
	if r.Kind == apiclient.ZapTrigger && r.Event != "" {
		about.Fields = append(about.Fields,
			detail.Field{Key: "Event", Value: string(r.Event)},
			detail.Field{Value: r.Event.Title()},
			detail.Field{Key: "Fires for", Value: firesFor(r.Zap)},
		)
	}
	about.Fields = append(about.Fields,
		detail.Field{Key: "Created", Value: s.Moment(r.Created)},
		detail.Field{Key: "Updated", Value: s.Moment(r.Updated)},
	)
	all := []detail.Section{about}
	if !r.whole {
		return all
	}
	all = append(all, fieldsOf(r.group))
	if r.Kind == apiclient.ZapTrigger {
		all = append(all, s.subscribers(r))
		if r.sample != "" {
			all = append(all, detail.Section{Title: "Sample body", JSON: r.sample})
		}
	}
	return all
}

// firesFor names the origins whose events reach the zap.
func firesFor(z apiclient.Zap) string {
	var names []string
	for _, o := range []apiclient.Origin{apiclient.OriginForm, apiclient.OriginAdmin, apiclient.OriginConsole, apiclient.OriginAPI, apiclient.OriginCRM, apiclient.OriginCron} {
		if z.Listens(o) {
			names = append(names, string(o))
		}
	}
	return strings.Join(names, ", ")
}

func fieldsOf(g apiclient.FieldGroup) detail.Section {
	section := detail.Section{Title: fmt.Sprintf("Fields (%d)", len(g.Fields)), Text: g.Notice}
	for _, f := range g.Fields {
		section.Fields = append(section.Fields, detail.Field{Key: f.Key, Value: theme.Pad(string(f.Type), len(apiclient.FieldMultiselect)) + "  " + f.Label})
	}
	for _, h := range g.Hidden {
		section.Fields = append(section.Fields, detail.Field{Key: h.Key, Value: h.Why, Token: theme.Warning})
	}
	return section
}

func (s *Screen) subscribers(r row) detail.Section {
	section := detail.Section{Title: "Subscriptions"}
	if why := s.Missing(apiclient.CanListSubs); why != "" {
		section.Text = why
		return section
	}
	for _, sub := range r.subs {
		mark := s.Env.Theme.Subscription(string(sub.State))
		section.Fields = append(section.Fields, detail.Field{
			Key: "#" + fmt.Sprint(sub.ID), Value: mark.With(string(sub.State)) + "  " + sub.Target() + "\n" + tally(sub), Token: mark.Token,
		})
	}
	if len(r.subs) == 0 {
		section.Text = "Nobody is subscribed, so nothing is delivered."
		if s.Missing(apiclient.CanAddSubs) == "" {
			section.Text += " S adds a target."
		}
	}
	return section
}

func tally(s apiclient.Subscription) string {
	line := fmt.Sprintf("%s done, %s dead", theme.Count(s.Done), theme.Count(s.Dead))
	if s.Waiting > 0 {
		line += fmt.Sprintf(", %s waiting", theme.Count(s.Waiting))
	}
	return line
}

func capital(sentence string) string {
	r, n := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(r)) + sentence[n:]
}
