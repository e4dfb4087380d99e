package triggerlog_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/uitest"
	"umdeck/views/list"
	"umdeck/views/live"
	"umdeck/views/triggerlog"
)

var noon = time.Date(2026, 11, 21, 14, 2, 31, 0, time.UTC)

// site is a log in memory. What the tests do not need is nil and would panic.
type site struct {
	apiclient.API

	mu         sync.Mutex // guards the rest
	deliveries []apiclient.Delivery
	events     []apiclient.Event
	zaps       []apiclient.Zap
	err        error // what every question fails with
	asked      []string
	again      []apiclient.DeliveryID
	started    int // replays
	subs       map[apiclient.SubscriptionID]apiclient.SubscriptionState
	watch      chan []apiclient.LogEntry
	replay     apiclient.ReplayQuery // the last one that was planned or started
	steps      []apiclient.Replay    // what the job is like, each time that it is asked
	stopped    []apiclient.ReplayID
	sub        apiclient.Subscription
}

func (s *site) note(format string, args ...any) {
	s.asked = append(s.asked, fmt.Sprintf(format, args...))
}

// page cuts a page out of rows that are sorted newest first.
func page[T any](rows []T, after apiclient.Cursor, limit int) ([]T, apiclient.Cursor) {
	from, _ := strconv.Atoi(string(after))
	to := min(from+limit, len(rows))
	if to >= len(rows) {
		return slices.Clone(rows[from:]), ""
	}
	return slices.Clone(rows[from:to]), apiclient.Cursor(strconv.Itoa(to))
}

func (s *site) Deliveries(_ context.Context, q apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note("deliveries %s", filter.String(q.Filter))
	if s.err != nil {
		return apiclient.DeliveryPage{}, s.err
	}
	var rows []apiclient.Delivery
	for _, d := range slices.Backward(s.deliveries) {
		if filter.Run(q.Filter, filter.DeliveryRow(d)) {
			d.Body, d.Log = nil, nil
			rows = append(rows, d)
		}
	}
	var p apiclient.DeliveryPage
	p.Deliveries, p.Next = page(rows, q.After, q.Limit)
	return p, nil
}

func (s *site) Events(_ context.Context, q apiclient.EventQuery) (apiclient.EventPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note("events %s", filter.String(q.Filter))
	if s.err != nil {
		return apiclient.EventPage{}, s.err
	}
	var rows []apiclient.Event
	for _, e := range slices.Backward(s.events) {
		if filter.Run(q.Filter, filter.EventRow(e)) {
			rows = append(rows, e)
		}
	}
	var p apiclient.EventPage
	p.Events, p.Next = page(rows, q.After, q.Limit)
	return p, nil
}

func (s *site) Delivery(_ context.Context, id apiclient.DeliveryID) (apiclient.Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note("delivery %d", id)
	for _, d := range s.deliveries {
		if d.ID == id {
			return d, s.err
		}
	}
	return apiclient.Delivery{}, apiclient.Errorf(apiclient.NotFound, "There is no delivery %d.", id)
}

func (s *site) Redeliver(_ context.Context, id apiclient.DeliveryID) (apiclient.Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == 13 {
		return apiclient.Delivery{}, apiclient.Errorf(apiclient.Conflict, "The subscription is gone.")
	}
	s.again = append(s.again, id)
	return apiclient.Delivery{ID: 1000 + id, ReplayOf: id}, s.err
}

func (s *site) Zaps(context.Context, apiclient.ZapQuery) ([]apiclient.Zap, error) {
	return s.zaps, s.err
}

func (s *site) UpdateSubscription(_ context.Context, id apiclient.SubscriptionID, u apiclient.SubscriptionUpdate) (apiclient.Subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subs == nil {
		s.subs = map[apiclient.SubscriptionID]apiclient.SubscriptionState{}
	}
	s.subs[id] = *u.State
	return apiclient.Subscription{ID: id, URL: "https://hooks.example.com/hooks/catch/8f2c", State: *u.State}, s.err
}

// Watch implements live.Watcher.
func (s *site) Watch(ctx context.Context, _ int64, fn func([]apiclient.LogEntry) error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case entries := <-s.watch:
			if err := fn(entries); err != nil {
				return err
			}
		}
	}
}

// Subscriptions tells of three that wait to be sent.
func (s *site) Subscriptions(context.Context, apiclient.ZapID) ([]apiclient.Subscription, error) {
	ours := s.sub
	ours.ID = 3
	return []apiclient.Subscription{{ID: 1, Waiting: 1}, {ID: 2, Waiting: 2}, ours}, nil
}

// Subscription tells of the one that all deliveries are of.
func (s *site) Subscription(_ context.Context, id apiclient.SubscriptionID) (apiclient.Subscription, error) {
	sub := s.sub
	sub.ID = id
	return sub, s.err
}

