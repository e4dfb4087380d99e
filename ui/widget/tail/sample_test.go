package tail_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"umdeck/theme"
	"umdeck/ui/widget/table"
	"umdeck/ui/widget/tail"
)

// A hook is a record that is heard of twice: when it is made and when it was answered.
type hook struct {
	id     int
	code   int // 0: not answered
	weight int
}

func newHooks(c *clock, change func(*tail.Config[hook])) *tail.Model[hook] {
	cfg := tail.Config[hook]{
		Columns: []table.Column[hook]{{Key: "id", Title: "ID", Min: 8, Value: func(h hook) string { return strconv.Itoa(h.id) }}},
		ID:      func(h hook) string { return strconv.Itoa(h.id) },
		Failed:  func(h hook) bool { return h.code >= 400 },
		New:     func(h hook) bool { return h.code == 0 },
		Size:    func(h hook) int { return h.weight },
		Now:     func() time.Time { return c.now },
		Sample:  50,
	}
	if change != nil {
		change(&cfg)
	}
	return tail.New(cfg)
}

// pour lets rate records a second be made and answered for so long.
func pour(m *tail.Model[hook], c *clock, first, rate int, seconds int, code func(id int) int) (next int) {
	id := first
	for range seconds * rate {
		c.now = c.now.Add(time.Second / time.Duration(rate))
		m.Put(hook{id: id})
		if id > first+3 {
			m.Put(hook{id: id - 3, code: code(id - 3)})
		}
		id++
	}
	return id
}

func fine(int) int { return 200 }

func TestSamplingCountsExactly(t *testing.T) {
	c := start()
	m := newHooks(c, nil)
	next := pour(m, c, 0, 40, 30, fine)
	if every, out := m.Sampling(); every != 1 || out != 0 || m.Total() != 1200 {
		t.Fatalf("40 a second: one of %d shown, %d left out, %d in all; want all of 1200", every, out, m.Total())
	}
	for _, rate := range []int{200, 60, 1000, 300} {
		before, had := m.Total(), len(m.Rows())
		_, outBefore := m.Sampling()
		next = pour(m, c, next, rate, 30, fine)
		every, out := m.Sampling()
		if every < 2 || m.Total() != before+int64(30*rate) {
			t.Errorf("%d a second: one of %d shown, %d in all; want some left out and %d", rate, every, m.Total(), before+int64(30*rate))
		}
		shown := len(m.Rows()) - had
		if got := out - outBefore + int64(shown); got != int64(30*rate) {
			t.Errorf("%d a second: %d shown and %d left out; want %d together", rate, shown, out-outBefore, 30*rate)
		}
		if most := 50*30 + 400; shown > most || shown < 30 {
			t.Errorf("%d a second: %d rows were shown in 30 s; want at most %d, and some", rate, shown, most)
		}
	}
	heading := strings.Join(m.Heading(), " ")
	if !strings.Contains(heading, "SAMPLED, 1 of ") || !strings.Contains(heading, " left out") {
		t.Errorf("the title does not say that it samples: %s", heading)
	}
	next = pour(m, c, next, 10, 30, fine)
	if every, _ := m.Sampling(); every != 1 {
		t.Errorf("ten a second: one of %d is shown", every)
	}
	if view := strings.Join(m.Lines(theme.New(theme.Options{}), 100, 200), "\n"); !strings.Contains(view+fmt.Sprint(m.Heading()), "left out") {
		t.Errorf("nothing says what was left out:\n%s", view)
	}
	if next != 1200+30*(200+60+1000+300+10) || m.Total() != int64(next) {
		t.Errorf("%d in all; want %d", m.Total(), next)
	}
}

// TestSamplingLeavesAGap looks for the line that says what is missing, with nothing more to come.
func TestSamplingLeavesAGap(t *testing.T) {
	c := start()
	m := newHooks(c, nil)
	pour(m, c, 0, 100, 20, fine)
	_, out := m.Sampling()
	c.now = c.now.Add(time.Minute)
	m.Tick()
	if every, _ := m.Sampling(); every != 1 {
		t.Fatalf("a minute later one of %d is shown", every)
	}
	want := theme.Count(out) + " rows were left out, above 50 a second; ctrl+r reads them"
	if view := strings.Join(m.Lines(theme.New(theme.Options{}), 100, 20), "\n"); !strings.Contains(view, want) {
		t.Errorf("%q is not there:\n%s", want, view)
	}
}

// TestSamplingShowsFailures lets one of fifty fail: none of them is left out.
func TestSamplingShowsFailures(t *testing.T) {
	c := start()
	m := newHooks(c, nil)
	pour(m, c, 0, 200, 60, func(id int) int {
		if id%50 == 7 {
			return 500
		}
		return 200
	})
	failures := len(m.FailedRows())
	if failures != 12_000/50 {
		t.Errorf("%d failures are shown; want %d", failures, 12_000/50)
	}
	if _, out := m.Sampling(); out+int64(len(m.Rows())) != 12_000 || m.Total() != 12_000 {
		t.Errorf("%d left out and %d shown, %d in all; want 12000", out, len(m.Rows()), m.Total())
	}
	pour(m, c, 12_000, 200, 60, func(int) int { return 500 })
	if len(m.FailedRows())-failures > 60*50+400 {
		t.Errorf("%d of 12000 failures are shown", len(m.FailedRows())-failures)
	}
}

// TestPausedSamples counts what is held and left out while the view is paused.
func TestPausedSamples(t *testing.T) {
	c := start()
	m := newHooks(c, nil)
	m.SetPaused(true)
	pour(m, c, 0, 200, 30, fine)
	if m.Total() != 6000 {
		t.Errorf("%d in all; want 6000", m.Total())
	}
	m.SetPaused(false)
	if _, out := m.Sampling(); out+int64(len(m.Rows())) != 6000 || m.Total() != 6000 {
		t.Errorf("after the pause %d are shown and %d left out, %d in all; want 6000", len(m.Rows()), out, m.Total())
	}
}

func TestBytesAreBounded(t *testing.T) {
	c := start()
	m := newHooks(c, func(cfg *tail.Config[hook]) { cfg.Bytes, cfg.Sample = 10_000, 0 })
	for id := range 1000 {
		m.Put(hook{id: id, weight: 100})
	}
	if n := len(m.Rows()); n != 100 || m.Total() != 1000 {
		t.Errorf("%d are kept of %d; want 100 of 1000", n, m.Total())
	}
	m.Put(hook{id: 999, weight: 5100, code: 200}) // it grows
	m.Put(hook{id: 1000, weight: 1})
	if n := len(m.Rows()); n != 50 {
		t.Errorf("%d are kept beside a large one; want 50", n)
	}
	m.Put(hook{id: 1001, weight: 20_000})
	if n := len(m.Rows()); n != 1 {
		t.Errorf("%d are kept with one that is too large; want that one", n)
	}
	m.SetPaused(true)
	for id := range 1000 {
		m.Put(hook{id: 2000 + id, weight: 100})
	}
	if _, held := m.Paused(); held > 100 {
		t.Errorf("%d are held; want at most 100", held)
	}
	m.SetPaused(false)
	if n := len(m.Rows()); n > 100 || n < 50 || m.Total() != 2002 {
		t.Errorf("%d are kept of %d; want 50 to 100 of 2002", n, m.Total())
	}
	m.Prepend([]hook{{id: -2, weight: 1}, {id: -1, weight: 9999}})
	if rows := m.Rows(); rows[0].id < 0 {
		t.Error("an older one was taken in without room for the one behind it")
	}
}
