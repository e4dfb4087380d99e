package table_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/theme"
	"umdeck/ui/uitest"
	"umdeck/ui/widget/table"
	"umdeck/ui/widget/widgettest"
)

type member struct {
	ID, Login, Name, Email, Status string
	Logins                         int
}

func columns(th *theme.Theme) []table.Column[member] {
	return []table.Column[member]{
		{Key: "id", Title: "ID", Min: 5, Value: func(m member) string { return m.ID }, Sort: "id", Align: table.Right},
		{Key: "login", Title: "LOGIN", Min: 8, Max: 16, Flex: 1, Value: func(m member) string { return m.Login }, Sort: "login"},
		{Key: "name", Title: "NAME", Min: 10, Flex: 2, Priority: 1, Value: func(m member) string { return m.Name }},
		{Key: "email", Title: "EMAIL", Min: 16, Max: 40, Flex: 2, Priority: 3, Value: func(m member) string { return m.Email }},
		{
			Key: "status", Title: "STATUS", Min: 12, Priority: 2,
			Value: func(m member) string { return th.Status(m.Status).With(m.Status) },
			Style: func(m member) theme.Token { return th.Status(m.Status).Token },
		},
		{Key: "logins", Title: "LOGINS", Min: 6, Priority: 4, Align: table.Right, Value: func(m member) string { return theme.Count(m.Logins) }},
	}
}

func members(n int) []member {
	rows := make([]member, n)
	names := []string{"Ada Lovelace", "山田太郎", "Siobhán O’Brien", "👨‍👩‍👧 family", "\x1b[31mred\x1b[0m \u202eevil", strings.Repeat("long ", 20)}
	states := []string{"approved", "awaiting_admin_review", "inactive", "rejected", ""}
	for i := range rows {
		rows[i] = member{
			ID: fmt.Sprint(1000 + i), Login: fmt.Sprintf("user%d", i), Name: names[i%len(names)],
			Email: fmt.Sprintf("user%d@example.com", i), Status: states[i%len(states)], Logins: i * 37,
		}
	}
	return rows
}

func newTable(th *theme.Theme, rows []member) *table.Model[member] {
	m := table.New(table.Config[member]{Columns: columns(th), ID: func(m member) string { return m.ID }, Empty: "No member matches."})
	m.SetRows(rows, false)
	m.SetState(table.Ready, "")
	return m
}

func press(m *table.Model[member], keys ...string) {
	for _, k := range keys {
		m.Press(k)
	}
}

func selected(m *table.Model[member]) string {
	id, _ := m.SelectedID()
	return id
}

func TestViewFillsItsSizeExactly(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	themes := widgettest.Themes()
	keys := []string{"j", "k", "G", "g", "ctrl+d", "pgup", "l", "h", " ", "v", "V", "U"}
	for range 80 {
		th := themes[rnd.IntN(len(themes))]
		m := newTable(th, members(rnd.IntN(60)))
		m.SetSort("login", rnd.IntN(2) == 0)
		m.SetState(table.State(rnd.IntN(4)), "The site is \x1b[2Junreachable: "+strings.Repeat("山", rnd.IntN(60)))
		for range 5 {
			w, h := 1+rnd.IntN(200), 1+rnd.IntN(50)
			for range rnd.IntN(6) {
				m.Press(keys[rnd.IntN(len(keys))])
			}
			widgettest.Exact(t, m.View(th, w, h), w, h)
		}
	}
}

func TestCursorFollowsItsRow(t *testing.T) {
	th := widgettest.Plain()
	rows := members(50)
	m := newTable(th, rows)
	m.View(th, 80, 11)
	press(m, "ctrl+d", "j", "j")
	if got := selected(m); got != "1007" {
		t.Fatalf("the cursor is on %s", got)
	}
	reversed := slices.Clone(rows)
	slices.Reverse(reversed)
	m.SetRows(reversed, false)
	if got := selected(m); got != "1007" {
		t.Errorf("after sorting the cursor is on %s", got)
	}
	if view := m.View(th, 80, 11); !strings.Contains(view, "▸  1007") {
		t.Errorf("the cursor row is out of sight:\n%s", view)
	}
	m.SetRows(slices.DeleteFunc(slices.Clone(rows), func(r member) bool { return r.ID == "1007" }), false)
	if got := selected(m); got == "1007" || got == "" {
		t.Errorf("after the row has gone the cursor is on %q", got)
	}
	m.SetRows(nil, false)
	if _, ok := m.Selected(); ok {
		t.Error("an empty table has a selected row")
	}
}

func TestReloadKeepsTheLineOnScreen(t *testing.T) {
	th := widgettest.Plain()
	rows := members(60)
	m := newTable(th, rows[10:])
	m.View(th, 80, 21)
	press(m, "ctrl+d", "ctrl+d", "ctrl+d", "k", "k")
	before := lineOf(m.View(th, 80, 21), "▸")
	m.SetRows(rows, false)
	if after := lineOf(m.View(th, 80, 21), "▸"); after != before {
		t.Errorf("the cursor went from line %d to %d", before, after)
	}
}

func lineOf(view, mark string) int {
	return slices.IndexFunc(strings.Split(view, "\n"), func(l string) bool { return strings.Contains(l, mark) })
}

