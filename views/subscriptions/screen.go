// Package subscriptions is the screen of who is told of the site's events: each
// target of each trigger zap, whether it gets its deliveries, and how the last
// ones went.
package subscriptions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "subscriptions"

// Screen is the screen of subscriptions. It implements ui.Screen.
type Screen struct {
	list.Screen[row]
}

var _ ui.Screen = (*Screen)(nil)

// A row is a subscription, and with more what the preview shows of one.
type row struct {
	apiclient.Subscription
	recent []apiclient.Delivery
	hours  []apiclient.SubscriptionHour
	whole  bool
}

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	filters := column.Filters(column.Subscriptions())
	s.Screen = list.NewScreen(c, browser.Config[row]{
		Screen: ID, Title: "Subscriptions",
		Columns: list.Lift(columns(c.Env), func(r row) apiclient.Subscription { return r.Subscription }),
		ID:      func(r row) string { return list.Number(r.ID) },
		Load:    s.load, DetailLoad: s.whole,
		Get: list.Get(list.ParseNumber[apiclient.SubscriptionID], func(ctx context.Context, id apiclient.SubscriptionID) (row, error) {
			sub, err := c.API.Subscription(ctx, id)
			return row{Subscription: sub}, err
		}),
		Detail: s.sections, DetailTitle: func(r row) string { return "#" + list.Number(r.ID) + " " + r.Target() },
		Complete:    list.Complete(func() []filter.Column { return filters }),
		Hint:        "state:active  zap:5  code:5xx",
		Empty:       list.First(c.Missing(apiclient.CanListSubs), empty(c)),
		EmptyFilter: "No subscription matches this filter.",
		DefaultSort: "id",
	}, concernsSubscriptions)
	return s
}

func empty(c list.Config) string {
	if c.Missing(apiclient.CanAddSubs) != "" {
		return "Nobody is subscribed."
	}
	return "Nobody is subscribed. n adds a target."
}

// columns are those of a subscription with the target in full beside a preview, and
// its last answer before its numbers.
func columns(env *ui.Env) []table.Column[apiclient.Subscription] {
	all := list.WholeColumns(column.Subscriptions(), env)
	first := map[string]int{"state": 0, "zap_name": 1, "url": 2, "last_code": 3, "last_at": 4, "dead": 5, "waiting": 6, "done": 7, "zap": 8, "event": 9}
	for i := range all {
		c := &all[i]
		if at, ok := first[c.Key]; ok {
			c.Priority = at
		}
		switch c.Key {
		case "url":
			c.Min = 22
		case "zap_name":
			c.Title, c.Min = "ZAP", 14
		case "zap":
			c.Title = "NO"
		case "state":
			c.Value = func(s apiclient.Subscription) string { return mark(env.Theme, s).With(word(s)) }
			c.Style = func(s apiclient.Subscription) theme.Token { return mark(env.Theme, s).Token }
		}
	}
	return all
}

// concernsSubscriptions keeps what changes a subscription or its counters.
func concernsSubscriptions(e apiclient.LogEntry) bool {
	return e.Kind == apiclient.LogAttempt || e.Change != nil && (strings.HasPrefix(e.Change.Action, "zaps.") || strings.HasPrefix(e.Change.Action, "subscriptions."))
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	if s.Missing(apiclient.CanListSubs) != "" {
		return browser.Page[row]{}, nil // the list says why it is empty
	}
	subs, err := s.API.Subscriptions(ctx, 0)
	if err != nil {
		return browser.Page[row]{}, err
	}
	page, err := list.Whole(subs, column.Subscriptions(), q, s.Env.Now)
	rows := make([]row, len(page.Rows))
	for i, sub := range page.Rows {
		rows[i].Subscription = sub
	}
	return browser.Page[row]{Rows: rows}, err
}

// recentDeliveries is how many deliveries to a target the preview shows.
const recentDeliveries = 8

func (s *Screen) whole(ctx context.Context, r row) (row, error) {
	sub, err := s.API.Subscription(ctx, r.ID)
	if err != nil {
		return row{}, err
	}
	r = row{Subscription: sub, whole: true}
	if r.hours, err = s.hours(ctx, r.ID); err != nil {
		return row{}, err
	}
	if s.Missing(apiclient.CanReadLog) != "" {
		return r, nil
	}
	page, err := s.API.Deliveries(ctx, apiclient.DeliveryQuery{Filter: apiclient.FieldIs("subscription", list.Number(r.ID)), Limit: recentDeliveries})
	r.recent = page.Deliveries
	return r, err
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case rotatedMsg:
		return s.showSecret(msg)
	case zapsMsg:
		return s.chooseZap(msg)
	}
	return s.Screen.Update(msg)
}

// sections is what the preview and the page of a subscription show.
func (s *Screen) sections(r row) []detail.Section {
	mark := mark(s.Env.Theme, r.Subscription)
	about := detail.Section{Title: "Subscription", Fields: []detail.Field{
		{Key: "State", Value: mark.With(word(r.Subscription)), Token: mark.Token},
		{Key: "Because", Value: r.Why},
		{Key: "Zap", Value: fmt.Sprintf("#%d %s", r.Zap, r.ZapName)},
		{Key: "Event", Value: string(r.Event)},
		{Key: "Target", Value: r.Target()},
		{Key: "URL", Value: r.URL, Secret: true},
		{Key: "By", Value: r.By},
		{Key: "Created", Value: s.Moment(r.Created)},
	}}
	if r.Why == "" {
		about.Fields = append(about.Fields[:1], about.Fields[2:]...)
	}
	if todo := advice(r.Subscription); todo != "" {
		about.Fields = slices.Insert(about.Fields, 1, detail.Field{Key: "What to do", Value: todo, Token: mark.Token})
	}
	health := detail.Section{Title: "Deliveries", Fields: []detail.Field{
		{Key: "Done", Value: theme.Count(r.Done)},
		{Key: "Dead", Value: theme.Count(r.Dead)},
		{Key: "Waiting", Value: theme.Count(r.Waiting)},
		{Key: "Last", Value: s.Moment(r.LastAt)},
		{Key: "Answer", Value: answer(r.LastCode, r.LastError)},
	}, Lines: lately(r.hours)}
	var recent detail.Section
	for _, d := range r.recent {
		m := s.Env.Theme.Delivery(string(d.State))
		recent.Fields = append(recent.Fields, detail.Field{
			Key: d.At.UTC().Format("01-02 15:04:05"), Value: m.With(answer(d.Code, d.Error)) + "  " + d.Login, Token: m.Token,
		})
	}
	return []detail.Section{about, s.breaker(r.Subscription), s.sending(r.Subscription), health, recent}
}

func answer(code int, failure string) string {
	if code == 0 {
		return failure
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, failure))
}
