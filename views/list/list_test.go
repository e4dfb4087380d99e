package list_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/uitest"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
	"umdeck/views/list"
	"umdeck/views/live"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func env(ctx context.Context) *ui.Env {
	return &ui.Env{Ctx: ctx, Theme: theme.New(theme.Options{}), Now: func() time.Time { return noon }}
}

// numbers is a list of the numbers from 1 to n, loaded.
func numbers(t *testing.T, n int) *browser.Model[int] {
	t.Helper()
	m := browser.New(browser.Config[int]{
		Screen: "numbers", Env: env(t.Context()), Title: "Numbers", ID: func(n int) string { return fmt.Sprint(n) }, Limit: 1000,
		Columns: []table.Column[int]{{Key: "n", Title: "N", Value: func(n int) string { return fmt.Sprint(n) }}},
		Load: func(context.Context, browser.Query) (browser.Page[int], error) {
			var p browser.Page[int]
			for i := range n {
				p.Rows = append(p.Rows, i+1)
			}
			return p, nil
		},
		Get: func(context.Context, string) (int, error) { return 0, errors.New("none") },
	})
	m.Update(ui.SizeMsg{Width: 80, Height: 20})
	for _, msg := range uitest.Messages(m.Init()) {
		m.Update(msg)
	}
	m.View(80, 20)
	return m
}

