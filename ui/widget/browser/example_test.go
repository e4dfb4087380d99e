package browser_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/table"
)

// A role is what the example lists.
type role struct {
	Slug, Name string
	Members    int
}

// rolesScreen is a whole screen: the list is embedded, and brings everything of ui.Screen
// that the screen does not say itself.
type rolesScreen struct {
	*browser.Model[role]
}

var _ ui.Screen = (*rolesScreen)(nil)

func newRolesScreen(env *ui.Env, roles []role) *rolesScreen {
	return &rolesScreen{browser.New(browser.Config[role]{
		Screen: "roles",
		Env:    env,
		Title:  "Roles",
		Columns: []table.Column[role]{
			{Key: "role", Title: "ROLE", Min: 12, Max: 30, Flex: 1, Value: func(r role) string { return r.Slug }, Sort: "role"},
			{Key: "name", Title: "NAME", Min: 12, Flex: 2, Priority: 1, Value: func(r role) string { return r.Name }},
			{Key: "members", Title: "MEMBERS", Align: table.Right, Value: func(r role) string { return theme.Count(r.Members) }},
		},
		ID: func(r role) string { return r.Slug },
		Load: func(_ context.Context, q browser.Query) (browser.Page[role], error) {
			var page browser.Page[role]
			for _, r := range roles {
				if strings.Contains(r.Slug, q.Filter) {
					page.Rows = append(page.Rows, r)
				}
			}
			return page, nil
		},
		Detail: func(r role) []detail.Section {
			return []detail.Section{{Title: "Role", Fields: []detail.Field{
				{Key: "Name", Value: r.Name},
				{Key: "Members", Value: strconv.Itoa(r.Members)},
			}}}
		},
		Empty: "This site has no roles.",
	})}
}

// Actions returns the screen's own before the list's.
func (s *rolesScreen) Actions() []ui.Action {
	return append([]ui.Action{{ID: "roles.members", Key: "m", Title: "Members", Run: s.members}}, s.Model.Actions()...)
}

func (s *rolesScreen) members() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	return ui.Go("users?filter=role:" + r.Slug)
}

func Example() {
	env := &ui.Env{
		Ctx:   context.Background(),
		Theme: theme.New(theme.Options{Palette: theme.None, Profile: termenv.Ascii}),
		Now:   time.Now,
	}
	s := newRolesScreen(env, []role{{"administrator", "Administrator", 2}, {"um_member", "Member", 12480}})

	// What the shell does: size, the first load, and its answer.
	s.Update(ui.SizeMsg{Width: 60, Height: 10})
	if work, ok := s.Init()().(ui.WorkMsg); ok {
		s.Update(work.Run())
	}
	s.Update(tea.KeyMsg{Type: tea.KeyDown})
	fmt.Println(s.View(60, 10))
	// Output:
	// ┌─ Roles ─ 2 ──────────────────────────────────────────────┐
	// │   ROLE                 NAME                      MEMBERS │
	// │   administrator        Administrator                   2 │
	// │ ▸ um_member            Member                     12 480 │
	// │                                                          │
	// │                                                          │
	// │                                                          │
	// │                                                          │
	// └──────────────────────────────────────────────────────────┘
	//  rows 1-2 of 2
}
