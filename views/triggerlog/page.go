package triggerlog

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/widget/detail"
	"umdeck/views/list"
)

// A page shows one row in full: a delivery, or an event that made none. A nil page is
// none, and nothing happens to it.
type page struct {
	id  string
	row *row // as it was seen last; nil: not yet

	full  *apiclient.Delivery     // with body and attempts; nil: not loaded
	event *apiclient.Event        // what the delivery tells of; nil: not known
	sub   *apiclient.Subscription // whose delivery it is; nil: not known
	zaps  []apiclient.Zap         // of an event without delivery: those that wait for its trigger
	known bool                    // zaps are loaded
	err   string                  // why it could not be loaded

	busy, again bool // a question is open; it has to be asked again
	attempt     int  // index of the chosen one
	newest      bool // the chosen one is the last one, whichever that is

	main, side detail.Model
	onSide     bool // the side has the keys, where there is one
	wide       bool // there is a side
}

// openID opens the page of a row. The log may know it already, or not.
func (s *Screen) openID(id string) tea.Cmd {
	s.page = &page{id: id, newest: true}
	s.page.row, _ = s.whole.Get(id)
	if s.page.row == nil && s.found != nil {
		s.page.row, _ = s.found.Get(id)
	}
	s.log().Select(id)
	s.page.redraw(s)
	return s.page.load(s)
}

func (s *Screen) closePage() { s.page = nil }

// step opens the row after the selected one that is no gap, or the one before it.
func (s *Screen) step(key string) tea.Cmd {
	log := s.log()
	was, _ := log.Selected()
	for range maxGaps {
		log.Press(key)
		r, ok := log.Selected()
		switch {
		case ok && r == was:
			return s.more()
		case ok:
			onSide := s.page.onSide
			cmd := s.openID(r.id())
			s.page.onSide = onSide
			return tea.Batch(cmd, s.more())
		}
	}
	return nil
}

// maxGaps is how many gap rows in a row are stepped over.
const maxGaps = 50

// inspectedMsg brings a delivery in full, and what is known of its event.
type inspectedMsg struct {
	id       string
	delivery apiclient.Delivery
	event    *apiclient.Event
	sub      *apiclient.Subscription
	err      error
}

// explainedMsg brings an event that made no delivery, and who waits for its trigger.
type explainedMsg struct {
	id    string
	event apiclient.Event
	zaps  []apiclient.Zap
	known bool
	err   error
}

// load asks for what the page shows, or notes that it has to be asked again.
func (p *page) load(s *Screen) tea.Cmd {
	if p.busy {
		p.again = true
		return nil
	}
	p.busy, p.again = true, false
	ctx, api, id, zaps := s.Env.Ctx, s.API, p.id, s.Missing(apiclient.CanReadZaps) == ""
	if number, isEvent := strings.CutPrefix(id, "e"); isEvent {
		return ui.To(ID, func() tea.Msg { return explain(ctx, api, id, number, zaps) })
	}
	subs := s.Missing(apiclient.CanListSubs) == ""
	return ui.To(ID, func() tea.Msg { return inspect(ctx, api, id, subs) })
}

func inspect(ctx context.Context, api apiclient.API, id string, subs bool) inspectedMsg {
	m := inspectedMsg{id: id}
	var number apiclient.DeliveryID
	if number, m.err = list.ParseNumber[apiclient.DeliveryID](id); m.err != nil {
		return m
	}
	if m.delivery, m.err = api.Delivery(ctx, number); m.err != nil {
		return m
	}
	if subs && !m.delivery.State.Final() { // it says why the delivery waits
		sub, err := api.Subscription(ctx, m.delivery.Subscription)
		if m.err = err; err != nil {
			return m
		}
		m.sub = &sub
	}
	if m.delivery.EventID == 0 {
		return m
	}
	e, ok, err := find(ctx, api, list.Number(m.delivery.EventID))
	m.err = err
	if ok {
		m.event = &e
	}
	return m
}

