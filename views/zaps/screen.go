// Package zaps is the screen of the site's zaps, which Ultimate Member also calls
// UM field groups: what each waits for and sends, whether it runs, who is
// subscribed, and what its body looks like for a real member.
package zaps

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/views/column"
	"umdeck/views/list"
	"umdeck/views/live"
)

// ID is the screen's id, and the first part of its routes.
const ID = "zaps"

// Screen is the screen of zaps. It implements ui.Screen.
type Screen struct {
	*browser.Model[row]
	list.Config
	feed *live.Feed
	calm list.Calm
}

var _ ui.Screen = (*Screen)(nil)

// A row is a zap, and with more what the preview shows of one.
type row struct {
	apiclient.Zap
	group  apiclient.FieldGroup
	subs   []apiclient.Subscription
	sample string // the body with placeholders, as JSON
	whole  bool
}

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{Config: c, feed: c.Hub.Feed(concernsZaps)}
	columns := column.Zaps()
	s.Model = browser.New(browser.Config[row]{
		Screen: ID, Env: c.Env, Title: "Zaps",
		Columns: list.Lift(list.WholeColumns(columns, c.Env), func(r row) apiclient.Zap { return r.Zap }),
		ID:      func(r row) string { return list.Number(r.ID) },
		Load:    s.load, DetailLoad: s.whole,
		Get: list.Get(list.ParseNumber[apiclient.ZapID], func(ctx context.Context, id apiclient.ZapID) (row, error) {
			z, err := c.API.Zap(ctx, id)
			return row{Zap: z}, err
		}),
		Detail: s.sections, DetailTitle: func(r row) string { return "#" + list.Number(r.ID) + " " + r.Name },
		Complete: list.Complete(s.filters()), Explain: apiclient.MessageOf,
		Hint:        "kind:trigger  status:running  event:um_user_login",
		Empty:       "There are no zaps. n makes one.",
		EmptyFilter: "No zap matches this filter.",
		DefaultSort: "id",
	})
	return s
}

func concernsZaps(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "zaps.") || strings.HasPrefix(e.Change.Action, "subscriptions."))
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	zaps, err := s.API.Zaps(ctx, apiclient.ZapQuery{})
	if err != nil {
		return browser.Page[row]{}, err
	}
	page, err := list.Whole(zaps, column.Zaps(), q, s.Env.Now)
	rows := make([]row, len(page.Rows))
	for i, z := range page.Rows {
		rows[i].Zap = z
	}
	return browser.Page[row]{Rows: rows, Note: s.Missing(apiclient.CanReadZapState)}, err
}

// whole fetches what the preview shows beside the zap itself.
func (s *Screen) whole(ctx context.Context, r row) (row, error) {
	r.whole = true
	var err error
	if r.group, err = s.API.FieldGroup(ctx, r.ID); err != nil {
		return r, err
	}
	if r.Kind == apiclient.ZapTrigger && s.Missing(apiclient.CanListSubs) == "" {
		if r.subs, err = s.API.Subscriptions(ctx, r.ID); err != nil {
			return r, err
		}
	}
	if r.Kind == apiclient.ZapTrigger && s.Missing(apiclient.CanSampleZaps) == "" && r.group.Notice == "" {
		p, err := s.API.SampleZap(ctx, r.ID, 0)
		if err != nil {
			return r, err
		}
		text, err := p.MarshalJSON()
		if err != nil {
			return r, fmt.Errorf("encode the sample: %w", err)
		}
		r.sample = string(text)
	}
	return r, nil
}

// Init implements ui.Screen.
func (s *Screen) Init() tea.Cmd {
	return tea.Batch(s.Model.Init(), list.Follow(s.Env, ID, s.feed))
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case list.LiveMsg:
		next := list.Follow(s.Env, ID, s.feed)
		if len(msg.Batch.Entries) == 0 {
			return next
		}
		return tea.Batch(next, s.calm.Soon(s.Env))
	case list.ReloadMsg:
		s.calm.Now()
		return s.Reload()
	case list.DidMsg:
		if msg.Select != "" {
			s.Select(msg.Select)
		}
		return tea.Batch(msg.Tell(), s.Reload())
	case shownMsg:
		return ui.Open(s.pager(msg))
	}
	return s.Model.Update(msg)
}
