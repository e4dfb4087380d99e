package tail_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"umdeck/theme"
	"umdeck/ui/uitest"
	"umdeck/ui/widget/table"
	"umdeck/ui/widget/tail"
	"umdeck/ui/widget/widgettest"
)

type attempt struct {
	ID     int
	Event  string
	Code   int
	Target string
}

type clock struct{ now time.Time }

func newLog(limit int, c *clock) *tail.Model[attempt] {
	return tail.New(tail.Config[attempt]{
		Columns: []table.Column[attempt]{
			{Key: "id", Title: "ID", Min: 6, Align: table.Right, Value: func(a attempt) string { return strconv.Itoa(a.ID) }},
			{Key: "code", Title: "ST", Min: 4, Value: func(a attempt) string { return strconv.Itoa(a.Code) }},
			{Key: "event", Title: "EVENT", Min: 12, Flex: 1, Value: func(a attempt) string { return a.Event }},
			{Key: "target", Title: "TARGET", Min: 12, Flex: 1, Priority: 1, Value: func(a attempt) string { return a.Target }},
		},
		ID:     func(a attempt) string { return strconv.Itoa(a.ID) },
		Failed: func(a attempt) bool { return a.Code >= 400 },
		Cap:    limit,
		Now:    func() time.Time { return c.now },
	})
}

func attempts(from, to int) []attempt {
	var rows []attempt
	events := []string{"um_user_login", "um_profile_update", "山田\u202e", "\x1b[2Jx"}
	for i := from; i < to; i++ {
		code := 200
		if i%7 == 3 {
			code = 410
		}
		rows = append(rows, attempt{i, events[i%4], code, "hooks.example.com/8f2c1a"})
	}
	return rows
}

func start() *clock { return &clock{time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)} }

func selected(m *tail.Model[attempt]) int {
	a, ok := m.Selected()
	if !ok {
		return -1
	}
	return a.ID
}

func press(m *tail.Model[attempt], keys ...string) {
	for _, k := range keys {
		m.Press(k)
	}
}

func TestFollowJumpsByHalfAPage(t *testing.T) {
	m := newLog(0, start())
	th := widgettest.Plain()
	m.Lines(th, 80, 11)
	changed := 0
	var last []string
	for i := range 100 {
		m.Put(attempts(i, i+1)...)
		lines := m.Lines(th, 80, 11)
		if selected(m) != i {
			t.Fatalf("after record %d the cursor is on %d", i, selected(m))
		}
		if i > 20 {
			for n := range lines {
				if lines[n] != last[n] {
					changed++
				}
			}
		}
		last = lines
	}
	// Two lines for the cursor, and a whole screen every fifth record.
	if mean := float64(changed) / 79; mean > 4.5 {
		t.Errorf("%.1f lines change for a record", mean)
	}
}

// TestManyFillTheWindow puts more than half a window at once: as much of them is shown as
// there is room for, whether the height is known before or after.
func TestManyFillTheWindow(t *testing.T) {
	th := widgettest.Plain()
	shown := func(m *tail.Model[attempt], h int) (n int) {
		for _, line := range m.Lines(th, 80, h)[1:] {
			if strings.TrimSpace(line) != "" {
				n++
			}
		}
		return n
	}
	m := newLog(0, start())
	m.Put(attempts(0, 50)...)
	if got := shown(m, 11); got != 10 || selected(m) != 49 {
		t.Errorf("a log that was filled before it is shown shows %d of 10 lines, the cursor on %d", got, selected(m))
	}
	m.Put(attempts(50, 51)...)
	if got := shown(m, 11); got != 5 {
		t.Errorf("after one more it shows %d lines; want half", got)
	}
	m.Put(attempts(51, 90)...)
	if got := shown(m, 11); got != 10 || selected(m) != 89 {
		t.Errorf("after many more it shows %d lines, the cursor on %d", got, selected(m))
	}
	if got := shown(m, 6); got != 5 || selected(m) != 89 {
		t.Errorf("made smaller it shows %d of 5 lines, the cursor on %d", got, selected(m))
	}
}