func explain(ctx context.Context, api apiclient.API, id, number string, zaps bool) explainedMsg {
	m := explainedMsg{id: id}
	if _, m.err = list.ParseNumber[apiclient.EventID](number); m.err != nil {
		return m
	}
	var ok bool
	if m.event, ok, m.err = find(ctx, api, number); m.err != nil {
		return m
	}
	if !ok {
		m.err = apiclient.Errorf(apiclient.NotFound, "There is no event %s in the log.", number)
		return m
	}
	if !zaps {
		return m
	}
	all, err := api.Zaps(ctx, apiclient.ZapQuery{Kind: apiclient.ZapTrigger})
	for _, z := range all {
		if z.Event == m.event.Trigger {
			m.zaps = append(m.zaps, z)
		}
	}
	m.known, m.err = err == nil, err
	return m
}

// find returns the event with that number; ok is false when the log has none.
func find(ctx context.Context, api apiclient.Deliveries, number string) (e apiclient.Event, ok bool, err error) {
	page, err := api.Events(ctx, apiclient.EventQuery{Filter: apiclient.FieldIs("id", number), Limit: 1})
	if err != nil || len(page.Events) == 0 {
		return apiclient.Event{}, false, err
	}
	return page.Events[0], true, nil
}

func (s *Screen) inspected(m inspectedMsg) tea.Cmd {
	p := s.page
	if p == nil || p.id != m.id {
		return nil
	}
	p.busy = false
	if m.delivery.ID != 0 {
		d := m.delivery
		p.full, p.event, p.sub = &d, m.event, m.sub
		p.row = rowOf(d, p.row)
		if p.newest {
			p.attempt = max(len(d.Log)-1, 0)
		}
	}
	return s.arrived(m.err)
}

// rowOf returns the row of a delivery in full, unless a newer one is known.
func rowOf(d apiclient.Delivery, known *row) *row {
	r := &row{Delivery: d}
	r.Body, r.Log = nil, nil
	if n := len(d.Log); n > 0 {
		r.class = d.Log[n-1].Class
	}
	if known != nil && further(known, r) {
		return known
	}
	return r
}

func (s *Screen) explained(m explainedMsg) tea.Cmd {
	p := s.page
	if p == nil || p.id != m.id {
		return nil
	}
	p.busy = false
	if m.event.ID != 0 {
		p.row, p.zaps, p.known = eventRow(m.event), m.zaps, m.known
	}
	return s.arrived(m.err)
}

// arrived ends a load of the page.
func (s *Screen) arrived(err error) tea.Cmd {
	p := s.page
	p.err = ""
	if err != nil {
		p.err = apiclient.MessageOf(err)
	}
	p.redraw(s)
	if p.again {
		return p.load(s)
	}
	return ui.Fail(err)
}

// moved takes the changes of a batch: the delivery on the page is asked for again when
// it is among them.
func (p *page) moved(s *Screen, changed map[string]*row) tea.Cmd {
	if p == nil {
		return nil
	}
	r, ok := changed[p.id]
	if !ok {
		return nil
	}
	p.row = r
	p.redraw(s)
	return p.load(s)
}

// redraw makes the sections anew, from what is known now.
func (p *page) redraw(s *Screen) {
	if p == nil {
		return
	}
	p.wide = s.width >= sideFrom && p.full != nil
	p.main.Set(s.mainSections(p))
	p.side.Set(s.sideSections(p))
}

// press takes a key that is none of the actions.
func (p *page) press(s *Screen, key string) {
	switch key {
	case "h", "left":
		p.choose(s, -1)
	case "l", "right":
		p.choose(s, 1)
	case "m", "w":
		p.main.Press(key)
		p.side.Press(key)
	default:
		if p.wide && p.onSide {
			p.side.Press(key)
			return
		}
		p.main.Press(key)
	}
}

// choose goes to the attempt before or after the chosen one.
func (p *page) choose(s *Screen, by int) {
	if p.full == nil || len(p.full.Log) == 0 {
		return
	}
	last := len(p.full.Log) - 1
	p.attempt = min(max(p.attempt+by, 0), last)
	p.newest = p.attempt == last
	p.redraw(s)
}

// chosen returns the attempt that is shown; ok is false when there is none.
func (p *page) chosen() (a apiclient.Attempt, ok bool) {
	if p.full == nil || p.attempt < 0 || p.attempt >= len(p.full.Log) {
		return a, false
	}
	return p.full.Log[p.attempt], true
}

// name is what the page is called.
func (p *page) name() string {
	if number, isEvent := strings.CutPrefix(p.id, "e"); isEvent {
		return "event " + number
	}
	return "delivery " + p.id
}
