package command

import (
	"fmt"
	"strings"

	"umdeck/apiclient"
	"umdeck/views/column"
)

// outcomeColumns are what is shown of an action that was done.
func outcomeColumns(action apiclient.Action) []column.Column[apiclient.Outcome] {
	type outcome = apiclient.Outcome
	said := func(o outcome) string {
		if o.Err != nil {
			return o.Err.Message
		}
		return action.Done()
	}
	return []column.Column[outcome]{
		{
			Key: "user", Title: "ID", Help: "number of the user", Default: true, Right: true,
			Text: func(o outcome) string { return numberOf(int64(o.User)) }, Value: func(o outcome) any { return present(int64(o.User)) },
		},
		{
			Key: "login", Title: "LOGIN", Help: "user name", Default: true, Min: 8, Flex: 1,
			Text: func(o outcome) string { return o.Login }, Value: func(o outcome) any { return o.Login },
		},
		{
			Key: "from", Title: "FROM", Help: "status before", Default: true, Min: 8, Flex: 1, Priority: 2,
			Text: func(o outcome) string { return labelOf(o.From) }, Value: func(o outcome) any { return statusOf(o.From) },
		},
		{
			Key: "to", Title: "TO", Help: "status after", Default: true, Min: 8, Flex: 1, Priority: 1,
			Text: func(o outcome) string { return labelOf(o.To) }, Value: func(o outcome) any { return statusOf(o.To) },
		},
		{
			Key: "done", Title: "DONE", Help: "whether it was done",
			Text: func(o outcome) string { return fmt.Sprint(o.Err == nil) }, Value: func(o outcome) any { return o.Err == nil },
		},
		{
			Key: "result", Title: "RESULT", Help: "what was done, or why not", Default: true, Min: 12, Flex: 2,
			Text: said, Value: func(o outcome) any { return said(o) },
		},
	}
}

// stepColumns are what is shown of a plan.
func stepColumns() []column.Column[apiclient.Step] {
	type step = apiclient.Step
	return []column.Column[step]{
		{
			Key: "user", Title: "ID", Help: "number of the user", Default: true, Right: true,
			Text: func(s step) string { return numberOf(int64(s.User)) }, Value: func(s step) any { return present(int64(s.User)) },
		},
		{
			Key: "login", Title: "LOGIN", Help: "user name", Default: true, Min: 8, Flex: 1,
			Text: func(s step) string { return s.Login }, Value: func(s step) any { return s.Login },
		},
		{
			Key: "allowed", Title: "ALLOWED", Help: "whether it would be done",
			Text: func(s step) string { return fmt.Sprint(s.Refused == "") }, Value: func(s step) any { return s.Refused == "" },
		},
		{
			Key: "from", Title: "FROM", Help: "status now", Default: true, Min: 8, Flex: 1, Priority: 2,
			Text: func(s step) string { return labelOf(s.From) }, Value: func(s step) any { return statusOf(s.From) },
		},
		{
			Key: "to", Title: "TO", Help: "status afterwards", Default: true, Min: 8, Flex: 1, Priority: 1,
			Text: func(s step) string { return labelOf(s.To) }, Value: func(s step) any { return statusOf(s.To) },
		},
		{
			Key: "roles", Title: "ROLES", Help: "roles afterwards, where they change", Priority: 6,
			Text: func(s step) string { return strings.Join(textsOf(s.Roles), ", ") }, Value: func(s step) any { return textsOf(s.Roles) },
		},
		{
			Key: "mails", Title: "MAILS", Help: "e-mails that it is about", Default: true, Min: 10, Flex: 1, Priority: 4,
			Text: mailsText, Value: mailsValue,
		},
		{
			Key: "triggers", Title: "TRIGGERS", Help: "triggers that it raises, and how many targets get them", Default: true, Min: 10, Flex: 1, Priority: 4,
			Text: triggersText, Value: triggersValue,
		},
		{
			Key: "refused", Title: "WHY NOT", Help: "why it would not be done", Default: true, Min: 10, Flex: 2, Priority: 3,
			Text: func(s step) string { return s.Refused }, Value: func(s step) any { return words(s.Refused) },
		},
		{
			Key: "warning", Title: "WARNING", Help: "what an administrator may not expect", Default: true, Min: 10, Flex: 2, Priority: 5,
			Text: func(s step) string { return s.Warning }, Value: func(s step) any { return words(s.Warning) },
		},
	}
}

func mailsText(s apiclient.Step) string {
	var list []string
	for _, m := range s.Mails {
		text := string(m.Slug)
		if m.Off != "" {
			text += " (not sent: " + m.Off + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func mailsValue(s apiclient.Step) any {
	list := []apiclient.Payload{}
	for _, m := range s.Mails {
		list = append(list, apiclient.Payload{{Key: "mail", Value: string(m.Slug)}, {Key: "sent", Value: m.Off == ""}, {Key: "off", Value: words(m.Off)}})
	}
	return list
}

func triggersText(s apiclient.Step) string {
	var list []string
	for _, t := range s.Triggers {
		text := string(t.Trigger)
		if t.Zap != 0 && t.Targets >= 0 {
			text += fmt.Sprintf(" → %s (%d)", t.Name, t.Targets)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func triggersValue(s apiclient.Step) any {
	list := []apiclient.Payload{}
	for _, t := range s.Triggers {
		o := apiclient.Payload{{Key: "trigger", Value: string(t.Trigger)}, {Key: "zap", Value: present(int64(t.Zap))}, {Key: "name", Value: words(t.Name)}, {Key: "targets", Value: any(int64(t.Targets))}}
		if t.Targets < 0 {
			o[3].Value = nil
		}
		list = append(list, o)
	}
	return list
}

// present is a number, or nothing for 0.
func present(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func numberOf(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// words is a text, or nothing where it is empty.
func words(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// statusOf is a slug, or nothing where the site did not say.
func statusOf(s apiclient.Status) any {
	if s == apiclient.StatusUnknown {
		return nil
	}
	return string(s)
}

// labelOf is a status in words, or nothing where the site did not say.
func labelOf(s apiclient.Status) string {
	if s == apiclient.StatusUnknown {
		return ""
	}
	return s.Label()
}
