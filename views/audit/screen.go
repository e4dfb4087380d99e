// Package audit is the screen of who changed what: every change with who made it,
// from where, before and after, and what can be taken back with one key.
package audit

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "audit"

// Screen is the screen of the audit. It implements ui.Screen.
type Screen struct {
	list.Screen[apiclient.Audit]
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	s.Screen = list.NewScreen(c, browser.Config[apiclient.Audit]{
		Screen: ID, Title: "Audit",
		Columns: columns(c.Env), ID: func(a apiclient.Audit) string { return list.Number(a.ID) },
		Load: s.load, Detail: sections, DetailTitle: func(a apiclient.Audit) string { return "#" + list.Number(a.ID) + " " + a.Action },
		Get:         list.Get(list.ParseNumber[int64], c.API.Audit),
		Complete:    list.Complete(filter.Audits),
		Hint:        "action:users.*  actor:admin  at:>=1d",
		Empty:       list.First(c.Missing(apiclient.CanReadAudit), "Nothing was changed yet."),
		EmptyFilter: "No change matches this filter.",
	}, func(e apiclient.LogEntry) bool { return e.Change != nil })
	return s
}

// columns are those of the audit without the parts, which the preview shows.
func columns(env *ui.Env) []table.Column[apiclient.Audit] {
	var kept []table.Column[apiclient.Audit]
	for _, c := range list.Columns(column.Audits(), env) {
		switch c.Key {
		case "before", "after":
			continue
		case "id":
			c.Priority = 6
		case "action":
			c.Min = 16
		case "subject":
			c.Min = 20
		}
		kept = append(kept, c)
	}
	return kept
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[apiclient.Audit], error) {
	f, err := list.Parse(q.Filter, filter.Audits(), false, s.Env.Now)
	if err != nil || s.Missing(apiclient.CanReadAudit) != "" {
		return browser.Page[apiclient.Audit]{}, err // the list says why it is empty
	}
	page, err := s.API.Audits(ctx, apiclient.AuditQuery{Filter: f, After: apiclient.Cursor(q.After), Limit: q.Limit})
	return browser.Page[apiclient.Audit]{Rows: page.Audits, Next: string(page.Next)}, err
}

// sections is what the preview and the page of an entry show.
func sections(a apiclient.Audit) []detail.Section {
	about := detail.Section{Title: "Change", Fields: []detail.Field{
		{Key: "What", Value: a.Action},
		{Key: "Of", Value: a.Subject},
		{Key: "When", Value: a.At.UTC().Format("2006-01-02 15:04:05Z")},
		{Key: "Who", Value: a.Actor},
		{Key: "Origin", Value: string(a.Origin)},
	}}
	if a.Undoes != 0 {
		about.Fields = append(about.Fields, detail.Field{Key: "Takes back", Value: "entry " + list.Number(a.Undoes)})
	}
	back := detail.Section{Title: "Taking it back", Text: a.Undo}
	if a.Undo == "" {
		back.Text = a.NoUndo
	}
	all := []detail.Section{about, back}
	if list := parts(a); len(list) > 0 {
		all = append(all, detail.Section{Title: "Parts", Fields: list})
	}
	return all
}