func TestReadingIsNotDisturbed(t *testing.T) {
	m := newLog(0, start())
	th := widgettest.Plain()
	m.Put(attempts(0, 50)...)
	m.View(th, 80, 12)
	press(m, "k", "k", "k")
	m.View(th, 80, 12)
	before, at := m.Lines(th, 80, 12), selected(m)
	m.Put(attempts(50, 68)...)
	after := m.Lines(th, 80, 12)
	if selected(m) != at || m.Following() {
		t.Errorf("the cursor went from %d to %d, following %t", at, selected(m), m.Following())
	}
	if diff := cmp.Diff(before[1:5], after[1:5]); diff != "" {
		t.Errorf("what was on the screen has moved:\n%s", diff)
	}
	widgettest.Contains(t, strings.Join(after, "\n"), "new below (G follows again)")
	press(m, "G")
	if view := m.View(th, 80, 12); selected(m) != 67 || strings.Contains(view, "below") {
		t.Errorf("G goes to %d:\n%s", selected(m), view)
	}
}

func TestPauseHoldsEverything(t *testing.T) {
	m := newLog(0, start())
	th := widgettest.Plain()
	m.Put(attempts(0, 5)...)
	m.View(th, 80, 20)
	press(m, "p")
	before := m.Lines(th, 80, 20)
	m.Put(attempts(5, 8)...)
	m.Put(attempt{ID: 2, Event: "renamed", Code: 500})
	m.Put(attempt{ID: 6, Event: "twice", Code: 500})
	m.Gap("link down")
	if diff := cmp.Diff(before[:18], m.Lines(th, 80, 20)[:18]); diff != "" {
		t.Errorf("a paused log has changed:\n%s", diff)
	}
	widgettest.Contains(t, m.View(th, 80, 20), "paused, 5 held (p goes on)")
	press(m, "p")
	widgettest.Contains(t, m.View(th, 80, 20), "renamed", "twice", "gap: link down")
	if got := len(m.Rows()); got != 8 {
		t.Errorf("%d records", got)
	}
}

func TestPauseOfAFloodIsBounded(t *testing.T) {
	m := newLog(100, start())
	m.Put(attempts(0, 100)...)
	press(m, "p")
	m.Put(attempts(100, 5000)...)
	if _, held := m.Paused(); held > 300 {
		t.Errorf("%d records are held", held)
	}
	press(m, "p")
	var ids []int
	for _, a := range m.Rows() {
		ids = append(ids, a.ID)
	}
	if len(ids) != 100 || ids[0] != 4900 || ids[99] != 4999 {
		t.Errorf("%d records, %v", len(ids), ids)
	}
	widgettest.Contains(t, strings.Join(m.Heading(), " "), "100 of 5 000")
}

func TestRingKeepsTheNewest(t *testing.T) {
	m := newLog(0, start())
	th := widgettest.Plain()
	m.Put(attempts(0, 9000)...)
	m.View(th, 80, 12)
	press(m, "g", "ctrl+d", "k")
	at := selected(m)
	m.Put(attempts(9000, 10_000)...)
	if selected(m) != at {
		t.Errorf("the cursor went from %d to %d", at, selected(m))
	}
	m.Put(attempts(10_000, 25_000)...)
	if got := len(m.Rows()); got != tail.DefaultCap {
		t.Errorf("%d records are kept", got)
	}
	if selected(m) != 15_000 {
		t.Errorf("the cursor is on %d, want the oldest that is left", selected(m))
	}
	if _, ok := m.Get("14999"); ok {
		t.Error("a record that went is still found")
	}
	widgettest.Contains(t, strings.Join(m.Heading(), " "), "10 000 of 25 000")
}

func TestFilterWorksWhilePaused(t *testing.T) {
	m := newLog(0, start())
	th := widgettest.Plain()
	m.Put(attempts(0, 40)...)
	press(m, "p")
	m.SetFilter(func(a attempt) bool { return a.Code == 410 }, false)
	widgettest.Contains(t, strings.Join(m.Heading(), " "), "6 match, x hides the rest")
	press(m, "x")
	for _, a := range m.Rows() {
		if a.Code != 410 {
			t.Errorf("record %d is shown", a.ID)
		}
	}
	press(m, "p")
	m.Put(attempts(40, 60)...)
	if got := len(m.Rows()); got != 9 {
		t.Errorf("%d records match", got)
	}
	m.Put(attempt{ID: 3, Code: 200}, attempt{ID: 4, Code: 410})
	var ids []int
	for _, a := range m.Rows() {
		ids = append(ids, a.ID)
	}
	if diff := cmp.Diff([]int{4, 10, 17, 24, 31, 38, 45, 52, 59}, ids); diff != "" {
		t.Errorf("after two have changed (-want +got):\n%s", diff)
	}
	m.SetFilter(nil, false)
	if got := len(m.Rows()); got != 60 || m.Matches() != 0 {
		t.Errorf("%d records without a filter, %d matches", got, m.Matches())
	}
	m.SetFilter(func(attempt) bool { return false }, true)
	widgettest.Contains(t, m.View(th, 80, 12), "None of 60 records matches; x shows them.")
}

