// Package zaps is the screen of the site's zaps, which Ultimate Member also calls
// UM field groups: what each waits for and sends, whether it runs, who is
// subscribed, and what its body looks like for a real member.
package zaps

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "zaps"

// Screen is the screen of zaps. It implements ui.Screen.
type Screen struct {
	list.Screen[row]
	who string // for whom a body was last asked
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
	s := &Screen{}
	s.Screen = list.NewScreen(c, browser.Config[row]{
		Screen: ID, Title: "Zaps",
		Columns: list.Lift(columns(c.Env), func(r row) apiclient.Zap { return r.Zap }),
		ID:      func(r row) string { return list.Number(r.ID) },
		Load:    s.load, DetailLoad: s.whole,
		Get: list.Get(list.ParseNumber[apiclient.ZapID], func(ctx context.Context, id apiclient.ZapID) (row, error) {
			z, err := c.API.Zap(ctx, id)
			return row{Zap: z}, err
		}),
		Detail: s.sections, DetailTitle: func(r row) string { return "#" + list.Number(r.ID) + " " + r.Name },
		Complete:    list.Complete(s.filters()),
		Hint:        "kind:trigger  status:running  event:um_user_login",
		Empty:       list.First(c.Missing(apiclient.CanReadZaps), empty(c)),
		EmptyFilter: "No zap matches this filter.",
		DefaultSort: "id",
	}, concernsZaps)
	return s
}

func empty(c list.Config) string {
	if c.Missing(apiclient.CanWriteZaps) != "" {
		return "There are no zaps."
	}
	return "There are no zaps. n makes one."
}

// columns are those of a zap so that the name and the event can be read beside a
// preview: an action is named in the place of its event, and fields are counted.
func columns(env *ui.Env) []table.Column[apiclient.Zap] {
	all := list.WholeColumns(column.Zaps(), env)
	for i := range all {
		c := &all[i]
		switch c.Key {
		case "name":
			c.Min = 18
		case "event":
			c.Min, c.Priority = 20, 2
			c.Value = func(z apiclient.Zap) string {
				if z.Kind == apiclient.ZapAction {
					return "(action)"
				}
				return string(z.Event)
			}
		case "subscriptions":
			c.Priority = 3
		case "fields":
			c.Min, c.Max, c.Flex, c.Align, c.Priority = 0, 0, 0, table.Right, 4
			c.Value = func(z apiclient.Zap) string { return strconv.Itoa(len(z.Fields)) }
		case "kind":
			c.Priority = 9
		}
	}
	return all
}

func concernsZaps(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "zaps.") || strings.HasPrefix(e.Change.Action, "subscriptions."))
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	if s.Missing(apiclient.CanReadZaps) != "" {
		return browser.Page[row]{}, nil // the list says why it is empty
	}
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

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case sampledMsg:
		return s.show(msg)
	case catalogueMsg:
		return s.chooseFields(msg)
	}
	return s.Screen.Update(msg)
}