func press(m *browser.Model[int], keys string) {
	for _, r := range keys {
		m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
}

func TestAim(t *testing.T) {
	for _, c := range []struct {
		name   string
		rows   int
		keys   string
		open   string
		count  int
		take   []int
		none   string
		single string
	}{
		{name: "nothing", rows: 0, count: 0, none: "There is no number under the cursor.", single: "There is no number under the cursor."},
		{name: "the cursor's", rows: 9, keys: "jj", count: 1, take: []int{3}},
		{name: "marked", rows: 9, keys: " j ", count: 2, take: []int{1, 3}, single: "Several numbers are marked, and this works on one; U clears the marks."},
		{name: "a range", rows: 9, keys: "jvj", count: -1, take: []int{2, 3}, single: "A range is being drawn; v ends it and esc drops it."},
		{name: "a page", rows: 9, keys: " jv", open: "5", count: 1, take: []int{5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := numbers(t, c.rows)
			press(m, c.keys)
			if c.open != "" {
				m.Open("numbers/" + c.open)
			}
			for range 2 { // looking changes nothing
				aim := list.AimOf(m)
				if aim.Count != c.count || aim.None("number") != c.none || aim.Single("number") != c.single {
					t.Errorf("count %d, none %q, single %q", aim.Count, aim.None("number"), aim.Single("number"))
				}
				if one, ok := aim.One(); ok != (c.count == 1) || ok && one != c.take[0] {
					t.Errorf("one: %d, %t", one, ok)
				}
			}
			if diff := cmp.Diff(c.take, list.AimOf(m).Take(m)); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAimWhileAnotherQuestionIsOpen(t *testing.T) {
	m := numbers(t, 9)
	m.SetFilter("other") // its answer has not come
	aim := list.AimOf(m)
	if got := aim.None("number"); got != "The list is being loaded; one moment." || aim.Take(m) != nil {
		t.Errorf("%q, %v", got, aim.Take(m))
	}
}

func TestAimAtMany(t *testing.T) {
	m := numbers(t, 500)
	press(m, "V")
	aim := list.AimOf(m)
	if aim.Rows != nil || aim.Count != 500 || len(aim.Take(m)) != 500 {
		t.Errorf("%d looked at of %d; %d taken", len(aim.Rows), aim.Count, len(aim.Take(m)))
	}
}

func TestWhole(t *testing.T) {
	zaps := []apiclient.Zap{
		{ID: 1, Name: "beta", Kind: apiclient.ZapTrigger, Created: noon, Subscriptions: 10},
		{ID: 2, Name: "alpha", Kind: apiclient.ZapAction, Created: noon.Add(-time.Hour), Subscriptions: 9},
		{ID: 10, Name: "gamma", Kind: apiclient.ZapTrigger, Subscriptions: -1},
	}
	for _, c := range []struct {
		name string
		q    browser.Query
		want []apiclient.ZapID
	}{
		{"as it comes", browser.Query{}, []apiclient.ZapID{1, 2, 10}},
		{"by text", browser.Query{Sort: "name"}, []apiclient.ZapID{2, 1, 10}},
		{"by number", browser.Query{Sort: "id", Desc: true}, []apiclient.ZapID{10, 2, 1}},
		{"by moment", browser.Query{Sort: "created"}, []apiclient.ZapID{10, 2, 1}},
		{"filtered", browser.Query{Filter: "kind:trigger", Sort: "id"}, []apiclient.ZapID{1, 10}},
		{"by words", browser.Query{Filter: "alp"}, []apiclient.ZapID{2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := list.Whole(zaps, column.Zaps(), c.q, func() time.Time { return noon })
			if err != nil {
				t.Fatal(err)
			}
			var got []apiclient.ZapID
			for _, z := range page.Rows {
				got = append(got, z.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := list.Whole(zaps, column.Zaps(), browser.Query{Filter: "colour:red"}, time.Now); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("an unknown column: %v", err)
	}
	if zaps[0].ID != 1 || len(zaps) != 3 {
		t.Error("the rows that were given were changed")
	}
}

func TestComplete(t *testing.T) {
	complete := list.Complete(func() []filter.Column { return column.Filters(column.Zaps()) })
	text := "ä kind:tri"
	got := complete(text, len(text))
	if len(got) == 0 || text[got[0].From:got[0].To] == "" || text[:got[0].From]+got[0].Text+text[got[0].To:] != "ä kind:trigger" {
		t.Errorf("%+v", got)
	}
}

func TestPhrase(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"ada", "delete ada"},
		{"o.brien_7@x-y", "delete o.brien_7@x-y"},
		{"ada lovelace", "delete 7"},
		{"山田", "delete 7"},
		{"\x1b[31mred", "delete 7"},
		{"", "delete 7"},
		{"an-extremely-long-login-that-nobody-would-type", "delete 7"},
	} {
		if got := list.Phrase("delete", c.name, "7"); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFieldErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want map[string]string
	}{
		{apiclient.FieldErrorf("user_email", "taken"), map[string]string{"user_email": "taken"}},
		{fmt.Errorf("create: %w", apiclient.FieldErrorf("um_account_status", "bad")), map[string]string{"account_status": "bad"}},
		{apiclient.Errorf(apiclient.Conflict, "no field"), nil},
		{errors.New("else"), nil},
	} {
		if diff := cmp.Diff(c.want, list.FieldErrors(c.err)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.err, diff)
		}
	}
}

func TestMoment(t *testing.T) {
	c := list.Config{Env: env(t.Context())}
	for at, want := range map[time.Time]string{
		{}:                        "",
		noon.Add(-48 * time.Hour): "2026-11-19 12:00:00Z  2d ago",
		noon.Add(time.Minute):     "2026-11-21 12:01:00Z  in 1m",
	} {
		if got := c.Moment(at); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]apiclient.ZapID{"7": 7, "0": 0, "-1": 0, "x": 0, "": 0, "99999999999999999999": 0} {
		got, err := list.ParseNumber[apiclient.ZapID](text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

// broken is a log whose connection ends when the test says so, and comes back.
type broken struct {
	cut   chan error
	watch chan struct{} // closed when it is back
	tries int
}

func (*broken) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{}, nil
}

func (b *broken) Watch(ctx context.Context, _ int64, fn func([]apiclient.LogEntry) error) error {
	b.tries++
	if err := fn(nil); err != nil { // it is connected
		return err
	}
	if b.tries == 1 {
		return <-b.cut
	}
	close(b.watch)
	<-ctx.Done()
	return nil
}

// A connection that is back may have missed the reload that failed meanwhile.
func TestWatchReloadsWhenTheConnectionIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		api := &broken{cut: make(chan error), watch: make(chan struct{})}
		hub := live.New(live.Config{API: api})
		go func() { _ = hub.Run(ctx) }() // ends with ctx, and without an error
		w := list.NewWatch(list.Config{Env: env(ctx), Hub: hub}, "zaps", nil)
		var got []string
		reload := func() tea.Cmd { got = append(got, "reload"); return nil } //nolint:unparam // its type is Took's
		take := func(cmd tea.Cmd) tea.Cmd {
			for _, msg := range uitest.Messages(cmd) {
				if to, ok := msg.(ui.ToMsg); ok {
					msg = to.Msg
				}
				next, taken := w.Took(msg, reload)
				if !taken {
					t.Fatalf("%T was not taken", msg)
				}
				got = append(got, w.Live())
				if _, ok := msg.(list.LiveMsg); ok {
					return next
				}
			}
			return nil
		}
		synctest.Wait()
		take(w.Start())
		api.cut <- errors.New("cut")
		synctest.Wait()
		take(w.Start())
		<-api.watch
		next := take(w.Start())
		if next == nil {
			t.Fatal("nothing is to be done")
		}
		batch, ok := next().(tea.BatchMsg)
		if !ok || len(batch) != 2 {
			t.Fatalf("%T: want the next look and a reload", batch)
		}
		take(batch[1])
		if diff := cmp.Diff([]string{"live", "reconnecting", "live", "reload", "live"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, taken := w.Took("something else", reload); taken {
			t.Error("it takes what is none of its own")
		}
	})
}