func TestFailures(t *testing.T) {
	m := newLog(0, start())
	m.Put(attempts(0, 40)...)
	m.View(widgettest.Plain(), 80, 12)
	var ids []int
	for range 3 {
		press(m, "E")
		ids = append(ids, selected(m))
	}
	press(m, "e")
	ids = append(ids, selected(m))
	if diff := cmp.Diff([]int{38, 31, 24, 31}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := len(m.FailedRows()); got != 6 {
		t.Errorf("%d have failed", got)
	}
}

func TestPrepend(t *testing.T) {
	m := newLog(60, start())
	m.Put(attempts(40, 60)...)
	m.View(widgettest.Plain(), 80, 12)
	press(m, "g")
	if !m.NeedOlder() {
		t.Error("older records are not asked for at the top")
	}
	m.Prepend(attempts(0, 42))
	if selected(m) != 40 {
		t.Errorf("the cursor is on %d", selected(m))
	}
	rows := m.Rows()
	if len(rows) != 60 || !slices.IsSortedFunc(rows, func(a, b attempt) int { return a.ID - b.ID }) {
		t.Errorf("%d records: %v", len(rows), rows)
	}
	m.Put(attempt{ID: 1, Event: "changed"})
	if a, _ := m.Get("1"); a.Event != "changed" {
		t.Errorf("record 1 is %v", a)
	}
}

// Older records leave the cursor and what is on the screen alone, fill a log that follows
// to its half, and are counted once, however often they come.
func TestPrependKeepsTheScreen(t *testing.T) {
	c := start()
	reading := newLog(500, c)
	reading.Put(attempts(200, 300)...)
	reading.View(widgettest.Plain(), 80, 12)
	press(reading, "k")
	before := reading.View(widgettest.Plain(), 80, 12)
	reading.Prepend(attempts(100, 205))
	reading.Prepend(append(attempts(90, 100), attempts(90, 110)...))
	if diff := cmp.Diff(before, reading.View(widgettest.Plain(), 80, 12)); diff != "" {
		t.Errorf("the screen has changed (-want +got):\n%s", diff)
	}
	if n := len(reading.Rows()); n != 210 {
		t.Errorf("%d records, want 210", n)
	}

	following := newLog(500, c)
	following.Put(attempts(300, 302)...)
	following.View(widgettest.Plain(), 80, 12)
	following.Prepend(attempts(100, 300))
	lines := strings.Split(following.View(widgettest.Plain(), 80, 12), "\n")
	if !strings.Contains(lines[1], "  296 ") || !strings.Contains(lines[6], "▸") || !strings.Contains(lines[6], "  301 ") || strings.TrimSpace(lines[7]) != "" {
		t.Errorf("296 to 301 are to be on the first six lines, and nothing below:\n%s", strings.Join(lines, "\n"))
	}

	matching := newLog(500, c)
	matching.SetFilter(func(a attempt) bool { return a.Code >= 400 }, true)
	matching.Put(attempts(300, 320)...)
	matching.Prepend(attempts(0, 300))
	if got, want := matching.Matches(), len(matching.FailedRows()); got != want || want < 40 {
		t.Errorf("%d matches of %d", got, want)
	}
}

func TestMarks(t *testing.T) {
	m := newLog(0, start())
	m.Put(attempts(0, 5)...)
	m.View(widgettest.Plain(), 80, 12)
	press(m, "g", " ", "j", " ")
	var ids []int
	for _, a := range m.Targets() {
		ids = append(ids, a.ID)
	}
	if diff := cmp.Diff([]int{0, 2}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestRate(t *testing.T) {
	c := start()
	m := newLog(0, c)
	for i := range 30 {
		m.Put(attempts(i*3, i*3+3)...)
		c.now = c.now.Add(time.Second)
	}
	if got := m.Rate(); got != 3 {
		t.Errorf("%v a second, want 3", got)
	}
	m.Put(attempts(0, 3)...) // changes, not arrivals
	c.now = c.now.Add(time.Minute)
	if got := m.Rate(); got != 0 {
		t.Errorf("%v a second after a minute of silence", got)
	}
}

// TestAgainstAPlainSlice does the same at random to a log and to a slice.
func TestAgainstAPlainSlice(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	th := widgettest.Plain()
	for range 30 {
		const limit = 50
		m := newLog(limit, start())
		var model []attempt
		filter := func(attempt) bool { return true }
		next := 0
		for range 100 {
			switch rnd.IntN(6) {
			case 0, 1:
				rows := attempts(next, next+rnd.IntN(20))
				next += len(rows)
				m.Put(rows...)
				model = append(model, rows...)
				model = model[max(len(model)-limit, 0):]
			case 2:
				if len(model) > 0 {
					i := rnd.IntN(len(model))
					model[i].Code = 100 + rnd.IntN(500)
					m.Put(model[i])
				}
			case 3:
				code := rnd.IntN(500)
				filter = func(a attempt) bool { return a.Code > code }
				m.SetFilter(filter, true)
			case 4:
				press(m, []string{"j", "k", "g", "G", "ctrl+d", "pgup", "e", "E"}[rnd.IntN(8)])
			case 5:
				press(m, "p")
				rows := attempts(next, next+rnd.IntN(5))
				next += len(rows)
				m.Put(rows...)
				model = append(model, rows...)
				model = model[max(len(model)-limit, 0):]
				press(m, "p")
			}
			w, h := 1+rnd.IntN(150), 1+rnd.IntN(40)
			widgettest.Exact(t, m.View(th, w, h), w, h)
			checkRows(t, m, slices.DeleteFunc(slices.Clone(model), func(a attempt) bool { return !filter(a) }))
		}
	}
}

func checkRows(t *testing.T, m *tail.Model[attempt], want []attempt) {
	t.Helper()
	if diff := cmp.Diff(want, m.Rows(), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if len(want) > 0 && selected(m) < 0 {
		t.Fatal("nothing is selected")
	}
	if len(want) > 0 && m.Following() && selected(m) != want[len(want)-1].ID {
		t.Fatalf("it follows, and the cursor is on %d of %v", selected(m), want)
	}
}

func TestGapIsDrawn(t *testing.T) {
	m := newLog(0, start())
	m.Put(attempts(0, 2)...)
	m.Gap("link down 14:02:10 to 14:02:31")
	m.Put(attempts(2, 4)...)
	view := m.View(widgettest.Plain(), 60, 10)
	widgettest.Contains(t, view, "── gap: link down 14:02:10 to 14:02:31 ────")
	press(m, "k", "k")
	if _, ok := m.Selected(); ok {
		t.Error("a gap is a record")
	}
	widgettest.Exact(t, view, 60, 10)
}

func BenchmarkPutAndView(b *testing.B) {
	th := theme.New(theme.Options{})
	m := newLog(0, start())
	m.Put(attempts(0, 10_000)...)
	i := 10_000
	for b.Loop() {
		m.Put(attempt{i, "um_user_login", 200, "hooks.example.com/8f2c1a"})
		m.View(th, 120, 36)
		i++
	}
}

// BenchmarkPrepend fills a log with its history.
func BenchmarkPrepend(b *testing.B) {
	rows := attempts(0, 10_000)
	for b.Loop() {
		m := newLog(20_000, start())
		m.Put(attempt{ID: 10_000})
		for at := len(rows); at > 0; at -= 200 {
			m.Prepend(rows[at-200 : at])
		}
	}
}

func BenchmarkPut(b *testing.B) {
	m := newLog(0, start())
	m.View(widgettest.Plain(), 120, 36)
	i := 0
	for b.Loop() {
		m.Put(attempt{i, "um_user_login", 200, fmt.Sprint(i)})
		i++
	}
}

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		name string
		th   *theme.Theme
		w, h int
	}{
		{"log-80x24", widgettest.Plain(), 80, 24},
		{"log-120x36", widgettest.Plain(), 120, 36},
		{"log-ascii-80x24", widgettest.ASCII(), 80, 24},
	} {
		m := newLog(0, start())
		m.Put(attempts(0, 30)...)
		m.View(c.th, c.w, c.h)
		m.Gap("link down 14:02:10 to 14:02:31, 64 deliveries read afterwards")
		m.Put(attempts(30, 40)...)
		m.SetFilter(func(a attempt) bool { return a.Code >= 400 }, false)
		m.View(c.th, c.w, c.h)
		press(m, "E", " ")
		m.Put(attempts(40, 70)...)
		uitest.Golden(t, c.name, m.View(c.th, c.w, c.h)+"\n")
	}
}
