package console_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/form"
	"umdeck/ui/dialog/pager"
	"umdeck/ui/dialog/picker"
	"umdeck/ui/dialog/prompt"
	"umdeck/ui/uitest"
)

// opens adds an action on key that opens a dialog.
func (f *fixture) opens(key string, open func() ui.Dialog) {
	f.users.extra = append(f.users.extra, ui.Action{ID: "users." + key, Key: key, Title: "Open " + key, Run: func() tea.Cmd { return ui.Open(open()) }})
}

func said(format string, args ...any) tea.Cmd { return ui.Toast(ui.Done, fmt.Sprintf(format, args...)) }

type fieldError struct{ texts map[string]string }

func (e fieldError) Error() string { return "refused" }

func TestForm(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		var saved []form.Values
		answers := []error{fieldError{map[string]string{"mail": "that address is taken"}}, errors.New("the site does not answer"), nil}
		f.opens("E", func() ui.Dialog {
			return form.New(form.Options{
				Env: f.cfg.Env, Title: "Edit ada",
				Fields: []form.Field{
					{Key: "login", Label: "Login", Required: true},
					{Key: "mail", Label: "E-mail", Value: "a@example.com", Check: func(s string) error {
						if !strings.Contains(s, "@") {
							return errors.New("an e-mail address has an @")
						}
						return nil
					}},
					{Key: "role", Label: "Role", Kind: form.Select, Value: "odd", Choices: []form.Choice{{Value: "subscriber", Label: "Subscriber"}, {Value: "editor", Label: "Editor"}}},
					{Key: "tags", Label: "Tags", Kind: form.Multi, Choices: []form.Choice{{Value: "red"}, {Value: "green"}, {Value: "blue"}}},
					{Key: "bio", Label: "Biography", Kind: form.Lines},
					{Key: "news", Label: "Newsletter", Kind: form.Toggle},
				},
				FieldErrors: func(err error) map[string]string {
					if fe, ok := errors.AsType[fieldError](err); ok {
						return fe.texts
					}
					return nil
				},
				Save: func(v form.Values) (tea.Cmd, error) {
					saved = append(saved, v)
					err := answers[len(saved)-1]
					return said("saved %s", v.Text("login")), err
				},
			})
		})
		term := f.start(t, 80, 24)
		press(term, "E\t") // the login is needed
		term.WaitText("Login is needed")
		term.Golden("form-needed-80x24")
		press(term, "zoë q\t\x15nobody\t")
		term.WaitText("an e-mail address has an @")
		press(term, "\x15z@example.com\tjj\tj xj \tone\rtwo: three\t ")
		term.WaitText("[yes]")
		term.Golden("form-filled-80x24")
		press(term, "\r")
		term.WaitText("that address is taken")
		press(term, "\x15y@example.com\x0f") // what was typed is still there
		term.WaitText("the site does not answer")
		press(term, "\x0f")
		term.WaitText("saved zoë q")
		v := saved[2]
		got := []string{v.Text("login"), v.Text("mail"), v.Text("role"), strings.Join(v.List("tags"), ","), v.Text("bio"), fmt.Sprint(v.On("news")), fmt.Sprint(v.Changed("login"), v.Changed("role"))}
		want := []string{"zoë q", "y@example.com", "editor", "blue", "one\ntwo: three", "true", "true true"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("saved (-want +got):\n%s", diff)
		}
		press(term, "Ex\x1b") // dirty
		term.WaitText("Drop what was changed?")
		press(term, "n\x7f\x1b")
		term.WaitGone("Edit ada")
		press(term, "Ex\x1by")
		term.WaitGone("Edit ada")
	})
}

func TestFormSmall(t *testing.T) {
	f := newFixture(t, theme.Options{})
	f.opens("E", func() ui.Dialog {
		return form.New(form.Options{Env: f.cfg.Env, Title: "Edit ada", Fields: formFields(), Save: func(form.Values) (tea.Cmd, error) { return nil, nil }})
	})
	term := f.start(t, 40, 10)
	for i, key := range []string{"E", "\t", "\t", "\t", "\t", "\t"} {
		term.Keys(key)
		term.WaitText("▸ " + []string{"Login", "Password", "Role", "Tags", "Biograph", "Send a m"}[i])
	}
	if strings.Contains(term.Screen(), "hunter2") {
		t.Error("a secret is on the screen")
	}
	term.Golden("form-40x10")
}

func TestPicker(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		items := []picker.Item{{ID: "ar", Title: "Administrator", Key: "A"}, {ID: "ed", Title: "Editor", Note: "can publish", Key: "E"}, {ID: "su", Title: "Subscriber"}, {ID: "no", Title: "Nobody", Disabled: "it has no members"}}
		pick := func(ids []string) tea.Cmd { return said("picked %s", strings.Join(ids, "+")) }
		f.opens("S", func() ui.Dialog {
			return picker.New(picker.Options{Env: f.cfg.Env, Title: "Role", Items: items, Cursor: "ed", Pick: pick})
		})
		f.opens("M", func() ui.Dialog {
			return picker.New(picker.Options{Env: f.cfg.Env, Title: "Columns", Items: items, Multi: true, Marked: []string{"su"}, Pick: pick})
		})
		f.opens("K", func() ui.Dialog {
			return picker.New(picker.Options{Env: f.cfg.Env, Title: "Menu", Items: items, Hotkeys: true, Pick: pick})
		})
		term := f.start(t, 80, 24)
		press(term, "S\r")
		term.WaitText("picked ed")
		press(term, "Ssub\r")
		term.WaitText("picked su")
		press(term, "Snob\r")
		term.WaitText("it has no members")
		press(term, "\x1bM  \r") // the first two, and what was marked before
		term.WaitText("picked ar+ed+su")
		press(term, "KE")
		term.WaitText("picked ed")
		press(term, "Kj/adm")
		term.WaitText("/ adm")
		press(term, "\x1b")
		term.WaitGone("/ adm")
		press(term, "\x1b")
		term.WaitGone("Menu")
	})
}

func TestPromptPagerAndTypedConfirmation(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		f.opens("N", func() ui.Dialog {
			return prompt.New(prompt.Options{Env: f.cfg.Env, Title: "Name", Lines: []string{"What is it called?"}, Check: func(s string) error {
				if s == "" {
					return errors.New("a name is needed")
				}
				return nil
			}, Enter: func(s string) tea.Cmd { return said("named %s", s) }})
		})
		f.opens("T", func() ui.Dialog {
			return confirm.New(confirm.Options{Env: f.cfg.Env, Title: "Reject 3 users", Tier: confirm.Typed, Phrase: "reject 3", Yes: func() tea.Cmd { return said("rejected") }})
		})
		f.opens("L", func() ui.Dialog {
			return pager.New(pager.Options{Env: f.cfg.Env, Title: "Body", Text: strings.Repeat("line\x1b[31m red\n", 100) + "the end"})
		})
		term := f.start(t, 80, 24)
		press(term, "N\r")
		term.WaitText("a name is needed")
		press(term, "New zap: 3/4\r")
		term.WaitText("named New zap: 3/4")
		press(term, "T\rreject 2\r")
		term.WaitText("that is not the phrase")
		press(term, "\x7f3\r")
		term.WaitText("rejected")
		press(term, "LG")
		term.WaitText("the end")
		press(term, "gjj")
		term.WaitText("3 to 19 of 101")
		press(term, "q")
		term.WaitGone("Body")
		press(term, "T\x1b")
		term.WaitGone("Reject 3 users")
	})
}
