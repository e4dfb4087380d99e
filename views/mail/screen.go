// Package mail is the screen of what was mailed: every e-mail with why it was sent,
// or why not, its text, and the attempts at it.
package mail

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/detail"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "mail"

// Screen is the screen of mails. It implements ui.Screen.
type Screen struct {
	list.Screen[apiclient.Mail]
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	s.Screen = list.NewScreen(c, browser.Config[apiclient.Mail]{
		Screen: ID, Title: "Mail",
		Columns: list.Columns(column.Mails(), c.Env), ID: func(m apiclient.Mail) string { return list.Number(m.ID) },
		Load: s.load, Detail: sections, DetailTitle: func(m apiclient.Mail) string { return "#" + list.Number(m.ID) + " " + m.Subject },
		Get:         list.Get(list.ParseNumber[apiclient.MailID], c.API.Mail),
		Complete:    list.Complete(filter.Mails),
		Hint:        "state:suppressed  slug:checkmail_email  user:7  at:>=1d",
		Empty:       list.First(c.Missing(apiclient.CanMail), "Nothing was mailed yet."),
		EmptyFilter: "No mail matches this filter.",
	}, func(e apiclient.LogEntry) bool { return e.Mail != nil })
	return s
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[apiclient.Mail], error) {
	f, err := list.Parse(q.Filter, filter.Mails(), false, s.Env.Now)
	if err != nil || s.Missing(apiclient.CanMail) != "" {
		return browser.Page[apiclient.Mail]{}, err // the list says why it is empty
	}
	page, err := s.API.Mails(ctx, apiclient.MailQuery{Filter: f, After: apiclient.Cursor(q.After), Limit: q.Limit})
	return browser.Page[apiclient.Mail]{Rows: page.Mails, Next: string(page.Next)}, err
}

// sections is what the preview and the page of a mail show.
func sections(m apiclient.Mail) []detail.Section {
	about := detail.Section{Title: "Mail", Fields: []detail.Field{
		{Key: "What", Value: m.Slug.Title() + " (" + string(m.Slug) + ")"},
		{Key: "To", Value: m.To},
		{Key: "About", Value: m.Login},
		{Key: "Subject", Value: m.Subject},
		{Key: "State", Value: string(m.State)},
		{Key: "Why", Value: column.WhyNot(m)},
		{Key: "Posted", Value: m.At.UTC().Format("2006-01-02 15:04:05Z")},
		{Key: "Cause", Value: m.Cause},
	}}
	if !m.SentAt.IsZero() {
		about.Fields = append(about.Fields, detail.Field{Key: "Sent", Value: m.SentAt.UTC().Format("2006-01-02 15:04:05Z")})
	}
	if m.ResendOf != 0 {
		about.Fields = append(about.Fields, detail.Field{Key: "Sends again", Value: "mail " + list.Number(m.ResendOf)})
	}
	all := []detail.Section{about}
	if len(m.Log) > 0 {
		all = append(all, attempts(m))
	}
	if m.Text != "" {
		all = append(all, detail.Section{Title: "Text", Text: m.Text})
	}
	return all
}

func attempts(m apiclient.Mail) detail.Section {
	tries := detail.Section{Title: "Attempts"}
	for _, a := range m.Log {
		said := a.At.UTC().Format("2006-01-02 15:04:05Z") + "  " + a.Server
		if a.Error != "" {
			said += "  " + a.Error
		} else {
			said += "  taken"
		}
		tries.Fields = append(tries.Fields, detail.Field{Key: list.Number(int64(a.Number)), Value: said})
	}
	return tries
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case revealedMsg:
		return s.show(msg)
	}
	return s.Screen.Update(msg)
}