// PlanReplay counts what the filter finds; that of user 1150 cannot be sent again.
func (s *site) PlanReplay(ctx context.Context, q apiclient.ReplayQuery) (apiclient.ReplayPlan, error) {
	page, err := s.Deliveries(ctx, apiclient.DeliveryQuery{Filter: q.Filter, Limit: 500})
	p := apiclient.ReplayPlan{}
	for _, d := range page.Deliveries {
		if d.User == 1150 {
			p.Skipped++
			p.Why = []apiclient.ReplaySkip{{Why: "its subscription is gone", Count: p.Skipped}}
			continue
		}
		p.Count++
		p.Targets = []apiclient.ReplayTarget{{Subscription: 3, ZapName: "New members", URL: d.URL, State: apiclient.SubscriptionPaused, Count: p.Count}}
	}
	s.replay = q
	return p, err
}

func (s *site) StartReplay(_ context.Context, q apiclient.ReplayQuery) (apiclient.Replay, error) {
	s.replay = q
	s.started++
	return s.step()
}

func (s *site) Replay(context.Context, apiclient.ReplayID) (apiclient.Replay, error) { return s.step() }

func (s *site) step() (r apiclient.Replay, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.steps) > 0 {
		r, s.steps = s.steps[0], s.steps[1:]
	}
	return r, s.err
}

func (s *site) StopReplay(_ context.Context, id apiclient.ReplayID) (apiclient.Replay, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = append(s.stopped, id)
	return apiclient.Replay{ID: id, State: apiclient.ReplayStopped}, nil
}

// LogSpan implements live.Source.
func (*site) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{}, nil
}

// set changes the delivery with that id and returns it.
func (s *site) set(id apiclient.DeliveryID, change func(*apiclient.Delivery)) apiclient.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.deliveries, func(d apiclient.Delivery) bool { return d.ID == id })
	change(&s.deliveries[i])
	return s.deliveries[i]
}

func delivery(id int, change ...func(*apiclient.Delivery)) apiclient.Delivery {
	d := apiclient.Delivery{
		ID: apiclient.DeliveryID(id), WebhookID: fmt.Sprintf("msg_%d", id), EventID: apiclient.EventID(10 * id), Event: apiclient.Triggers()[id%7],
		Zap: 5, ZapName: "New members", Subscription: 3, URL: fmt.Sprintf("https://hooks.example.com/hooks/catch/12/%08x", id*7919),
		User: apiclient.UserID(1000 + id), Login: fmt.Sprintf("user%d", id), State: apiclient.DeliveryDone, Attempts: 1,
		At: noon.Add(time.Duration(id-100) * 1307 * time.Millisecond), Code: 200, Duration: time.Duration(80+id%40) * time.Millisecond,
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func dead(d *apiclient.Delivery) {
	d.State, d.Attempts, d.Code, d.Error = apiclient.DeliveryDead, 13, 500, "answered 500 Internal Server Error"
}

func retrying(d *apiclient.Delivery) {
	d.State, d.Attempts, d.Code, d.Error = apiclient.DeliveryDue, 3, 503, "answered 503 Service Unavailable"
	d.NextAt = noon.Add(40 * time.Second)
}

func held(d *apiclient.Delivery) {
	d.State, d.Attempts, d.Code, d.Error = apiclient.DeliveryHeld, 0, 0, ""
}

func sample(d *apiclient.Delivery) {
	d.Test, d.EventID, d.User, d.Login = true, 0, 0, ""
}

func event(id int) apiclient.Event {
	return apiclient.Event{
		ID: apiclient.EventID(id), Trigger: apiclient.TriggerLogin, User: 7, Login: "ada", Origin: apiclient.OriginForm, Actor: "ada",
		At: noon.Add(time.Duration(id/10-100) * 1307 * time.Millisecond), Skipped: "No zap waits for um_user_login.",
	}
}

// filled is a site with 60 deliveries and what goes with them.
func filled() *site {
	s := &site{}
	for id := 40; id < 100; id++ {
		d := delivery(id)
		switch id {
		case 84:
			dead(&d)
		case 91:
			retrying(&d)
		case 93:
			held(&d)
		case 95:
			sample(&d)
		case 97:
			d.ReplayOf = 84
		}
		s.deliveries = append(s.deliveries, d)
		e := apiclient.Event{ID: d.EventID, Trigger: d.Event, User: d.User, Login: d.Login, Origin: apiclient.OriginForm, Actor: d.Login, At: d.At, Deliveries: 1}
		if !d.Test {
			s.events = append(s.events, e)
		}
		if id%20 == 8 {
			s.events = append(s.events, event(10*id+3))
		}
	}
	return s
}

// An app is the screen with what the shell would do for it.
type app struct {
	t      *testing.T
	site   *site
	env    *ui.Env
	screen *triggerlog.Screen
	said   []tea.Msg // what the shell was asked
	w, h   int
}

func start(t *testing.T, s *site, change ...func(*list.Config)) *app {
	t.Helper()
	env := &ui.Env{Ctx: t.Context(), Now: func() time.Time { return noon }, Theme: theme.New(theme.Options{Palette: theme.None, Glyphs: theme.ASCII, Profile: termenv.Ascii})}
	c := list.Config{Env: env, API: s, Site: apiclient.Site{}, Hub: live.New(live.Config{API: s})}
	for _, f := range change {
		f(&c)
	}
	a := &app{t: t, site: s, env: env, screen: triggerlog.New(c), w: 80, h: 19}
	a.first(a.screen.Init())
	a.update(ui.SizeMsg{Width: a.w, Height: a.h})
	a.update(ui.ShownMsg{Shown: true})
	a.live(live.Batch{State: live.Live})
	return a
}

// first runs all of a batch but its first command, which waits for the feed.
func (a *app) first(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if batch, ok := cmd().(tea.BatchMsg); ok {
		for _, c := range batch[1:] {
			a.run(c)
		}
	}
}

func (a *app) live(b live.Batch) { a.first(a.screen.Update(list.LiveMsg{Batch: b})) }

// happens brings deliveries as they are now.
func (a *app) happens(deliveries ...apiclient.Delivery) {
	b := live.Batch{State: live.Live}
	for _, d := range deliveries {
		b.Entries = append(b.Entries, apiclient.LogEntry{Kind: apiclient.LogQueued, Delivery: &d})
	}
	a.live(b)
}

func (a *app) update(msg tea.Msg) { a.run(a.screen.Update(msg)) }

// run does what the shell does with a command, the clock apart, which stands still.
func (a *app) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			a.run(c)
		}
	case ui.WorkMsg:
		if msg.Screen != triggerlog.ID {
			return // ui.After: a tick
		}
		switch m := msg.Run().(type) {
		case nil:
		case ui.CopyMsg, ui.ErrMsg:
			a.said = append(a.said, m)
		default:
			a.update(m)
		}
	case ui.ToMsg:
		a.update(msg.Msg)
	default:
		a.said = append(a.said, msg)
	}
}

