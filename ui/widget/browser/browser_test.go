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
	"github.com/google/go-cmp/cmp"

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

func TestReloadDoesNotFlicker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(20)
		d := drive(t, config(s, widgettest.Plain()), 130, 30)
		d.press("j")
		before := d.View(130, 30)
		cmd := d.Reload()
		if diff := cmp.Diff(before, d.View(130, 30)); diff != "" {
			t.Errorf("while it is loading:\n%s", diff)
		}
		rested := d.Update(work(t, cmd)())
		if diff := cmp.Diff(before, d.View(130, 30)); diff != "" {
			t.Errorf("before the detail is there:\n%s", diff)
		}
		s.members[1].Bio = "another bio"
		d.do(rested)
		widgettest.Contains(t, d.View(130, 30), "another bio")
	})
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

func TestPreviewStandsWhereThereIsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			w, h int
		}{{80, 20}, {100, 24}, {120, 30}, {80, 44}, {60, 20}, {50, 12}} {
			shown := c.w >= 100 || c.h >= 36
			d := drive(t, config(site(20), widgettest.Plain()), c.w, c.h)
			if got := strings.Contains(d.View(c.w, c.h), "bio of 1"); got != shown {
				t.Errorf("%dx%d: the preview is shown: %t\n%s", c.w, c.h, got, d.View(c.w, c.h))
			}
			d.press("enter")
			widgettest.Contains(t, d.View(c.w, c.h), "bio of 1")
			if got := d.Route(); got != "users/1" {
				t.Errorf("the route is %q", got)
			}
			d.press("J")
			widgettest.Contains(t, d.View(c.w, c.h), "bio of 2")
			d.press("esc")
			if got := d.Route(); got != "users" || d.cursor() != 2 {
				t.Errorf("the route is %q, the cursor on %d", got, d.cursor())
			}
		}
	})
}

func TestDetailIsLoadedWhenTheCursorRests(t *testing.T) {
	s := site(20)
	var asked []int
	cfg := config(s, widgettest.Plain())
	cfg.DetailLoad = func(_ context.Context, m member) (member, error) {
		asked = append(asked, m.ID)
		m.Bio = "whole"
		return m, nil
	}
	synctest.Test(t, func(t *testing.T) {
		cfg := cfg
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cfg.Env.Ctx = ctx
		m := browser.New(cfg)
		m.View(120, 30)
		answers := make(chan tea.Msg, 100)
		start := func(cmd tea.Cmd) { launch(cmd, answers) }
		settle := func() {
			synctest.Wait()
			for len(answers) > 0 {
				start(m.Update(<-answers))
				synctest.Wait()
			}
		}
		start(m.Init())
		settle()
		for range 5 {
			start(m.Update(keyMsg("j")))
			<-time.After(50 * time.Millisecond)
			settle()
		}
		<-time.After(time.Second)
		settle()
		if diff := cmp.Diff([]int{6}, asked); diff != "" {
			t.Errorf("details asked for (-want +got):\n%s", diff)
		}
		widgettest.Contains(t, m.View(120, 30), "whole")
	})
}

// launch runs a command's work in goroutines, as the shell does.
func launch(cmd tea.Cmd, answers chan<- tea.Msg) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			launch(c, answers)
		}
	case ui.WorkMsg:
		go func() {
			if answer := msg.Run(); answer != nil {
				answers <- answer
			}
		}()
	}
}

func TestSortAndColumnMenus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(60)
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		d.press("s")
		if !d.Capturing() {
			t.Error("the menu has no focus")
		}
		widgettest.Contains(t, d.View(80, 20), "Sort by", "login")
		d.press("j", "enter")
		if by, desc := d.Sort(); by != "login" || desc {
			t.Errorf("sorted by %s, descending %t", by, desc)
		}
		d.press("s", "enter")
		if by, desc := d.Sort(); by != "login" || !desc {
			t.Errorf("sorted by %s, descending %t", by, desc)
		}
		widgettest.Contains(t, d.View(80, 20), "LOGIN↓", "sort login↓")
		d.press("c", "j", "j", " ", "esc")
		if view := d.View(80, 20); strings.Contains(view, "NAME") {
			t.Errorf("the column is still there:\n%s", view)
		}
	})
}

func TestEscUnwinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(60), widgettest.Plain()), 130, 30)
		d.do(d.SetFilter("user1"))
		d.press(" ", "v", "enter")
		var left []string
		for d.Wound() {
			left = append(left, fmt.Sprintf("%s filter=%q marks=%d range=%t", d.Route(), d.Filter(), d.Marks(), d.Table().Ranging()))
			d.press("esc")
		}
		if diff := cmp.Diff([]string{
			`users/10 filter="user1" marks=1 range=true`,
			`users filter="user1" marks=1 range=true`,
			`users filter="user1" marks=1 range=false`,
			`users filter="" marks=1 range=false`,
		}, left); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(200), widgettest.Plain()), 80, 20)
		d.do(d.Open("users/7"))
		widgettest.Contains(t, d.View(80, 20), "user7", "bio of 7")
		d.do(d.Open("users/190"))
		widgettest.Contains(t, d.View(80, 20), "user190", "bio of 190")
		if got := d.Targets(); len(got) != 1 || got[0].ID != 190 {
			t.Errorf("an action would work on %v", got)
		}
		d.do(d.Open("users?filter=user13"))
		widgettest.Contains(t, d.View(80, 20), "filter user13")
		d.do(d.Open("users/4711"))
		if len(d.asked) != 1 {
			t.Errorf("a member who is not there is answered with %v", d.asked)
		}
	})
}

func TestTargets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(9), widgettest.Plain()), 80, 20)
		ids := func() (ids []int) {
			for _, m := range d.Targets() {
				ids = append(ids, m.ID)
			}
			return ids
		}
		if diff := cmp.Diff([]int{1}, ids()); diff != "" {
			t.Error(diff)
		}
		d.press(" ", "j", " ")
		if diff := cmp.Diff([]int{1, 3}, ids()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMarkAllMarksWhatWasNotLoaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(230)
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		d.press("V")
		if d.Marks() != 230 || len(d.asked) != 0 {
			t.Errorf("%d marks, the shell was asked for %v", d.Marks(), d.asked)
		}
		d.press("U")
		if d.Marks() != 0 {
			t.Errorf("%d marks after clearing them", d.Marks())
		}
	})
}

func TestMarkAllOfTooManySaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config(site(10_500), widgettest.Plain())
		cfg.Limit = 1000
		d := drive(t, cfg, 80, 20)
		d.press("V")
		if d.Marks() != 10_000 || len(d.asked) != 1 {
			t.Errorf("%d marks, the shell was asked for %v", d.Marks(), d.asked)
		}
	})
}

func TestActionsDoWhatTheirKeysSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(60), widgettest.Plain()), 130, 30)
		for range 2 {
			seen := map[string]bool{}
			for _, a := range d.Actions() {
				if seen[a.Key] || seen[a.ID] || a.Title == "" || a.Help == "" {
					t.Errorf("%+v is there twice, or without words", a)
				}
				seen[a.Key], seen[a.ID] = true, true
			}
			d.press("enter") // the second time: the actions of a page
		}
		d.press("esc")
		for _, id := range []string{"users.mark", "users.range", "users.open", "users.next"} {
			for _, a := range d.Actions() {
				if a.ID == id {
					d.do(a.Run())
					break
				}
			}
		}
		if d.Marks() != 1 || d.Route() != "users/3" || !d.Table().Ranging() {
			t.Errorf("%d marks, at %s, range %t", d.Marks(), d.Route(), d.Table().Ranging())
		}
	})
}

func TestDetailThatCannotBeLoadedIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config(site(3), widgettest.Plain())
		cfg.DetailLoad = func(context.Context, member) (member, error) { return member{}, errors.New("gone") }
		d := drive(t, cfg, 130, 30)
		d.press("j")
		widgettest.Contains(t, d.View(130, 30), "#2 ─ in part", "user2")
		if len(d.asked) == 0 {
			t.Error("the shell was not told")
		}
	})
}

func TestReplaceAndRemove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(9), widgettest.Plain()), 130, 30)
		d.Replace(member{ID: 1, Login: "renamed", Status: "inactive"})
		widgettest.Contains(t, d.View(130, 30), "renamed", "◌ inactive")
		d.Remove("1")
		if view := d.View(130, 30); strings.Contains(view, "renamed") || d.cursor() != 2 {
			t.Errorf("the cursor is on %d:\n%s", d.cursor(), view)
		}
	})
}

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
