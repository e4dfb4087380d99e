package filterbar_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"umdeck/theme"
	"umdeck/ui/widget/filterbar"
	"umdeck/ui/widget/widgettest"
)

var named = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "backspace": tea.KeyBackspace, "ctrl+u": tea.KeyCtrlU,
}

// press takes the names of keys; anything else is written letter by letter.
func press(m *filterbar.Model, keys ...string) (last filterbar.Event) {
	for _, k := range keys {
		if kt, ok := named[k]; ok {
			last, _ = m.Update(tea.KeyMsg{Type: kt})
			continue
		}
		for _, r := range k {
			last, _ = m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
	return last
}

func complete(text string, pos int) []filterbar.Suggestion {
	from := strings.LastIndexByte(text[:pos], ' ') + 1
	var out []filterbar.Suggestion
	for _, w := range []string{"status:", "role:", "registered:"} {
		if word := text[from:pos]; word != "" && strings.HasPrefix(w, word) && w != word {
			out = append(out, filterbar.Suggestion{Text: w, From: from, To: pos, Help: "a column"})
		}
	}
	return out
}

func TestWriting(t *testing.T) {
	check := func(text string) error {
		if strings.Contains(text, "bad") {
			return errors.New("bad is no column.")
		}
		return nil
	}
	for _, c := range []struct {
		name  string
		keys  []string
		event filterbar.Event
		value string
		open  bool
		err   string
	}{
		{"apply", []string{"ada", "enter"}, filterbar.Applied, "ada", false, ""},
		{"leave as it was", []string{"ada", "esc"}, filterbar.Cancelled, "before", false, ""},
		{"an error keeps it open", []string{"bad", "enter"}, filterbar.None, "bad", true, "bad is no column."},
		{"writing on forgets the error", []string{"bad", "enter", "x"}, filterbar.None, "badx", true, ""},
		{"tab completes the first", []string{"sta", "tab"}, filterbar.None, "status:", true, ""},
		{"down chooses", []string{"r", "down", "down", "enter"}, filterbar.None, "registered:", true, ""},
		{"enter applies after choosing", []string{"r", "down", "enter", "x", "enter"}, filterbar.Applied, "role:x", false, ""},
		{"completes in the middle", []string{"x sta y", "left", "left", "tab"}, filterbar.None, "x status: y", true, ""},
		{"completes after wide text", []string{"山田 ro", "tab"}, filterbar.None, "山田 role:", true, ""},
		{"history", []string{"up"}, filterbar.None, "second", true, ""},
		{"older history", []string{"up", "up", "up", "up"}, filterbar.None, "first", true, ""},
		{"back to what was written", []string{"x", "up", "down"}, filterbar.None, "x", true, ""},
	} {
		m := filterbar.New(filterbar.Config{Complete: complete, Check: check})
		m.SetHistory([]string{"first", "second"})
		m.SetValue("before")
		m.Open()
		press(m, "ctrl+u")
		event := press(m, c.keys...)
		if event != c.event || m.Value() != c.value || m.Capturing() != c.open || m.Err() != c.err {
			t.Errorf("%s: event %d, value %q, open %t, error %q", c.name, event, m.Value(), m.Capturing(), m.Err())
		}
	}
}

func TestHistoryKeepsTheNewestOnce(t *testing.T) {
	m := filterbar.New(filterbar.Config{})
	for _, f := range []string{"a", "b", " ", "a", "c"} {
		m.Remember(f)
	}
	if diff := cmp.Diff([]string{"b", "a", "c"}, m.History()); diff != "" {
		t.Error(diff)
	}
	for range 200 {
		m.Remember(strings.Repeat("x", len(m.History())+1))
	}
	if got := len(m.History()); got > 50 {
		t.Errorf("%d filters are remembered", got)
	}
}

func TestPasteStaysOnOneLine(t *testing.T) {
	m := filterbar.New(filterbar.Config{})
	m.Open()
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a\nb\x1b[2Jc\u202e"), Paste: true})
	widgettest.Exact(t, m.View(widgettest.Plain(), 40), 40, 1)
	if strings.ContainsAny(m.Value(), "\n\x1b") {
		t.Errorf("the text is %q", m.Value())
	}
}

func TestViewFillsItsSize(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	letters := []rune("ab 山👍é\u0301:ro\u202e")
	for _, th := range widgettest.Themes() {
		for range 200 {
			m := filterbar.New(filterbar.Config{Complete: complete, Hint: "status:approved role:editor"})
			m.Open()
			for range rnd.IntN(30) {
				press(m, string(letters[rnd.IntN(len(letters))]))
			}
			for range rnd.IntN(10) {
				press(m, "left")
			}
			if rnd.IntN(3) == 0 {
				m.SetErr("there is no column \x1b[2J" + strings.Repeat("x", rnd.IntN(100)))
			}
			w := 1 + rnd.IntN(100)
			widgettest.Exact(t, m.View(th, w), w, 1)
			if s := m.Suggestions(th, w, 5); s != nil {
				widgettest.Exact(t, strings.Join(s, "\n"), w, len(s))
			}
		}
	}
}

func TestCursorIsSeen(t *testing.T) {
	m := filterbar.New(filterbar.Config{})
	m.Open()
	press(m, strings.Repeat("abcdefghij", 10))
	if view := m.View(widgettest.Plain(), 20); !strings.HasSuffix(strings.TrimRight(view, " "), "j_") {
		t.Errorf("the end is not in sight: %q", view)
	}
	press(m, "home")
	th := theme.New(theme.Options{})
	if view := m.View(th, 20); !strings.Contains(view, th.Paint(theme.Selected, "a")+"bc") {
		t.Errorf("the beginning is not in sight: %q", view)
	}
}
