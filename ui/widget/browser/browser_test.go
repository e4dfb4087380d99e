package browser_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/table"
	"umdeck/ui/widget/widgettest"
)

type member struct {
	ID                  int
	Login, Name, Status string
	Bio                 string // left out by Load
}

// source is a site with members, asked by pages.
type source struct {
	members []member
	asked   []browser.Query
	fail    error
}

func (s *source) load(_ context.Context, q browser.Query) (browser.Page[member], error) {
	s.asked = append(s.asked, q)
	if s.fail != nil {
		return browser.Page[member]{}, s.fail
	}
	var rows []member
	for _, m := range s.members {
		if strings.Contains(m.Login, q.Filter) {
			m.Bio = ""
			rows = append(rows, m)
		}
	}
	if q.Desc {
		slices.Reverse(rows)
	}
	from := 0
	if q.After != "" {
		after, err := strconv.Atoi(q.After)
		if err != nil {
			return browser.Page[member]{}, err
		}
		from = slices.IndexFunc(rows, func(m member) bool { return m.ID == after }) + 1
	}
	rows = rows[from:]
	if len(rows) > q.Limit {
		return browser.Page[member]{Rows: rows[:q.Limit], Next: strconv.Itoa(rows[q.Limit-1].ID)}, nil
	}
	return browser.Page[member]{Rows: rows}, nil
}

func (s *source) find(_ context.Context, id string) (member, error) {
	for _, m := range s.members {
		if strconv.Itoa(m.ID) == id {
			return m, nil
		}
	}
	return member{}, fmt.Errorf("there is no member %s", id)
}

func site(n int) *source {
	s := &source{}
	names := []string{"Ada Lovelace", "山田太郎", "Siobhán O’Brien", "\x1b[31mred\u202e"}
	states := []string{"approved", "awaiting_admin_review", "inactive", "rejected"}
	for i := range n {
		s.members = append(s.members, member{i + 1, fmt.Sprintf("user%d", i+1), names[i%4], states[i%4], fmt.Sprintf("bio of %d", i+1)})
	}
	return s
}

func config(s *source, th *theme.Theme) browser.Config[member] {
	return browser.Config[member]{
		Screen: "users", Title: "Users", Limit: 50,
		Env: &ui.Env{Ctx: context.Background(), Theme: th, Now: time.Now},
		Columns: []table.Column[member]{
			{Key: "id", Title: "ID", Min: 5, Align: table.Right, Sort: "id", Value: func(m member) string { return strconv.Itoa(m.ID) }},
			{Key: "login", Title: "LOGIN", Min: 10, Max: 20, Flex: 1, Sort: "login", Value: func(m member) string { return m.Login }},
			{Key: "name", Title: "NAME", Min: 12, Flex: 2, Priority: 1, Value: func(m member) string { return m.Name }},
			{
				Key: "status", Title: "STATUS", Min: 14, Max: 24, Priority: 2,
				Value: func(m member) string { return th.Status(m.Status).With(m.Status) },
				Style: func(m member) theme.Token { return th.Status(m.Status).Token },
			},
		},
		ID:   func(m member) string { return strconv.Itoa(m.ID) },
		Load: s.load,
		Detail: func(m member) []detail.Section {
			return []detail.Section{{Title: "Account", Fields: []detail.Field{{Key: "Login", Value: m.Login}, {Key: "Bio", Value: m.Bio}}}}
		},
		DetailLoad: func(ctx context.Context, m member) (member, error) { return s.find(ctx, strconv.Itoa(m.ID)) },
		Get:        s.find,
		Empty:      "This site has no members yet.",
	}
}

// A driver runs a list as the shell does, but waits for all work after each step.
type driver struct {
	*browser.Model[member]
	asked []tea.Msg // what the list has asked the shell for
}

func drive(t *testing.T, cfg browser.Config[member], w, h int) *driver {
	t.Helper()
	d := &driver{Model: browser.New(cfg)}
	d.do(d.Update(ui.SizeMsg{Width: w, Height: h}))
	d.View(w, h)
	d.do(d.Init())
	d.View(w, h)
	return d
}

