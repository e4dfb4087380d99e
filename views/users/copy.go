package users

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
	"umdeck/ui/dialog/picker"
	"umdeck/views/column"
	"umdeck/views/list"
)

// A copyForm is one way in which users can be copied: a line each.
type copyForm struct {
	key, title string
	noun       string // what the toast calls several of them
	of         func(row) (string, error)
}

func (s *Screen) copyForms() []copyForm {
	text := func(of func(row) string) func(row) (string, error) {
		return func(r row) (string, error) { return of(r), nil }
	}
	return []copyForm{
		{"e", "E-mail address", "e-mail addresses", text(func(r row) string { return r.Email })},
		{"l", "Login", "logins", text(func(r row) string { return r.Login })},
		{"i", "ID", "ids", text(func(r row) string { return list.Number(r.ID) })},
		{"n", "Name", "names", text(func(r row) string { return r.Name() })},
		{"o", "JSON object", "JSON objects", s.object},
	}
}

// object is the user as JSON, with what is stored as far as it is loaded.
func (s *Screen) object(r row) (string, error) {
	if whole, ok := s.Full(list.Number(r.ID)); ok {
		r = whole
	}
	columns := column.Users()
	o := append(column.Object(columns, r.User), column.Answers(columns, r.User)...)
	text, err := o.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("encode user %d: %w", r.ID, err)
	}
	return string(text), nil
}

func (s *Screen) copy(aim list.Aim[row]) func() tea.Cmd {
	return func() tea.Cmd {
		targets, forms := aim.Take(s.Model), s.copyForms()
		items := make([]picker.Item, len(forms))
		for i, f := range forms {
			items[i] = picker.Item{ID: f.key, Key: f.key, Title: f.title}
		}
		return ui.Open(picker.New(picker.Options{
			Env: s.Env, Title: "Copy from " + people(targets), Items: items, Hotkeys: true,
			Pick: func(ids []string) tea.Cmd {
				f := forms[slices.IndexFunc(forms, func(f copyForm) bool { return f.key == ids[0] })]
				return copyOf(targets, f)
			},
		}))
	}
}

func copyOf(targets []row, f copyForm) tea.Cmd {
	lines := make([]string, len(targets))
	for i, r := range targets {
		text, err := f.of(r)
		if err != nil {
			return ui.Fail(err)
		}
		lines[i] = text
	}
	what := "the " + strings.ToLower(f.title[:1]) + f.title[1:]
	if len(targets) > 1 {
		what = number(len(targets)) + " " + f.noun
	}
	return ui.Copy(strings.Join(lines, "\n"), what)
}

// people names the targets: one by its login, more by their number.
func people(targets []row) string {
	if len(targets) == 1 {
		return list.First(targets[0].Login, fmt.Sprintf("user %d", targets[0].ID))
	}
	return number(len(targets)) + " users"
}
