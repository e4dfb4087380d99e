// Package users is the screen of the site's users: find one among a million, see
// all that is known of one, and act on one or on hundreds.
//
// # How an action goes
//
// A key asks the site for a plan. A plan that refuses everything is said at once
// with its reason. What one key can take back is done and offers to be undone;
// everything else is asked first, with what the plan says will follow: the mails,
// the triggers and their targets, what a member will notice. One user is changed
// by one call, more of them are a job with a result for each.
package users

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "users"

// Screen is the screen of users. It implements ui.Screen.
type Screen struct {
	list.Screen[row]

	fields   []apiclient.Field // the catalogue, once it is loaded
	roles    []apiclient.Role  // likewise
	statuses []apiclient.AccountStatus

	awaited bool // the list is to go to a user as soon as it has them
}

var _ ui.Screen = (*Screen)(nil)

// A row is a user, and with more what the preview shows of one.
type row struct {
	apiclient.User
	recent []apiclient.Delivery
	whole  bool
}

func userOf(r row) apiclient.User { return r.User }

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	s.Screen = list.NewScreen(c, browser.Config[row]{
		Screen: ID, Title: "Users",
		Columns: list.Lift(columns(c.Env), userOf),
		ID:      func(r row) string { return list.Number(r.ID) },
		Load:    s.load, Count: s.count, DetailLoad: s.whole, Get: s.get,
		Detail: s.sections, DetailTitle: func(r row) string { return "#" + list.Number(r.ID) + " " + r.Name() },
		Complete:    list.Complete(s.filterColumns),
		Check:       s.check,
		Hint:        "status:awaiting_admin_review  role:um_member  registered:>=7d  country:Spain  anna",
		Empty:       list.First(c.Missing(apiclient.CanListUsers), "This site has no users."),
		EmptyFilter: "No user matches this filter; esc shows them all.",
		DefaultSort: newest(c), DefaultDesc: true,
	}, concernsUsers)
	return s
}

// newest is the column that has the newest users first: by their numbers, which means the
// same and costs less, where the site cannot sort by any column.
func newest(c list.Config) string {
	if c.Missing(apiclient.CanFilterFields) != "" {
		return "id"
	}
	return "registered"
}

// columns are those of a user with the name first, as people read a list. Each is wide
// enough to be read or not there at all; the two statuses that begin with "Awaiting" can
// be told apart when they are cut.
func columns(env *ui.Env) []table.Column[apiclient.User] {
	all := list.Order(list.Columns(column.Users(), env), "id", "display_name", "login", "status", "registered", "email", "roles")
	for i := range all {
		c := &all[i]
		switch c.Key {
		case "display_name":
			c.Min, c.Flex, c.Priority = 12, 2, 0
		case "status":
			c.Min, c.Max, c.Flex, c.Priority = 16, 29, 2, 1
		case "registered":
			c.Min, c.Priority = 11, 2 // the title and the arrow of the order
		case "login":
			c.Min, c.Flex, c.Priority = 16, 2, 3
		case "email":
			c.Min, c.Flex, c.Priority = 22, 3, 4
		case "roles":
			c.Min, c.Flex, c.Priority = 12, 1, 5
		}
	}
	return all
}

func concernsUsers(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "users.") || concernsForms(e))
}

// concernsForms keeps what makes the catalogue or the roles others.
func concernsForms(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "fields.") || strings.HasPrefix(e.Change.Action, "roles."))
}

// Init implements ui.Screen.
func (s *Screen) Init() tea.Cmd {
	return tea.Batch(s.Screen.Init(), s.learn())
}

func (s *Screen) filterColumns() []filter.Column {
	return append(filter.Users(), filter.Fields(s.fields)...)
}

// check says what is wrong with a filter that was typed, a status that the site does not
// have included.
func (s *Screen) check(text string) error {
	_, err := filter.Parse(text, filter.Options{Columns: filter.Users(), AnyField: true, Now: s.Env.Now, Statuses: s.statuses})
	return err
}

// parse is check for what runs outside the event loop, and knows no statuses.
func (s *Screen) parse(text string) (apiclient.Filter, error) {
	return list.Parse(text, filter.Users(), true, s.Env.Now)
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	f, err := s.parse(q.Filter)
	if err != nil || s.Missing(apiclient.CanListUsers) != "" {
		return browser.Page[row]{}, err // the list says why it is empty
	}
	page, err := s.API.Users(ctx, apiclient.UserQuery{
		Filter: f, Sort: list.Sort(q), After: apiclient.Cursor(q.After), Limit: q.Limit,
	})
	rows := make([]row, len(page.Users))
	for i, u := range page.Users {
		rows[i].User = u
	}
	return browser.Page[row]{Rows: rows, Next: string(page.Next), Note: page.Note}, err
}