func (d *driver) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			d.do(c)
		}
	case ui.WorkMsg:
		if answer := msg.Run(); answer != nil {
			d.do(d.Update(answer))
		}
	case nil:
	default:
		d.asked = append(d.asked, msg)
	}
}

func (d *driver) press(keys ...string) {
	for _, k := range keys {
		d.do(d.Update(keyMsg(k)))
	}
}

func keyMsg(k string) tea.KeyMsg {
	for t := tea.KeyType(-200); t < 200; t++ {
		if msg := (tea.KeyMsg{Type: t}); t != tea.KeyRunes && msg.String() == k && k != "" {
			return msg
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
}

func (d *driver) write(text string) {
	for _, r := range text {
		d.press(string(r))
	}
}

func (d *driver) cursor() int {
	m, _ := d.Selected()
	return m.ID
}

func TestPagesComeAsTheCursorDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(130)
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		widgettest.Contains(t, d.View(80, 20), "50 loaded", "rows 1-16 of 50+")
		for range 9 {
			d.press("pgdown")
			d.View(80, 20)
		}
		widgettest.Contains(t, d.View(80, 20), "Users ─ 130", "rows 115-130 of 130")
		if d.cursor() != 130 {
			t.Errorf("the cursor is on %d", d.cursor())
		}
		if len(s.asked) != 3 {
			t.Errorf("%d questions for three pages: %v", len(s.asked), s.asked)
		}
	})
}

func TestFilter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(60)
		cfg := config(s, widgettest.Plain())
		cfg.Check = func(f string) error {
			if strings.HasPrefix(f, "bad") {
				return errors.New("bad is no column.")
			}
			return nil
		}
		d := drive(t, cfg, 80, 20)
		d.press("/")
		if !d.Capturing() {
			t.Fatal("the bar has no focus")
		}
		d.write("badq")
		d.press("enter")
		widgettest.Contains(t, d.View(80, 20), "bad is no column.")
		d.press("ctrl+u")
		d.write("r5")
		d.press("enter")
		if d.Capturing() || d.Filter() != "r5" {
			t.Errorf("capturing %t, filter %q", d.Capturing(), d.Filter())
		}
		widgettest.Contains(t, d.View(80, 20), "filter r5", "Users ─ 11")
		if got := d.Status().Crumb; got != "r5" {
			t.Errorf("the crumb is %q", got)
		}
		d.press("/")
		d.write("zzz")
		d.press("enter")
		widgettest.Contains(t, d.View(80, 20), "Nothing matches this filter")
		d.press("esc")
		widgettest.Contains(t, d.View(80, 20), "50 loaded")
	})
}

func TestAnswersToOlderQuestionsAreDropped(t *testing.T) {
	s := site(60)
	m := browser.New(config(s, widgettest.Plain()))
	m.View(80, 20)
	first := work(t, m.Init())
	second := work(t, m.SetFilter("user7"))
	m.Update(second())
	if answer := first(); answer != nil {
		t.Errorf("a question that is no longer wanted was answered with %v", answer)
	}
	if row, _ := m.Selected(); row.ID != 7 {
		t.Errorf("the first row is %d", row.ID)
	}
	stale := work(t, m.SetFilter("user8"))
	answer := stale()
	work(t, m.SetFilter("user9"))
	m.Update(answer)
	if row, _ := m.Selected(); row.ID != 7 {
		t.Errorf("an answer to an older question was shown: %d", row.ID)
	}
}

// work returns the first piece of work that a command asks for.
func work(t *testing.T, cmd tea.Cmd) func() tea.Msg {
	t.Helper()
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		return work(t, msg[0])
	case ui.WorkMsg:
		if msg.Screen != "users" {
			t.Fatalf("work for screen %q", msg.Screen)
		}
		return msg.Run
	default:
		t.Fatalf("the command returned %T", msg)
		return nil
	}
}

func TestReloadKeepsThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(200)
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		for range 6 {
			d.press("pgdown")
			d.View(80, 20)
		}
		d.press("k", "k", " ", "k")
		at, before := d.cursor(), d.View(80, 20)
		s.members = slices.Concat([]member{{ID: 900, Login: "user900"}}, s.members)
		d.press("ctrl+r")
		after := d.View(80, 20)
		if d.cursor() != at || d.Marks() != 1 {
			t.Errorf("the cursor went from %d to %d, %d marks", at, d.cursor(), d.Marks())
		}
		if a, b := lineOf(before), lineOf(after); a != b {
			t.Errorf("the cursor went from line %d to %d", a, b)
		}
	})
}

func lineOf(view string) int {
	return slices.IndexFunc(strings.Split(view, "\n"), func(l string) bool { return strings.Contains(l, "▸") })
}

func TestReloadsDoNotStarveEachOther(t *testing.T) {
	s := site(60)
	m := browser.New(config(s, widgettest.Plain()))
	m.View(80, 20)
	m.Update(work(t, m.Init())())
	slow := work(t, m.Reload())
	if cmd := m.Reload(); cmd != nil {
		t.Fatal("a reload has begun while another one was under way")
	}
	s.members[0].Login = "renamed"
	next := m.Update(slow())
	if next == nil {
		t.Fatal("what was asked for meanwhile is forgotten")
	}
	widgettest.Contains(t, m.View(80, 20), "renamed")
	if after := m.Update(work(t, next)()); after != nil {
		t.Errorf("it goes on by itself with %v", after())
	}
}

func TestFailureIsSaidAndMended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(5)
		s.fail = errors.New("shop.example.com does not answer.")
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		widgettest.Contains(t, d.View(80, 20), "✗ shop.example.com does not answer. (ctrl+r tries again)")
		s.fail = nil
		d.press("ctrl+r")
		widgettest.Contains(t, d.View(80, 20), "rows 1-5 of 5")
		s.fail = errors.New("shop.example.com does not answer.")
		d.press("ctrl+r")
		widgettest.Contains(t, d.View(80, 20), "user5", "✗ shop.example.com does not answer.")
		if !d.Status().Stale {
			t.Error("rows of before the failure are not called stale")
		}
	})
}

// launch runs a command's work in goroutines, as the shell does.
func TestViewFillsItsSizeExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(3, 4))
		keys := []string{"j", "k", "G", "g", "pgdown", "l", " ", "v", "V", "s", "c", "p", "tab", "enter", "esc", "/", "x", "down", "J", "K", "m"}
		themes := []*theme.Theme{theme.New(theme.Options{}), widgettest.Plain(), theme.New(theme.Options{Glyphs: theme.ASCII})}
		for i := range 60 {
			cfg := config(site(rnd.IntN(120)), themes[i%len(themes)])
			cfg.Complete = func(text string, _ int) []browser.Suggestion {
				return []browser.Suggestion{{Text: "status:", To: len(text), Help: "account status"}, {Text: "山\u202e田", To: len(text)}}
			}
			d := drive(t, cfg, 80, 20)
			for range 40 {
				d.press(keys[rnd.IntN(len(keys))])
				w, h := 1+rnd.IntN(180), 1+rnd.IntN(50)
				if i%2 == 0 {
					w, h = 40+rnd.IntN(160), 10+rnd.IntN(40)
				}
				widgettest.Exact(t, d.View(w, h), w, h)
			}
		}
	})
}

func BenchmarkView(b *testing.B) {
	m := browser.New(config(site(5000), theme.New(theme.Options{})))
	answerFirst(m)
	for b.Loop() {
		m.Update(keyMsg("j"))
		m.View(120, 36)
	}
}

// answerFirst answers the first question of a list.
func answerFirst(m *browser.Model[member]) {
	if w, ok := m.Init()().(ui.WorkMsg); ok {
		m.Update(w.Run())
	}
}