func TestMarks(t *testing.T) {
	ids := func(rows []member) (ids []string) {
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return ids
	}
	for _, c := range []struct {
		name string
		keys []string
		want []string // targets
	}{
		{"none: the cursor row", []string{"j"}, []string{"1001"}},
		{"space marks and moves on", []string{" ", " "}, []string{"1000", "1001"}},
		{"space again takes the mark away", []string{" ", "k", " ", "G"}, []string{"1009"}},
		{"range", []string{"j", "v", "j", "j", "v", "G"}, []string{"1001", "1002", "1003"}},
		{"range upwards", []string{"G", "v", "k", "v"}, []string{"1008", "1009"}},
		{"a range that was not ended counts", []string{"v", "j"}, []string{"1000", "1001"}},
		{"range and single", []string{"v", "j", "v", "G", " "}, []string{"1000", "1001", "1009"}},
		{"clear", []string{"V", "U", "g"}, []string{"1000"}},
	} {
		m := newTable(widgettest.Plain(), members(10))
		m.View(widgettest.Plain(), 80, 12)
		press(m, c.keys...)
		if diff := cmp.Diff(c.want, ids(m.Targets())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	m := newTable(widgettest.Plain(), members(10))
	press(m, "V")
	m.SetRows(members(4), false)
	if m.Marks() != 4 {
		t.Errorf("%d marks are left of 4 rows", m.Marks())
	}
}

func TestColumnsGoByPriority(t *testing.T) {
	th := widgettest.Plain()
	for _, c := range []struct {
		width int
		want  string
	}{
		{11, "id"},
		{21, "id login"},
		{41, "id login name"},
		{47, "id login name status"},
		{70, "id login name email status"},
		{120, "id login name email status logins"},
		{300, "id login name email status logins"},
	} {
		g := table.NewGrid(columns(th))
		g.Resize(c.width)
		if got := strings.Join(g.Keys(), " "); got != c.want {
			t.Errorf("%d cells: %s, want %s", c.width, got, c.want)
		}
	}
}

func TestScrollShowsEveryColumn(t *testing.T) {
	g := table.NewGrid(columns(widgettest.Plain()))
	seen := map[string]bool{}
	for {
		g.Resize(40)
		for _, k := range g.Keys() {
			seen[k] = true
		}
		if g.Keys()[0] != "id" {
			t.Errorf("the first column went: %v", g.Keys())
		}
		if !g.Scroll(1) {
			break
		}
	}
	if len(seen) != 6 {
		t.Errorf("only %v could be scrolled to", seen)
	}
}

func TestNeedMore(t *testing.T) {
	th := widgettest.Plain()
	m := newTable(th, members(100))
	m.SetRows(members(100), true)
	m.View(th, 80, 21)
	if m.NeedMore() {
		t.Error("more is needed at the top of 100 rows")
	}
	press(m, "G")
	if !m.NeedMore() {
		t.Error("no more is needed at the end")
	}
	m.Append(members(120)[90:], false)
	if _, _, total := m.Span(); total != 120 || m.NeedMore() {
		t.Errorf("%d rows, needs more: %t", total, m.NeedMore())
	}
}

func TestStatesAreSaid(t *testing.T) {
	th := widgettest.Plain()
	for _, c := range []struct {
		name  string
		rows  int
		state table.State
		text  string
		want  string
	}{
		{"empty", 0, table.Ready, "", "No member matches."},
		{"loading", 0, table.Loading, "", "Loading…"},
		{"failed", 0, table.Failed, "The site does not answer.", "✗ The site does not answer."},
		{"failed with rows", 3, table.Failed, "The site does not answer.", "✗ The site does not answer."},
		{"stale", 3, table.Stale, "Seen 3m ago.", "! Seen 3m ago."},
	} {
		m := newTable(th, members(c.rows))
		m.SetState(c.state, c.text)
		if view := m.View(th, 60, 8); !strings.Contains(view, c.want) {
			t.Errorf("%s: %q is not in\n%s", c.name, c.want, view)
		}
	}
}

// A cursor key rewrites two lines; over a slow line they have to be short.
func TestCursorMoveIsCheap(t *testing.T) {
	th := theme.New(theme.Options{})
	m := newTable(th, members(100))
	press(m, "j", "j")
	before := m.Lines(th, 120, 36)
	press(m, "j")
	n := 0
	for i, line := range m.Lines(th, 120, 36) {
		if line != before[i] {
			n += len(line)
		}
	}
	if n > 400 {
		t.Errorf("%d bytes change", n)
	}
}

func BenchmarkView(b *testing.B) {
	for _, c := range []struct {
		name string
		th   *theme.Theme
	}{{"colour", theme.New(theme.Options{})}, {"plain", widgettest.Plain()}} {
		b.Run(c.name, func(b *testing.B) {
			rows := members(100_000)
			for i := range rows {
				rows[i].Name = "Ada Lovelace"
			}
			m := newTable(c.th, rows)
			b.ReportAllocs()
			for b.Loop() {
				m.Press("j")
				m.View(c.th, 120, 36)
			}
		})
	}
}

func BenchmarkViewOfHostileNames(b *testing.B) {
	th := theme.New(theme.Options{})
	m := newTable(th, members(100_000))
	for b.Loop() {
		m.Press("j")
		m.View(th, 120, 36)
	}
}

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		name string
		th   *theme.Theme
		w, h int
		keys []string
	}{
		{"table-80x24", widgettest.Plain(), 80, 24, []string{"j", " ", "j", "v", "j"}},
		{"table-120x36", widgettest.Plain(), 120, 36, []string{"j", " ", "j", "v", "j"}},
		{"table-ascii-80x24", widgettest.ASCII(), 80, 24, []string{"j", " ", "j", "v", "j"}},
		{"table-scrolled-40x10", widgettest.Plain(), 40, 10, []string{"l", "l"}},
	} {
		m := newTable(c.th, members(100))
		m.SetSort("login", true)
		m.View(c.th, c.w, c.h)
		press(m, c.keys...)
		uitest.Golden(t, c.name, m.View(c.th, c.w, c.h)+"\n")
	}
}