func (s *Screen) count(ctx context.Context, text string) (string, error) {
	f, err := s.parse(text)
	if err != nil || s.Missing(apiclient.CanListUsers) != "" {
		return "", err
	}
	all, err := s.API.CountUsers(ctx, apiclient.Filter{})
	if err != nil || f.IsZero() {
		return countLine(all, s.Env.Theme), err
	}
	matching, err := s.API.CountUsers(ctx, f)
	if apiclient.KindOf(err) == apiclient.Unsupported {
		return countLine(all, s.Env.Theme), nil // the list says how it was filtered
	}
	return countLine(all, s.Env.Theme) + ", " + number(matching.Total) + " match", err
}

func (s *Screen) get(ctx context.Context, text string) (row, error) {
	id, err := list.ParseNumber[apiclient.UserID](text)
	if err != nil {
		return row{}, err
	}
	u, err := s.API.User(ctx, id)
	return row{User: u}, err
}

// recentDeliveries is how many deliveries about a user the preview shows.
const recentDeliveries = 5

// whole fetches what the list leaves out: the stored values, and what was sent
// about the user lately.
func (s *Screen) whole(ctx context.Context, r row) (row, error) {
	u, err := s.API.User(ctx, r.ID)
	if err != nil {
		return row{}, err
	}
	r = row{User: u, whole: true}
	if s.Missing(apiclient.CanReadLog) != "" {
		return r, nil
	}
	page, err := s.API.Deliveries(ctx, apiclient.DeliveryQuery{Filter: apiclient.FieldIs("user", list.Number(u.ID)), Limit: recentDeliveries})
	r.recent = page.Deliveries
	return r, err
}

// learnedMsg brings what forms and filters need to know of the site.
type learnedMsg struct {
	fields   []apiclient.Field
	roles    []apiclient.Role
	statuses []apiclient.AccountStatus
	err      error
}

func (s *Screen) learn() tea.Cmd {
	ask := s.lesson()
	return ui.To(ID, func() tea.Msg { return ask() })
}

// lesson returns what asks the site, for a command.
func (s *Screen) lesson() func() learnedMsg {
	ctx, api, missing := s.Env.Ctx, s.API, s.Missing(apiclient.CanReadFieldSet)
	return func() learnedMsg {
		var m learnedMsg
		var roles, statuses, fields error
		m.roles, roles = api.Roles(ctx)
		m.statuses, statuses = api.Statuses(ctx)
		if missing == "" {
			m.fields, fields = api.Fields(ctx)
		}
		m.err = cmp.Or(roles, statuses, fields)
		return m
	}
}

// knows reports whether a form has all that it asks with.
func (s *Screen) knows() bool {
	return s.roles != nil && (s.fields != nil || s.Missing(apiclient.CanReadFieldSet) != "")
}

// learned keeps what was learned. What could not be learned this time stays as it was.
func (s *Screen) learned(m learnedMsg) tea.Cmd {
	if m.roles != nil {
		s.roles = m.roles
	}
	if m.statuses != nil {
		s.statuses = m.statuses
	}
	if m.fields != nil {
		s.fields = m.fields
	}
	return ui.Fail(m.err)
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case learnedMsg:
		return s.learned(msg)
	case plannedMsg:
		return s.planned(msg)
	case doneMsg:
		return s.done(msg)
	case jobDoneMsg:
		return s.jobDone(msg)
	case createMsg:
		return tea.Batch(s.learned(msg.learned), s.openCreate())
	case editMsg:
		return s.openEdit(msg)
	case rolesMsg:
		return tea.Batch(s.learned(msg.learned), msg.choose())
	case savedMsg:
		return s.saved(msg)
	case byStatusMsg:
		return s.chooseStatus(msg)
	case list.LiveMsg:
		return tea.Batch(s.Screen.Update(msg), s.relearn(msg))
	case tea.KeyMsg:
		s.stay()
	}
	return s.Screen.Update(msg)
}

// stay gives up going to a user whom the list has not brought: whoever moves on is not to
// be taken there by a page that comes later.
func (s *Screen) stay() {
	if id, ok := s.Table().SelectedID(); ok && s.awaited {
		s.Select(id)
	}
	s.awaited = false
}

// relearn asks for the catalogue again when somebody has changed it.
func (s *Screen) relearn(msg list.LiveMsg) tea.Cmd {
	if slices.ContainsFunc(msg.Batch.Entries, concernsForms) {
		return s.learn()
	}
	return nil
}