// press presses keys as the shell does: an action's key runs that, unless an input has
// the focus.
func (a *app) press(keys ...string) {
	a.t.Helper()
	for _, key := range keys {
		if !a.screen.Capturing() {
			if act, ok := a.action(key); ok {
				if act.Disabled != "" {
					a.said = append(a.said, ui.ToastMsg{Level: ui.Warn, Text: act.Disabled})
					continue
				}
				a.run(act.Run())
				continue
			}
		}
		a.update(keyMsg(key))
	}
}

func (a *app) action(key string) (found ui.Action, ok bool) {
	for _, act := range a.screen.Actions() {
		if act.Key == key || act.Key == "space" && key == " " || act.ID == key {
			if act.Disabled == "" {
				return act, true
			}
			if !ok {
				found, ok = act, true
			}
		}
	}
	return found, ok
}

func keyMsg(key string) tea.KeyMsg {
	switch key {
	case "enter":
		return tea.KeyMsg{Type: tea.KeyEnter}
	case "esc":
		return tea.KeyMsg{Type: tea.KeyEsc}
	case " ":
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	case "ctrl+u":
		return tea.KeyMsg{Type: tea.KeyCtrlU}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(key)}
}

func (a *app) filter(text string) {
	a.press("/")
	a.update(keyMsg("ctrl+u"))
	a.update(keyMsg(text))
	a.update(keyMsg("enter"))
}

func (a *app) view() string {
	view := a.screen.View(a.w, a.h)
	lines := strings.Split(view, "\n")
	if len(lines) != a.h {
		a.t.Errorf("%d lines, want %d", len(lines), a.h)
	}
	for i, l := range lines {
		if got := theme.Width(l); got != a.w {
			a.t.Errorf("line %d takes %d cells, want %d: %q", i, got, a.w, l)
		}
	}
	return view
}

func (a *app) golden(name string) {
	a.t.Helper()
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		a.w, a.h = size[0], size[1]-4 // what the shell takes
		a.update(ui.SizeMsg{Width: a.w, Height: a.h})
		uitest.Golden(a.t, fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), a.view())
	}
}

func (a *app) want(texts ...string) {
	a.t.Helper()
	view := a.view()
	for _, text := range texts {
		if !strings.Contains(view, text) {
			a.t.Errorf("%q is not in\n%s", text, view)
		}
	}
}

func (a *app) wantNot(texts ...string) {
	a.t.Helper()
	view := a.view()
	for _, text := range texts {
		if strings.Contains(view, text) {
			a.t.Errorf("%q is in\n%s", text, view)
		}
	}
}

// dialog returns the last dialog that was opened.
func (a *app) dialog() ui.Dialog {
	a.t.Helper()
	for _, m := range slices.Backward(a.said) {
		if o, ok := m.(ui.OpenMsg); ok {
			return o.Dialog
		}
	}
	a.t.Fatalf("no dialog was opened; the shell was asked %v", a.said)
	return nil
}

// reply presses keys in a dialog.
func (a *app) reply(d ui.Dialog, keys ...string) {
	for _, key := range keys {
		_, cmd := d.Update(keyMsg(key))
		a.run(cmd)
	}
}

// toast returns the text of the last toast or error.
func (a *app) toast() string {
	for _, m := range slices.Backward(a.said) {
		switch m := m.(type) {
		case ui.ToastMsg:
			return m.Text
		case ui.ErrMsg:
			return apiclient.MessageOf(m.Err)
		}
	}
	return ""
}
